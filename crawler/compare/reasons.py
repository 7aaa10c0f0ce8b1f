"""Why one arm is faster than another, as far as what was measured says so.

Wall time is CPU time divided by effective cores, so a ratio of wall times is one of CPU a page times one of cores,
with nothing left over. What carries much of it is a reason; where it is the cores, other figures say what kept them
idle. A factor counts only if its own interval excludes 1, and no cause is named that no figure shows: that more cores
are at work says nothing where the faster arm also has so much more for them to do.
"""

from collections.abc import Callable, Sequence
from math import log
from typing import Final, Literal, NamedTuple, TypeAlias

from crawler.compare.arms import arm_called
from crawler.compare.entrants import Entrant, cpu_ms_a_page
from crawler.compare.phrases import between, named
from crawler.compare.result import Result, Sample, Work
from crawler.compare.statistics import ratio
from crawler.report.counts import counted

Cause: TypeAlias = Literal["cpu", "one at a time", "the GIL", "one thread", "one core", "late loop", "queue", "idle"]
"""Less CPU a page; or more cores at work, because the other has one page in flight, computes in one thread at a time,
on one core for no reason that shows, answers late, leaves pages in the queue, or is idle for no reason that shows."""

MUCH: Final = 0.4
"""A factor that carries so much of a difference is a reason for it."""
_ONE_CORE: Final = (0.8, 1.1)
"""Effective cores of what computes all the time, on one core at a time."""
_LONG_MS: Final = 20.0
_FAR: Final = 3.0


class Party(NamedTuple):
    """Arms of which a sentence says one thing."""

    arms: Sequence[Entrant]

    @property
    def is_one(self) -> bool:
        """Whether it is a single arm."""
        return len(self.arms) == 1

    def pick(self, one: str, many: str) -> str:
        """The word for one arm, or that for several."""
        return one if self.is_one else many

    def values(self, of: Callable[[Sample], float | None]) -> list[float]:
        """The medians of its arms, of those that have one."""
        return [value for arm in self.arms if (value := arm.middle(of)) is not None]


def causes(result: Result, work: Work, fast: Entrant, slow: Entrant) -> tuple[Cause, ...]:
    """What makes the one faster than the other; () where the figures do not say."""
    whole = log(slow.known(wall_s) / fast.known(wall_s))
    if whole <= 0 or not all(one.known(cores) > 0 for one in (fast, slow)):
        return ()
    by_cpu = log(slow.known(cpu_ms_a_page) / fast.known(cpu_ms_a_page))
    found: list[Cause] = []
    if by_cpu >= MUCH * whole and _is_more(slow, fast, cpu_ms_a_page):
        found.append("cpu")
    if whole - by_cpu >= MUCH * whole and _is_more(fast, slow, cores):
        why = _of_cores(result, work, fast, slow)
        found += [why] * (why != "idle" or by_cpu > -MUCH * whole)
    return tuple(found)


def clause(found: tuple[Cause, ...], result: Result, work: Work, fast: Party, slow: Party) -> str:
    """`because its work runs on 1.9 cores, and that of ... on 1.0 (the GIL ...)`; arms share these causes."""
    if not found:
        return "and the figures do not say why"
    return f"because {', and because '.join(_CLAUSES[cause](result, work, fast, slow) for cause in found)}"


def wall_s(sample: Sample) -> float:
    """Seconds of the crawl."""
    return sample.wall_s


def cores(sample: Sample) -> float:
    """Effective cores."""
    return sample.cores


def _of_cores(result: Result, work: Work, fast: Entrant, slow: Entrant) -> Cause:
    """Why the slower one keeps fewer cores at work."""
    ahead, behind = arm_called(fast.arm), arm_called(slow.arm)
    if ahead.fetch != "sequential" == behind.fetch and work.delays_s > slow.known(wall_s) / 2:
        return "one at a time"
    if _ONE_CORE[0] <= slow.known(cores) <= _ONE_CORE[1] < fast.known(cores):
        if behind.computes_in_one:
            return "one thread"
        return "the GIL" if _has_gil(result, behind.analyze) else "one core"
    if _is_far(fast, slow, _lag_ms):
        return "late loop"
    return "queue" if _is_far(fast, slow, _queue_ms) else "idle"


