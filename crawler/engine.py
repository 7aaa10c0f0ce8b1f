"""The loop: jobs from the frontier to the visitor, visits to the frontier and the store.

It runs as many lanes as the visitor has capacity. A lane takes a job, carries it to its end and only then takes
the next, so nothing is created that could not be started, and a slow store or a slow analysis slows the fetching.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from crawler.frontier.state import Frontier
from crawler.model import Visit
from crawler.protocols import Store, Visitor

Observer: TypeAlias = Callable[[Visit], Awaitable[None]]


class Engine:
    """One run of a frontier until it is drained or told to stop."""

    def __init__(self, frontier: Frontier, visitor: Visitor, store: Store, observe: Observer) -> None:
        self._frontier = frontier
        self._visitor = visitor
        self._store = store
        self._observe = observe
        self._change = asyncio.Event()
        self.is_stopping = False

    async def run(self) -> None:
        """Visit until the frontier is drained; after `stop`, until what is in flight has landed.

        Raises what the first lane to fail raised, once all lanes have ended.
        """
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(self._visitor.capacity):
                    lanes.create_task(self._lane())
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None

    def stop(self) -> None:
        """Give out no more jobs."""
        self.is_stopping = True
        self._change.set()

    async def _lane(self) -> None:
        while not self.is_stopping and not self._frontier.is_drained:
            job = self._frontier.next()
            if job is None:
                self._change.clear()
                await self._change.wait()
                continue
            visit = self._frontier.settle(await self._visitor.visit(job))
            self._change.set()
            await self._store.keep(visit)
            await self._observe(visit)
