"""What a comparison says of one workload, in plain words: each sentence from figures, with the reason they show."""

from collections.abc import Iterable, Iterator
from typing import Final

from crawler.compare.arms import MOST_BEHIND
from crawler.compare.entrants import Entrant, sound_of
from crawler.compare.judgement import Bound, Interval, Standing
from crawler.compare.phrases import each_of, listed, named, per_cent, seconds, times, within
from crawler.compare.reasons import Cause, Party, causes, clause, wall_s
from crawler.compare.result import Result, Sample, Work
from crawler.compare.standings import Field
from crawler.compare.statistics import FEWEST, inverse, ratio
from crawler.report.counts import counted

AT_THE_BOUND: Final = 1.25
"""Nearer to the bound than that, what is left is the ends: the first answer and the last page."""
_MOSTLY: Final = 0.5
_FEW: Final = 2
_MUCH_MORE: Final = 1.5


def verdict(result: Result, field: Field, bound: Bound, standings: tuple[Standing, ...]) -> tuple[str, ...]:
    """The sentences, the most telling first."""
    if not field.work.is_ranked:
        return tuple(_survivors(field, standings))
    return (
        *_of_reference(result, field),
        *_comparisons(result, field),
        *_of_choice(field),
        *_of_bound(result, field, bound),
        *_of_sweep(result, field, standings),
        *_beside(field),
        *_of_memory(field),
        *_left_out(result, standings, has_reference=field.reference is not None),
    )


def _of_reference(result: Result, field: Field) -> Iterator[str]:
    """Where another stands in for the reference, or none can."""
    first, instead = field.entrants.get(result.reference), field.reference
    if instead is not None and instead.arm == result.reference:
        return
    if instead is None and not any(one.wrong or one.failed for one in field.entrants.values()):
        yield f"Too few samples to compare anything: it takes {FEWEST} of each arm, and more time."
        return
    why = "it was not sampled" if first is None else first.wrong or first.failed or _too_little(first)
    then = f"the others are compared with `{instead.arm}`" if instead else "there is nothing to compare with"
    yield f"The reference `{result.reference}` is out ({why}): {then}."


def _too_little(of: Entrant) -> str:
    return "it has too few samples" if of.is_ranked else "its parser is not that of the others"


def _comparisons(result: Result, field: Field) -> Iterator[str]:
    reference = field.reference
    if reference is None:
        return
    slower: dict[tuple[Cause, ...], dict[str, Interval]] = {}
    faster: dict[tuple[Cause, ...], dict[str, Interval]] = {}
    same = []
    for one in field.eligible:
        speed = field.speed(one, reference)
        if one is reference:
            continue
        if not field.is_difference(speed):
            same.append(one.arm)
        elif speed.middle > 1:
            faster.setdefault(causes(result, field.work, one, reference), {})[one.arm] = speed
        else:
            slower.setdefault(causes(result, field.work, reference, one), {})[one.arm] = inverse(speed)
    for why, speeds in faster.items():
        party = Party([field.entrants[arm] for arm in speeds])
        because = clause(why, result, field.work, party, Party([reference]))
        yield f"{_faster(speeds)} as `{reference.arm}` on this work, {because}."
    for why, speeds in slower.items():
        party = Party([field.entrants[arm] for arm in speeds])
        because = clause(why, result, field.work, Party([reference]), party)
        yield f"`{reference.arm}` is {_than(speeds)} on this work, {because}."
    if same:
        floor = f" (noise floor: {per_cent(field.noise)})" if field.control else ""
        yield f"No difference found between `{reference.arm}` and {each_of(same, len(field.eligible) - 1)}{floor}."


def _of_choice(field: Field) -> Iterator[str]:
    """How far an arm that leaves the choice to the crawler is behind the best of those that were chosen for it."""
    for arm, (best, slower) in field.behind().items():
        choice = field.entrants[arm].chose
        chose = f"chose `{choice}`" if choice else "made no choice"
        if slower.middle <= 1:
            yield f"`{arm}` {chose}, and no other strategy is faster."
        else:
            takes = f"takes {times(slower)} as long as the best, `{best.arm}`"
            yield f"`{arm}` {chose}, and {takes}, {within(slower, MOST_BEHIND)}."


