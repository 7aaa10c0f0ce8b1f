"""Beside an earlier result: what became slower, what is only noise, and what cannot be compared."""

from typing import Any

import msgspec
import pytest

from crawler.compare.against import why_incomparable, why_nothing_in_common
from crawler.compare.arms import REFERENCE
from crawler.compare.judge import exit_of, judge
from crawler.compare.judgement import Judgement
from crawler.compare.result import Result
from crawler.compare.workloads import WORKLOADS
from crawler.exits import Exit
from tests.compare.cases import case, control, runs
from tests.compare.examples import MACHINE, example, like_the_lab


def took(wall_s: float, **changes: Any) -> Result:
    """The reference takes a second, another arm so long."""
    made = case(runs(REFERENCE, 1.0), control(), runs("threads+processes", wall_s))
    return msgspec.structs.replace(made, **changes)


def on(**changes: Any) -> Result:
    """On a machine that differs."""
    return took(1.0, environment=msgspec.structs.replace(MACHINE, **changes))


def then(of: Judgement, arm: str) -> float:
    found = next(one.then for one in of.works[0].standings if one.arm == arm)
    assert found is not None
    return found.middle


def test_what_takes_longer_than_before_is_a_regression() -> None:
    found = judge(took(1.5), took(1.0))
    assert len(found.regressions) == 1
    assert found.regressions[0].startswith("cpu: `threads+processes` takes 1.49 times (1.47-1.52)")
    assert found.regressions[0].endswith("as long as before")
    assert then(found, "threads+processes") == pytest.approx(1 / 1.5, rel=0.03)
    assert exit_of(found) == Exit.INCOMPLETE


def test_what_is_as_fast_as_before_is_none() -> None:
    found = judge(took(1.0), took(1.0))
    assert found.regressions == found.against == ()
    assert then(found, REFERENCE) == pytest.approx(1)
    assert exit_of(found) == Exit.OK


def test_what_is_faster_than_before_is_told_and_fails_nothing() -> None:
    found = judge(took(0.5), took(1.0))
    assert found.regressions == ()
    assert any("`threads+processes` is 2.0" in line and "as fast as before" in line for line in found.against)
    assert exit_of(found) == Exit.OK


def test_a_few_per_cent_between_two_sessions_are_no_regression() -> None:
    """The intervals lie apart, but nearer than two sessions of the same code do."""
    found = judge(took(1.045), took(1.0))
    slower = next(one.then for one in found.works[0].standings if one.arm == "threads+processes")
    assert slower is not None
    assert slower.high < 1 / (1 + found.works[0].noise)
    assert found.regressions == ()


def test_a_slowdown_within_the_noise_of_then_is_none() -> None:
    noisy = case(runs(REFERENCE, 1.0), control(1.6), runs("threads+processes", 1.0))
    assert judge(took(1.4), noisy).regressions == ()
    assert judge(took(1.4), took(1.0)).regressions != ()


def test_more_pages_lost_than_ever_before_are_a_regression() -> None:
    def lost(pages: int) -> Result:
        return case(runs(REFERENCE, 4.0, workload="hostile", lost=pages), workload="hostile")

    found = judge(lost(7), lost(0))
    assert found.regressions == (f"hostile: `{REFERENCE}` lost 7 pages at least, and 0 at most before",)
    assert exit_of(found) == Exit.INCOMPLETE
    assert judge(lost(0), lost(7)).regressions == judge(lost(7), lost(7)).regressions == ()


@pytest.mark.parametrize(
    ("what", "other"), [("cpu", "Other CPU"), ("cores", 64), ("usable_cores", 0.5), ("machine", "arm64")]
)
def test_another_machine_is_refused_by_name(what: str, other: object) -> None:
    found = judge(on(), on(**{what: other}))
    assert not found.is_comparable
    assert f"{other} then" in found.against[0]
    assert all(one.then is None for one in found.works[0].standings)
    assert exit_of(found) == Exit.INCOMPLETE


def test_the_same_machine_is_not_refused() -> None:
    assert why_incomparable(MACHINE, 32, on()) is None


