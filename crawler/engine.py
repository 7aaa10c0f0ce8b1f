"""The loop: jobs from the frontier to the visitor, what came of them to the frontier and the store.

It asks the frontier only while the visitor has capacity and few rows are awaited from disk, and a visit counts as
under way until the store has taken it, so nothing is created that could not be started, and a slow store or a slow
analysis slows the fetching.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, TypeAlias

from crawler.frontier.state import Frontier
from crawler.model import Job
from crawler.orders import Brought, Drained, Load, Recall, Reopen, Settled, Wait
from crawler.protocols import Store, Visitor


class Standing(NamedTuple):
    """What the engine has in its hands: visits, steps that the store or the observer keeps waiting, open orders.

    `is_ending` when it gives out no more jobs.
    """

    under_way: int
    storing: int
    observing: int
    bringing: int
    is_ending: bool


Observer: TypeAlias = Callable[[Settled], Awaitable[None]]

_MAX_BRINGING = 32


class Engine:
    """One run of a frontier until it is drained, has given out `max_pages` (if not 0), or is told to stop."""

    def __init__(
        self, frontier: Frontier, visitor: Visitor, store: Store, observe: Observer, *, max_pages: int = 0
    ) -> None:
        self._frontier = frontier
        self._visitor = visitor
        self._store = store
        self._observe = observe
        self._max_pages = max_pages
        self._pages = 0
        self._under_way = 0
        self._bringing = 0
        self._storing = 0
        self._observing = 0
        self._change = asyncio.Event()
        self._is_stopping = False

    @property
    def has_reached_its_limit(self) -> bool:
        """Whether all pages were given out that may be."""
        return 0 < self._max_pages <= self._pages

    @property
    def standing(self) -> Standing:
        """What it has in its hands now."""
        is_ending = self._is_stopping or self.has_reached_its_limit
        return Standing(self._under_way, self._storing, self._observing, self._bringing, is_ending)

    async def run(self) -> None:
        """Visit until the frontier is drained; after `stop`, until what is in flight has landed.

        Raises what the first visit to fail raised, once all have ended.
        """
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.TaskGroup() as tasks:
                while not self._is_stopping and not self.has_reached_its_limit:
                    if self._under_way >= self._visitor.capacity or self._bringing >= _MAX_BRINGING:
                        await self._wait_for_change(None)
                        continue
                    now = clock()
                    match self._frontier.next(now):
                        case Job() as job:
                            self._under_way += 1
                            self._pages += job.kind == "page"
                            tasks.create_task(self._visit(job))
                        case Settled() as settled:
                            await self._keep(settled)
                            await asyncio.sleep(0)  # there may be thousands of these, and others want their turn
                        case Load() | Reopen() | Recall() as order:
                            self._bringing += 1
                            tasks.create_task(self._bring(order))
                        case Wait(until):
                            await self._wait_for_change(None if until is None else until - now)
                        case Drained():
                            break
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None

    def stop(self) -> None:
        """Give out no more jobs."""
        self._is_stopping = True
        self._change.set()

    async def _visit(self, job: Job) -> None:
        visit = await self._visitor.visit(job)
        settled = self._frontier.settle(visit, asyncio.get_running_loop().time())
        await self._keep(settled)
        self._under_way -= 1
        self._change.set()

    async def _bring(self, order: Brought) -> None:
        rows = await self._store.bring(order)
        await self._keep(self._frontier.take(order, rows, asyncio.get_running_loop().time()))
        self._bringing -= 1
        self._change.set()

    async def _keep(self, settled: Settled) -> None:
        if settled.visit is not None or settled.changes:
            self._storing += 1
            await self._store.keep(settled)
            self._storing -= 1
            self._observing += 1
            await self._observe(settled)
            self._observing -= 1

    async def _wait_for_change(self, most_s: float | None) -> None:
        self._change.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                await self._change.wait()
