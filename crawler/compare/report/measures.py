"""What the charts of one workload show, gathered from its samples."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from crawler.compare.arms import SHARDS, Arm
from crawler.compare.judgement import WorkJudgement
from crawler.compare.report.charts.memory import Memory
from crawler.compare.report.charts.scales import is_drawable
from crawler.compare.report.charts.timeline import lanes_of
from crawler.compare.result import PHASES, Percentiles, Result, Sample, Span, Work

TEACHING: Final = (
    "async+inline", "async+processes", Arm("async", "inline", shards=SHARDS).name, "threads+inline",
    Arm("threads", "inline", shards=SHARDS).name, "threads+processes", "async+threads", "threads+threads",
    "sequential+inline",
)  # fmt: skip
"""Arms whose timelines teach most, first those that differ most: all in one thread, apart, and apart together."""
_TIMELINES = 3
_LEAST_MS, _SHARE = 0.01, 0.005
"""What a phase takes at least to be drawn, by itself and beside the longest."""


def measured(result: Result, work: str) -> dict[str, list[Sample]]:
    """The samples that count, by arm."""
    found: dict[str, list[Sample]] = defaultdict(list)
    for sample in result.samples:
        if sample.workload == work and sample.role == "measured":
            found[sample.arm].append(sample)
    return found


def walls(result: Result, judged: WorkJudgement, reference: str) -> dict[str, list[float]]:
    """Seconds of every crawl that came to its end, as the standings are; the reference's second self beside it."""
    found = measured(result, judged.work)
    shown: dict[str, list[float]] = {}
    for standing in judged.standings:
        shown[standing.arm] = _in_order(found.get(standing.arm, ()))
        if standing.arm == reference:
            twins = (one for one in result.samples if one.workload == judged.work and one.role == "control")
            shown[again(reference)] = _in_order(twins)
    return {name: of for name, of in shown.items() if of}


def again(reference: str) -> str:
    """What the reference is called where it runs against itself."""
    return f"{reference} again"


def memories(result: Result, judged: WorkJudgement) -> list[Memory]:
    """Of each arm, the median peak, as tables have it, and the sample in the middle, of crawls that ended well."""
    found = measured(result, judged.work)
    shown = []
    for standing in judged.standings:
        peaks = [
            (sample.peak_pss_mib, at, sample)
            for at, sample in enumerate(found.get(standing.arm, ()))
            if sample.peak_pss_mib is not None and not sample.failure
        ]
        if peaks:
            _, _, sample = sorted(peaks)[len(peaks) // 2]
            shown.append(Memory(standing.arm, median(peak for peak, _, _ in peaks), sample.uss_mib))
    return shown


def phases(result: Result, judged: WorkJudgement) -> dict[str, dict[str, Percentiles]]:
    """By phase and arm, the medians over the samples of each percentile; what hardly takes time is left out."""
    found = measured(result, judged.work)
    shown: dict[str, dict[str, Percentiles]] = {}
    for phase in PHASES:
        arms = {}
        for standing in judged.standings:
            of = [one.phases[phase] for one in found.get(standing.arm, ()) if phase in one.phases]
            if of:
                arms[standing.arm] = _middle(of)
        shown[phase] = arms
    longest_ms = max((one.p50_ms for arms in shown.values() for one in arms.values()), default=0.0)
    least_ms = max(_LEAST_MS, _SHARE * longest_ms)
    return {name: arms for name, arms in shown.items() if any(one.p50_ms > least_ms for one in arms.values())}


def phase_domain(of: dict[str, dict[str, Percentiles]]) -> tuple[float, float]:
    """One axis for all phases, so that they can be compared."""
    values = [
        value
        for arms in of.values()
        for one in arms.values()
        for value in (one.p50_ms, one.p99_ms)
        if is_drawable(value)
    ]
    return max(min(values, default=1.0), _LEAST_MS) / 1.2, max([*values, _LEAST_MS * 10]) * 1.2


def timelines(result: Result, work: str) -> dict[str, tuple[Span, ...]]:
    """A few arms' timelines, those that teach most."""
    found: dict[str, tuple[Span, ...]] = {}
    for sample in result.samples:
        if sample.workload == work and sample.timeline and lanes_of(sample.timeline):
            found.setdefault(sample.arm, sample.timeline)
    order = [*(arm for arm in TEACHING if arm in found), *(arm for arm in found if arm not in TEACHING)]
    return {arm: found[arm] for arm in order[:_TIMELINES]}


def sweep_of(result: Result, judged: WorkJudgement) -> dict[str, dict[int, float]]:
    """Pages a second by arm and concurrency, medians; {} where no sweep was asked for."""
    found: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for sample in result.samples:
        if sample.workload == judged.work and sample.role == "sweep" and not sample.failure:
            found[sample.arm][sample.concurrency].append(sample.pages_per_s)
    order = [standing.arm for standing in judged.standings if standing.arm in found]
    return {arm: {level: median(speeds) for level, speeds in found[arm].items()} for arm in order}


def latency_bound(work: Work, levels: Iterable[int]) -> dict[int, float]:
    """Pages a second that the site's latency alone allows, by concurrency."""
    bound = {}
    for level in levels:
        least_s = max(work.delays_s / level, work.longest_delay_s)
        if least_s > 0:
            bound[level] = work.pages / least_s
    return bound


def _in_order(taken: Iterable[Sample]) -> list[float]:
    return [one.wall_s for one in sorted(taken, key=lambda one: one.round) if not one.failure]


def _middle(of: Sequence[Percentiles]) -> Percentiles:
    return Percentiles(
        p50_ms=median(one.p50_ms for one in of), p95_ms=median(one.p95_ms for one in of),
        p99_ms=median(one.p99_ms for one in of), max_ms=median(one.max_ms for one in of),
    )  # fmt: skip