@pytest.mark.parametrize(
    ("what", "other"), [("python", "3.13.1"), ("commit", "fedcba9"), ("packages", {"uvloop": "1.0"})]
)
def test_another_python_crawler_or_package_is_named_and_compared(what: str, other: object) -> None:
    found = judge(on(), on(**{what: other}))
    assert found.is_comparable
    assert any(line.startswith("Other than then: ") for line in found.against)
    assert then(found, REFERENCE) == pytest.approx(1)


def test_another_limit_of_pages_in_flight_is_refused() -> None:
    found = judge(took(1.0), took(1.0, concurrency=8))
    assert not found.is_comparable
    assert "8 pages in flight then and 32 now" in found.against[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pages": 50}, "pages 50 then, 200 now"),
        ({"latency": "lognormal:9ms"}, "latency lognormal:9ms then"),
        ({"seed": 8}, "seed 8 then, 7 now"),
        ({"words": "other words"}, "other words"),
    ],
)
def test_other_work_is_not_compared_and_the_difference_named(changes: dict[str, Any], said: str) -> None:
    now, before = took(1.5), took(1.0)
    before = msgspec.structs.replace(before, works=(msgspec.structs.replace(before.works[0], **changes),))
    found = judge(now, before)
    assert found.regressions == ()
    assert not found.is_comparable
    assert any("cpu is not compared" in line and said in line for line in found.against)


def test_a_workload_that_is_new_is_named_and_the_others_compared() -> None:
    now = example()
    before = msgspec.structs.replace(now, works=now.works[1:])
    found = judge(now, before)
    assert "io is not compared: the earlier result has no such workload." in found.against
    assert found.is_comparable


def test_an_arm_that_is_new_has_no_past() -> None:
    before = case(runs(REFERENCE, 1.0), control())
    found = judge(took(1.0), before)
    assert [one.then is None for one in found.works[0].standings if one.arm == "threads+processes"] == [True]


def test_an_arm_that_was_wrong_before_is_named_and_not_compared() -> None:
    before = took(1.0)
    wrong = [
        msgspec.structs.replace(one, words="other words") if one.arm == "threads+processes" else one
        for one in before.samples
    ]
    found = judge(took(1.5), msgspec.structs.replace(before, samples=tuple(wrong)))
    assert found.regressions == ()
    assert "cpu: not compared for want of sound samples in both: `threads+processes`." in found.against


def test_an_earlier_result_may_have_arms_of_another_version() -> None:
    before = took(1.0)
    other = msgspec.structs.replace(before.samples[0], arm="fibres+fibres")
    before = msgspec.structs.replace(before, arms=(*before.arms, "fibres+fibres"), samples=(*before.samples, other))
    assert judge(took(1.0), before).is_comparable


def test_a_gate_that_compared_no_times_does_not_open() -> None:
    """Too few samples now: whatever became of the arms, nobody has seen it."""
    few = case(runs(REFERENCE, 9.0, count=2), control(9.0, count=2))
    found = judge(few, took(1.0))
    assert not found.is_comparable
    assert exit_of(found) == Exit.INCOMPLETE


def test_work_that_has_nothing_in_common_is_known_before_it_is_measured() -> None:
    then = like_the_lab(example())
    io, cpu = WORKLOADS["io"], WORKLOADS["cpu"]
    assert why_nothing_in_common([io.resized(pages=9), cpu], [REFERENCE], then) is None
    assert why_nothing_in_common([io.resized(pages=9)], [REFERENCE], then) == "io: pages 160 then, 9 now"
    only_cpu = msgspec.structs.replace(then, works=tuple(one for one in then.works if one.name == "cpu"))
    assert why_nothing_in_common([io, cpu.resized(seed=2)], [REFERENCE], only_cpu) == (
        "io: not in it; cpu: seed 1 then, 2 now"
    )
    assert why_nothing_in_common([], [REFERENCE], then, "mine") == "mine: not in it"
    assert why_nothing_in_common([io.resized(pages=9)], [REFERENCE], then, "mixed") is None
    other = msgspec.structs.replace(then, arms=("threads+inline",))
    assert why_nothing_in_common([io], [REFERENCE], other) == "it has other strategies: threads+inline"
