"""Where strategies overtake each other as computing grows beside waiting: the ladder of a crossover, judged."""

from collections.abc import Sequence
from itertools import combinations, groupby
from math import inf
from statistics import median

from crawler.compare.judgement import Crossover, Interval, LadderEnd, Meeting, MeetingKind, Rung
from crawler.compare.meetings import Lead, Stretch, level, stretches
from crawler.compare.result import Result
from crawler.compare.standings import Field
from crawler.compare.statistics import inverse


def crossover(result: Result, fields: Sequence[Field]) -> Crossover | None:
    """What the rungs say of each pair of arms; None where they are no rungs."""
    if not result.is_crossover or not fields:
        return None
    climbed = [(rung, field) for field in fields if (rung := _rung(result, field))]
    if len(climbed) < 2:  # noqa: PLR2004
        return None
    climbed.sort(key=lambda one: one[0].load)
    names = [arm for arm in result.arms if any(_is_there(field, arm) for _, field in climbed)]
    pairs = sorted(combinations(names, 2), key=lambda pair: result.reference not in pair)
    meetings = (_meeting(climbed, *pair) for pair in pairs)
    cores = result.environment.usable_cores
    return Crossover(
        rungs=tuple(rung for rung, _ in climbed),
        meetings=tuple(met for met in meetings if met),
        ends=(_end(*climbed[0]), _end(*climbed[-1])),
        one_core=1 / result.concurrency,
        all_cores=cores / result.concurrency,
    )


def _rung(result: Result, field: Field) -> Rung | None:
    """What was waited for and computed there, a page: the reference's figures, and those of all where it has none."""
    work = field.work
    latency_s = work.delays_s / work.pages
    ended = [one for one in result.samples if one.workload == work.name and one.role in {"measured", "control"}]
    costs_s = [
        (one.arm, one.analyze_cpu_s / (one.pages - one.lost))
        for one in ended
        if one.analyze_cpu_s and not one.failure and one.pages > one.lost
    ]
    own = [cost_s for arm, cost_s in costs_s if arm == result.reference]
    if not costs_s:
        return None
    cpu_s = median(own or [cost_s for _, cost_s in costs_s])
    return Rung(work=work.name, latency_s=latency_s, cpu_s_a_page=cpu_s, load=cpu_s / latency_s if latency_s else inf)


def _is_there(field: Field, arm: str) -> bool:
    return arm in field.entrants and field.entrants[arm].is_eligible


def _meeting(climbed: Sequence[tuple[Rung, Field]], one: str, other: str) -> Meeting | None:
    """Of the rungs on which both have samples enough; None where these are not two."""
    leads = []
    for rung, field in climbed:
        if _is_there(field, one) and _is_there(field, other):
            speed = field.speed(field.entrants[one], field.entrants[other])
            leads.append(Lead(rung.load, speed, field.is_difference(speed)))
    if len(leads) < 2:  # noqa: PLR2004
        return None
    cpu_s = median(rung.cpu_s_a_page for rung, _ in climbed)
    return meeting(one, other, leads, cpu_s)


def meeting(one: str, other: str, leads: Sequence[Lead], cpu_s: float) -> Meeting:
    """What two arms did on all rungs; `cpu_s` is what a page of theirs takes to analyse."""
    along = stretches(leads)
    clear = [stretch for stretch in along if stretch.sign]
    turns = [sign for sign, _ in groupby(stretch.sign for stretch in clear)]
    arms = (other, one) if turns and turns[0] < 0 else (one, other)
    if len(turns) == 2:  # noqa: PLR2004
        first = [stretch for stretch in clear if stretch.sign == turns[0]]
        last, next_ = first[-1].leads[-1], clear[len(first)].leads[0]
        at = level([lead for lead in leads if last.load <= lead.load <= next_.load])
        most = (_most(first), _most(clear[len(first) :]))
        return Meeting(arms=arms, kind="crossing", cpu_s=cpu_s, level=at, most=most, span=(last.load, next_.load))
    kind: MeetingKind = "alike" if not turns else "unclear"
    if len(turns) != 1:
        return Meeting(arms=arms, kind=kind, cpu_s=cpu_s)
    return Meeting(
        arms=arms,
        kind="ahead" if len(along) == 1 else "parting",
        cpu_s=cpu_s,
        most=(_most(clear),),
        span=(clear[0].leads[0].load, clear[-1].leads[-1].load),
        is_to_the_end=along[-1].sign != 0,
        is_from_the_start=along[0].sign != 0,
    )


def _most(of: Sequence[Stretch]) -> Interval:
    """How many times as fast the one that is ahead there is at most."""
    speeds = [lead.speed if lead.sign > 0 else inverse(lead.speed) for stretch in of for lead in stretch.leads]
    return max(speeds, key=lambda speed: speed.middle)


def _end(rung: Rung, field: Field) -> LadderEnd:
    """Who is fastest there, and by how much."""
    those = field.eligible
    if len(those) < 2:  # noqa: PLR2004
        return LadderEnd(latency_s=rung.latency_s)
    speed = field.speed(those[0], those[-1])
    if not field.is_difference(speed):
        return LadderEnd(latency_s=rung.latency_s, speed=speed)
    level_with = (one.arm for one in those[1:] if not field.is_difference(field.speed(those[0], one)))
    return LadderEnd(
        latency_s=rung.latency_s, speed=speed, fastest=those[0].arm, slowest=those[-1].arm, beside=tuple(level_with)
    )
