"""Row 7: many answers of a slow server, one after another, and with a worker for each."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from crawler.compare.primitives import inside
from crawler.compare.primitives.answering import answering, ask_as_task
from crawler.compare.primitives.findings import Waiting, reading
from crawler.compare.primitives.staff import interpreter, worker
from crawler.compare.primitives.ways import has_interpreters, sturdy_method

WAITS = 64
WAIT_S = 0.02
_ROUNDS = 3


def measure() -> Waiting:
    """Real sockets; the clock runs from before the first worker is made until the last answer is there."""
    with answering(WAIT_S) as port:
        ways: dict[str, Callable[[int], None]] = {
            "alone": _alone,
            "thread": _by_threads,
            "task": lambda port: asyncio.run(_by_tasks(port)),
            "process": _by_processes,
        }
        if has_interpreters():
            ways["interpreter"] = _by_interpreters
        taken = {way: list[float]() for way in ways}
        _by_processes(port)  # starts the fork server
        for _ in range(_ROUNDS):
            for way, run in ways.items():
                start = time.perf_counter()
                run(port)
                taken[way].append((time.perf_counter() - start) * 1e3)
    return Waiting(WAITS, WAIT_S * 1e3, {way: reading(samples) for way, samples in taken.items()})


def _alone(port: int) -> None:
    for _ in range(WAITS):
        inside.ask(port)


def _by_threads(port: int) -> None:
    threads = [threading.Thread(target=inside.ask, args=(port,)) for _ in range(WAITS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def _by_tasks(port: int) -> None:
    await asyncio.gather(*(ask_as_task(port) for _ in range(WAITS)))


def _by_processes(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(WAITS):
            stack.enter_context(worker(sturdy_method(), inside.ask_and_end, port))


def _by_interpreters(port: int) -> None:
    def ask() -> None:
        with interpreter() as made:
            made.exec(f"inside.ask({port})")

    threads = [threading.Thread(target=ask) for _ in range(WAITS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
