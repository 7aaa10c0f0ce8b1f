"""How the arms stand to each other on one workload, and what they are compared with."""

from math import exp, log
from statistics import median
from typing import NamedTuple

from crawler.compare.arms import arm_called
from crawler.compare.entrants import Entrant, cpu_ms_a_page, entrants, sound_of, walls_s
from crawler.compare.judgement import Finding, Interval, Spread, Standing
from crawler.compare.result import Result, Sample, Work
from crawler.compare.statistics import FEWEST, inverse, ratio_by_round, spread

_SAME = Interval(1.0, 1.0, 1.0)


class Field(NamedTuple):
    """The entrants of a workload, whom they are compared with, and the A/A control that gives the noise floor.

    The noise floor is the difference that was found between the reference and itself. Of two identical arms, an
    interval that neither holds 1 nor reaches into the floor is found in 1-3 % of comparisons with three samples each,
    in 1 % with five and more (`benchmarks/intervals.py`).
    """

    work: Work
    entrants: dict[str, Entrant]
    reference: Entrant | None
    control: Interval | None

    @property
    def noise(self) -> float:
        """By which share of its time the reference differed from itself; 0 where that was not measured."""
        return exp(abs(log(self.control.middle))) - 1 if self.control else 0.0

    @property
    def eligible(self) -> list[Entrant]:
        """Those that may be compared, the fastest first."""
        return sorted(
            (one for one in self.entrants.values() if one.is_eligible),
            key=lambda one: one.known(lambda sample: sample.wall_s),
        )

    def speed(self, of: Entrant, than: Entrant) -> Interval:
        """How many times as fast as the other."""
        return _SAME if of is than else inverse(ratio_by_round(of.walls_s, than.walls_s))

    def behind(self) -> dict[str, tuple[Entrant, Interval]]:
        """Each arm that leaves the choice to the crawler: the best other one, and how many times as long it takes."""
        others = [one for one in self.eligible if not arm_called(one.arm).chooses]
        choosing = [one for one in self.eligible if arm_called(one.arm).chooses and others]
        return {one.arm: (others[0], inverse(self.speed(one, others[0]))) for one in choosing}

    def is_difference(self, speed: Interval) -> bool:
        """Whether the interval lies clear of 1 and of the noise floor."""
        return is_clear(speed, self.noise)


def is_clear(speed: Interval, noise: float) -> bool:
    """Whether a ratio and its whole interval differ from 1 by more than so much."""
    return speed.low > 1 + noise or speed.high < 1 / (1 + noise)


def field_of(result: Result, work: Work) -> Field:
    """Who may be compared on this workload; where the reference may not be, the next sound arm stands in for it."""
    found = entrants(result, work)
    names = list(result.arms)
    at = names.index(result.reference) if result.reference in names else 0
    reference = next((found[arm] for arm in names[at:] + names[:at] if arm in found and found[arm].is_eligible), None)
    again = walls_s(sound_of(result, work.name, result.reference, "control"))
    first = found[result.reference].walls_s if result.reference in found else {}
    is_known = min(len(again), len(first)) >= FEWEST
    return Field(work, found, reference, ratio_by_round(first, again) if is_known else None)


def standings(result: Result, field: Field) -> tuple[Standing, ...]:
    """From the fastest on, then those that cannot be ranked; where pages are what counts, by pages lost."""
    made = [_standing(result, field, one) for one in field.entrants.values()]
    return tuple(sorted(made, key=_place if field.work.is_ranked else _losses))


def _place(of: Standing) -> tuple[int, float]:
    last: tuple[Finding, ...] = ("too few samples", "unranked", "failed", "disqualified")
    return last.index(of.finding) + 1 if of.finding in last else 0, of.wall_s.median if of.wall_s else 0.0


def _losses(of: Standing) -> tuple[bool, float, float]:
    return not arm_called(of.arm).is_ranked, of.lost, of.wall_s.median if of.wall_s else float("inf")


def _standing(result: Result, field: Field, of: Entrant) -> Standing:
    finding, why, speed = _found(field, of)
    sound = of.sound
    return Standing(
        arm=of.arm,
        finding=finding,
        why=why,
        samples=len(of.taken if not field.work.is_ranked else sound),
        wall_s=spread([one.wall_s for one in sound]) if sound else None,
        start_s=_start(result, of),
        pages_per_s=of.known(lambda one: one.pages_per_s),
        cpu_ms_a_page=of.known(cpu_ms_a_page),
        cores=of.known(lambda one: one.cores),
        peak_pss_mib=of.middle(lambda one: one.peak_pss_mib),
        lag_p99_ms=of.middle(lambda one: one.lag_p99_ms),
        lost=median(one.lost for one in of.taken),
        speed=speed,
        best=_best(result, field.work.name, of),
        chose=of.chose,
    )


def _found(field: Field, of: Entrant) -> tuple[Finding, str, Interval | None]:
    if not field.work.is_ranked:
        return "unranked", of.failed, None
    speed = field.speed(of, field.reference) if field.reference and of.sound else None
    if not of.is_ranked:
        troubles = "".join(f"; {trouble}" for trouble in (of.wrong, of.failed) if trouble)
        return "unranked", f"another parser is other work{troubles}", speed
    if of.wrong or of.has_failed:
        return ("disqualified", of.wrong, None) if of.wrong else ("failed", of.failed, None)
    if speed is None or not of.is_eligible:
        return "too few samples", of.failed, speed
    return "reference" if of is field.reference else _compared(field, speed), of.failed, speed


def _compared(field: Field, speed: Interval) -> Finding:
    if not field.is_difference(speed):
        return "no difference found"
    return "faster" if speed.middle > 1 else "slower"


def _start(result: Result, of: Entrant) -> Spread | None:
    """Cold starts, of warm-ups too: a start is as cold the first time as the tenth, each in a fresh process."""
    workload = of.taken[0].workload
    starts = [one.start_s for one in (*of.sound, *sound_of(result, workload, of.arm, "warm-up"))]
    return spread(starts) if starts else None


def _best(result: Result, workload: str, of: Entrant) -> tuple[int, float] | None:
    """Where in the sweep it stored most pages a second; the limit of all arms is one of those tried."""
    swept = sound_of(result, workload, of.arm, "sweep")
    if not swept:
        return None
    tried: dict[int, list[Sample]] = {}
    for one in (*swept, *of.sound):
        tried.setdefault(one.concurrency, []).append(one)
    speeds = {limit: median(one.pages_per_s for one in samples) for limit, samples in tried.items()}
    best = max(speeds, key=speeds.__getitem__)
    return best, speeds[best]
