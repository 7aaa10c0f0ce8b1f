"""Row 6: the same computing by 1, 2 and 4 workers, and how many times as fast as one after another.

Each round measures one after another and every way once, so that a disturbance falls on all of them.
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from crawler.compare.primitives import inside
from crawler.compare.primitives.findings import Gil, reading
from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.staff import interpreter, worker
from crawler.compare.primitives.ways import has_interpreters, sturdy_method

COUNTS = (1, 2, 4)
IN_C = "thread in C"
_ROUNDS = 5
_UNIT_S = 0.06
_BUFFER = bytes(4_000_000)


def measure() -> Gil:
    """The workers are there before the clock starts: what is measured is computing alone."""
    steps = _calibrated(inside.compute, 50_000)
    digests = _calibrated(_digest, 4)
    most = max(COUNTS)
    with ExitStack() as stack:
        wires = [stack.enter_context(worker(sturdy_method(), inside.compute_on_demand))[1] for _ in range(most)]
        for wire in wires:
            wire.recv()
        ways: dict[str, Callable[[int], float]] = {
            "task": lambda count: _timed(lambda: asyncio.run(_by_tasks(count, steps))),
            "thread": lambda count: _by_threads(lambda _: inside.compute(steps), count),
            "process": lambda count: by_processes(wires[:count], steps),
            IN_C: lambda count: _by_threads(lambda _: _digest(digests), count),
        }
        if has_interpreters():
            rooms = [stack.enter_context(interpreter()) for _ in range(most)]
            code = f"inside.compute({steps})"
            ways["interpreter"] = lambda count: _by_threads(lambda number: rooms[number].exec(code), count)
        taken = {way: {count: list[float]() for count in COUNTS} for way in ways}
        for _ in range(_ROUNDS):
            unit_s = _timed(lambda: [inside.compute(steps) for _ in range(most)]) / most
            unit_in_c_s = _timed(lambda: [_digest(digests) for _ in range(most)]) / most
            for way, run in ways.items():
                for count in COUNTS:
                    alone_s = count * (unit_in_c_s if way == IN_C else unit_s)
                    taken[way][count].append(alone_s / run(count))
    return Gil(
        unit_ms=_UNIT_S * 1e3,
        speed_up={way: {count: reading(found) for count, found in counts.items()} for way, counts in taken.items()},
    )


def _digest(times: int) -> bytes:
    """Keep a core busy with C code that lets go of the GIL."""
    return [hashlib.sha256(_BUFFER).digest() for _ in range(times)][-1]


async def _by_tasks(count: int, steps: int) -> None:
    async def run() -> None:
        inside.compute(steps)

    await asyncio.gather(*(run() for _ in range(count)))


def _by_threads(work: Callable[[int], object], count: int) -> float:
    ready = threading.Barrier(count + 1)

    def run(number: int) -> None:
        ready.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()

    def join() -> None:
        ready.wait()
        for thread in threads:
            thread.join()

    return _timed(join)


def by_processes(wires: list[Wire], steps: int) -> float:
    """How long the processes take together: each has its order before any is waited for."""

    def run() -> None:
        for wire in wires:
            wire.send(steps)
        for wire in wires:
            wire.recv()

    return _timed(run)


def _calibrated(work: Callable[[int], object], amount: int) -> int:
    """How much of the work takes about _UNIT_S."""
    quickest_s = min(_timed(lambda: work(amount)) for _ in range(3))
    return max(1, round(amount * _UNIT_S / quickest_s))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
