"""Where shards come from: each start is tried a few times, and whatever was started is ended in the end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from crawler.visit.inside import Recipe
from crawler.visit.shard import Shard, Tally
from crawler.wall.faults import WorkerCannotStart

_T = TypeVar("_T")
_START_TRIES = 3
_NO_MORE = "no shard is started any more"


class Nursery:
    """Starts shards of one recipe, and knows them until they have ended."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self.tally = Tally()
        self._starting: set[Shard] = set()
        self._shards: set[Shard] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closing = False

    async def open(self, on_loss: Callable[[Shard], None] = lambda _: None) -> Shard:
        """A shard that can visit.

        Raises WorkerCannotStart.
        """
        return await asyncio.shield(self.spawn(self._open(on_loss)))  # a process half started would be nobody's

    async def close(self, shard: Shard) -> None:
        """End a shard: gracefully if nothing is in it, else at once."""
        await asyncio.shield(self.spawn(shard.close()))

    def spawn(self, work: Coroutine[Any, Any, _T]) -> "asyncio.Task[_T]":
        """Have something done that `aclose` waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def load(self) -> int:
        """How many visits are in all of them."""
        return sum(shard.load for shard in self._shards)

    async def aclose(self) -> None:
        """End them all; those that are about to start at once, whatever keeps them."""
        self._is_closing = True
        for shard in self._starting:
            shard.kill()
        await asyncio.gather(*(shard.close() for shard in self._shards))
        while tasks := tuple(self._tasks):
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)

    async def _open(self, on_loss: Callable[[Shard], None]) -> Shard:
        for tries_left in reversed(range(_START_TRIES)):
            if self._is_closing:
                raise WorkerCannotStart(_NO_MORE)
            shard = Shard(self._recipe, self.tally, on_loss)
            self._starting.add(shard)
            try:
                await shard.start()
                break
            except WorkerCannotStart:
                if not tries_left:
                    raise
            finally:
                self._starting.discard(shard)
        self._shards.add(shard)
        shard.how_it_ended.add_done_callback(lambda _: self._shards.discard(shard))
        if self._is_closing:
            await shard.close()
            raise WorkerCannotStart(_NO_MORE)
        return shard
