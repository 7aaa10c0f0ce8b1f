"""Room: analysis in a pool of interpreters, each with a GIL of its own, in one process (PEP 734, CPython 3.14).

      main interpreter          │ interpreter's wall │      worker (a thread, and an interpreter that only it enters)
      page ───────────────────> │      (pickle)      │ ──> first half: decoding, parsing, counting
      second half: words that   │                    │
      ICU cuts, links, packing  │ <───────────────── │ <── plain values

Extension modules load in such an interpreter only where they say that they can. turbohtml and brotli do; msgspec,
icu4py, ada-url and lxml do not (as of November 2026), so that what needs them is done by the same thread when it has
come back, under the GIL that the loop has too. robots.txt and sitemaps are read there altogether.
"""

import asyncio
import pickle
import sys
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from functools import partial

from crawler.model import Page, Reading, Traits
from crawler.settings import INTERPRETERS_SINCE
from crawler.wall.faults import WorkerCannotStart
from crawler.workers import within
from crawler.workers.guarded import Halves, Heart, bare, measured

_START = """
import sys
sys.path[:] = {path!r}
from crawler.workers import within
within.start({begin!r}, {preload!r})
"""
"""Text, because an interpreter looks for modules where a fresh Python would, and so may not find ours yet."""


class InterpreterRoom:
    """Begins pages in one of `workers` interpreters, and completes them in the main one."""

    traits = Traits(
        isolates=False,
        blocks_loop=True,
        reason="interpreters share one process, and the loop's GIL for what does not load in them",
    )

    def __init__(self, heart: Heart, workers: int, preload: tuple[str, ...] = ()) -> None:
        """Raises WorkerCannotStart under an older Python, TypeError for a heart that is not in halves."""
        if not isinstance(heart, Halves):
            raise TypeError(f"{heart!r} is not in halves, and msgspec does not load in other interpreters")
        self._heart = heart
        self.capacity = self.slots = workers
        self.cpu_s = self.inline_s = 0.0
        script = _START.format(path=sys.path, begin=pickle.dumps(heart.begin), preload=preload)
        self._pool = _pool(workers, script)
        self._starts = [self._pool.submit(int) for _ in range(workers)]

    async def ready(self) -> None:
        """Return once an interpreter has started, or none could; `analyze` then says why."""
        with suppress(BrokenExecutor):
            await asyncio.wrap_future(self._starts[0])

    async def analyze(self, page: Page) -> Reading:
        """What the page says; waits for a free interpreter.

        Raises WorkerCannotStart when the machine gives none.
        """
        finished: Future[tuple[Reading, float]] = Future()
        try:
            begun = self._pool.submit(within.begin, bare(page))
        except BrokenExecutor as error:
            raise WorkerCannotStart(f"no interpreter could be started: {error}") from error
        begun.add_done_callback(partial(self._complete, page, finished))
        reading, cpu_s = await asyncio.wrap_future(finished)
        self.cpu_s += cpu_s
        return reading

    async def aclose(self) -> None:
        """End the interpreters; analyses under way are waited for, since a thread cannot be killed."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _complete(
        self, page: Page, finished: Future[tuple[Reading, float]], begun: Future[tuple[object, float]]
    ) -> None:
        """Called by the thread that has just come back from its interpreter; at once, if it is back already."""
        if not finished.set_running_or_notify_cancel():
            return
        try:
            half, first_s = begun.result()
            reading, second_s = measured(lambda page: self._heart.conclude(page, half), page)
            finished.set_result((reading, first_s + second_s))
        except BrokenExecutor as error:
            finished.set_exception(WorkerCannotStart(f"no interpreter could be started: {error}"))
        except Exception as error:  # noqa: BLE001 - whoever waits for the page is told
            finished.set_exception(error)


def _pool(workers: int, script: str) -> Executor:
    if sys.version_info >= INTERPRETERS_SINCE:
        from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]  # noqa: PLC0415

        pool: Executor = InterpreterPoolExecutor(workers, "analyze", initializer=exec, initargs=(script, {}))
        return pool
    raise WorkerCannotStart(
        f"analysis in interpreters needs CPython {'.'.join(map(str, INTERPRETERS_SINCE))};"
        f" this is {sys.version_info.major}.{sys.version_info.minor}"
    )
