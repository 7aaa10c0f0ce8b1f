"""From what was measured to what follows from it: the same judgement of a result each time."""

from statistics import median

import msgspec

from crawler.compare.against import Against, against
from crawler.compare.bound import bound_of
from crawler.compare.caveats import limits, warnings
from crawler.compare.crossover import crossover
from crawler.compare.entrants import sound_of, walls_s
from crawler.compare.judgement import Interval, Judgement, WorkJudgement
from crawler.compare.overall import overall_speeds, overall_verdict
from crawler.compare.overtaking import crossover_verdict
from crawler.compare.result import Result
from crawler.compare.standings import Field, field_of, standings
from crawler.compare.statistics import FEWEST, mean_of, ratio_by_round
from crawler.compare.verdict import verdict
from crawler.exits import Exit

_NOTHING = Against({}, (), (), is_comparable=True)


def judge(result: Result, earlier: Result | None = None) -> Judgement:
    """What the samples say; and beside an earlier result, what changed."""
    fields = [field_of(result, work) for work in result.works]
    then = against(result, earlier, fields) if earlier else _NOTHING
    works = [_judged(result, field, then.speeds.get(field.work.name, {})) for field in fields]
    found = crossover(result, fields)
    speeds = {} if result.is_crossover else overall_speeds(result, works)
    told = crossover_verdict(found, result.reference) if found else overall_verdict(result, works, speeds)
    return Judgement(
        reference=result.reference,
        works=tuple(works),
        overall=tuple((arm, speed.middle) for arm, speed in speeds.items()),
        verdict=tuple(told),
        crossover=found,
        overhead_ms_a_page=_overhead_ms_a_page(result),
        probe_cost=_probe_cost(result),
        regressions=then.regressions,
        against=then.notes,
        is_comparable=then.is_comparable,
        warnings=tuple(warnings(result, fields)),
        limits=limits(result.works),
    )


def exit_of(judgement: Judgement) -> Exit:
    """The exit code, for use as a gate.

    INCOMPLETE (3) where an arm is disqualified or failed on a ranked workload (the reference or not: an arm that
    cannot run here is skipped and not failed, so this is a fault of the crawler), where something is slower than in
    the earlier result, and where nothing could be compared with that: a gate that did not look must not open.
    NOTHING_FETCHED (1) where no arm came to an end on any workload. Arms that are skipped, that are not ranked, or
    that have too few samples fail nothing, and neither does losing pages on a hostile workload: there it is a result.
    """
    found = [one for of in judgement.works for one in of.standings]
    if not any(one.samples and one.wall_s for one in found):
        return Exit.NOTHING_FETCHED
    if judgement.regressions or not judgement.is_comparable:
        return Exit.INCOMPLETE
    return Exit.INCOMPLETE if any(one.finding in {"disqualified", "failed"} for one in found) else Exit.OK


def _judged(result: Result, field: Field, then: dict[str, Interval]) -> WorkJudgement:
    bound = bound_of(
        field.work, field.eligible or field.entrants.values(), result.concurrency, result.environment.usable_cores
    )
    stood = standings(result, field)
    return WorkJudgement(
        work=field.work.name,
        noise=field.noise,
        control=field.control,
        bound=bound,
        standings=tuple(msgspec.structs.replace(one, then=then.get(one.arm)) for one in stood),
        verdict=verdict(result, field, bound, stood),
        reference=field.reference.arm if field.reference else "",
        behind={arm: slower for arm, (_, slower) in field.behind().items()},
    )


def _overhead_ms_a_page(result: Result) -> float | None:
    """What a page takes with nothing to fetch: the lab's machinery, and the crawler's own."""
    taken = [one for one in result.samples if one.role == "canned" and not one.failure and one.pages]
    return median(one.wall_s / one.pages for one in taken) * 1000 if taken else None


def _probe_cost(result: Result) -> Interval | None:
    """By which share the probes slow the reference down, over the workloads where it ran without them, too."""
    costs = []
    for work in (work for work in result.works if work.is_ranked):
        bare = walls_s(sound_of(result, work.name, result.reference, "unprobed"))
        probed = walls_s(sound_of(result, work.name, result.reference, "measured"))
        if min(len(bare), len(probed)) >= FEWEST:
            costs.append(ratio_by_round(probed, bare))
    if not costs:
        return None
    found = mean_of(costs)
    return Interval(low=found.low - 1, middle=found.middle - 1, high=found.high - 1)
