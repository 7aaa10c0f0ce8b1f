"""Row 5, the endless loop: how fast the others go on, and whether it can be ended alone.

Each of these runs in a sacrificial process. It tries what Python offers to end the looping worker alone, answers the
pace of the others meanwhile (1: undisturbed), and ends. If the worker still loops it cannot end, and is killed.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

from crawler.compare.primitives import inside
from crawler.compare.primitives.staff import PACKAGE, worker
from crawler.compare.primitives.ways import interpreters, sturdy_method

_WATCHED_S = 0.4


def loop_in_a_task() -> float:
    """The pace of another task on the same event loop; the looping task is cancelled."""
    beats: list[int] = [0, 0]
    is_looping = threading.Event()

    async def beat(phase: int) -> None:
        end = time.monotonic() + _WATCHED_S
        while not beats[phase] or time.monotonic() < end:
            beats[phase] += 1
            await asyncio.sleep(0)

    async def loop() -> None:
        is_looping.set()
        inside.loop_for_ever()

    async def main() -> None:
        await beat(0)
        asyncio.get_running_loop().call_later(_WATCHED_S / 2, asyncio.create_task(loop()).cancel)
        await beat(1)

    threading.Thread(target=lambda: asyncio.run(main())).start()
    is_looping.wait()
    time.sleep(_WATCHED_S)
    return min(1.0, beats[1] / beats[0])


def loop_in_a_thread() -> float:
    """The pace of the main thread; the looping one is cancelled as a future."""
    undisturbed = _count()
    looping = ThreadPoolExecutor(1).submit(inside.loop_for_ever)
    pace = _count() / undisturbed
    looping.cancel()
    return min(1.0, pace)


def loop_in_an_interpreter() -> float:
    """The pace of the main interpreter; the looping one is closed."""
    made = interpreters().create()
    undisturbed = _count()
    threading.Thread(target=made.exec, args=(f"from {PACKAGE} import inside; inside.loop_for_ever()",)).start()
    pace = _count() / undisturbed
    with suppress(interpreters().InterpreterError):
        made.close()
    return min(1.0, pace)


def loop_in_a_process() -> float:
    """The pace of the parent; the looping child is killed."""
    undisturbed = _count()
    with worker(sturdy_method(), inside.loop_for_ever) as (process, wire):
        wire.recv()
        pace = _count() / undisturbed
        process.kill()
    return min(1.0, pace)


def _count() -> int:
    """How far this thread counts while it is watched."""
    end = time.perf_counter() + _WATCHED_S
    return next(beats for beats in count(1) if time.perf_counter() > end)


LOOPS: dict[str, Callable[[], float]] = {
    "task": loop_in_a_task,
    "thread": loop_in_a_thread,
    "interpreter": loop_in_an_interpreter,
    "process": loop_in_a_process,
}
