"""One crawl of the lab, in a process of its own; `measure` starts it, times it and counts what it takes.

    python -c "from crawler.compare.contestant import main; main()" TRIAL FOLDER

Not by `-m`: each worker process would import this module again. It writes lines of JSON (`account.py`): where the
crawl begins, where it ends, and what it saw in between.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec

from crawler import loop
from crawler.analyze.beginning import begin
from crawler.analyze.page import analyze, complete
from crawler.compare.account import Told, mark, say
from crawler.compare.arms import Arm, arm_called, arm_of
from crawler.compare.beginner import begin_hazardous, begin_timed
from crawler.compare.hazards import FETCH_TIMEOUT_S, PAGE_DEADLINE_S
from crawler.compare.heart import complete_timed, hazardous, timed
from crawler.compare.trial import Trial
from crawler.compare.watch import Watch, phases, timeline
from crawler.compose import crawl
from crawler.descriptors import raise_soft_limit
from crawler.fetch.canned import CannedFetcher
from crawler.fetch.catalog import open_fetcher
from crawler.heap import return_large_blocks
from crawler.lag import LagMonitor
from crawler.model import Page, Traits, Visit
from crawler.orders import Note
from crawler.protocols import Fetcher, Rooms
from crawler.readers import ConnectTo
from crawler.rooms import Parted, open_rooms
from crawler.settings import (
    AnalyzeSettings,
    FetchSettings,
    FrontierSettings,
    RunSettings,
    Settings,
    StoreSettings,
    VisitSettings,
)

_TINY: Final = b"<title>Canned</title><p>canned words</p>"
_HELD_PER_SLOT: Final = 4


class Unequal(RuntimeError):
    """A crawl not to be compared, with another limit or on another loop than was asked for; the text says which."""


def main() -> None:
    """Crawl as the trial says, with all output in the folder."""
    trial = msgspec.json.decode(sys.argv[1], type=Trial)
    return_large_blocks()
    raise_soft_limit()
    contest = Contest(trial, Path(sys.argv[2]))
    try:
        told = loop.run(contest.run(), arm_called(trial.arm).loop)
    except Unequal as error:
        sys.exit(str(error))
    say(told)


class Contest:
    """The crawl between its two marks."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._trial = trial
        self._settings = settings_of(trial, arm_called(trial.arm), folder)
        self._lag = LagMonitor()
        self._lags_ms: tuple[float, float] | None = None
        self._rooms: Rooms | None = None
        self._watch: Watch | None = None
        self._analyze_cpu_s: float | None = None
        self._began = 0.0
        self._ended = 0.0

    async def run(self) -> Told:
        """Crawl, and say what was seen."""
        self._check_loop()
        async with AsyncExitStack() as self._stack:
            summary = await crawl(self._trial.seeds, self._settings, tell=self._tell, rooms=self._open)
        arm = arm_called(self._trial.arm)
        visits = self._watch.visits if self._watch else []
        lag_p99_ms, lag_max_ms = self._lags_ms or (None, None)
        return Told(
            wall_s=self._ended - self._began,
            phases=phases(visits),
            lag_p99_ms=lag_p99_ms,
            lag_max_ms=lag_max_ms,
            analyze_cpu_s=self._analyze_cpu_s,
            chose=arm_of(summary.session.strategy) if arm.chooses else "",
            refetched=summary.session.refetched,
            timeline=timeline(visits, self._began, worker=arm.worker) if self._trial.keeps_timeline else (),
        )

    async def begin(self) -> None:
        """The crawl proper begins when this returns."""
        at = perf_counter()
        await asyncio.to_thread(mark, "begin", at)
        if self._trial.has_probes:
            await self._stack.enter_async_context(self._lag)
        self._began = perf_counter()

    async def _open(
        self, settings: Settings, tell: Callable[[Note], None], left: Callable[[], int]
    ) -> tuple[Rooms, Traits]:
        trial = self._trial
        reader = hazardous if trial.has_hazards else timed if trial.has_probes else analyze
        first = begin_hazardous if trial.has_hazards else begin_timed if trial.has_probes else begin
        parted = Parted(first, complete if first is begin else complete_timed)
        fetcher = partial(_canned, Path(trial.seeds)) if trial.is_canned else open_fetcher
        rooms, traits = await open_rooms(settings, tell, left, reader=reader, parted=parted, fetcher=fetcher)
        self._rooms = rooms
        if trial.has_probes:
            rooms = self._watch = Watch(rooms)
        return Starting(rooms, self), traits

    def _tell(self, event: Note | Visit) -> None:
        if isinstance(event, Visit):
            return
        if event.event == "descriptors":
            raise Unequal(event.text)
        if event.event == "end":
            self._ended = perf_counter()
            self._analyze_cpu_s = self._rooms.burden().analyze_cpu_s if self._rooms else None
            if self._lag.samples:
                self._lags_ms = (self._lag.percentile_ms(99), self._lag.percentile_ms(100))
            mark("end", self._ended)

    def _check_loop(self) -> None:
        running = type(asyncio.get_running_loop()).__module__.partition(".")[0]
        if arm_called(self._trial.arm).needs_its_loop and running != self._settings.run.loop:
            raise Unequal(f"the loop is {running}'s")


class Starting:
    """Rooms whose readiness is the beginning of the crawl."""

    def __init__(self, rooms: Rooms, contest: Contest) -> None:
        self.capacity = rooms.capacity
        self.visit = rooms.visit
        self.burden = rooms.burden
        self.aclose = rooms.aclose
        self._rooms = rooms
        self._contest = contest

    async def ready(self) -> None:
        """Return once a page that is fetched can be analysed, and the crawl's clock runs."""
        await self._rooms.ready()
        await self._contest.begin()


def settings_of(trial: Trial, arm: Arm, folder: Path) -> Settings:
    """The same for every arm but for what the arm is made of: as many in the air as asked for, wherever they lead."""
    fetch = FetchSettings(
        room=arm.fetch, concurrency=trial.concurrency, connect_to=tuple(map(ConnectTo.read, trial.connect_to))
    )
    analyze_settings = AnalyzeSettings(room=arm.analyze, parser=arm.parser)
    if trial.has_hazards:
        fetch = replace(fetch, timeout_s=FETCH_TIMEOUT_S)
        analyze_settings = replace(analyze_settings, deadline_s=PAGE_DEADLINE_S, strip_params=())
    return Settings(
        fetch=fetch,
        analyze=analyze_settings,
        visit=VisitSettings(shards=arm.shards),
        frontier=FrontierSettings(
            robots="ignore",
            delay_s=0.0,
            per_host=trial.concurrency,
            held_per_host=max(FrontierSettings().held_per_host, _HELD_PER_SLOT * trial.concurrency),
        ),
        store=StoreSettings(out=folder),
        run=RunSettings(loop=arm.loop),
    )


def _canned(seeds: Path, settings: FetchSettings) -> Fetcher:
    """Fetches nothing: each seed is the same tiny page."""
    urls = seeds.read_text(encoding="utf-8").split()
    pages = {url: Page(url, 200, (("content-type", "text/html; charset=utf-8"),), _TINY) for url in urls}
    return CannedFetcher(pages, capacity=settings.concurrency)
