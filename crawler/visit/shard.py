"""One shard seen from outside: a process that takes jobs and gives visits, and says how it died if it does."""

import asyncio
import atexit
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from multiprocessing.connection import wait
from typing import cast

import msgspec

from crawler.model import Failure, Fault, Job, Visit
from crawler.visit import inside
from crawler.visit.frames import Bug, Done, Frames, Opened, Order, TornFrame, framed, read_report
from crawler.visit.inside import Recipe
from crawler.wall.children import Child, context_of
from crawler.wall.endings import how_it_ended
from crawler.wall.faults import WorkerCannotStart

_START_TIMEOUT_S = 60.0
_CLOSING_TIMEOUT_S = 5.0
_PRELOAD = ("crawler.visit.inside", "crawler.visit.pipeline")


class ShardDied(Exception):
    """The process ended in the middle of a visit; `cause` says how, as the failure of a page that was alone in it.

    What `came_from_outside` need not be the page's doing: it was a SIGKILL that we did not send.
    """

    def __init__(self, cause: Failure, how: str, *, came_from_outside: bool) -> None:
        super().__init__(how)
        self.cause = cause
        self.how = how
        self.came_from_outside = came_from_outside


class ShardBug(RuntimeError):
    """A bug of ours that came up in a shard; the text is its traceback there."""


class Tally:
    """What visits have taken of all shards together, those that are no more included."""

    def __init__(self) -> None:
        self.analyzed = 0
        self.cpu_s = 0.0
        self.inline_s = 0.0
        self.shard_cpu_s = 0.0

    def add(self, done: Done) -> None:
        """Count what a shard has told."""
        self.analyzed += done.analyzed
        self.cpu_s += done.cpu_s
        self.inline_s += done.inline_s
        self.shard_cpu_s += done.shard_cpu_s


class Shard(asyncio.Protocol):
    """A process; `on_loss` is called at once when it is lost, though it was open and nobody closed it."""

    def __init__(self, recipe: Recipe, tally: Tally, on_loss: Callable[["Shard"], None]) -> None:
        self._recipe = recipe
        self._tally = tally
        self._on_loss = on_loss
        self._frames = Frames()
        self._numbers = count(1)
        self._under_way: dict[int, asyncio.Future[Visit]] = {}
        self._process: Child | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._is_late = False
        self._is_closing = False
        self._is_killed = False

    @property
    def how_it_ended(self) -> "asyncio.Future[str]":
        """Comes true with the words for it."""
        return self._ended

    @property
    def is_open(self) -> bool:
        """Whether it can visit."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def has_room(self) -> bool:
        """Whether it can visit one more."""
        return self.is_open and self.load < self._recipe.capacity

    @property
    def load(self) -> int:
        """How many visits are in it."""
        return len(self._under_way)

    async def start(self) -> None:
        """Start the process, and return when it can visit.

        Raises WorkerCannotStart.
        """
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        try:
            ours = await asyncio.to_thread(self._start)
            await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
            async with asyncio.timeout(_START_TIMEOUT_S):
                await self._opened
        except (OSError, EOFError, TimeoutError) as error:
            self.kill()
            if self._transport is not None:
                await self._ended
            raise WorkerCannotStart(f"no shard could be started: {str(error) or type(error).__name__}") from error

    async def visit(self, job: Job) -> Visit:
        """What the job ends in.

        Raises ShardDied when the process ended instead; it is then of no more use.
        """
        assert self._transport is not None
        number = next(self._numbers)
        future: asyncio.Future[Visit] = asyncio.get_running_loop().create_future()
        self._under_way[number] = future
        if len(self._under_way) == 1:
            self._heard_at = asyncio.get_running_loop().time()
            self._keep_watch()
        self._transport.write(framed(Order(number, job)))
        return await future

    def kill(self) -> None:
        """End the process at once, whatever it does; one that is about to start too."""
        self._is_killed = True
        if (process := self._process) is not None:
            with suppress(ValueError):  # it has ended, and was closed by the thread that waited for that
                process.kill()

    async def close(self) -> None:
        """End the process: gracefully if nothing is in it, else at once."""
        self._is_closing = True
        if self._transport is None:
            return
        if self._under_way:
            self.kill()
        self._transport.close()
        await self._ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process is there."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Tell whoever waits what came of a job; a process that talks nonsense is ended."""
        self._heard_at = asyncio.get_running_loop().time()
        try:
            for packed in self._frames.feed(data):
                match read_report(packed):
                    case Opened():
                        self._opened.set_result(None)
                    case Done(number, visit) as done:
                        self._tally.add(done)
                        _settle(self._under_way.pop(number), visit)
                    case Bug(number, text):
                        _settle(self._under_way.pop(number), ShardBug(f"in a shard:\n{text}"))
        except (TornFrame, msgspec.MsgspecError, KeyError):
            self.kill()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - theirs
        """The process has ended, or lets go of us: see how, and tell whoever waits."""
        if self._watch is not None:
            self._watch.cancel()
        if self._opened.done() and not self._is_closing:
            self._on_loss(self)
        self._end_task = asyncio.get_running_loop().create_task(self._see_how_it_ended())

    async def _see_how_it_ended(self) -> None:
        code = await asyncio.to_thread(self._wait_for_end)
        how = "an analysis that was not done by its deadline" if self._is_hung(code) else how_it_ended(code)
        if not self._opened.done():
            self._opened.set_exception(EOFError(f"it died of {how} as soon as it had started"))
        under_way, self._under_way = self._under_way, {}
        came_from_outside = code == -signal.SIGKILL and not self._is_late
        for future in under_way.values():
            _settle(future, ShardDied(self._cause(code, how), how, came_from_outside=came_from_outside))
        self._ended.set_result(how)

    def _start(self) -> socket.socket:
        context = context_of([*_PRELOAD, *self._recipe.preload])
        ours, theirs = socket.socketpair()
        try:
            process = context.Process(target=inside.main, args=(theirs, self._recipe), daemon=True)
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._process = process
        atexit.register(self.kill)  # or, were it forgotten, multiprocessing would wait for it at exit
        if self._is_killed:
            self.kill()
        return ours

    def _wait_for_end(self) -> int | None:
        assert self._process is not None
        # One that has let go of us, yet lives, is none of ours any more.
        if not wait([self._process.sentinel], _CLOSING_TIMEOUT_S):
            self._process.kill()
            wait([self._process.sentinel])
        process, self._process = self._process, None
        code = process.exitcode
        process.close()
        atexit.unregister(self.kill)
        return code

    def _is_hung(self, code: int | None) -> bool:
        return self._is_late or code == -signal.SIGALRM

    def _cause(self, code: int | None, how: str) -> Failure:
        if self._is_hung(code):
            return Failure(Fault.HUNG, "analysis was not done by its deadline and was ended", "analyze")
        return Failure(Fault.CRASHED, f"the shard that visited it alone died of {how}", "analyze")

    def _keep_watch(self) -> None:
        """End a process that says nothing for longer than any visit can take: its own alarm comes first."""
        late_at = self._heard_at + self._recipe.patience_s
        clock = asyncio.get_running_loop()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if not self._under_way:
            return
        if clock.time() >= late_at:
            self._is_late = True
            self.kill()
            return
        self._watch = clock.call_at(late_at, self._keep_watch)


def _settle(future: "asyncio.Future[Visit]", outcome: Visit | Exception) -> None:
    if future.done():  # whoever waited was cancelled
        return
    if isinstance(outcome, Visit):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)
