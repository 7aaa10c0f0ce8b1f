"""A disk in memory: `crawler/store/changes.py` and `crawler/store/database.py` over again, without SQL.

test_disk.py holds it against the real ones.
"""

from dataclasses import dataclass, replace

from crawler.model import Analysis, Redirect, Robots, Visit
from crawler.orders import (
    OUT_OF_SCOPE,
    WAITING,
    Answered,
    Asked,
    Brought,
    Change,
    Ended,
    Found,
    Learned,
    Load,
    Moved,
    Note,
    Recall,
    Reopen,
    Reopened,
    Row,
    Settled,
)


@dataclass(frozen=True)
class Url:
    """A row of the table `urls`, with what `pages` and `links` say of it."""

    id: int
    url: str
    host: str
    depth: int
    hops: int
    state: str
    reason: str | None
    must_reopen: bool = False
    redirect: str | None = None
    links: bytes | None = None

    @property
    def row(self) -> Row:
        return Row(self.id, self.url, self.depth, self.hops, self.state, self.redirect, self.links, self.must_reopen)


class Disk:
    """Steps are pending until they are written, all together; what is pending is lost when the run is killed."""

    def __init__(self) -> None:
        self.urls: dict[int, Url] = {}
        self.visits: dict[int, Visit] = {}
        self.robots: dict[str, tuple[Robots, float]] = {}
        self.resume_at: dict[str, float] = {}
        self._pending: list[Settled] = []

    def keep(self, settled: Settled) -> None:
        self._pending.append(settled)

    def lose(self) -> None:
        self._pending = []

    def write(self, now: float) -> None:
        """Write what is pending, by kinds of changes, as the store does."""
        batch, self._pending = self._pending, []
        changes = [change for settled in batch for change in settled.changes]
        for kind in (Found, Moved | Reopened, Ended, Learned | Asked | Answered):
            for change in changes:
                if isinstance(change, kind):
                    self._write(change, now)
        for settled in batch:
            if settled.visit is not None:
                self._keep_visit(settled.visit)

    def bring(self, order: Brought) -> list[Row]:
        """The rows that are asked for; all steps so far must have been written."""
        assert not self._pending
        match order:
            case Load(host, most):
                waiting = (url for url in self.urls.values() if url.state == WAITING and url.host == host)
                nearest = sorted(waiting, key=lambda url: (url.depth, url.id))[:most]
                return [Row(url.id, url.url, url.depth, url.hops) for url in nearest]
            case Reopen(ids):
                return [self.urls[number].row for number in sorted(set(ids))]
            case Recall(after, most):
                outside = [url for number, url in sorted(self.urls.items()) if number > after]
                some = [url for url in outside if url.state == OUT_OF_SCOPE][:most]
                return [Row(url.id, url.url, url.depth, url.hops, url.state) for url in some]

    def met(self) -> list[Row]:
        """Every URL, as a new frontier is told of it."""
        return [
            url.row._replace(packed_links=None, redirect=url.redirect if url.depth == 0 else None)
            for url in self.urls.values()
        ]

    def _write(self, change: Change, now: float) -> None:
        match change:
            case Found(number, url, host, depth, hops, state, reason):
                assert number not in self.urls
                self.urls[number] = Url(number, url, host, depth, hops, state, reason)
            case Moved(number, depth, hops, must_reopen):
                must_reopen = must_reopen or self.urls[number].must_reopen
                self._change(number, depth=depth, hops=hops, must_reopen=must_reopen)
            case Reopened(number):
                self._change(number, must_reopen=False)
            case Ended(number, state, reason):
                self._change(number, state=state, reason=reason)
            case Learned(origin, robots, ttl_s):
                self.robots[origin] = robots, now + ttl_s
            case Asked(host, _, delay_s, ago_s):
                self.resume_at[host] = max(self.resume_at.get(host, 0.0), now - ago_s + delay_s)
            case Answered(host, _, _, hold_s):
                self.resume_at[host] = max(self.resume_at.get(host, 0.0), now + hold_s)
            case Note():
                pass

    def _keep_visit(self, visit: Visit) -> None:
        number, outcome = visit.job.id, visit.outcome
        assert number not in self.visits, f"{visit.job.url} ended twice"
        self.visits[number] = visit
        if isinstance(outcome, Redirect):
            self._change(number, redirect=outcome.target)
        elif isinstance(outcome, Analysis):
            self._change(number, links=outcome.packed_links)

    def _change(self, number: int, **what: object) -> None:
        self.urls[number] = replace(self.urls[number], **what)  # type: ignore[arg-type]
