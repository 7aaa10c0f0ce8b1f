"""The hybrid: N processes that each fetch and analyse by themselves, hosts dealt among them by hash.

                   ┌─ Job ──>  shard 1: fetcher + analysis ─┐
    engine ─ deal ─┼─ Job ──>  shard 2: fetcher + analysis ─┼─ Visit ─> engine
                   └─ Job ──>  …                            ┘
                          process wall

A host has a home, where its connections are kept. When that is full its next visit goes to the shard with the least
in it: what is lost is a kept connection, and what is won is that the pages of one host are analysed on all cores (on
two, large pages of one host took 1.33 s where none was passed on, 0.72 s where they were; of four hosts, the same).
Whom to ask and when is decided before a job comes here, so politeness does not depend on where it is visited.

A page that crashes or hangs takes its shard along. The shard is replaced at once, and what was in it is lost: the
frontier gives these jobs out again, at the pace of their hosts, and each is then visited alone (`alone.py`).
"""

import asyncio
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from zlib import crc32

from crawler.model import Failure, Fault, Job, Traits, Visit
from crawler.orders import REFETCHED, SHARD_LOST, Note
from crawler.protocols import Burden
from crawler.urls import host
from crawler.visit.alone import Alone, is_lost, is_out_of_memory
from crawler.visit.inside import Recipe
from crawler.visit.nursery import Nursery
from crawler.visit.shard import Shard, ShardDied
from crawler.wall.faults import WorkerCannotStart

_DEATHS_IN_A_ROW = 10
"""So many for each shard, and no visit that ended between them."""


class Shards:
    """Visits in `homes` processes of a recipe, at most `capacity` at once; `tell` hears of shards that are lost."""

    traits = Traits(isolates=True, blocks_loop=False, reason="each shard is a process that can be killed alone")

    def __init__(self, recipe: Recipe, homes: int, capacity: int, tell: Callable[[Note], None]) -> None:
        self.capacity = min(capacity, homes * recipe.capacity)
        self._tell = tell
        self._nursery = Nursery(recipe)
        self._alone = Alone(self._nursery, self._acquit)
        self._homes: list[Shard | None] = [None] * homes
        self._retired: set[Shard] = set()
        self._change = asyncio.Event()
        self._broken: Exception | None = None
        self._deaths = 0
        for number in range(homes):
            self._nursery.spawn(self._fill(number))

    async def ready(self) -> None:
        """Return once a shard has opened.

        Raises WorkerCannotStart.
        """
        while self._broken is None and not any(self._homes):
            await self._wait_for_change()
        if self._broken is not None:
            raise self._broken

    def burden(self) -> Burden:
        """What there is to do now."""
        tally = self._nursery.tally
        slots = len(self._homes)
        return Burden(self._nursery.load, 0, slots, tally.cpu_s, tally.analyzed, tally.inline_s, tally.shard_cpu_s)

    async def visit(self, job: Job) -> Visit:
        """What the job ends in; lost, if its shard was lost meanwhile: then it is to be given out again.

        Raises WorkerCannotStart when the machine gives no process.
        """
        if job in self._alone:
            visit = await self._alone.visit(job)
        else:
            visit = await self._visit(await self._shard_for(job), job)
        if not is_lost(visit):
            self._deaths = 0
        self._change.set()
        return visit

    async def aclose(self) -> None:
        """End the shards: idle ones gracefully, busy ones at once."""
        await self._nursery.aclose()

    async def _shard_for(self, job: Job) -> Shard:
        number = crc32(host(job.url).encode()) % len(self._homes)
        while True:
            if self._broken is not None:
                raise self._broken
            home = self._homes[number]
            if home is not None and home.has_room:
                return home
            if others := [shard for shard in self._homes if shard is not None and shard.has_room]:
                return min(others, key=attrgetter("load"))
            await self._wait_for_change()

    async def _visit(self, shard: Shard, job: Job) -> Visit:
        try:
            visit = await shard.visit(job)
        except ShardDied as death:
            return self._lost(job, f"the shard that it was in died of {death.how}")
        if is_out_of_memory(visit):  # perhaps because another page left none
            self._retire(shard)
            visit = self._lost(job, "no memory was left in the shard that it was in")
        if shard in self._retired and not shard.load:
            self._retired.discard(shard)
            self._nursery.spawn(shard.close())
        return visit

    async def _wait_for_change(self) -> None:
        self._change.clear()
        await self._change.wait()

    async def _fill(self, number: int) -> None:
        try:
            if self._deaths > _DEATHS_IN_A_ROW * len(self._homes):
                raise WorkerCannotStart(f"{self._deaths} shards in a row ended before anything was visited in them")
            shard = await self._nursery.open(partial(self._replace, number))
        except Exception as error:  # noqa: BLE001 - whoever waits for a shard is told
            self._broken = error
        else:
            if shard.is_open:
                self._homes[number] = shard
            else:
                self._nursery.spawn(self._fill(number))
        self._change.set()

    def _replace(self, number: int, shard: Shard) -> None:
        """Put another in the place of a shard that was lost."""
        self._deaths += 1
        self._retired.discard(shard)
        self._nursery.spawn(self._tell_of(shard, shard.load))
        if self._homes[number] is shard:
            self._homes[number] = None
            self._nursery.spawn(self._fill(number))

    def _retire(self, shard: Shard) -> None:
        """Have what is in a shard end there, and put another in its place."""
        if shard in self._homes:
            number = self._homes.index(shard)
            self._homes[number] = None
            self._retired.add(shard)
            self._nursery.spawn(self._fill(number))

    def _lost(self, job: Job, text: str) -> Visit:
        self._alone.suspect(job)
        return Visit(job, None, Failure(Fault.LOST, text))

    async def _tell_of(self, shard: Shard, load: int) -> None:
        how = await shard.how_it_ended
        self._tell(Note(SHARD_LOST, "", f"a shard died of {how}; URLs in it, to be visited again alone: {load}"))

    def _acquit(self, job: Job) -> None:
        self._tell(Note(REFETCHED, host(job.url), f"{job.url}: visited again, since its shard had been lost"))
