"""Row 8: jobs that wait and then compute, done by N processes of M threads each."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from crawler.compare.environment import usable_cores
from crawler.compare.primitives import inside
from crawler.compare.primitives.answering import answering
from crawler.compare.primitives.findings import Mixture, Shape, reading
from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.mortal import mortal
from crawler.compare.primitives.staff import worker
from crawler.compare.primitives.ways import sturdy_method

JOBS = 64
WAIT_S = 0.02
COMPUTE_S = 0.004
THREADS = 8
_ROUNDS = 3
_MOST_PROCESSES = 8


def measure() -> Mixture:
    """The workers are there before the clock starts, and each has its share of the jobs."""
    steps = _calibrated()
    processes = max(2, min(int(usable_cores()), _MOST_PROCESSES))
    shapes = [(1, 1), (1, THREADS), (processes, 1), (processes, THREADS)]
    taken = {shape: list[float]() for shape in shapes}
    with answering(WAIT_S) as port, ExitStack() as stack:
        crews = {shape: stack.enter_context(_crew(shape, port, steps)) for shape in shapes}
        for _ in range(_ROUNDS):
            for shape, wires in crews.items():
                taken[shape].append(_timed_ms(wires))
    return Mixture(
        jobs=JOBS,
        wait_ms=WAIT_S * 1e3,
        compute_ms=COMPUTE_S * 1e3,
        shapes=tuple(Shape(*shape, reading(samples)) for shape, samples in taken.items()),
    )


def work_through(wire: Wire, threads: int, port: int, steps: int) -> None:
    """In each process: do as many jobs as told with so many threads, until told 0."""
    mortal()

    def job(_: int) -> None:
        inside.ask(port)
        inside.compute(steps)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(job, range(threads)))
        wire.send(True)
        while jobs := wire.recv():
            list(pool.map(job, range(jobs)))
            wire.send(True)


@contextmanager
def _crew(shape: tuple[int, int], port: int, steps: int) -> Iterator[list[Wire]]:
    processes, threads = shape
    with ExitStack() as stack:
        wires = [
            stack.enter_context(worker(sturdy_method(), work_through, threads, port, steps))[1]
            for _ in range(processes)
        ]
        for wire in wires:
            wire.recv()
        yield wires


def _timed_ms(wires: list[Wire]) -> float:
    start = time.perf_counter()
    for number, wire in enumerate(wires):
        wire.send(len(range(number, JOBS, len(wires))))
    for wire in wires:
        wire.recv()
    return (time.perf_counter() - start) * 1e3


def _calibrated() -> int:
    """How many steps of computing take COMPUTE_S."""
    steps = 20_000
    quickest_s = min(_compute_s(steps) for _ in range(5))
    return max(1, round(steps * COMPUTE_S / quickest_s))


def _compute_s(steps: int) -> float:
    start = time.perf_counter()
    inside.compute(steps)
    return time.perf_counter() - start
