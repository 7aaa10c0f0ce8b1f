"""The hosts of a run: what waits at each, and when each may next be asked."""

import heapq
from itertools import count
from typing import NamedTuple

from crawler.frontier import retries
from crawler.frontier.pace import Pace
from crawler.model import Failure, Fault, Job, Visit
from crawler.orders import Row

_Waiting = tuple[int, int, str, int]
"""Depth, number, URL and tries: nearest first, then in the order of discovery."""


class Host:
    """One host: the nearest of its waiting URLs in memory (`held`), the rest on disk (`stored`, a count)."""

    __slots__ = (
        "admitted",
        "awaits_robots",
        "echoes",
        "errands",
        "given_up",
        "held",
        "in_flight",
        "is_loading",
        "is_queued",
        "limit",
        "misses",
        "name",
        "pace",
        "retrying",
        "stored",
    )

    def __init__(self, name: str, pace: Pace, limit: int) -> None:
        self.name = name
        self.pace = pace
        self.limit = limit
        self.held: list[_Waiting] = []
        self.errands: list[Job] = []
        self.stored = 0
        self.admitted = 0
        self.in_flight = 0
        self.retrying = 0
        self.echoes = 0
        self.misses: dict[Fault, int] = {}
        self.is_queued = False
        self.is_loading = False
        self.awaits_robots = 0
        self.given_up: Failure | None = None

    @property
    def waiting(self) -> int:
        """How many jobs wait here, on disk or in memory."""
        return len(self.held) + self.stored + len(self.errands)

    @property
    def can_go(self) -> bool:
        """Whether something could be done for this host, were it time."""
        if self.is_queued or self.in_flight >= self.limit:
            return False
        if self.awaits_robots:
            return bool(self.errands) and self.errands[0].kind == "robots"
        return bool(self.errands or self.held or (self.stored and not self.is_loading))

    def learn(self, visit: Visit, now: float) -> str | None:
        """Learn from a visit how the host takes it; why it is to be left alone from now on, or None.

        What was under way together ends together: the failures of one bad moment count as one.
        """
        is_echo = self.echoes > 0
        self.echoes -= is_echo
        if retries.is_lost(visit):
            return None
        was_refused = self.pace.note(visit, now, is_echo=is_echo)
        if visit.answer is not None or not isinstance(visit.outcome, Failure):
            self.misses.clear()
            asked_s = visit.answer.retry_after_s if visit.answer else None
            if was_refused and asked_s is not None and asked_s > retries.MAX_HOLD_S:
                return f"it asks to be left alone for {asked_s:,.0f} s"
            if was_refused and not is_echo:
                self.echoes = self.in_flight
            refusals = self.pace.refusals
            return (
                f"{refusals} requests in a row were refused (429 or 503)"
                if refusals >= retries.MAX_REFUSALS
                else None
            )
        if is_echo:
            return None
        self.echoes = self.in_flight
        fault = visit.outcome.fault
        misses = self.misses[fault] = self.misses.get(fault, 0) + 1
        limit = retries.HOST_KILLERS.get(fault)
        return (
            None
            if limit is None or misses < limit
            else f"{misses} attempts ended in {fault.value}, and none in an answer"
        )

    def hold_off(self, hold_s: float, now: float) -> None:
        """Leave the host alone for so long, as it asked an earlier session to."""
        self.pace.not_before = max(self.pace.not_before, now + hold_s)
        if hold_s > retries.MAX_HOLD_S:
            text = f"the host was given up: it asked an earlier run to be left alone for another {hold_s:,.0f} s"
            self.given_up = Failure(Fault.GIVEN_UP, text)

    def hold(self, row: Row, tries: int = 0) -> None:
        """Keep a waiting URL in memory."""
        heapq.heappush(self.held, (row.depth, row.id, row.url, tries))

    def pop(self) -> Job | None:
        """The next job in memory: errands first, then the nearest URL."""
        if self.errands:
            return self.errands.pop(0)
        if not self.held:
            return None
        depth, number, url, tries = heapq.heappop(self.held)
        return Job(url, depth, id=number, tries=tries)

    def put_back(self, job: Job) -> None:
        """Let a job that cannot go yet be the next again."""
        if job.kind == "page":
            heapq.heappush(self.held, (job.depth, job.id, job.url, job.tries))
        else:
            self.errands.insert(0, job)


class Outlook(NamedTuple):
    """Why the crawl is not faster: of `waiting` URLs at `hosts` hosts, so many wait for the delay of so many."""

    waiting: int
    hosts: int
    delayed: int
    delayed_hosts: int
    next_s: float | None


class Timetable:
    """Which host may go when, and which jobs are to be tried again when."""

    def __init__(self) -> None:
        self._hosts: list[tuple[float, int, Host]] = []
        self._jobs: list[tuple[float, int, Job]] = []
        self._numbers = count()

    @property
    def next_at(self) -> float | None:
        """When something will be due."""
        times = [entries[0][0] for entries in (self._hosts, self._jobs) if entries]
        return min(times) if times else None

    @property
    def retries(self) -> int:
        """How many jobs wait to be tried again."""
        return len(self._jobs)

    def queue(self, host: Host, now: float) -> None:
        """Let a host go as soon as its pace allows, if it has something to do."""
        if host.can_go:
            host.is_queued = True
            at = now if host.given_up else max(now, host.pace.not_before)
            heapq.heappush(self._hosts, (at, next(self._numbers), host))

    def release(self, host: Host, now: float) -> None:
        """Let a host go that was given up, whatever it was told to wait for."""
        host.is_queued = True
        heapq.heappush(self._hosts, (now, next(self._numbers), host))

    def due_host(self, now: float) -> Host | None:
        """Take out the host whose turn it is."""
        while self._hosts and self._hosts[0][0] <= now:
            _, _, host = heapq.heappop(self._hosts)
            host.is_queued = False
            if host.can_go and (host.pace.not_before <= now or host.given_up):
                return host
            self.queue(host, now)  # it was told to wait, or had its fill, after it had been queued
        return None

    def try_again(self, job: Job, at: float) -> None:
        """Have a job back at a time."""
        heapq.heappush(self._jobs, (at, next(self._numbers), job))

    def due_job(self, now: float) -> Job | None:
        """Take out a job that is to be tried again by now."""
        return heapq.heappop(self._jobs)[2] if self._jobs and self._jobs[0][0] <= now else None

    def outlook(self, now: float) -> Outlook:
        """How things stand, counted anew."""
        late = [host for at, _, host in self._hosts if at > now]
        next_at = self.next_at
        return Outlook(
            waiting=sum(host.waiting for _, _, host in self._hosts) + len(self._jobs),
            hosts=len(self._hosts),
            delayed=sum(host.waiting for host in late),
            delayed_hosts=len(late),
            next_s=None if next_at is None else max(0.0, next_at - now),
        )
