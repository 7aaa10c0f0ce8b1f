"""One supervised worker: a `ProcessPoolExecutor` of a single process that can be killed and replaced alone."""

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.process import BaseProcess

import msgspec

from crawler.model import Failure, Fault, Page, Reading, pack
from crawler.wall.endings import how_it_ended
from crawler.wall.faults import WorkerCannotStart
from crawler.workers import child
from crawler.workers.guarded import Heart

_results = msgspec.msgpack.Decoder(list[Reading])
_START_TIMEOUT_S = 60.0
_LOST_EXIT_CODE = 255
_GRACE_S = 5.0
"""The alarm inside the worker comes first; this much later the parent kills one that is stuck harder."""


class SlotDied(Exception):
    """The worker process ended in the middle of a batch; `cause` says how, as the failure of a page.

    `is_certain` is False when nobody can say how: multiprocessing polls all children whenever one is started, and of
    two threads that ask for the same exit code at once the second is told 255.
    """

    def __init__(self, cause: Failure, *, came_from_outside: bool, is_certain: bool = True) -> None:
        super().__init__(cause.text)
        self.cause = cause
        self.came_from_outside = came_from_outside
        self.is_certain = is_certain


class Slot:
    """A worker process that runs one batch at a time, so that a death names its suspects exactly."""

    def __init__(self, heart: Heart, max_growth_bytes: int, preload: tuple[str, ...]) -> None:
        self._worker = (heart, max_growth_bytes)
        self._preload = ["crawler.wall.fork_server", "crawler.workers.child", *preload]
        self._executor: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self._exit_code: int | None = None
        self._is_late = False

    def start(self) -> None:
        """Start the worker and wait until it answers; blocks, so call it in a thread.

        Raises WorkerCannotStart.
        """
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(self._preload)
        try:
            self._executor = ProcessPoolExecutor(1, context, initializer=child.start, initargs=self._worker)
            pid = self._executor.submit(os.getpid).result(_START_TIMEOUT_S)
        except (BrokenProcessPool, OSError, EOFError, TimeoutError) as error:
            self._shut_down()
            raise WorkerCannotStart(f"no worker process could be started: {error or type(error).__name__}") from error
        self._process = next((worker for worker in multiprocessing.active_children() if worker.pid == pid), None)
        if self._process is None:
            self._shut_down()
            raise WorkerCannotStart("a worker process ended as soon as it had started")
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
        """End the worker at once, whatever it does."""
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
            process.close()  # or its descriptors stay open until the garbage is collected

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
        return SlotDied(
            Failure(Fault.CRASHED, text, "analyze"),
            came_from_outside=code == -signal.SIGKILL,
            is_certain=code != _LOST_EXIT_CODE,
        )
