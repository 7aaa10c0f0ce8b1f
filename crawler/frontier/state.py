"""The frontier itself: dedupe, order, and redirects with a limit."""

from collections import deque
from collections.abc import Iterable

import msgspec

from crawler.frontier.fingerprint import fingerprint
from crawler.model import Failure, Fault, Job, Redirect, Visit
from crawler.settings import FrontierSettings


class Frontier:
    """Decides which job is next; every job it gives out must be settled with exactly one visit."""

    def __init__(self, settings: FrontierSettings) -> None:
        self._settings = settings
        self._known: set[int] = set()
        self._waiting: deque[Job] = deque()
        self._redirects: dict[int, int] = {}
        self.in_flight = 0
        self.settled = 0

    @property
    def waiting(self) -> int:
        """How many jobs have not been given out yet."""
        return len(self._waiting)

    @property
    def is_drained(self) -> bool:
        """True when nothing waits and nothing in flight could bring more."""
        return not self._waiting and not self.in_flight

    def offer(self, jobs: Iterable[Job]) -> None:
        """Take in the jobs whose URLs are new."""
        for job in jobs:
            key = fingerprint(job.url)
            if key not in self._known:
                self._known.add(key)
                self._waiting.append(job)

    def next(self) -> Job | None:
        """The next job to visit, or None when there is none at the moment (see `is_drained`)."""
        if not self._waiting:
            return None
        self.in_flight += 1
        return self._waiting.popleft()

    def settle(self, visit: Visit) -> Visit:
        """Close a job with its visit and return the visit to keep: a redirect too many is a failure."""
        self.in_flight -= 1
        self.settled += 1
        if not isinstance(visit.outcome, Redirect):
            return visit
        target = visit.outcome.target
        reason = self._refusal(visit.job, target)
        if reason is not None:
            return msgspec.structs.replace(visit, outcome=Failure(Fault.REDIRECT, reason))
        self._follow(visit.job, target)
        return visit

    def restore(self, visits: Iterable[tuple[Job, str | None]]) -> None:
        """Take over what an earlier session of the run settled: jobs, each with its redirect target or None."""
        redirects = []
        for job, target in visits:
            self._known.add(fingerprint(job.url))
            self.settled += 1
            if target is not None:
                redirects.append((job, target))
        for job, target in redirects:
            self._follow(job, target)

    def _follow(self, job: Job, target: str) -> None:
        self._redirects[fingerprint(job.url)] = fingerprint(target)
        self.offer([Job(target, job.depth, job.hops + 1)])

    def _refusal(self, job: Job, target: str) -> str | None:
        if job.hops >= self._settings.max_redirects:
            return f"more than {self._settings.max_redirects} redirects"
        start, place = fingerprint(job.url), fingerprint(target)
        while place != start:
            if place not in self._redirects:
                return None
            place = self._redirects[place]
        return f"the redirect to {target} leads back here"