def _than(speeds: dict[str, Interval]) -> str:
    """`1.9 times (1.7-2.1) as fast as ...`, for many arms the range that holds all their intervals."""
    if len(speeds) > _FEW:
        return f"{_range(speeds.values())} as fast as {named(speeds)}"
    return listed(f"{times(speed)} as fast as `{arm}`" for arm, speed in speeds.items())


def _faster(speeds: dict[str, Interval]) -> str:
    if len(speeds) > 1:
        return f"{named(speeds)} are {_range(speeds.values())} as fast"
    return listed(f"`{arm}` is {times(speed)} as fast" for arm, speed in speeds.items())


def _range(speeds: Iterable[Interval]) -> str:
    """Of several ratios the middle one of their middles, and what holds all their intervals."""
    those = sorted(speeds, key=lambda one: one.middle)
    lowest, highest = min(one.low for one in those), max(one.high for one in those)
    return times(Interval(lowest, those[len(those) // 2].middle, highest))


def _of_bound(result: Result, field: Field, bound: Bound) -> Iterator[str]:
    """How near the fastest is to what no strategy can undercut, and what that means."""
    fastest = field.eligible[0] if field.eligible else None
    if fastest is None or bound.least_s <= 0:
        return
    took_s = fastest.known(wall_s)
    took = f"the fastest arm, `{fastest.arm}`, takes {seconds(took_s)}"
    if took_s > AT_THE_BOUND * bound.least_s:
        how = f"{took_s / bound.least_s:.1f} times what {_setter(bound)} at best ({seconds(bound.least_s)})"
        yield f"{took[0].upper()}{took[1:]}, {how}{_waiting(bound)}."
    elif bound.by == "cpu":
        busy = f"{fastest.known(lambda one: one.cores):.1f} of {result.environment.usable_cores:g} cores"
        yield f"Computing sets the pace: {took} and keeps {busy} busy; fewer seconds of CPU or more cores would help."
    else:
        cause = f"{_setter(bound)} no less than {seconds(bound.least_s)}, and {took}"
        share = f"{per_cent(bound.waiting_share)} of the time is spent waiting"
        first = f"{share}: no strategy will help" if bound.waiting_share >= _MOSTLY else "No strategy will help"
        yield f"{first}, for {cause}. {_mend(result, field.work, bound)}"


def _waiting(bound: Bound) -> str:
    """It waits for the site only if that lets it wait; cores may be idle for other reasons, or be taken by others."""
    if not bound.waiting_share:
        return ""
    share = per_cent(bound.waiting_share)
    return f", and in {share} of it nothing computes" if bound.by == "cpu" else f", and spends {share} of it waiting"


def _setter(bound: Bound) -> str:
    return {
        "latency": "the site's delays allow",
        "politeness": "politeness allows",
        "cpu": "computing allows",
        "bandwidth": "the loopback allows",
    }[bound.by]


def _mend(result: Result, work: Work, bound: Bound) -> str:
    if bound.by == "politeness":
        return "More hosts or shorter delays would."
    if bound.by == "bandwidth":
        return "Fewer bytes would."
    if bound.latency_s > work.longest_delay_s:
        return f"More than {counted(result.concurrency, 'page')} in flight would."
    return "Nor will more pages in flight: it is the longest single delay."


def _of_sweep(result: Result, field: Field, standings: tuple[Standing, ...]) -> Iterator[str]:
    """Each at its best, beside equal concurrency."""
    swept = [one for one in standings if one.best and field.entrants[one.arm].is_eligible]
    if field.reference is None or len(swept) < _FEW:
        return
    first = max(swept, key=lambda one: one.best[1] if one.best else 0.0)
    others = [one for one in swept if one.arm == field.reference.arm and one is not first] or [
        max((one for one in swept if one is not first), key=lambda one: one.best[1] if one.best else 0.0)
    ]
    told = [f"`{one.arm}` {one.best[1]:,.0f} (with {one.best[0]} in flight)" for one in (first, *others) if one.best]
    yield f"Each at its best, pages a second: {listed(told)}; {_at_best(result, field, first, others[0])}."


def _at_best(result: Result, field: Field, first: Standing, other: Standing) -> str:
    rates = [[one.pages_per_s for one in _samples_at_best(result, field, each)] for each in (first, other)]
    fewest = min(map(len, rates))
    if fewest < FEWEST:
        return f"with {counted(fewest, 'sample')} each that ranks nobody"
    speed = ratio(*rates)
    return times(speed) + " as fast" if field.is_difference(speed) else "no difference found"


def _samples_at_best(result: Result, field: Field, of: Standing) -> list[Sample]:
    limit = of.best[0] if of.best else 0
    swept = sound_of(result, field.work.name, of.arm, "sweep")
    return [one for one in (*swept, *field.entrants[of.arm].sound) if one.concurrency == limit]


def _beside(field: Field) -> Iterator[str]:
    """Arms that run another parser are compared with each other only."""
    those = [
        one for one in field.entrants.values() if not one.is_ranked and len(one.sound) >= FEWEST and not one.wrong
    ]
    for number, one in enumerate(those):
        for other in those[number + 1 :]:
            fast, slow = sorted((one, other), key=lambda each: each.known(wall_s))
            speed = field.speed(fast, slow)
            if field.is_difference(speed):
                yield f"Beside the ranking, `{fast.arm}` is {times(speed)} as fast as `{slow.arm}`."
            else:
                yield f"Beside the ranking, no difference found between `{one.arm}` and `{other.arm}`."


def _of_memory(field: Field) -> Iterator[str]:
    """What speed costs."""
    peaks = {one.arm: peak for one in field.eligible if (peak := one.middle(lambda sample: sample.peak_pss_mib))}
    fastest = field.eligible[0].arm if field.eligible else ""
    if fastest in peaks:
        least = min(peaks, key=peaks.__getitem__)
        if peaks[fastest] > _MUCH_MORE * peaks[least]:
            yield f"`{fastest}` peaks at {peaks[fastest]:.0f} MiB of memory, and `{least}` at {peaks[least]:.0f}."


def _left_out(result: Result, standings: tuple[Standing, ...], *, has_reference: bool) -> Iterator[str]:
    for one in standings:
        if one.arm == result.reference and one.finding != "reference":
            continue  # of which is told already
        if one.finding == "disqualified":
            yield f"`{one.arm}` is disqualified: {one.why}."
        elif one.finding == "failed":
            yield f"`{one.arm}` {one.why}."
        elif one.why and one.finding != "unranked":
            yield f"`{one.arm}` {one.why}; its times are those of the rest."
    few = [one.arm for one in standings if one.finding == "too few samples" and one.arm != result.reference]
    if few and has_reference:
        yield f"Too few samples to rank {named(few)}: it takes {FEWEST}."


def _survivors(field: Field, standings: tuple[Standing, ...]) -> Iterator[str]:
    """On a hostile workload: who kept the innocent pages, and how the others lost them."""
    pages = counted(field.work.pages, "innocent page")
    those = [field.entrants[one.arm] for one in standings]
    if safe := [one.arm for one in those if one.loses_none]:
        yield f"{named(safe)} lost none of {pages}."
        yield from _again([field.entrants[arm] for arm in safe])
    losers = [one for one in those if not one.loses_none]
    for why in dict.fromkeys(map(_last_words, losers)):
        same = [one for one in losers if _last_words(one) == why]
        lost = sorted(sample.lost for one in same for sample in one.taken)
        many = f"{lost[0]}" if lost[0] == lost[-1] else f"{lost[0]} to {lost[-1]}"
        said = f": {why}" if why else ""
        yield f"{named(one.arm for one in same)} lost {many} of {pages}{said}."


def _again(safe: list[Entrant]) -> Iterator[str]:
    """What it cost to lose none, where pages share a process that can be lost."""
    for one in safe:
        if again := one.known(lambda sample: sample.refetched):
            pages = counted(round(again), "page")
            yield f"`{one.arm}` fetched {pages} again, since bad ones had taken their shards along."


def _last_words(of: Entrant) -> str:
    failures = [one.failure for one in of.taken if one.failure]
    return max(failures, key=failures.count) if failures else ""
