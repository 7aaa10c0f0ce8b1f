"""The visitor that chooses how it visits: begins at once, measures the first pages, changes over if that pays."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import perf_counter, process_time, thread_time
from typing import Final, NamedTuple, TypeAlias

from crawler.calibrate import Choice, Measured, choose
from crawler.model import Failure, Job, Visit
from crawler.orders import CHOSEN, Note
from crawler.protocols import Burden, Rooms
from crawler.strategy import Strategy
from crawler.visit.succession import Succession
from crawler.wall.faults import WorkerCannotStart

OpenStrategy: TypeAlias = Callable[[Strategy], Awaitable[Rooms]]

PAGES: Final = 64
LEAST_S: Final = 0.5
"""How many analysed pages are measured before the first choice, and for how long at least: a crawl may begin with a
burst of redirects. A choice that hangs on how little is left is made again after twice as many."""
_MOST_WARMING: Final = 64
_NO_CHOICE: Final = "what was asked for, and the cores there are, leave nothing else to choose"


class Clocks(NamedTuple):
    """How many pages have been analysed, and what visits took in all: by the wall, in CPU, in fetching."""

    pages: int
    wall_s: float
    loop_cpu_s: float
    process_cpu_s: float
    analyze_cpu_s: float
    fetching_s: float


class Calibrating:
    """Visits as its first strategy does, until another of them promises to be faster by enough, and then as that.

    Calibration takes no time of its own: what it measures are the crawl's pages. The first of them, as many as are in
    the air at once, are not measured, since they open connections and load what analysis needs. What it chooses is
    told as a note.
    """

    def __init__(
        self,
        first: Rooms,
        strategies: Sequence[Strategy],
        open_strategy: OpenStrategy,
        *,
        cores: int,
        left: Callable[[], int],
        tell: Callable[[Note], None],
    ) -> None:
        self._rooms = Succession(first)
        self._now, *self._others = strategies
        self._open = open_strategy
        self._cores = cores
        self._left = left
        self._tell = tell
        self._pages = 0
        self._casualties = 0
        self._fetching_s = 0.0
        self._wanted = 0
        self._not_before = 0.0
        self._are_there = asyncio.Event()
        self._calibration: asyncio.Task[None] | None = None

    @property
    def capacity(self) -> int:
        """How many visits may be under way at once."""
        return self._rooms.capacity

    async def ready(self) -> None:
        """Return once a page that is fetched can be analysed; calibration begins."""
        await self._rooms.ready()
        self._calibration = asyncio.get_running_loop().create_task(self._calibrate())

    def burden(self) -> Burden:
        """What there is to do now, under whichever strategy."""
        return self._rooms.burden()

    async def visit(self, job: Job) -> Visit:
        """What the job ends in, under the strategy of the moment."""
        visit = await self._rooms.visit(job)
        self._pages += visit.analyze_s > 0.0
        self._casualties += isinstance(visit.outcome, Failure) and visit.outcome.fault.is_parser_casualty
        self._fetching_s += visit.answer.timings.total_s if visit.answer else 0.0
        if self._pages >= self._wanted and perf_counter() >= self._not_before:
            self._are_there.set()
        return visit

    async def aclose(self) -> None:
        """Close the rooms, also in the middle of a change. Raises what went wrong in calibration."""
        calibration = self._calibration
        if calibration is not None:
            calibration.cancel()
            await asyncio.wait([calibration])
        await self._rooms.aclose()
        if calibration is not None and not calibration.cancelled():
            calibration.result()

    async def _calibrate(self) -> None:
        if not self._others:
            self._tell(Note(CHOSEN, "", str(Choice(self._now, 1.0, _NO_CHOICE))))
            return
        warm = min(self.capacity, _MOST_WARMING)
        start = await self._clocks_at(warm)
        pages = PAGES
        while True:
            measured = self._measured(start, await self._clocks_at(warm + pages, start.wall_s + LEAST_S))
            choice = choose(measured, self._now, self._others, self._left())
            if choice.is_final:
                break
            pages *= 2
        if choice.strategy == self._now:
            self._tell(Note(CHOSEN, "", str(choice)))
        else:
            await self._change_to(choice)

    async def _clocks_at(self, pages: int, not_before: float = 0.0) -> Clocks:
        """The clocks as they stand when so many pages have been analysed, and that time has come."""
        self._wanted, self._not_before = pages, not_before
        self._are_there.clear()
        await self._are_there.wait()
        analyze_cpu_s = self.burden().analyze_cpu_s
        return Clocks(self._pages, perf_counter(), thread_time(), process_time(), analyze_cpu_s, self._fetching_s)

    def _measured(self, start: Clocks, end: Clocks) -> Measured:
        pages, wall_s, loop_cpu_s, process_cpu_s, analyze_cpu_s, fetching_s = (
            after - before for before, after in zip(start, end, strict=True)
        )
        return Measured(
            wall_s=wall_s / pages,
            # A busy loop is late to see what has come; so much of a fetch is the loop's doing and not the network's.
            latency_s=fetching_s / pages * max(0.0, 1.0 - loop_cpu_s / wall_s),
            loop_cpu_s=loop_cpu_s / pages,
            aside_cpu_s=max(0.0, process_cpu_s - loop_cpu_s) / pages,
            analyze_cpu_s=analyze_cpu_s / pages,
            slots=self.capacity,
            cores=self._cores,
            casualties=self._casualties,
        )

    async def _change_to(self, choice: Choice) -> None:
        self._tell(Note(CHOSEN, "", str(choice)))
        try:
            await self._rooms.hand_over(partial(self._open, choice.strategy))
        except (WorkerCannotStart, OSError) as error:
            why = f"{choice.strategy} could not be opened ({error})"
            self._tell(Note(CHOSEN, "", str(Choice(self._now, 1.0, why))))
