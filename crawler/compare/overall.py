"""What holds over all workloads: the geometric mean of the speeds, and who brings the pages home besides."""

from collections.abc import Iterator
from math import exp, log
from typing import Final

from crawler.compare.arms import MOST_BEHIND
from crawler.compare.entrants import entrants
from crawler.compare.judgement import Interval, WorkJudgement
from crawler.compare.phrases import each_of, listed, named, per_cent, times, within
from crawler.compare.result import Result
from crawler.compare.standings import is_clear
from crawler.compare.statistics import inverse, mean_of

_COMPARED: Final = {"reference", "faster", "slower", "no difference found"}
_SEVERAL: Final = 2


def overall_speeds(result: Result, works: list[WorkJudgement]) -> dict[str, Interval]:
    """For each arm that could be compared on every ranked workload, its mean speed, the fastest first.

    Empty where there are not several such workloads, or where one of them had to do with another reference.
    """
    ranked = _ranked(result, works)
    if len(ranked) < _SEVERAL or any(of.reference != result.reference for of in ranked):
        return {}
    speeds: dict[str, list[Interval]] = {}
    for of in ranked:
        for one in of.standings:
            if one.finding in _COMPARED and one.speed:
                speeds.setdefault(one.arm, []).append(one.speed)
    means = {arm: mean_of(each) for arm, each in speeds.items() if len(each) == len(ranked)}
    return dict(sorted(means.items(), key=lambda one: -one[1].middle))


def overall_verdict(result: Result, works: list[WorkJudgement], speeds: dict[str, Interval]) -> Iterator[str]:
    """The sentences for who reads no others."""
    ranked = _ranked(result, works)
    if speeds:
        yield from _ranking(result, ranked, speeds)
    else:
        firsts = {of.work: of.verdict[0] for of in ranked if of.verdict}
        same = len(set(firsts.values())) == 1
        yield from dict.fromkeys(line if same else f"{work}: {line}" for work, line in firsts.items())
    yield from _choice(ranked)
    yield from _survival(result, works)
    out = dict.fromkeys(one.arm for of in works for one in of.standings if one.finding == "disqualified")
    if out:
        yield f"Disqualified, because words are wrong: {named(out)}."


def _ranking(result: Result, ranked: list[WorkJudgement], speeds: dict[str, Interval]) -> Iterator[str]:
    """Who comes first, in one short sentence; then the rest."""
    over = f"over {listed(of.work for of in ranked)} together"
    reference = result.reference
    others = {arm: speed for arm, speed in speeds.items() if arm != reference}
    clear = {arm: speed for arm, speed in others.items() if is_clear(speed, _noise(ranked))}
    faster = [arm for arm in clear if clear[arm].middle > 1]
    slower = [arm for arm in clear if clear[arm].middle < 1]
    same = [arm for arm in others if arm not in clear]
    if faster:
        yield f"`{faster[0]}` is {times(clear[faster[0]])} as fast as `{reference}`, {over}."
    else:
        yield (
            f"No arm is found to be faster than `{reference}`, {over}."
            if same
            else f"`{reference}` is the fastest, {over}."
        )
    if rest := faster[1:]:
        yield f"So are {listed(f'`{arm}`, {times(clear[arm])}' for arm in rest)}."
    if slower:
        ends = dict.fromkeys((slower[0], slower[-1]))
        told = listed(f"{times(inverse(clear[arm]))} as fast as `{arm}`" for arm in ends)
        which = ", the fastest and the slowest of those that are slower" if len(ends) > 1 else ""
        yield f"`{reference}` is {told}{which}."
    if same:
        yield f"No difference found between `{reference}` and {each_of(same, len(others))}."


def _choice(ranked: list[WorkJudgement]) -> Iterator[str]:
    """How far an arm that leaves the choice to the crawler is behind the best of the others, where that is most."""
    for arm in dict.fromkeys(arm for of in ranked for arm in of.behind):
        by_work = {of.work: of.behind[arm] for of in ranked if arm in of.behind}
        work, slower = max(by_work.items(), key=lambda one: one[1].middle)
        share = slower.middle - 1
        if share <= 0:
            yield f"`{arm}` is behind no other strategy."
        else:
            where = f"on {work}, where it takes {times(slower)} as long"
            kept = within(slower, MOST_BEHIND)
            yield f"`{arm}` is up to {per_cent(share)} behind the best strategy ({where}), {kept}."


def _survival(result: Result, works: list[WorkJudgement]) -> Iterator[str]:
    hostile = {work.name: work for work in result.works if not work.is_ranked}
    for of in works:
        if of.work not in hostile or not of.standings:
            continue
        those = entrants(result, hostile[of.work])
        safe = [one.arm for one in of.standings if those[one.arm].loses_none]
        if len(safe) == len(of.standings):
            yield f"On {of.work}, no arm loses an innocent page."
        elif safe:
            yield f"On {of.work}, only {named(safe)} {'loses' if len(safe) == 1 else 'lose'} no innocent page."
        else:
            yield f"On {of.work}, every arm loses innocent pages."


def _noise(ranked: list[WorkJudgement]) -> float:
    return exp(sum(log(1 + of.noise) for of in ranked) / len(ranked)) - 1


def _ranked(result: Result, works: list[WorkJudgement]) -> list[WorkJudgement]:
    names = {work.name for work in result.works if work.is_ranked}
    return [of for of in works if of.work in names]
