"""What the frontier says to whoever runs it: orders, and what is to be kept of each step.

next(now) ─> Job        visit it, then settle(visit, now)
          ─> Settled    keep this: a URL came to its end without a visit
          ─> Load, Reopen, Recall     bring rows from disk, then take(order, rows, now)
          ─> Wait       nothing to do before that time, or before something settles
          ─> Drained    nothing is left
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from crawler.model import Failure, Job, Redirect, Robots, Visit

WAITING = "waiting"
ANALYSED = "analysed"
NOINDEX = "noindex"
REDIRECTED = "redirected"
FAILED = "failed"
ROBOTS = "robots"
GIVEN_UP = "given_up"
OUT_OF_SCOPE = "out_of_scope"
EXCLUDED = "excluded"
TRAP = "trap"
OVER_LIMIT = "over_limit"
DUPLICATE = "duplicate"
"""How a URL stands in the database; `DUPLICATE` is found when results are derived."""

NO_ROBOTS = "robots.txt could not be had"
"""How the reason begins when a host is closed because nobody knows what it allows."""


SHARD_LOST = "shard-lost"
REFETCHED = "refetched"
"""Events of notes: a process that visited was lost; an innocent page that was in it was visited again to its end."""
CHOSEN = "chosen"
"""Event of a note: by which strategy the crawl goes on, and why."""


class Wait(NamedTuple):
    """Nothing can go out before `until` (on the clock of `now`), or, if None, before something settles."""

    until: float | None


class Load(NamedTuple):
    """Bring the `most` nearest waiting URLs of a host."""

    host: str
    most: int


class Reopen(NamedTuple):
    """Bring what came of these URLs, by number: a shorter way to them was found, so their links are nearer too."""

    ids: tuple[int, ...]


class Recall(NamedTuple):
    """Bring the next URLs that were out of scope, by number: the scope has grown."""

    after: int
    most: int


class Drained(NamedTuple):
    """Every URL has come to its end."""


class Row(NamedTuple):
    """A URL as it lies on disk; `packed_links` and `redirect` only where they were asked for."""

    id: int
    url: str
    depth: int
    hops: int
    state: str = WAITING
    redirect: str | None = None
    packed_links: bytes | None = None
    must_reopen: bool = False


class Found(NamedTuple):
    """A URL met for the first time, and why it will not be visited if it will not."""

    id: int
    url: str
    host: str
    depth: int
    hops: int
    state: str
    reason: str | None
    parent: int | None
    lastmod: str | None


class Moved(NamedTuple):
    """A shorter way to a known URL was found; `must_reopen` until its links have been brought nearer too."""

    id: int
    depth: int
    hops: int
    must_reopen: bool


class Reopened(NamedTuple):
    """The links of this URL are as near as it is."""

    id: int


class Ended(NamedTuple):
    """A URL has come to this state."""

    id: int
    state: str
    reason: str | None


class Learned(NamedTuple):
    """What the robots.txt of an origin says; it is asked again when `ttl_s` have passed."""

    origin: str
    robots: Robots
    ttl_s: float


class Asked(NamedTuple):
    """A request went to a host `ago_s` before now, `gap_s` after the one before; the next must wait `delay_s`."""

    host: str
    gap_s: float | None
    delay_s: float
    ago_s: float = 0.0


class Answered(NamedTuple):
    """What came of a request; a refusal is a plea (429, 503) to be left alone, for `hold_s` from now."""

    host: str
    body_bytes: int
    is_refusal: bool
    hold_s: float = 0.0


class Note(NamedTuple):
    """Something to tell whoever watches or reads the log."""

    event: str
    host: str
    text: str


Change: TypeAlias = Found | Moved | Reopened | Ended | Learned | Asked | Answered | Note


@dataclass(slots=True)
class Settled:
    """What is to be kept of one step, all of it together: a page's visit if it ended in one, and what changed."""

    visit: Visit | None = None
    changes: list[Change] = field(default_factory=list)


Order: TypeAlias = Job | Settled | Load | Reopen | Recall | Wait | Drained
Brought: TypeAlias = Load | Reopen | Recall


def state_of(visit: Visit) -> tuple[str, str | None]:
    """The state and the reason in which a page's visit ends."""
    outcome = visit.outcome
    if isinstance(outcome, Failure):
        state = {"robots": ROBOTS, "given_up": GIVEN_UP}.get(outcome.fault.value, FAILED)
        return state, f"{outcome.fault.value}: {outcome.text}" if state == FAILED else outcome.text
    if isinstance(outcome, Redirect):
        return REDIRECTED, outcome.target
    return (NOINDEX, "the page asks not to be counted") if getattr(outcome, "is_noindex", False) else (ANALYSED, None)
