"""What an engine is given in tests: a frontier with a script, a visitor with a gate, a store with a door, a clock."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable
from selectors import DefaultSelector, SelectorKey
from typing import Any

from crawler.engine import Engine
from crawler.frontier.state import Frontier
from crawler.model import Answer, Failure, Fault, Job, Outcome, Timings, Visit
from crawler.orders import Brought, Drained, Ended, Load, Note, Order, Recall, Reopen, Row, Settled, Wait
from crawler.settings import FrontierSettings

GONE = Failure(Fault.STATUS, "404")
ROWS = [Row(1, "http://a.test/1", 0, 0)]


def job(n: int) -> Job:
    return Job(f"http://a.test/{n}", id=n)


def noted(text: str) -> Settled:
    return Settled(None, [Note("note", "a.test", text)])


class Script(Frontier):
    """A frontier that gives out the orders it was told to, then waits while anything is open, and is drained.

    It remembers when it was asked and what it was told.
    """

    def __init__(self, *orders: Order) -> None:
        super().__init__(FrontierSettings())
        self.orders = deque(orders)
        self.asked_at: list[float] = []
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self.visits: list[Visit] = []
        self.taken: list[tuple[Brought, list[Row]]] = []
        self._open = 0

    def next(self, now: float) -> Order:
        self.asked_at.append(now)
        self.asked.put_nowait(now)
        while self.orders:
            order = self.orders[0]
            if isinstance(order, Wait) and order.until is not None and now >= order.until:
                self.orders.popleft()
                continue
            if not isinstance(order, Wait):
                self.orders.popleft()
            self._open += isinstance(order, Job | Load | Reopen | Recall)
            return order
        return Wait(None) if self._open else Drained()

    def settle(self, visit: Visit, now: float) -> Settled:
        self._open -= 1
        self.visits.append(visit)
        return Settled(visit, [Ended(visit.job.id, "failed", None)])

    def take(self, order: Brought, rows: Iterable[Row], now: float) -> Settled:
        self._open -= 1
        self.taken.append((order, list(rows)))
        return noted(f"took {type(order).__name__}")


class Gate:
    """A visitor whose visits end only when the test lets them."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.under_way: dict[str, asyncio.Future[Outcome]] = {}
        self.started: asyncio.Queue[Job] = asyncio.Queue()

    async def visit(self, job: Job) -> Visit:
        future = self.under_way[job.url] = asyncio.get_running_loop().create_future()
        self.started.put_nowait(job)
        try:
            return Visit(job, Answer(302, "", 0, Timings()), await future)
        finally:
            del self.under_way[job.url]

    async def next_started(self) -> int:
        return (await self.started.get()).id

    def release(self, number: int, outcome: Outcome = GONE) -> None:
        self.under_way[job(number).url].set_result(outcome)

    async def aclose(self) -> None: ...


class Memory:
    """A store that remembers, and keeps nothing while its door is shut."""

    def __init__(self) -> None:
        self.kept: list[Settled] = []
        self.brought: list[Brought] = []
        self.entered: asyncio.Queue[Settled | Brought] = asyncio.Queue()
        self.door = asyncio.Event()
        self.door.set()

    @property
    def urls(self) -> list[str]:
        return [settled.visit.job.url for settled in self.kept if settled.visit is not None]

    async def keep(self, settled: Settled) -> None:
        self.entered.put_nowait(settled)
        await self.door.wait()
        self.kept.append(settled)

    async def bring(self, order: Brought) -> list[Row]:
        self.entered.put_nowait(order)
        await self.door.wait()
        self.brought.append(order)
        return ROWS

    async def aclose(self) -> None: ...


async def look_away(_settled: Settled) -> None: ...


async def no_task_is_left() -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()}


def begin(engine: Engine) -> "asyncio.Task[None]":
    return asyncio.get_running_loop().create_task(engine.run())


class _Jumping(DefaultSelector):
    """Instead of waiting for a time, it lets the time come; to wait for nothing at all is a hang."""

    def __init__(self, clock: "Clock") -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        assert timeout is not None, "the loop waits for what will never come"
        self._clock.now += timeout
        return super().select(0)


class Clock:
    now = 0.0

    def run(self, main: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=self._loop) as runner:
            runner.run(main)

    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(_Jumping(self))
        loop.time = lambda: self.now  # type: ignore[method-assign]
        return loop
