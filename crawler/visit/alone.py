"""Who was in a shard that was lost is visited again alone, one by one: who ends that one too is the culprit."""

import asyncio
from collections.abc import Callable

from crawler.model import Failure, Fault, Job, Kind, Visit
from crawler.visit.nursery import Nursery
from crawler.visit.shard import Shard, ShardDied

_MAX_SUSPECTS = 65_536
"""Far more than can be waiting to be visited again; whoever is forgotten beyond that is visited in company again."""


class Alone:
    """A disposable shard for suspects; it is there while there are any, and `acquit` is told who was innocent.

    It is opened as soon as somebody is suspected: no suspect whose host may be asked again waits for it.
    """

    def __init__(self, nursery: Nursery, acquit: Callable[[Job], None]) -> None:
        self._nursery = nursery
        self._acquit = acquit
        self._suspects: dict[tuple[Kind, str], bool] = {}
        self._turn = asyncio.Lock()
        self._shard: asyncio.Task[Shard] | None = None

    def suspect(self, job: Job) -> None:
        """Remember that this job was in a shard that was lost."""
        self._suspects[job.kind, job.url] = False
        if len(self._suspects) > _MAX_SUSPECTS:
            del self._suspects[next(iter(self._suspects))]
        self._open()

    def __contains__(self, job: Job) -> bool:
        return (job.kind, job.url) in self._suspects

    async def visit(self, job: Job) -> Visit:
        """What the job ends in when nothing else is in its shard.

        That is final, unless its shard was killed from outside, for the first time: then it is lost again.
        Raises WorkerCannotStart.
        """
        async with self._turn:
            visit = await self._visit(job)
            if not is_lost(visit):
                self._suspects.pop((job.kind, job.url), None)
                if self._shard is not None and (not self._suspects or is_out_of_memory(visit)):
                    opened, self._shard = self._shard, None
                    await self._nursery.close(opened.result())
            if self._suspects:
                self._open()
        if not is_lost(visit) and not is_casualty(visit):
            self._acquit(job)
        return visit

    async def _visit(self, job: Job) -> Visit:
        while not (shard := await asyncio.shield(self._open())).is_open:  # it may have ended as soon as it had opened
            self._shard = None
        try:
            return await shard.visit(job)
        except ShardDied as death:
            self._shard = None
            key = job.kind, job.url
            if death.came_from_outside and not self._suspects.get(key):
                self._suspects[key] = True
                return Visit(job, None, Failure(Fault.LOST, f"the shard that it was alone in died of {death.how}"))
            return Visit(job, None, death.cause)

    def _open(self) -> "asyncio.Task[Shard]":
        if self._shard is None:
            self._shard = self._nursery.spawn(self._nursery.open())
            self._shard.add_done_callback(self._forget_if_it_failed)
        return self._shard

    def _forget_if_it_failed(self, opening: "asyncio.Task[Shard]") -> None:
        """Whoever waits for it is told; whoever comes later tries again."""
        if (opening.cancelled() or opening.exception() is not None) and self._shard is opening:
            self._shard = None


def is_lost(visit: Visit) -> bool:
    """Whether its shard was lost: then the job is to be given out again."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.LOST


def is_out_of_memory(visit: Visit) -> bool:
    """Whether it needed more memory than its process may have."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.MEMORY


def is_casualty(visit: Visit) -> bool:
    """Whether the page brought its analysis down."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault.is_parser_casualty
