"""A result beside an earlier one: what became slower beyond noise, and what cannot be compared and why.

Another processor, another number of cores or another limit of pages in flight makes all times incomparable; other
pages, those of their workload. Another Python or another package is named and compared all the same, since that may
be what one wants to know.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from crawler.compare.judgement import Interval
from crawler.compare.phrases import named, times
from crawler.compare.result import Environment, Result, Work
from crawler.compare.standings import Field, field_of, is_clear
from crawler.compare.statistics import inverse, ratio
from crawler.compare.workloads import Workload
from crawler.report.counts import counted

LEAST: Final = 0.05
"""Two sessions on the same machine differ by more than the A/A control of either shows: nothing smaller is found.

In one project, identical code moved by more than 5 % from one run to the next in 25 of 56 benchmarks (observ#181).
"""


_KNOWN_BEFORE: Final = ("pages", "hosts", "latency", "seed")


class Against(NamedTuple):
    """By workload and arm, how many times as fast as then; what became worse, and what else is to be said.

    `is_comparable` is false where no time of any arm could be compared, if times count at all.
    """

    speeds: dict[str, dict[str, Interval]]
    regressions: tuple[str, ...]
    notes: tuple[str, ...]
    is_comparable: bool


def why_incomparable(now: Environment, concurrency: int, then: Result) -> str | None:
    """What makes all times incomparable with a result's (its machine, its limit of pages in flight), else None.

    Known before anything is measured.
    """
    for what in ("machine", "cpu", "cores", "usable_cores"):
        before, after = getattr(then.environment, what), getattr(now, what)
        if before != after:
            return f"{what.replace('_', ' ')} {before} then and {after} now: measure both on one machine"
    if then.concurrency != concurrency:
        return f"{counted(then.concurrency, 'page')} in flight then and {concurrency} now"
    return None


def why_nothing_in_common(
    workloads: Iterable[Workload], arms: Iterable[str], then: Result, recorded: str = ""
) -> str | None:
    """Why a result has no work or no arm in common with what is about to be measured, else None.

    What only serving the pages shows is compared later; of a recording, only its name (`recorded`) is known before.
    """
    if not set(arms) & set(then.arms):
        return f"it has other strategies: {', '.join(then.arms)}"
    before = {work.name: work for work in then.works}
    others = {
        now.name: _difference(now, before[now.name], _KNOWN_BEFORE) if now.name in before else "not in it"
        for now in workloads
    }
    if recorded:
        others[recorded] = "" if recorded in before else "not in it"
    return "; ".join(f"{name}: {why}" for name, why in others.items()) if all(others.values()) else None


def against(result: Result, earlier: Result, fields: list[Field]) -> Against:
    """Compare each arm with itself then, on each workload that both results have.

    A regression is a slowdown whose whole interval lies beyond the noise floors of both and `LEAST`; on a hostile
    workload, more pages lost in the best sample than in the worst one then.
    """
    if why_not := why_incomparable(result.environment, result.concurrency, earlier):
        return Against({}, (), (f"Not compared with the earlier result: {why_not}.",), is_comparable=False)
    speeds: dict[str, dict[str, Interval]] = {}
    worse: list[str] = []
    notes = [f"Other than then: {change}." for change in _changes(result.environment, earlier.environment)]
    for field in fields:
        before = next((work for work in earlier.works if work.name == field.work.name), None)
        other = "the earlier result has no such workload" if before is None else _other_work(field.work, before)
        if before is None or other:
            notes.append(f"{field.work.name} is not compared: {other}.")
            continue
        then = field_of(earlier, before)
        speeds[field.work.name], missing = _speeds(field, then), _missing(field, then)
        worse += (*_regressions(field, then, speeds[field.work.name]), *_losses(field, then))
        notes += _improvements(field, then, speeds[field.work.name])
        if missing:
            notes.append(f"{field.work.name}: not compared for want of sound samples in both: {named(missing)}.")
    has_times = any(field.work.is_ranked for field in fields)
    is_comparable = any(speeds.values()) if has_times else bool(speeds)
    return Against(speeds, tuple(worse), tuple(notes), is_comparable=is_comparable)


def _changes(now: Environment, then: Environment) -> list[str]:
    whats = ("system", "python", "build", "gil", "start_method", "crawler", "commit", "file_system", "governor")
    packages = {name for env in (now, then) for name in env.packages}
    pairs = {what: (getattr(then, what), getattr(now, what)) for what in whats}
    pairs |= {name: (then.packages.get(name, "none"), now.packages.get(name, "none")) for name in sorted(packages)}
    return [
        f"{what.replace('_', ' ')} {before} then, {after} now"
        for what, (before, after) in pairs.items()
        if before != after
    ]


def _other_work(now: Work, then: Work) -> str:
    found = _difference(now, then, (*_KNOWN_BEFORE, "body_bytes", "delays_s"))
    return found or ("" if now.words == then.words else "its pages have other words")


def _difference(now: Work | Workload, then: Work, whats: Iterable[str]) -> str:
    for what in whats:
        before, after = getattr(then, what), getattr(now, what)
        if before != after:
            return f"{what.removesuffix('_s').replace('_', ' ')} {before} then, {after} now"
    return ""


def _speeds(now: Field, then: Field) -> dict[str, Interval]:
    """Unpaired: rounds of different days have nothing in common. Empty where times do not count."""
    if not now.work.is_ranked:
        return {}
    return {
        one.arm: inverse(ratio(list(one.walls_s.values()), list(then.entrants[one.arm].walls_s.values())))
        for one in now.eligible
        if one.arm in then.entrants and then.entrants[one.arm].is_eligible
    }


def _missing(now: Field, then: Field) -> list[str]:
    both = [arm for arm in now.entrants if arm in then.entrants and now.entrants[arm].is_ranked]
    speeds = _speeds(now, then)
    return [arm for arm in both if arm not in speeds] if now.work.is_ranked else []


def _floor(now: Field, then: Field) -> float:
    return max(now.noise, then.noise, LEAST)


def _regressions(now: Field, then: Field, speeds: dict[str, Interval]) -> list[str]:
    return [
        f"{now.work.name}: `{arm}` takes {times(inverse(speed))} as long as before"
        for arm, speed in speeds.items()
        if speed.middle < 1 and is_clear(speed, _floor(now, then))
    ]


def _improvements(now: Field, then: Field, speeds: dict[str, Interval]) -> list[str]:
    return [
        f"{now.work.name}: `{arm}` is {times(speed)} as fast as before."
        for arm, speed in speeds.items()
        if speed.middle > 1 and is_clear(speed, _floor(now, then))
    ]


def _losses(now: Field, then: Field) -> list[str]:
    """On a hostile workload; elsewhere, who loses a page is disqualified."""
    if now.work.is_ranked:
        return []
    worse = []
    for arm in (arm for arm in now.entrants if arm in then.entrants):
        least = min(one.lost for one in now.entrants[arm].taken)
        most = max(one.lost for one in then.entrants[arm].taken)
        if least > most:
            worse.append(
                f"{now.work.name}: `{arm}` lost {counted(least, 'page')} at least, and {most} at most before"
            )
    return worse
