"""Row 3: from the order to start a worker until its first line runs."""

import asyncio
import os
import threading
import time
from collections.abc import Callable

from crawler.compare.primitives import inside
from crawler.compare.primitives.findings import Creation, Reading, reading
from crawler.compare.primitives.fresh import answer_of
from crawler.compare.primitives.staff import worker
from crawler.compare.primitives.ways import has_interpreters, interpreters, start_methods

FIRST = "forkserver first"
_TIMES = {"thread": 60, "interpreter": 15, "fork": 20, "forkserver": 15, "spawn": 7}
_TASKS = 1_000
_TASK_ROUNDS = 15
_FIRSTS = 5
_DEADLINE_S = 15.0


def measure() -> Creation:
    """Processes before threads, since a fork should find one thread only; each way has a warm-up that is not kept."""
    methods = start_methods()
    found = {}
    if "fork" in methods:
        found["fork"] = _repeated("fork", lambda: _start_process("fork"))
    if "spawn" in methods:
        found["spawn"] = _repeated("spawn", lambda: _start_process("spawn"))
    if "forkserver" in methods:
        found[FIRST] = reading([answer_of(first_of_the_fork_server, _DEADLINE_S) for _ in range(_FIRSTS)])
        found["forkserver"] = _repeated("forkserver", lambda: _start_process("forkserver"))
    if has_interpreters():
        found["interpreter"] = _repeated("interpreter", _start_interpreter)
    found["thread"] = _repeated("thread", _start_thread)
    found["task"] = asyncio.run(_start_tasks())
    return Creation(found)


def first_of_the_fork_server() -> float:
    """The first process of a fork server that has to be started, in microseconds."""
    return _start_process("forkserver")


def _repeated(way: str, start: Callable[[], float]) -> Reading:
    start()
    return reading([start() for _ in range(_TIMES[way])])


def _start_process(method: str) -> float:
    began = time.perf_counter()
    with worker(method, inside.say_hello) as (_, wire):
        wire.recv()
        return (time.perf_counter() - began) * 1e6


def _start_thread() -> float:
    runs: list[float] = []
    thread = threading.Thread(target=lambda: runs.append(time.perf_counter()))
    began = time.perf_counter()
    thread.start()
    thread.join()
    return (runs[0] - began) * 1e6


def _start_interpreter() -> float:
    reader, writer = os.pipe()
    began = time.perf_counter()
    made = interpreters().create()
    made.exec(f"import os; os.write({writer}, b'!')")
    os.read(reader, 1)
    took_us = (time.perf_counter() - began) * 1e6
    made.close()
    os.close(reader)
    os.close(writer)
    return took_us


async def _start_tasks() -> Reading:
    """A task is too quick for one clock reading, so a thousand are started at once."""

    async def nothing() -> None: ...

    taken = []
    for _ in range(_TASK_ROUNDS):
        began = time.perf_counter()
        tasks = [asyncio.create_task(nothing()) for _ in range(_TASKS)]
        await tasks[-1]
        taken.append((time.perf_counter() - began) / _TASKS * 1e6)
    return reading(taken)
