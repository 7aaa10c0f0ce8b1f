"""Row 5: a worker fails, and what is left of the others.

Whoever may take its process along does so in a sacrificial one: it answers True if it could go on.
"""

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from crawler.compare.primitives import inside
from crawler.compare.primitives.findings import Crashes
from crawler.compare.primitives.fresh import ExperimentBroke, fresh
from crawler.compare.primitives.loops import LOOPS
from crawler.compare.primitives.staff import interpreter, worker
from crawler.compare.primitives.ways import here, interpreters, sturdy_method

_DEADLINE_S = 15.0


def measure() -> Crashes:
    """Each kind of worker, each way to fail."""
    kinds = here()
    loops = {kind: fresh(LOOPS[kind], _DEADLINE_S) for kind in kinds}
    for kind, ended in loops.items():
        if ended.answer is None:
            raise ExperimentBroke(f"endless loop in a {kind}: {ended.complaint}")
    return Crashes(
        after_segfault={kind: fresh(_SEGFAULTS[kind], _DEADLINE_S).answer is True for kind in kinds},
        after_exception={kind: fresh(_EXCEPTIONS[kind], _DEADLINE_S).answer is True for kind in kinds},
        stopped={kind: ended.status == 0 for kind, ended in loops.items()},
        pace={kind: ended.answer or 0.0 for kind, ended in loops.items()},
        pool_survives=_pool_survives(),
    )


def segfault_of_a_task() -> bool:
    """Whether the task beside it goes on."""
    return asyncio.run(_beside_a_task(inside.segfault))


def exception_of_a_task() -> bool:
    """The same with an exception."""
    return asyncio.run(_beside_a_task(inside.fail))


async def _beside_a_task(act: Callable[[], None]) -> bool:
    async def fail() -> None:
        act()

    failing = asyncio.create_task(fail())
    await asyncio.wait([failing])
    return failing.exception() is not None


def segfault_of_a_thread() -> bool:
    """Whether the main thread goes on."""
    return _beside_a_thread(inside.segfault)


def exception_of_a_thread() -> bool:
    """The same with an exception."""
    return _beside_a_thread(inside.fail)


def _beside_a_thread(act: Callable[[], None]) -> bool:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()
    return True


def segfault_of_an_interpreter() -> bool:
    """Whether the main interpreter goes on."""
    return _beside_an_interpreter("inside.segfault()")


def exception_of_an_interpreter() -> bool:
    """The same with an exception."""
    return _beside_an_interpreter("inside.fail()")


def _beside_an_interpreter(code: str) -> bool:
    with interpreter() as made, suppress(interpreters().ExecutionFailed):
        made.exec(code)
    return True


def segfault_of_a_process() -> bool:
    """Whether the parent goes on, having seen its child's end."""
    return _beside_a_process(inside.segfault)


def exception_of_a_process() -> bool:
    """The same with an exception."""
    return _beside_a_process(inside.fail)


def _beside_a_process(act: Callable[..., None]) -> bool:
    with worker(sturdy_method(), act) as (process, _):
        process.join()
        return process.exitcode != 0


def _pool_survives() -> bool:
    """Whether a pool takes work after one of its workers died."""
    with ProcessPoolExecutor(2, multiprocessing.get_context(sturdy_method())) as pool:
        with suppress(BrokenProcessPool):
            pool.submit(inside.segfault).result()
        try:
            pool.submit(inside.compute, 1).result()
        except BrokenProcessPool:
            return False
        return True


_SEGFAULTS = {
    "task": segfault_of_a_task,
    "thread": segfault_of_a_thread,
    "interpreter": segfault_of_an_interpreter,
    "process": segfault_of_a_process,
}
_EXCEPTIONS = {
    "task": exception_of_a_task,
    "thread": exception_of_a_thread,
    "interpreter": exception_of_an_interpreter,
    "process": exception_of_a_process,
}
