"""How a URL enters: known or new, in scope or not, and to which host's queue it goes."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from crawler.frontier.hosts import Host, Timetable
from crawler.frontier.known import Known, KnownUrls, Standing
from crawler.frontier.pace import Pace
from crawler.frontier.scope import Refusal, Scope
from crawler.model import Job
from crawler.orders import (
    EXCLUDED,
    OUT_OF_SCOPE,
    OVER_LIMIT,
    REDIRECTED,
    TRAP,
    WAITING,
    Ended,
    Found,
    Moved,
    Row,
    Settled,
)
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of

REFUSED = (OUT_OF_SCOPE, EXCLUDED, TRAP, OVER_LIMIT)
_OUR_SITES = (".crawler.test", ".hostile.test")
_NO_LIMIT = 1 << 30
LINKS_A_STEP = 1_000
"""What enters in one step: some 10 ms of work."""


class Way(NamedTuple):
    """A way to a URL: links from the seeds, redirects after the last one, the page it was found on."""

    depth: int
    hops: int = 0
    parent: int | None = None
    lastmod: str | None = None


class Discovery:
    """All URLs of the run, and where those that wait are."""

    def __init__(self, settings: FrontierSettings, site_of: Callable[[str], str], first_id: int) -> None:
        self._settings = settings
        self._scope = Scope(settings, site_of)
        self._next_id = first_id
        self._unpaced: set[str] = set()
        self._moved: list[int] = []
        self.known = KnownUrls()
        self.hosts: dict[str, Host] = {}
        self.timetable = Timetable()
        self.waiting = 0
        self.held = 0
        self.outside = 0
        self.has_grown = False

    def host(self, name: str) -> Host:
        """The host of that name."""
        host = self.hosts.get(name)
        if host is None:
            is_paced = not (f".{name}".endswith(_OUR_SITES) or name in self._unpaced)
            pace = Pace(self._settings.delay_s, is_paced=is_paced)
            host = self.hosts[name] = Host(name, pace, self._settings.per_host if is_paced else _NO_LIMIT)
        return host

    def admit_seed(self, url: str) -> None:
        """Let a seed stand for the scope; a loopback host that seeds name is the user's own and is not spared."""
        name = host_of(url)
        self._scope.add(url, name)
        if name in ("localhost", "[::1]") or (name.startswith("127.") and name.replace(".", "").isdigit()):
            self._unpaced.add(name)

    def meet(self, url: str, way: Way, kept: Settled, now: float, *, is_seed: bool = False) -> None:
        """Take in a way to a URL. A seed, or what a seed redirects to, is always in scope."""
        known = self.known.find(url)
        if known is None:
            name = host_of(url)
            self._enter(url, name, way, None if is_seed else self._scope.refusal(url, name), kept, now)
            return
        nearer = Known(known.id, min(way.depth, known.depth), min(way.hops, known.hops), known.standing)
        if is_seed and known.standing is Standing.REFUSED and self._overflow(host_of(url)) is None:
            self._admit(url, nearer, kept, now)
        elif nearer != known:
            self.known.put(url, nearer)
            is_settled = known.standing is Standing.SETTLED
            kept.changes.append(Moved(known.id, nearer.depth, nearer.hops, must_reopen=is_settled))
            if is_settled:
                self._moved.append(known.id)

    def meet_links(self, links: list[str], page: Known, kept: Settled, now: float) -> bool:
        """Take in the links of a page; whether that was all of them, for a step must not hold up the loop."""
        depth = page.depth + 1
        news = self.known.news(links, depth)
        for url in news[:LINKS_A_STEP]:
            self.meet(url, Way(depth, parent=page.id), kept, now)
        return len(news) <= LINKS_A_STEP

    def come_back_to(self, url: str, kept: Settled) -> None:
        """Have the links of a settled page read back from disk, since not all of them were taken in."""
        page = self.known.find(url)  # anew, since one of them may have been to itself
        assert page is not None
        kept.changes.append(Moved(page.id, page.depth, page.hops, must_reopen=True))
        self._moved.append(page.id)

    def bring_back(self, job: Job, now: float) -> None:
        """Have a URL back that is to be tried again."""
        host = self.hosts[host_of(job.url)]
        host.put_back(job)
        self.waiting += 1
        self.held += 1
        self.timetable.queue(host, now)

    def grow(self, url: str) -> None:
        """Let the target of a seed's redirect stand for the scope too."""
        if self._scope.add(url, host_of(url)):
            self.has_grown = True

    def may_follow(self, hops: int) -> bool:
        """Whether a redirect so many hops away leads any further."""
        return hops < self._settings.max_redirects

    def recall(self, row: Row, kept: Settled, now: float) -> None:
        """Let a URL in that is in scope now, or say why else it is not visited."""
        known = self.known.find(row.url)
        if known is None or known.standing is not Standing.REFUSED:
            return
        name = host_of(row.url)
        refusal = self._scope.refusal(row.url, name) or self._overflow(name)
        if refusal is None:
            self._admit(row.url, known, kept, now)
        elif refusal[0] != OUT_OF_SCOPE:
            kept.changes.append(Ended(known.id, *refusal))

    def refill(self, host: Host, rows: Iterable[Row], now: float) -> None:
        """Take in waiting URLs of a host that were on disk."""
        host.is_loading = False
        before = host.stored
        for row in rows:
            known = self.known.find(row.url)
            if known is not None and known.standing is Standing.STORED:
                self.known.put(row.url, known._replace(standing=Standing.HELD))
                host.hold(row)
                host.stored -= 1
                self.held += 1
        assert host.stored < before, f"{before} URLs of {host.name} are on disk, but none was brought"
        self.timetable.queue(host, now)

    def restore(self, row: Row) -> bool:
        """Take in a URL that an earlier session met; whether it has been settled."""
        name = host_of(row.url)
        standing = Standing.SETTLED
        if row.state == WAITING:
            standing = Standing.STORED
            self.waiting += 1
            self.host(name).stored += 1
        elif row.state in REFUSED:
            standing = Standing.REFUSED
            self.outside += row.state == OUT_OF_SCOPE
        elif row.state == REDIRECTED and row.depth == 0 and row.redirect is not None and self.may_follow(row.hops):
            self.grow(row.redirect)
        if standing is not Standing.REFUSED:
            self.host(name).admitted += 1
        self.known.put(row.url, Known(row.id, row.depth, row.hops, standing))
        self._next_id = max(self._next_id, row.id + 1)
        return standing is Standing.SETTLED

    def queue_all(self, now: float) -> None:
        """Let every host go that has something to do."""
        for host in self.hosts.values():
            self.timetable.queue(host, now)

    def take_moved(self) -> list[int]:
        """The settled URLs to which shorter ways were found since this was last asked."""
        moved, self._moved = self._moved, []
        return moved

    def _enter(  # noqa: PLR0917 - what is known of a new URL, and where it goes
        self, url: str, name: str, way: Way, refusal: Refusal | None, kept: Settled, now: float
    ) -> None:
        refusal = refusal or self._overflow(name)
        number, self._next_id = self._next_id, self._next_id + 1
        state, reason = refusal or (WAITING, None)
        kept.changes.append(Found(number, url, name, way.depth, way.hops, state, reason, way.parent, way.lastmod))
        if refusal is not None:
            self.outside += state == OUT_OF_SCOPE
            self.known.put(url, Known(number, way.depth, way.hops, Standing.REFUSED))
        else:
            self._queue(self.host(name), Row(number, url, way.depth, way.hops), now)

    def _overflow(self, name: str) -> Refusal | None:
        """Why a host has had its share of URLs, if it has."""
        limit = self._settings.max_per_host
        return (OVER_LIMIT, f"over --max-per-host {limit}") if limit and self.host(name).admitted >= limit else None

    def _admit(self, url: str, known: Known, kept: Settled, now: float) -> None:
        kept.changes.append(Ended(known.id, WAITING, None))
        kept.changes.append(Moved(known.id, known.depth, known.hops, must_reopen=False))
        self._queue(self.host(host_of(url)), Row(known.id, url, known.depth, known.hops), now)

    def _queue(self, host: Host, row: Row, now: float) -> None:
        is_held = self.held < self._settings.held_in_all and len(host.held) < self._settings.held_per_host
        standing = Standing.HELD if is_held and not host.stored else Standing.STORED
        self.known.put(row.url, Known(row.id, row.depth, row.hops, standing))
        if standing is Standing.HELD:
            host.hold(row)
            self.held += 1
        else:
            host.stored += 1
        host.admitted += 1
        self.waiting += 1
        self.timetable.queue(host, now)
