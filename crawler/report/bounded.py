"""What bounded a run, in a sentence: the accounts in words."""

import msgspec

from crawler.bounds import BOUNDS, Bound, Tally, Why
from crawler.report.advice import advice_on
from crawler.settings import Settings

_MOST_HOSTS = 10
_PLACES = 3
_MOST = 0.5


class SlowHost(msgspec.Struct, frozen=True):
    """A host for which jobs waited, why, and for what share of the run."""

    host: str
    why: Why
    share: float


class Bounded(msgspec.Struct, frozen=True):
    """What bounded a run: for which share of its time, the shares of all bounds (their sum is 1), and what to change.

    `hosts` are those for which jobs waited longest. `times_as_fast` is the most that the advice can give, None where
    there is none or nobody knows.
    """

    by: Bound
    share: float
    shares: dict[Bound, float]
    hosts: tuple[SlowHost, ...]
    reason: str
    advice: str
    times_as_fast: float | None

    def __str__(self) -> str:
        return f"Bounded by {_NAMES[self.by]}: {self.reason}; {self.advice}"


def bounded(tally: Tally, settings: Settings, cores: int) -> Bounded:
    """What bounded the run of this account, made with these settings on so many cores."""
    by = tally.by
    advice = advice_on(tally, settings, cores)
    return Bounded(
        by=by,
        share=round(tally.share(by), _PLACES),
        shares={bound: round(tally.share(bound), _PLACES) for bound in BOUNDS},
        hosts=_hosts(tally),
        reason=f"{tally.share(by):.0%} of the time {_what(tally, settings)}".replace("%", " %", 1),
        advice=advice.text,
        times_as_fast=None if advice.times_as_fast is None else round(advice.times_as_fast, 2),
    )


def _hosts(tally: Tally) -> tuple[SlowHost, ...]:
    seconds = tally.seconds or 1.0
    longest = tally.longest[:_MOST_HOSTS]
    return tuple(SlowHost(*each, round(tally.by_host[each] / seconds, _PLACES)) for each in longest)


def _what(tally: Tally, settings: Settings) -> str:
    match tally.by:
        case "politeness":
            return f"jobs waited for {_what_of_hosts(tally, settings)}"
        case "latency":
            if tally.capacity == 1:
                return "the one page in the air was waited for"
            return f"all {tally.capacity:,} pages in the air waited for bytes"
        case "loop":
            return f"the event loop computed or was held up{_of_that_analysis(tally)}"
        case "analysis":
            return _all_busy(tally.slots, "shard" if tally.shards else "worker")
        case bound:
            return _PLAIN[bound]


def _of_that_analysis(tally: Tally) -> str:
    """How much of the loop's time was analysis, where that is most of it."""
    loop = tally.by_bound["loop"]
    share = loop.inline_s / loop.loop_busy_s if loop.loop_busy_s else 0.0
    return "" if share < _MOST else f", {share:.0%} of that for analysis".replace("%", " %")


def _all_busy(count: int, thing: str) -> str:
    if count == 1:
        return f"the one {thing} was busy"
    return f"both {thing}s were busy" if count == 2 else f"all {count:,} {thing}s were busy"  # noqa: PLR2004


def _what_of_hosts(tally: Tally, settings: Settings) -> str:
    slowest = tally.longest[0]
    others = len({host for host, _ in tally.longest} - {slowest.host})
    of_what = _OF_HOSTS[slowest.why].format(per_host=settings.frontier.per_host)
    return f"{of_what} {slowest.host}" + (f" (and {others:,} more)" if others else "")


_NAMES: dict[Bound, str] = {
    "politeness": "politeness",
    "latency": "latency",
    "loop": "the loop",
    "analysis": "analysis",
    "disk": "the disk",
    "caller": "its caller",
    "start": "its start",
    "end": "nothing but its last pages",
}
_PLAIN: dict[Bound, str] = {
    "disk": "visits waited for the disk",
    "caller": "visits waited for whoever takes them",
    "start": "had passed when the first page could be analysed",
    "end": "nothing else was there to be fetched",
}
_OF_HOSTS: dict[Why, str] = {
    "delay": "the delay of",
    "crawl-delay": "the Crawl-delay of",
    "slow": "the pause that goes with the slow answers of",
    "refused": "the pause that was asked for (429 or 503) by",
    "per-host": "one of the {per_host} connections to",
    "robots": "the robots.txt of",
    "retry": "the time of another attempt at",
}
