"""Drives a frontier through a made-up web in virtual time, as the engine and the store do, and notes what happens."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import NamedTuple

from crawler.frontier.state import Frontier
from crawler.model import Job, Visit
from crawler.orders import (
    Asked,
    Brought,
    Change,
    Drained,
    Load,
    Note,
    Recall,
    Reopen,
    Settled,
    Wait,
)
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of
from tests.frontier.disk import Disk
from tests.frontier.world import Web, site_of

STEPS_A_URL = 50
DURATIONS_S = (0.0, 0.01, 0.3, 1.0, 7.0)


@dataclass(frozen=True)
class Schedule:
    """How a crawl goes: so many visits at once, how long they take, how soon the disk writes and reads, what ends it.

    `durations_s` and `reads_s` are drawn from by a generator with this seed; `write_share` of the steps are followed
    by a write; the run is killed before the steps in `kills`, counted over all its lives.
    """

    seed: int = 0
    lanes: int = 4
    durations_s: tuple[float, ...] = DURATIONS_S
    reads_s: tuple[float, ...] = (0.0, 0.5)
    write_share: float = 0.5
    kills: frozenset[int] = frozenset()


class Start(NamedTuple):
    """A job went out; `n` numbers all that happened, in order."""

    n: int
    at: float
    life: int
    job: Job

    @property
    def host(self) -> str:
        return host_of(self.job.url)


class End(NamedTuple):
    """What came of it came back."""

    n: int
    at: float
    life: int
    visit: Visit

    @property
    def host(self) -> str:
        return host_of(self.visit.job.url)


class Written(NamedTuple):
    """The frontier said that this is to be kept."""

    at: float
    life: int
    settled: Settled


@dataclass
class Crawl:
    """One run, killed and carried on or not, until it is drained."""

    web: Web
    seeds: Iterable[str | Job]
    settings: FrontierSettings
    schedule: Schedule = Schedule()
    watch: Callable[["Crawl"], None] | None = None
    disk: Disk = field(default_factory=Disk)
    now: float = 0.0
    life: int = 0
    steps: int = 0
    starts: list[Start] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    kept: list[Written] = field(default_factory=list)
    brought: list[tuple[Brought, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.schedule.seed)
        self._attempts: Counter[str] = Counter()
        self._numbers = count()
        self._jobs = [job if isinstance(job, Job) else Job(job) for job in self.seeds]
        self._begin()

    def run(self) -> "Crawl":
        """Carry on until nothing is left; a crawl that goes on for ever fails."""
        while self.step():
            pass
        return self

    def step(self) -> bool:
        """Do one thing; whether there may be more to do."""
        self.steps += 1
        assert self.steps < STEPS_A_URL * (len(self.web.things) + len(self.disk.urls) + 50), (
            "the crawl goes on for ever"
        )
        if self.steps in self.schedule.kills:
            self._kill()
        if self.watch is not None:
            self.watch(self)
        if self.flying >= self.schedule.lanes:
            self._advance(None)
            return True
        match self.frontier.next(self.now):
            case Job() as job:
                self._start(job)
            case Settled() as settled:
                self._keep(settled)
            case Load() | Reopen() | Recall() as order:
                self._after(self._random.choice(self.schedule.reads_s), lambda: self._read(order))
            case Wait(until):
                self._advance(until)
            case Drained():
                assert not self._events, "drained, but something is under way"
                self.disk.write(self.now)
                return False
        return True

    @property
    def changes(self) -> list[Change]:
        """All that was said, in order."""
        return [change for written in self.kept for change in written.settled.changes]

    def notes(self, event: str) -> list[Note]:
        return [change for change in self.changes if isinstance(change, Note) and change.event == event]

    def asked(self, host: str) -> list[Asked]:
        return [change for change in self.changes if isinstance(change, Asked) and change.host == host]

    def pages(self) -> list[Job]:
        """The page jobs that went out, in order."""
        return [start.job for start in self.starts if start.job.kind == "page"]

    def states(self) -> dict[str, str]:
        """How each URL stands on disk."""
        return {url.url: url.state for url in self.disk.urls.values()}

    def reasons(self) -> dict[str, str]:
        """Why each URL stands as it does, where a reason was given."""
        return {url.url: url.reason for url in self.disk.urls.values() if url.reason is not None}

    def _begin(self) -> None:
        met = self.disk.met()
        self.flying = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        first_id = max((row.id for row in met), default=0) + 1
        self.frontier = Frontier(self.settings, site_of=site_of, first_id=first_id)
        self.frontier.expect(self._jobs)
        for at in range(0, len(met), 3):
            self.frontier.restore(met[at : at + 3])
        learned = [(origin, *known) for origin, known in self.disk.robots.items() if known[1] > self.now]
        self.frontier.restore_robots(learned)
        holds = [(host, at - self.now) for host, at in self.disk.resume_at.items() if at > self.now]
        self.frontier.restore_holds(holds, self.now)
        self._keep(self.frontier.offer(self._jobs, self.now))

    def _kill(self) -> None:
        """End it as `kill -9` does; what was in flight and what was not yet written is lost."""
        self.disk.lose()
        self.life += 1
        self._begin()

    def _start(self, job: Job) -> None:
        self.starts.append(Start(next(self._numbers), self.now, self.life, job))
        visit = self.web.visit(job, self._attempts[job.url])
        self._attempts[job.url] += 1
        self.flying += 1
        self._after(self._random.choice(self.schedule.durations_s), lambda: self._land(visit))

    def _land(self, visit: Visit) -> None:
        self.ends.append(End(next(self._numbers), self.now, self.life, visit))
        self.flying -= 1
        self._keep(self.frontier.settle(visit, self.now))

    def _read(self, order: Brought) -> None:
        self.disk.write(self.now)
        rows = self.disk.bring(order)
        self.brought.append((order, len(rows)))
        self._after(
            self._random.choice(self.schedule.reads_s),
            lambda: self._keep(self.frontier.take(order, rows, self.now)),
        )

    def _keep(self, settled: Settled) -> None:
        self.kept.append(Written(self.now, self.life, settled))
        self.disk.keep(settled)
        if self._random.random() < self.schedule.write_share:
            self.disk.write(self.now)

    def _after(self, pause_s: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + pause_s, next(self._numbers), act))

    def _advance(self, until: float | None) -> None:
        """Let time pass until something happens, or until it is time for something."""
        assert until is None or until > self.now, "told to wait for what is past"
        assert self._events or until is not None, "told to wait for nothing"
        if self._events and (until is None or self._events[0][0] <= until):
            at, _, act = heapq.heappop(self._events)
            self.now = max(self.now, at)
            act()
        elif until is not None:
            self.now = until
