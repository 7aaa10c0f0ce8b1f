"""What bounds a crawl at one moment, and what did over a run: pure sums, told of each look at the crawl.

Time is dealt out whole: each stretch of it goes to exactly one bound, so the shares sum to 1.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

Bound: TypeAlias = Literal["politeness", "latency", "loop", "analysis", "disk", "caller", "start", "end"]
"""What would have to give for the crawl to be faster.

politeness   jobs wait for their hosts, and there would be room for them
latency      a job could go, but all that may be in the air are, and wait for bytes
loop         the loop's thread computes without a pause, or cannot come round
analysis     all workers are busy, and pages wait for them
disk         visits wait to be stored, or the next URLs to be read
caller       visits wait for whoever takes them
start        the rooms are not open yet
end          nothing else is there to be fetched: the last pages, or those whose links come next, are awaited
"""
BOUNDS: Final[tuple[Bound, ...]] = get_args(Bound)

Why: TypeAlias = Literal["delay", "crawl-delay", "slow", "refused", "per-host", "robots", "retry"]
"""Why jobs wait for their host.

delay         ours, from the start of one request to the next
crawl-delay   what its robots.txt asks for
slow          it takes long to answer, and is given as long
refused       it answers 429 or 503
per-host      as many of its pages are in the air as may be
robots        its robots.txt is awaited
retry         an attempt failed, and the next one has its time
"""

_BUSY: Final = 0.9
_SHARDS_BUSY: Final = 0.75
"""What they are at now they have not told yet."""
_STANDS_STILL: Final = 0.8
_MOST_HOSTS: Final = 1_000


class Holdup(NamedTuple):
    """A host for which jobs wait."""

    host: str
    why: Why


class Look(NamedTuple):
    """How a crawl stands, and what passed since the look before; its loop was late for this one by `late_s`."""

    seconds: float
    late_s: float
    loop_busy_s: float
    """That the loop's thread computed; analysis on it counts by the clock."""
    inline_s: float
    """Of these, analysis."""
    process_cpu_s: float
    """Of all threads of its process."""
    analyze_cpu_s: float
    """Of analysis, in whatever process."""
    shards: int
    """Processes that fetch and analyse by themselves."""
    shards_busy: float
    """Share of the last second that they computed for; 0 without them."""
    shards_analyze: float
    """Share of it that they analysed for."""
    capacity: int
    under_way: int
    fetching: int
    analyzing: int
    slots: int
    """Pages that can be analysed at the same moment."""
    storing: int
    """Steps that the store has not taken yet."""
    observing: int
    """Steps that whoever observes the crawl has not taken yet."""
    bringing: int
    """Orders that the disk has not brought yet."""
    waiting: int
    """Jobs that may still be given out."""
    has_due: bool
    """Whether one of them could go now."""
    is_open: bool
    """Whether the rooms are."""


def bound_of(look: Look, holdups: tuple[Holdup, ...]) -> Bound:  # noqa: PLR0911 - one case a bound
    """What bounds the crawl at this moment; `holdups` are the hosts for which jobs wait."""
    if not look.is_open:
        return "start"
    if look.loop_busy_s >= _BUSY * look.seconds:
        return "loop"
    stuck = look.storing + look.observing
    if stuck and stuck * 2 >= look.under_way:
        return "disk" if look.storing >= look.observing else "caller"
    is_full = look.under_way >= look.capacity
    if look.shards_busy >= _SHARDS_BUSY:
        return "analysis" if look.shards_analyze * 2 >= look.shards_busy else "loop"
    if look.analyzing > look.slots or (is_full and look.slots == look.analyzing == look.under_way):
        return "analysis"
    if look.late_s >= _STANDS_STILL * look.seconds:
        return "loop"
    if look.has_due and is_full:
        return "loop" if look.process_cpu_s >= _BUSY * look.seconds else "latency"
    if holdups:
        return "politeness"
    return "disk" if look.bringing else "end"


@dataclass(slots=True)
class Stretch:
    """Time under one bound, and what was computed meanwhile; `waiting_s` is the sum of jobs times seconds."""

    seconds: float = 0.0
    loop_busy_s: float = 0.0
    inline_s: float = 0.0
    analyze_cpu_s: float = 0.0
    waiting_s: float = 0.0


@dataclass(slots=True)
class Tally:
    """The time of a run by what bounded it; of politeness by host too, and by the reason.

    `capacity`, `slots` and `shards` are the last that were seen.
    """

    capacity: int = 0
    slots: int = 0
    shards: int = 0
    by_bound: dict[Bound, Stretch] = field(default_factory=lambda: {bound: Stretch() for bound in BOUNDS})
    _by_host: dict[Holdup, float] = field(default_factory=dict)
    _holdups: tuple[Holdup, ...] = ()
    _owed_s: float = 0.0

    @property
    def seconds(self) -> float:
        """All of it."""
        return sum(stretch.seconds for stretch in self.by_bound.values())

    @property
    def by(self) -> Bound:
        """What bounded the run for longest; of equals the first."""
        return max(BOUNDS, key=self.share)

    @property
    def by_host(self) -> dict[Holdup, float]:
        """Seconds for which jobs waited, by what they waited for; those that were shortest may be forgotten."""
        self._deal_out()
        return self._by_host

    @property
    def longest(self) -> list[Holdup]:
        """What jobs waited for, longest first, of equals in the order of the alphabet."""
        seconds = self.by_host
        return sorted(seconds, key=lambda holdup: (-seconds[holdup], holdup))

    def share(self, bound: Bound) -> float:
        """The share of the time that went to a bound; of no time at all, all went to the end."""
        seconds = self.seconds
        return self.by_bound[bound].seconds / seconds if seconds else float(bound == "end")

    def add(self, look: Look, holdups: tuple[Holdup, ...]) -> Bound:
        """Deal out the time since the look before; to what."""
        bound = bound_of(look, holdups)
        stretch = self.by_bound[bound]
        stretch.seconds += look.seconds
        stretch.loop_busy_s += look.loop_busy_s
        stretch.inline_s += look.inline_s
        stretch.analyze_cpu_s += look.analyze_cpu_s
        stretch.waiting_s += look.waiting * look.seconds
        self.capacity = look.capacity
        self.slots, self.shards = look.slots, look.shards
        if bound == "politeness":
            if holdups is not self._holdups:  # not at every look, since there may be many
                self._deal_out()
                self._holdups = holdups
            self._owed_s += look.seconds
        return bound

    def _deal_out(self) -> None:
        """Count what is owed to the hosts."""
        if not self._owed_s:
            return
        for holdup in self._holdups:
            self._by_host[holdup] = self._by_host.get(holdup, 0.0) + self._owed_s
        self._owed_s = 0.0
        if len(self._by_host) > _MOST_HOSTS:
            longest = sorted(self._by_host, key=self._by_host.__getitem__, reverse=True)
            self._by_host = {holdup: self._by_host[holdup] for holdup in longest[: _MOST_HOSTS // 2]}
