"""Made-up judgements of made-up results: what to draw where nothing is to be judged."""

from statistics import median, quantiles
from typing import Final

from crawler.compare.arms import ARMS
from crawler.compare.judgement import Bound, Finding, Interval, Judgement, Spread, Standing, WorkJudgement
from crawler.compare.result import Result, Sample, Work

NOISE: Final = 0.021


def judgement(result: Result, **changes: object) -> Judgement:
    """A judgement that fits the result: its numbers follow from the samples, by simple rules."""
    works = tuple(_work(result, work) for work in result.works)
    made = Judgement(
        reference=result.reference, works=works, overall=tuple((arm, 0.9) for arm in result.arms),
        verdict=("`async+processes` is 1.9 times (1.7-2.1) as fast as `threads+processes`.", "On `io` all wait."),
        overhead_ms_a_page=0.21, probe_cost=Interval(-0.01, 0.004, 0.02), warnings=("The machine was busy.",),
        limits=("The site is on the same machine.",),
    )  # fmt: skip
    return type(made)(**{name: getattr(made, name) for name in made.__struct_fields__} | changes)


def _work(result: Result, work: Work) -> WorkJudgement:
    taken: dict[str, list[Sample]] = {}
    for sample in result.samples:
        if sample.workload == work.name and sample.role == "measured":
            taken.setdefault(sample.arm, []).append(sample)
    reference_s = median(sample.wall_s for sample in taken[result.reference])
    standings = [_standing(result, work, arm, of, reference_s) for arm, of in taken.items()]
    standings.sort(key=lambda one: (one.finding in ("unranked", "disqualified"), one.lost, -one.pages_per_s))
    least_s = max(work.delays_s / result.concurrency, work.longest_delay_s)
    return WorkJudgement(
        work=work.name, noise=NOISE, control=Interval(0.98, 1.0, 1.02), standings=tuple(standings),
        bound=Bound(latency_s=least_s, politeness_s=0, cpu_s=0.1, least_s=least_s or 0.1,
                    by="latency" if least_s else "cpu", waiting_share=0.81),
        verdict=(f"`{result.reference}` does well on {work.name}.",), reference=result.reference,
    )  # fmt: skip


def _standing(result: Result, work: Work, arm: str, of: list[Sample], reference_s: float) -> Standing:
    walls = [sample.wall_s for sample in of]
    q1, middle, q3 = quantiles(walls, n=4, method="inclusive") if len(walls) > 1 else walls * 3
    speed: Interval | None = Interval(reference_s / max(walls), reference_s / middle, reference_s / min(walls))
    finding: Finding = "reference" if arm == result.reference else "no difference found"
    if speed and finding != "reference":
        finding = "faster" if speed.low > 1 + NOISE else "slower" if speed.high < 1 - NOISE else finding
    why = ""
    if arm in ARMS and not ARMS[arm].is_ranked:
        finding, why = "unranked", "its parser is another"
    if not work.is_ranked:
        finding, why, speed = "unranked", "", None
    if work.is_ranked and any(sample.words != work.words for sample in of):
        finding, why, speed = "disqualified", "it counted other words", None
    return Standing(
        arm=arm, chose=of[0].chose, finding=finding, why=why, samples=len(of), speed=speed,
        wall_s=Spread(middle, q1, q3), start_s=Spread(0.6, 0.5, 0.7), lost=median(sample.lost for sample in of),
        pages_per_s=median(sample.pages_per_s for sample in of),
        cpu_ms_a_page=median(sample.cpu_s for sample in of) / work.pages * 1000,
        cores=median(sample.cores for sample in of), peak_pss_mib=of[0].peak_pss_mib, lag_p99_ms=of[0].lag_p99_ms,
        best=(64, 1234.0),
    )  # fmt: skip
