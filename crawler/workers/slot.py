"""One supervised worker: a `ProcessPoolExecutor` of a single process that can be killed and replaced alone."""

import asyncio
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from traceback import clear_frames
from typing import cast

import msgspec

from crawler.model import Failure, Fault, Page, Reading, pack
from crawler.wall.children import Child, context_of
from crawler.wall.endings import how_it_ended
from crawler.wall.faults import WorkerCannotStart
from crawler.workers import child
from crawler.workers.guarded import Heart

_results = msgspec.msgpack.Decoder(list[Reading])
_START_TIMEOUT_S = 60.0
_LOST_EXIT_CODE = 255
"""What multiprocessing says of a child when the fork server has ended."""
_GRACE_S = 5.0
"""The alarm inside the worker comes first; this much later the parent kills one that is stuck harder."""


class SlotDied(Exception):
    """The worker process ended in the middle of a batch; `cause` says how, as the failure of a page.

    What `came_from_outside` need not be the page's doing: it was a SIGKILL that we did not send, or nobody can say
    how the worker ended, because the fork server that would know has ended.
    """

    def __init__(self, cause: Failure, *, came_from_outside: bool) -> None:
        super().__init__(cause.text)
        self.cause = cause
        self.came_from_outside = came_from_outside


class Slot:
    """A worker process that runs one batch at a time, so that a death names its suspects exactly."""

    def __init__(self, heart: Heart, max_growth_bytes: int, preload: tuple[str, ...]) -> None:
        self._worker = (heart, max_growth_bytes)
        self._preload = ["crawler.workers.child", *preload]
        self._executor: ProcessPoolExecutor | None = None
        self._process: Child | None = None
        self._exit_code: int | None = None
        self._is_late = False
        self._is_killed = False

    def start(self) -> None:
        """Start the worker and wait until it answers; blocks, so call it in a thread.

        Raises WorkerCannotStart.
        """
        try:
            context = context_of(self._preload)
            self._executor = ProcessPoolExecutor(1, context, initializer=child.start, initargs=self._worker)
            has_started = self._executor.submit(os.getpid)
            # No public way leads to a process that has not said anything yet, and it may be stuck before it does.
            (self._process,) = cast("dict[int, Child]", self._executor._processes).values()
            if self._is_killed:
                self.kill()
            has_started.result(_START_TIMEOUT_S)
        except (BrokenProcessPool, OSError, EOFError, TimeoutError) as error:
            self.kill()
            self._shut_down()
            clear_frames(error.__traceback__)  # they hold the executor, which is to end in this thread
            raise WorkerCannotStart(
                f"no worker process could be started: {str(error) or type(error).__name__}"
            ) from error
        # The executor never writes here, yet keeps this end open: a worker that dies in the middle of a result would
        # leave the executor's thread reading for ever, and no public way leads around that.
        self._executor._result_queue._writer.close()  # type: ignore[attr-defined]

    async def run(self, pages: list[Page], deadlines_s: list[float]) -> tuple[list[Reading], float]:
        """The results of a batch, in its order, and the CPU seconds that they took.

        No page may take longer than its deadline.

        Raises SlotDied when the worker ended instead; the slot is then of no more use.
        """
        assert self._executor is not None
        try:
            future = self._executor.submit(child.run_batch, pack(pages), deadlines_s)
            alarm = asyncio.get_running_loop().call_later(sum(deadlines_s) + _GRACE_S, self._kill_late)
            try:
                packed, cpu_s = await asyncio.wrap_future(future)
            finally:
                alarm.cancel()
        except BrokenProcessPool:
            await self.close()
            raise self._obituary(max(deadlines_s)) from None
        return _results.decode(packed), cpu_s

    async def close(self) -> None:
        """End the worker gracefully; a busy one is waited for."""
        await asyncio.to_thread(self._shut_down)

    def kill(self) -> None:
        """End the worker at once, whatever it does; one that is about to start too."""
        self._is_killed = True
        if (process := self._process) is not None:
            with suppress(ValueError):  # it has ended, and was closed by the thread that waited for that
                process.kill()

    def _shut_down(self) -> None:
        # The reference goes in this thread too: an executor's end writes to the resource tracker's pipe.
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)
        process, self._process = self._process, None
        if process is not None:
            self._exit_code = process.exitcode
            process.close()

    def _kill_late(self) -> None:
        self._is_late = True
        self.kill()

    def _obituary(self, deadline_s: float) -> SlotDied:
        code = self._exit_code
        if self._is_late or code == -signal.SIGALRM:
            return SlotDied(
                Failure(Fault.HUNG, f"analysis was not done after {deadline_s:.1f} s and was ended", "analyze"),
                came_from_outside=False,
            )
        text = f"the worker process died of {how_it_ended(code)} during analysis"
        came_from_outside = code in {-signal.SIGKILL, _LOST_EXIT_CODE}
        return SlotDied(Failure(Fault.CRASHED, text, "analyze"), came_from_outside=came_from_outside)
