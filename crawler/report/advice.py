"""What to change so that a run gets faster, and by how much at most: what bounded it is given, what it met, doubled.

Amdahl's law: of what bounded a share of the time, twice as much takes half of that share away at most. It is less
where something else would be short before: the loop, the workers, the cores, the jobs that wait.
"""

from typing import NamedTuple

from crawler.bounds import Bound, Tally, Why
from crawler.settings import FetchSettings, Settings

_MORE = 2
_WORTH_IT = 1.1
_COMPETING = 0.6
"""What computes, and gets a core for less of the time than this, does not compute alone."""
_MOST_CONCURRENCY = 10_000
_MOST_PER_HOST = 1_000
_SHARE_A_GIL = ("threads", "interpreters")
_SHARE_NONE = ("--analyze processes", ", since processes share no GIL")


class Advice(NamedTuple):
    """What to change in words, and how many times as fast the run might be at most, where that is known."""

    text: str
    times_as_fast: float | None = None


def advice_on(tally: Tally, settings: Settings, cores: int) -> Advice:
    """What to change about what bounded the run of this account."""
    match tally.by:
        case "politeness":
            return _on_politeness(tally, settings)
        case "latency":
            return _on_latency(tally, settings, cores)
        case "loop":
            return _on_loop(tally, settings, cores)
        case "analysis":
            return _on_analysis(tally, settings, cores)
        case bound:
            return Advice(_PLAIN[bound])


def _on_politeness(tally: Tally, settings: Settings) -> Advice:
    slowest, rules = tally.longest[0], settings.frontier
    owners = "its owner agrees" if len(tally.by_host) == 1 else "their owners agree"
    match slowest.why:
        case "delay":
            return _might(tally, _MORE, f"--delay {_time(rules.delay_s / _MORE)}", f", if {owners}")
        case "per-host":
            more = min(_MOST_PER_HOST, _MORE * rules.per_host)
            return _might(tally, more / rules.per_host, f"--per-host {more}", f", if {owners}")
        case why:
            return Advice(_OF_HOSTS[why])


def _on_latency(tally: Tally, settings: Settings, cores: int) -> Advice:
    if settings.fetch.room == "sequential":
        most = FetchSettings().concurrency
        return _might(tally, _room_for_more(tally, cores, most), "--fetch async", f", with {most} pages in the air")
    more = min(_MOST_CONCURRENCY, _MORE * tally.capacity)
    factor = _room_for_more(tally, cores, more / tally.capacity)
    advice = _might(tally, factor, f"--concurrency {more}")
    if advice.times_as_fast is None:
        return Advice("more in the air would hardly help: next come the CPU, or too few pages that wait")
    return advice


def _room_for_more(tally: Tally, cores: int, most: float) -> float:
    """How much more can be in the air, at most, before something else is short."""
    stretch = tally.by_bound["latency"]
    seconds = stretch.seconds
    computed_s = stretch.loop_busy_s + stretch.analyze_cpu_s
    lanes = ((stretch.loop_busy_s, 1), (stretch.analyze_cpu_s, tally.slots), (computed_s, cores))
    by_cpu = (seconds * width / cpu_s for cpu_s, width in lanes if cpu_s)
    return max(1.0, min(most, 1 + stretch.waiting_s / seconds / tally.capacity, *by_cpu))


def _on_loop(tally: Tally, settings: Settings, cores: int) -> Advice:
    stretch = tally.by_bound["loop"]
    if tally.shards:
        return _more_shards(tally, cores)
    if stretch.inline_s * 2 >= stretch.loop_busy_s > 0:
        rest = 1 - stretch.inline_s / stretch.loop_busy_s
        return _might(tally, 1 / max(rest, 1 / cores), "--analyze processes")
    if settings.analyze.room in _SHARE_A_GIL:
        return _might(tally, cores, *_SHARE_NONE)
    if settings.run.loop == "asyncio":
        return Advice("--loop uvloop takes less CPU a page")
    return _more_shards(tally, cores)


def _on_analysis(tally: Tally, settings: Settings, cores: int) -> Advice:
    if tally.shards:
        return _more_shards(tally, cores)
    if settings.analyze.room in _SHARE_A_GIL:
        return _might(tally, cores, *_SHARE_NONE)
    stretch = tally.by_bound["analysis"]
    had = stretch.analyze_cpu_s / (stretch.seconds * min(tally.slots, cores))
    if had < _COMPETING:
        share = f"{had:.0%}".replace("%", " %")
        return Advice(f"analysis got cores for only {share} of that: fetching or other programs had them")
    if tally.slots < cores:
        return _might(tally, cores / tally.slots, f"--workers {cores}")
    if settings.analyze.parser == "soup":
        return Advice("--parser turbo takes less CPU a page")
    return Advice("each core has its worker, so only more cores, or faster ones, would help")


def _more_shards(tally: Tally, cores: int) -> Advice:
    have = tally.shards or 1
    if have >= cores:
        return Advice("each core has its loop, so only more cores, or faster ones, would help")
    return _might(tally, cores / have, f"--shards {cores}")


def _might(tally: Tally, factor: float, change: str, under: str = "") -> Advice:
    """A change that gives `factor` times as much of what bounded the run."""
    share = tally.share(tally.by)
    gain = 1 / (1 - share + share / factor)
    if gain < _WORTH_IT:
        return Advice(f"{change} would hardly help")
    return Advice(f"{change} might be up to {gain:.1f} times as fast{under}", gain)


def _time(seconds: float) -> str:
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"


_PLAIN: dict[Bound, str] = {
    "disk": "a faster disk would help (--out)",
    "caller": "take the visits faster",
    "start": "nothing to change: a longer crawl would hardly notice",
    "end": "nothing to change",
}
_OF_HOSTS: dict[Why, str] = {
    "crawl-delay": "its owner asks for that, and nobody else can ask for less",
    "slow": "nothing to change: a slow host is asked no faster than it answers",
    "refused": "a longer --delay might be refused less often",
    "robots": "nothing to change: it says what may be fetched",
    "retry": "nothing to change: what has just failed is given a while",
}
