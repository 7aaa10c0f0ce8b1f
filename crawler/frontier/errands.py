"""What has to be asked of a host besides its pages: robots.txt first, and sitemaps if they are wanted."""

from collections import deque

from msgspec.structs import replace

from crawler.frontier.discovery import LINKS_A_STEP, Discovery, Way
from crawler.frontier.hosts import Host
from crawler.frontier.origins import ALLOW_ALL, MAX_REDIRECTS, Origins, robots_url
from crawler.model import Failure, Job, Listing, Redirect, Robots, Visit
from crawler.orders import FAILED, GIVEN_UP, ROBOTS, Learned, Note, Row, Settled
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of
from crawler.urls import origin as origin_of

MAX_SITEMAPS = 1_000
"""Of one run, whatever hosts list: an index of indexes without end ends here."""
_NO_ANSWER = (FAILED, ROBOTS, GIVEN_UP)
LISTED_DEPTH = 1
"""What a sitemap lists is as near as if the host's first page linked to it."""


SITEMAP_FAILED = "sitemap-failed"


class Errands:
    """Robots verdicts for the jobs of a host, and the jobs that it takes to have them."""

    def __init__(self, settings: FrontierSettings, found: Discovery) -> None:
        self._settings = settings
        self._found = found
        self._sitemaps: set[str] = set()
        self._used: set[str] = set()
        self._listed: set[str] = set()
        self._resumed: set[str] = set()
        self._visited: dict[str, bool] = {}
        self.origins = Origins()
        self.arriving: deque[tuple[str, str | None]] = deque()
        self.waiting = 0

    def clearance(self, host: Host, job: Job, kept: Settled, now: float) -> Job | Failure | None:
        """None if `job` may go; else why it never may, or the robots job that must come before it."""
        if job.kind == "robots":
            return None
        origin = origin_of(job.url)
        if self._settings.robots == "ignore":
            if job.kind == "page":
                self._list_sitemaps(origin, ALLOW_ALL, now)
            return None
        if not self.origins.knows(origin, now):
            host.awaits_robots += 1
            return Job(robots_url(origin), kind="robots", origin=origin)
        self._use(host, origin, kept, now, wants_sitemaps=job.kind == "page")
        return self.origins.refusal(origin, job.url)

    def restore(self, row: Row) -> None:
        """Take in a URL that an earlier session of the run settled."""
        if self._settings.sitemaps:
            origin = origin_of(row.url)
            self._visited[origin] = self._visited.get(origin, False) or row.state not in _NO_ANSWER

    def carry_on(self, kept: Settled, now: float) -> None:
        """Have the sitemaps of an earlier session read again: it may have ended before they were."""
        for origin, is_alive in self._visited.items():
            host = self._found.host(host_of(f"{origin}/"))
            if self._settings.robots == "ignore":
                self._list_sitemaps(origin, ALLOW_ALL, now)
            elif self.origins.knows(origin, now):
                self._use(host, origin, kept, now, wants_sitemaps=True)
            elif is_alive:
                self._resumed.add(origin)
                host.awaits_robots += 1
                self._queue(Job(robots_url(origin), kind="robots", origin=origin), now)
        self._visited = {}

    def ask_sitemap(self, url: str, now: float) -> None:
        """Have a sitemap read, unless it was or enough were."""
        if url not in self._sitemaps and len(self._sitemaps) < MAX_SITEMAPS:
            self._sitemaps.add(url)
            self._queue(Job(url, LISTED_DEPTH, kind="sitemap"), now)

    def take_in(self, kept: Settled, now: float) -> None:
        """Let some of what sitemaps list enter; all at once would hold up the loop."""
        for _ in range(min(LINKS_A_STEP, len(self.arriving))):
            url, lastmod = self.arriving.popleft()
            self._found.meet(url, Way(LISTED_DEPTH, lastmod=lastmod), kept, now)

    def bring_back(self, job: Job, now: float) -> None:
        """Have an errand done that failed before."""
        self._queue(job, now)

    def settle(self, visit: Visit, kept: Settled, now: float) -> None:
        """Close an errand; it leaves no visit behind."""
        job, outcome = visit.job, visit.outcome
        if isinstance(outcome, Redirect) and job.hops < MAX_REDIRECTS:
            self._queue(replace(job, url=outcome.target, hops=job.hops + 1, tries=0), now)
        elif job.kind == "robots":
            self._learn(job.origin, outcome, kept, now)
        elif isinstance(outcome, Listing):
            self._take_listing(job, outcome, kept, now)
        else:
            text = outcome.text if isinstance(outcome, Failure) else "too many redirects"
            kept.changes.append(Note(SITEMAP_FAILED, host_of(job.url), f"{job.url} could not be read: {text}"))

    def close(self, job: Job, failure: Failure, kept: Settled, now: float) -> None:
        """Close an errand that was never run, because its host was given up or forbids it."""
        if job.kind == "robots":
            self._learn(job.origin, failure, kept, now)
        else:
            kept.changes.append(Note(SITEMAP_FAILED, host_of(job.url), f"{job.url} is not read: {failure.text}"))

    def _queue(self, job: Job, now: float) -> None:
        host = self._found.host(host_of(job.url))
        if job.kind == "robots":
            host.errands.insert(0, job)
        else:
            host.errands.append(job)
        self.waiting += 1
        self._found.timetable.queue(host, now)

    def _learn(self, origin: str, outcome: object, kept: Settled, now: float) -> None:
        known = outcome if isinstance(outcome, Robots | Failure) else ALLOW_ALL
        self.origins.learn(origin, known, now + self._settings.robots_ttl_s)
        host = self._found.host(host_of(f"{origin}/"))
        host.awaits_robots -= 1
        self._used.discard(origin)
        self._use(host, origin, kept, now, wants_sitemaps=origin in self._resumed)
        self._found.timetable.queue(host, now)
        if isinstance(known, Failure):
            kept.changes.append(Note("robots", host.name, f"robots.txt of {origin} could not be had: {known.text}"))

    def _use(self, host: Host, origin: str, kept: Settled, now: float, *, wants_sitemaps: bool) -> None:
        """When an origin's verdict first counts in this run, or is new: take its delay from it; and its sitemaps.

        Those only for a page's sake, since sitemaps may name hosts that are none of ours, and these others.
        """
        robots = self.origins.robots(origin)
        if robots is None:
            return
        if origin not in self._used:
            self._used.add(origin)
            kept.changes.append(Learned(origin, robots, self.origins.expires_at(origin) - now))
            if robots.delay_s is not None:
                most = self._settings.max_crawl_delay_s
                host.pace.ask(min(robots.delay_s, most))
                if robots.delay_s > most:
                    text = f"asks for {robots.delay_s:g} s between requests; {most:g} s is the most that is granted"
                    kept.changes.append(Note("crawl-delay", host.name, text))
        if wants_sitemaps:
            self._list_sitemaps(origin, robots, now)

    def _list_sitemaps(self, origin: str, robots: Robots, now: float) -> None:
        if origin not in self._listed:
            self._listed.add(origin)
            if self._settings.sitemaps:
                for url in robots.sitemaps or (f"{origin}/sitemap.xml",):
                    self.ask_sitemap(url, now)

    def _take_listing(self, job: Job, listing: Listing, kept: Settled, now: float) -> None:
        pages = listing.pages
        self.arriving += pages
        for url in listing.sitemaps:
            self.ask_sitemap(url, now)
        text = f"{job.url} lists {len(pages):,} pages and {len(listing.sitemaps):,} sitemaps"
        kept.changes.append(Note("sitemap", host_of(job.url), text))
