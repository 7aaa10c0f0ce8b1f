"""Who was in a shard that was lost is visited again alone, one by one: who ends that one too is the culprit."""

import asyncio
from collections.abc import Callable

from crawler.model import Failure, Fault, Job, Kind, Visit
from crawler.visit.nursery import Nursery
from crawler.visit.shard import Shard, ShardDied

_MAX_SUSPECTS = 65_536
"""Far more than can be waiting to be visited again; whoever is forgotten beyond that is visited in company again."""


class Alone:
    """A disposable shard for suspects; it is there while there are any, and `acquit` is told who was innocent."""

    def __init__(self, nursery: Nursery, acquit: Callable[[Job], None]) -> None:
        self._nursery = nursery
        self._acquit = acquit
        self._suspects: dict[tuple[Kind, str], bool] = {}
        self._turn = asyncio.Lock()
        self._shard: Shard | None = None

    def suspect(self, job: Job) -> None:
        """Remember that this job was in a shard that was lost."""
        self._suspects[job.kind, job.url] = False
        if len(self._suspects) > _MAX_SUSPECTS:
            del self._suspects[next(iter(self._suspects))]

    def __contains__(self, job: Job) -> bool:
        return (job.kind, job.url) in self._suspects

    async def visit(self, job: Job) -> Visit:
        """What the job ends in when nothing else is in its shard.

        That is final, unless its shard was killed from outside, for the first time: then it is lost again.
        Raises WorkerCannotStart.
        """
        async with self._turn:
            visit = await self._visit(job)
            if is_lost(visit):
                return visit
            self._suspects.pop((job.kind, job.url), None)
            if self._shard is not None and (not self._suspects or is_out_of_memory(visit)):
                shard, self._shard = self._shard, None
                await self._nursery.close(shard)
        if not is_casualty(visit):
            self._acquit(job)
        return visit

    async def _visit(self, job: Job) -> Visit:
        while self._shard is None or not self._shard.is_open:  # it may have ended as soon as it had opened
            self._shard = await self._nursery.open()
        try:
            return await self._shard.visit(job)
        except ShardDied as death:
            self._shard = None
            key = job.kind, job.url
            if death.came_from_outside and not self._suspects.get(key):
                self._suspects[key] = True
                return Visit(job, None, Failure(Fault.LOST, f"the shard that it was alone in died of {death.how}"))
            return Visit(job, None, death.cause)


def is_lost(visit: Visit) -> bool:
    """Whether its shard was lost: then the job is to be given out again."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.LOST


def is_out_of_memory(visit: Visit) -> bool:
    """Whether it needed more memory than its process may have."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.MEMORY


def is_casualty(visit: Visit) -> bool:
    """Whether the page brought its analysis down."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault.is_parser_casualty
