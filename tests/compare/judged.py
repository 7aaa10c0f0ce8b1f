"""A made-up judgement of the made-up result, small enough to be looked for in what is printed."""

import msgspec

from crawler.compare.judgement import Bound, Finding, Interval, Judgement, Spread, Standing, WorkJudgement
from crawler.compare.result import Result, Skipped
from tests.compare.examples import result, sample

REFERENCE = "async+processes"


def standing(arm: str, finding: Finding, speed: float | None = None, **changes: object) -> Standing:
    """How an arm might have done; its interval is five hundredths wide to either side."""
    made = Standing(
        arm=arm, finding=finding, samples=8, wall_s=Spread(1.234, 1.2, 1.31), start_s=Spread(0.61, 0.6, 0.62),
        pages_per_s=324.1, cpu_ms_a_page=2.34, cores=1.87, peak_pss_mib=130.4, lag_p99_ms=1.44,
        speed=Interval(speed - 0.05, speed, speed + 0.05) if speed else None,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def judged() -> tuple[Result, Judgement]:
    """Two workloads: `cpu` has every finding, `hostile` is scored by what is lost."""
    taken = [sample("cpu"), sample("hostile")]
    measured = result(
        ("cpu", "hostile"), taken, skipped=(Skipped("async+interpreters@soup", "needs CPython 3.14"),),
        notes=("6 of 8 rounds fit into the budget",),
    )  # fmt: skip
    cpu = WorkJudgement(
        work="cpu",
        noise=0.031,
        control=Interval(0.98, 1.01, 1.03),
        bound=Bound(latency_s=0.0, politeness_s=0.0, cpu_s=0.8, least_s=0.8, by="cpu", waiting_share=0.0),
        standings=(
            standing(REFERENCE, "reference", 1.0),
            standing("threads+processes", "no difference found", 0.99),
            standing("async+processes@asyncio", "slower", 0.72),
            standing("async+processes@soup", "unranked", 0.21, why="it runs another parser"),
            standing("threads+threads", "disqualified", why="its words are wrong in 8 of 8 samples"),
        ),
        verdict=("threads+processes: no difference found.",),
        reference=REFERENCE,
    )
    hostile = WorkJudgement(
        work="hostile",
        noise=0.0,
        control=None,
        bound=Bound(latency_s=0.1, politeness_s=0.0, cpu_s=0.1, least_s=0.1, by="cpu", waiting_share=0.5),
        standings=(standing(REFERENCE, "unranked"), standing("async+inline", "unranked", lost=106.0)),
        verdict=("async+inline lost 106 pages.",),
        reference=REFERENCE,
    )
    judgement = Judgement(
        reference=REFERENCE,
        works=(cpu, hostile),
        overall=((REFERENCE, 1.0), ("threads+processes", 0.99)),
        verdict=("async+processes is as fast as any.",),
        overhead_ms_a_page=0.45,
        probe_cost=Interval(-0.004, 0.012, 0.029),
        against=("against old.json: async+processes on cpu became slower",),
        warnings=("the load was 3.1 before anything ran",),
        limits=("the site is on the same machine",),
        regressions=("cpu: async+processes became 1.3 times as slow (1.2-1.4)",),
    )
    return measured, judgement
