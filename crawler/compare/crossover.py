"""Where strategies overtake each other as computing grows beside waiting: the ladder of a crossover, judged."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import inf
from statistics import median

from crawler.compare.judgement import Crossover, Interval, Meeting, Rung
from crawler.compare.meetings import Lead, Stretch, level, stretches
from crawler.compare.phrases import each_of, listed, named, times
from crawler.compare.result import Result
from crawler.compare.standings import Field
from crawler.compare.statistics import FEWEST, inverse

_WHOLE = 10.0
"""From so many milliseconds on no decimals are told."""


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
        one_core=1 / result.concurrency,
        all_cores=cores / result.concurrency,
    )


def crossover_verdict(found: Crossover, fields: Sequence[Field], reference: str) -> Iterator[str]:
    """The ends of the ladder first, then what the reference meets, then who else crosses."""
    by_name = {field.work.name: field for field in fields}
    first, last = (by_name[rung.work] for rung in (found.rungs[0], found.rungs[-1]))
    yield f"With {_wait(found.rungs[0])} {_end(first)}. With {_wait(found.rungs[-1])} {_end(last)}."
    if not found.meetings:
        yield f"Too few samples to look for crossings: it takes {FEWEST} of each arm on two rungs, and more time."
    crossings = [one for one in found.meetings if one.kind == "crossing"]
    if found.meetings and not crossings:
        yield "No crossing found: nowhere does one strategy lead with long waits and another with short ones."
    others = [one for one in crossings if reference not in one.arms]
    yield from (one.told for one in found.meetings if reference in one.arms)
    if others:
        yield f"And {listed(f'`{one.arms[0]}` with `{one.arms[1]}`' for one in others)} cross."


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
    """What two arms did on all rungs, in a sentence; `cpu_s` is what a page of theirs takes to analyse."""
    along = stretches(leads)
    clear = [stretch for stretch in along if stretch.sign]
    by_sign = {1: (one, other), -1: (other, one)}
    if not clear:
        return _met(one, other, "alike", f"No crossing found between `{one}` and `{other}`: on no rung a difference.")
    ahead, behind = by_sign[clear[0].sign]
    if len(clear) == 1 and len(along) == 1:
        told = f"`{ahead}` is ahead of `{behind}` on every rung, {_most(clear[0])} as fast at most."
        return _met(one, other, "ahead", told)
    if len(clear) == 1:
        return _parting(one, other, ahead, along)
    if len(clear) == 2 and clear[0].sign != clear[1].sign:  # noqa: PLR2004
        return _crossing((one, other), ahead, (clear[0], clear[1]), leads, cpu_s)
    told = f"`{one}` and `{other}` overtake each other more than once, which is more likely noise than a crossing."
    return _met(one, other, "unclear", told)


def _met(one: str, other: str, kind: str, told: str, at: Interval | None = None) -> Meeting:
    return Meeting(arms=(one, other), kind=kind, level=at, told=told)  # type: ignore[arg-type]


def _crossing(
    arms: tuple[str, str], ahead: str, clear: tuple[Stretch, Stretch], leads: Sequence[Lead], cpu_s: float
) -> Meeting:
    (first, then), behind = clear, arms[ahead == arms[0]]
    from_, to = first.leads[-1].load, then.leads[0].load
    at = level([lead for lead in leads if from_ <= lead.load <= to])
    where = (
        f"where computing a page takes {at.middle:.2g} times as long as waiting for it ({at.low:.2g}-{at.high:.2g};"
        f" with these pages at a latency of {_clock(cpu_s / at.middle)})"
        if at
        else f"beyond the last rung with a wait, where computing a page takes {from_:.2g} times as long as waiting"
    )
    told = (
        f"`{ahead}` and `{behind}` cross {where}: with longer waits `{ahead}` is ahead, {_most(first)} as fast at"
        f" most, with shorter ones `{behind}`, {_most(then)}."
    )
    return _met(*arms, "crossing", told, at)


def _parting(one: str, other: str, ahead: str, along: Sequence[Stretch]) -> Meeting:
    behind = other if ahead == one else one
    clear = next(stretch for stretch in along if stretch.sign)
    low, high = clear.leads[0].load, clear.leads[-1].load
    where = (
        f"from where computing a page takes {low:.2g} times as long as waiting for it"
        if along[-1] is clear and low < inf
        else "where nothing is waited for"
        if along[-1] is clear
        else f"up to where computing a page takes {high:.2g} times as long as waiting for it"
        if along[0] is clear
        else f"only where computing a page takes {low:.2g} to {high:.2g} times as long as waiting for it"
    )
    told = (
        f"No crossing found between `{one}` and `{other}`: `{ahead}` is ahead of `{behind}` {where}"
        f" ({_most(clear)} as fast at most), and elsewhere no difference was found."
    )
    return _met(one, other, "parting", told)


def _most(stretch: Stretch) -> str:
    speeds = [lead.speed if stretch.sign > 0 else inverse(lead.speed) for lead in stretch.leads]
    return times(max(speeds, key=lambda speed: speed.middle))


def _end(field: Field) -> str:
    """Who is fastest there, and by how much."""
    those = field.eligible
    if len(those) < 2:  # noqa: PLR2004
        return "too few samples say anything"
    fast, slow = those[0], those[-1]
    speed = field.speed(fast, slow)
    if not field.is_difference(speed):
        return "no strategy is faster than another"
    level_with = [one.arm for one in those[1:] if not field.is_difference(field.speed(fast, one))]
    beside = f" (no difference to {each_of(level_with, 0)})" if level_with else ""
    return f"{named([fast.arm])} is fastest{beside}, {times(speed)} as fast as `{slow.arm}`, the slowest"


def _wait(rung: Rung) -> str:
    return f"a latency of {_clock(rung.latency_s)}" if rung.latency_s else "no latency"


def _clock(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{seconds:.2g} s" if seconds >= 1 else f"{milliseconds:.{0 if milliseconds >= _WHOLE else 1}f} ms"
