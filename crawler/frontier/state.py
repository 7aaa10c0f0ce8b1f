"""The frontier itself: who is next, what becomes of what comes back, what is kept of it."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from crawler.bounds import Holdup
from crawler.frontier import retries
from crawler.frontier.discovery import Discovery, Way
from crawler.frontier.errands import Errands
from crawler.frontier.holdups import holdups
from crawler.frontier.hosts import Host, Outlook
from crawler.frontier.lost import Lost
from crawler.frontier.pace import BUSY
from crawler.frontier.ways import Ways
from crawler.model import Analysis, Failure, Fault, Job, Redirect, Robots, Visit
from crawler.orders import (
    Answered,
    Asked,
    Brought,
    Drained,
    Ended,
    Load,
    Note,
    Order,
    Recall,
    Reopen,
    Row,
    Settled,
    Wait,
    state_of,
)
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of

_LONG_WAIT_S = 60.0
"""A pause that whoever watches wonders about."""
_LEAST_LOADED = 8
"""However full memory is, or a query a URL would be the price of many hosts."""


class Frontier:
    """Decides which job is next; every job it gives out must be settled with exactly one visit.

    `now` is a time in seconds on any clock that only goes forward. It is not known here.
    """

    def __init__(
        self,
        settings: FrontierSettings,
        *,
        site_of: Callable[[str], str] = str,
        canonical: Callable[[str], str] = str,
        first_id: int = 1,
    ) -> None:
        self._canonical = canonical
        self._settings = settings
        self._found = Discovery(settings, site_of, first_id)
        self._timetable = self._found.timetable
        self._errands = Errands(settings, self._found)
        self._ways = Ways(settings, self._found)
        self._lost = Lost()
        self._kept = Settled()
        self._asked: list[tuple[str, float | None, float, float]] = []
        self._is_restored = False
        self._open_orders = 0
        self._retrying = 0
        self.in_flight = 0
        self.settled = 0

    @property
    def waiting(self) -> int:
        """How many URLs are still to be given out."""
        return self._found.waiting + self._retrying

    @property
    def discovered(self) -> int:
        """How many URLs were met in this run, refused ones included."""
        return len(self._found.known)

    @property
    def is_drained(self) -> bool:
        """True when nothing waits and nothing in flight could bring more."""
        is_idle = self._ways.is_idle and not (self.in_flight or self._open_orders or self._errands.arriving)
        return is_idle and not self.waiting and not self._errands.waiting

    def outlook(self, now: float) -> Outlook:
        """Why the crawl is not faster."""
        return self._timetable.outlook(now)

    def holdups(self, now: float) -> tuple[Holdup, ...]:
        """Which hosts jobs wait for, and why."""
        return holdups(self._found.hosts.values(), now)

    def has_due(self, now: float) -> bool:
        """Whether something could go out now."""
        next_at = self._timetable.next_at
        return next_at is not None and next_at <= now

    def expect(self, jobs: Iterable[Job]) -> None:
        """Learn from the seeds what the scope is and which hosts are the user's own, before anything is restored."""
        for job in jobs:
            if job.kind == "page":
                self._found.admit_seed(job.url)

    def offer(self, jobs: Iterable[Job], now: float) -> Settled:
        """Take in the seeds; a seed is never out of scope, since it says what the scope is."""
        jobs = list(jobs)
        self.expect(jobs)
        for job in jobs:
            if job.kind == "page":
                self._found.meet(job.url, Way(0), self._kept, now, is_seed=True)
            else:
                self._errands.ask_sitemap(job.url, now)
        if self._is_restored:
            self._is_restored = False
            self._errands.carry_on(self._kept, now)
            self._found.queue_all(now)
        return self._handed(now)

    def next(self, now: float) -> Order:
        """What to do next."""
        if (reopen := self._ways.reopen()) is not None:
            return self._opened(reopen)
        if self._errands.arriving:
            self._errands.take_in(self._kept, now)
            return self._handed(now)
        while (job := self._timetable.due_job(now) or self._lost.next()) is not None:
            self._bring_back(job, now)
        while (host := self._timetable.due_host(now)) is not None:
            order = self._order_of(host, now)
            self._timetable.queue(host, now)
            if order is not None:
                return order
        if (recall := self._ways.recall(now, is_urgent=not self.in_flight)) is not None:
            return self._opened(recall)
        if self.is_drained:
            return Drained()
        times = [at for at in (self._timetable.next_at, self._ways.next_at) if at is not None]
        return Wait(min(times, default=None))

    def settle(self, visit: Visit, now: float) -> Settled:
        """Close a job with its visit; what is to be kept of that, all of it together."""
        job = visit.job
        host = self._found.hosts[host_of(job.url)]
        self.in_flight -= 1
        host.in_flight -= 1
        self._learn_from(host, visit, now)
        self._lost.end(job)
        is_lost = retries.is_lost(visit)
        wait_s = None if is_lost or host.given_up else retries.wait_before_next(visit)
        if is_lost or wait_s is not None:
            self._retrying += 1
            host.retrying += 1
            if wait_s is None:
                self._lost.add(job)
            else:
                wait_s = wait_s if host.pace.is_paced else 0.0
                self._timetable.try_again(replace(job, tries=job.tries + 1), now + wait_s)
            self._note("retry", host.name, f"{job.url}: {_reason(visit)}; tried again")
        elif job.kind == "page":
            self._settle_page(visit, now)
        else:
            self._errands.settle(visit, self._kept, now)
        self._timetable.queue(host, now)
        return self._handed(now)

    def take(self, order: Brought, rows: Iterable[Row], now: float) -> Settled:
        """Take in what was brought from disk."""
        self._open_orders -= 1
        match order:
            case Load(name):
                self._found.refill(self._found.hosts[name], rows, now)
            case Reopen():
                self._ways.take_reopened(rows, self._kept, now)
            case Recall():
                self._ways.take_recalled(list(rows), self._kept, now)
        return self._handed(now)

    def restore(self, rows: Iterable[Row]) -> None:
        """Take over URLs that an earlier session of the run met."""
        self._is_restored = True
        for row in rows:
            if self._found.restore(row):
                self.settled += 1
                self._errands.restore(row)
            if row.must_reopen:
                self._ways.reopening.append(row.id)

    def restore_robots(self, learned: Iterable[tuple[str, Robots, float]]) -> None:
        """Take over what is known of robots.txt files: origins, what they say, and until when that holds."""
        for origin, robots, expires_at in learned:
            self._errands.origins.learn(origin, robots, expires_at)

    def restore_holds(self, holds: Iterable[tuple[str, float]], now: float) -> None:
        """Take over for how many seconds from now hosts are to be left alone, as an earlier session learned."""
        for name, hold_s in holds:
            host = self._found.host(name)
            host.hold_off(hold_s, now)
            if host.given_up is not None:
                self._note("given-up", name, host.given_up.text)
            elif hold_s >= _LONG_WAIT_S:
                self._note("long-wait", name, f"asked an earlier start to be left alone for another {hold_s:,.0f} s")

    def _handed(self, now: float) -> Settled:
        kept, self._kept = self._kept, Settled()
        kept.changes += [Asked(host, gap_s, delay_s, now - at) for host, gap_s, delay_s, at in self._asked]
        self._asked.clear()
        self._ways.reopening += self._found.take_moved()
        return kept

    def _note(self, event: str, host: str, text: str) -> None:
        self._kept.changes.append(Note(event, host, text))

    def _opened(self, order: Brought) -> Brought:
        self._open_orders += 1
        return order

    def _order_of(self, host: Host, now: float) -> Order | None:
        job = host.pop()
        if job is None:
            host.is_loading = True
            spare = max(_LEAST_LOADED, self._settings.held_in_all - self._found.held)
            room = min(self._settings.held_per_host, spare)
            in_memory = host.in_flight + host.retrying  # these lie on disk as waiting too, and come first
            return self._opened(Load(host.name, room + in_memory))
        clearance = host.given_up or self._errands.clearance(host, job, self._kept, now)
        if clearance is None and host.pace.not_before > now:  # its robots.txt has just asked for more
            host.put_back(job)
            return None
        if isinstance(clearance, Job):
            host.put_back(job)
            job = clearance
        elif job.kind == "page":
            self._found.waiting -= 1
            self._found.held -= 1
        else:
            self._errands.waiting -= 1
        if isinstance(clearance, Failure):
            return self._end_unasked(job, clearance, now)
        self.in_flight += 1
        host.in_flight += 1
        self._asked.append((host.name, host.pace.start(now), host.pace.delay_s, now))
        return job

    def _bring_back(self, job: Job, now: float) -> None:
        self._retrying -= 1
        self._found.hosts[host_of(job.url)].retrying -= 1
        if job.kind == "page":
            self._found.bring_back(job, now)
        else:
            self._errands.bring_back(job, now)

    def _end_unasked(self, job: Job, failure: Failure, now: float) -> Settled:
        self._lost.end(job)
        if job.kind == "page":
            self._settle_page(Visit(job, None, failure), now)
        else:
            self._errands.close(job, failure, self._kept, now)
        return self._handed(now)

    def _settle_page(self, visit: Visit, now: float) -> None:
        job = visit.job
        known = self._found.known.settle(job.url)
        self.settled += 1
        outcome = visit.outcome
        if isinstance(outcome, Failure) and job.tries and retries.rule_of(visit) is not None:
            outcome = replace(outcome, text=f"{outcome.text} (given up after {job.tries + 1} tries)")
        elif isinstance(outcome, Redirect) and (target := self._canonical(outcome.target)) != job.url:
            outcome = Redirect(target)  # but one that only adds what is stripped is followed to the letter
        if (job.depth, job.hops, visit.outcome) != (known.depth, known.hops, outcome):
            visit = replace(visit, job=replace(job, depth=known.depth, hops=known.hops), outcome=outcome)
        self._kept.visit = visit
        self._kept.changes.append(Ended(known.id, *state_of(visit)))
        if isinstance(outcome, Redirect):
            self._ways.follow(outcome.target, known, self._kept, now)
        elif isinstance(outcome, Analysis):
            self._ways.meet_links(job.url, outcome.packed_links, known, self._kept, now)

    def _learn_from(self, host: Host, visit: Visit, now: float) -> None:
        """What an attempt says about its host: how fast it may be asked, or that it is not to be asked any more."""
        reason = host.learn(visit, now)
        answer = visit.answer
        is_refusal = answer is not None and answer.status in BUSY
        hold_s = max(0.0, host.pace.not_before - now)
        self._kept.changes.append(Answered(host.name, answer.body_bytes if answer else 0, is_refusal, hold_s))
        if answer is not None and is_refusal:
            event = "slowed" if hold_s < _LONG_WAIT_S else "long-wait"
            self._note(event, host.name, f"answers {answer.status}; next request in {hold_s:,.1f} s")
        if reason is not None and host.given_up is None:
            host.given_up = Failure(Fault.GIVEN_UP, f"the host was given up: {reason}")
            self._timetable.release(host, now)
            self._note("given-up", host.name, reason)


def _reason(visit: Visit) -> str:
    return visit.outcome.text if isinstance(visit.outcome, Failure) else "no answer"