def _has_gil(result: Result, place: str) -> bool:
    return place == "threads" and result.environment.gil


def _is_far(fast: Entrant, slow: Entrant, of: Callable[[Sample], float | None]) -> bool:
    less, more = fast.middle(of), slow.middle(of)
    return less is not None and more is not None and more >= max(_LONG_MS, _FAR * less)


def _is_more(more: Entrant, less: Entrant, of: Callable[[Sample], float]) -> bool:
    """Whether the first has more of it, beyond what chance explains."""
    over, under = [of(one) for one in more.sound], [of(one) for one in less.sound]
    return min(under) > 0 and ratio(over, under).low > 1


def _lag_ms(sample: Sample) -> float | None:
    return sample.lag_p99_ms


def _queue_ms(sample: Sample) -> float | None:
    queue = sample.phases.get("queue")
    return queue.p50_ms if queue else None


def _cpu(_result: Result, _work: Work, fast: Party, slow: Party) -> str:
    mine, other = between(fast.values(cpu_ms_a_page), 1), between(slow.values(cpu_ms_a_page), 1)
    spends = fast.pick("it spends", "they spend")
    return f"{spends} {mine} ms of CPU on a page, and {_whom(slow)} {other} ms{_walls(fast, slow)}"


def _walls(fast: Party, slow: Party) -> str:
    """What crosses the walls between processes in one and not in the other, where that is what sets them apart."""
    quick, other = [arm_called(one.arm) for one in fast.arms], [arm_called(one.arm) for one in slow.arms]
    if all(arm.shards for arm in quick) and all(arm.analyze == "processes" for arm in other):
        return " (a shard analyses what it has fetched: no body crosses to a worker)"
    if all(arm.computes_in_one for arm in quick) and all(arm.shards for arm in other):
        return " (each visit is packed in its shard and unpacked in the main process)"
    return ""


def _one_at_a_time(result: Result, work: Work, fast: Party, slow: Party) -> str:
    delays = f"the site's delays add up to {between([work.delays_s], 0)} s"
    has = fast.pick("it has", "they have")
    return f"{has} up to {counted(result.concurrency, 'page')} in flight, and {_whom(slow)} one at a time: {delays}"


def _on_one_core(why: str) -> Callable[[Result, Work, Party, Party], str]:
    def told(_result: Result, _work: Work, fast: Party, slow: Party) -> str:
        mine, other = between(fast.values(cores), 1), between(slow.values(cores), 1)
        works = fast.pick("its work runs", "their work runs")
        return f"{works} on {mine} cores, and {slow.pick('that of ' + _whom(slow), 'theirs')} on {other}{why}"

    return told


def _idle(_result: Result, _work: Work, fast: Party, slow: Party) -> str:
    mine, other = between(fast.values(cores), 2), between(slow.values(cores), 2)
    return f"{fast.pick('it keeps', 'they keep')} {mine} cores at work, and {_whom(slow)} {other}"


def _late(_result: Result, _work: Work, fast: Party, slow: Party) -> str:
    mine, other = between(fast.values(_lag_ms), 0), between(slow.values(_lag_ms), 0)
    loop, theirs = (
        fast.pick("its event loop is", "their event loops are"),
        slow.pick("that of " + _whom(slow), "theirs"),
    )
    return f"{loop} {mine} ms late (p99), and {theirs} {other} ms"


def _queued(_result: Result, _work: Work, fast: Party, slow: Party) -> str:
    mine, other = between(fast.values(_queue_ms), 0), between(slow.values(_queue_ms), 0)
    pages, theirs = fast.pick("its pages", "their pages"), slow.pick("those of " + _whom(slow), "theirs")
    return f"{pages} wait {mine} ms for a worker (median), and {theirs} {other} ms"


def _whom(party: Party) -> str:
    return named(arm.arm for arm in party.arms) if party.is_one else "the others"


_CLAUSES: Final[dict[Cause, Callable[[Result, Work, Party, Party], str]]] = {
    "cpu": _cpu,
    "one at a time": _one_at_a_time,
    "the GIL": _on_one_core(" (the GIL: one thread of a process computes at a time)"),
    "one thread": _on_one_core(" (one thread does all the analysis)"),
    "one core": _on_one_core(""),
    "late loop": _late,
    "queue": _queued,
    "idle": _idle,
}
