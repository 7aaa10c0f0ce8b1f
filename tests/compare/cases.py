"""Small results made to be one case each: a reference, and other arms that differ from it in a way one knows."""

from typing import Any

import msgspec

from crawler.compare.arms import REFERENCE
from crawler.compare.judge import judge
from crawler.compare.judgement import Standing, WorkJudgement
from crawler.compare.result import Percentiles, Result, Sample
from tests.compare.examples import result, samples, work


def runs(
    arm: str,
    wall_s: float,
    *,
    cores: float = 1.0,
    queue_ms: float = 1.0,
    count: int = 8,
    workload: str = "cpu",
    **changes: Any,
) -> list[Sample]:
    """Samples that take so long, on so many cores, with a spread of a few per cent."""
    made = samples(workload, arm, count, seed=3, seconds=wall_s, **changes)
    phases = {"queue": Percentiles(queue_ms, queue_ms * 2, queue_ms * 3, queue_ms * 4)}
    return [msgspec.structs.replace(one, cpu_s=one.wall_s * cores, phases=phases) for one in made]


def control(wall_s: float = 1.0, *, workload: str = "cpu", count: int = 8, **changes: Any) -> list[Sample]:
    """The reference against itself."""
    return runs(REFERENCE, wall_s, workload=workload, count=count, role="control", **changes)


def case(*taken: list[Sample], workload: str = "cpu", **changes: Any) -> Result:
    """A result of one workload; `changes` are fields of that workload."""
    made = result((workload,), [one for some in taken for one in some])
    return msgspec.structs.replace(made, works=(work(workload, **changes),))


def judged(of: Result) -> WorkJudgement:
    """The judgement of its only workload."""
    (found,) = judge(of).works
    return found


def standing(of: Result, arm: str) -> Standing:
    """How that arm did there."""
    return next(one for one in judged(of).standings if one.arm == arm)


def sentence(of: Result, *words: str) -> str:
    """The one sentence of the verdict that has all these words."""
    (found,) = [line for line in judged(of).verdict if all(word in line for word in words)]
    return found
