"""Rooms that others can take over from while visits are under way, so that no visit notices."""

import asyncio
from collections.abc import Awaitable, Callable

from crawler.loop import to_the_end
from crawler.model import Job, Visit
from crawler.protocols import Burden, Rooms


class Succession:
    """Gives jobs to the rooms of the day: those before them finish theirs, and are closed when they have.

    first rooms  ──── visits ──────────────┐ drained ─> closed
                   │ open, ready           │
    next rooms     └─────────── visits ────┴────────────────────>
    """

    def __init__(self, first: Rooms) -> None:
        self._rooms = first
        self._visits: dict[Rooms, int] = {first: 0}
        self._have_drained = asyncio.Event()
        self._past = Burden(0, 0, 0, 0.0, 0)
        self._opening: asyncio.Future[Rooms] | None = None

    @property
    def capacity(self) -> int:
        """How many visits may be under way at once, in all rooms together."""
        return self._rooms.capacity

    async def ready(self) -> None:
        """Return once a page that is fetched can be analysed."""
        await self._rooms.ready()

    def burden(self) -> Burden:
        """What there is to do now in all rooms, and what analysis has cost in those that are closed as well."""
        now = _sum(self._past, *(rooms.burden() for rooms in self._visits))
        return now._replace(analyze_slots=self._rooms.burden().analyze_slots)

    async def visit(self, job: Job) -> Visit:
        """The visit that the rooms of the day make of it."""
        rooms = self._rooms
        self._visits[rooms] += 1
        try:
            return await rooms.visit(job)
        finally:
            self._visits[rooms] -= 1
            if rooms is not self._rooms and not self._visits[rooms]:
                self._have_drained.set()

    async def hand_over(self, open_next: Callable[[], Awaitable[Rooms]]) -> None:
        """Open the next rooms, give them every job from then on, and close those before once they have drained.

        Raises what the next rooms raise when they cannot be opened; everything then stays as it was.
        """
        self._opening = asyncio.ensure_future(open_next())
        rooms = await asyncio.shield(self._opening)  # if this is cancelled, `aclose` waits for it: it must be closed
        self._visits[rooms], self._opening = 0, None
        try:
            await rooms.ready()
        except Exception:
            await self._close(rooms)
            raise
        before, self._rooms = self._rooms, rooms
        if self._visits[before]:
            await self._have_drained.wait()
        self._past = _sum(self._past, before.burden()._replace(fetching=0, analyzing=0))
        await self._close(before)

    async def aclose(self) -> None:
        """Close all rooms, those that are about to open too; nobody may be handing over any more."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
            if self._opening.exception() is None:
                self._visits[self._opening.result()] = 0
        for rooms in list(self._visits):
            await self._close(rooms)

    async def _close(self, rooms: Rooms) -> None:
        del self._visits[rooms]
        await to_the_end(rooms.aclose())


def _sum(*burdens: Burden) -> Burden:
    return Burden(*(sum(column) for column in zip(*burdens, strict=True)))
