"""A whole judgement of a whole made-up result."""

from crawler.compare.judge import exit_of, judge
from crawler.compare.judgement import Standing
from crawler.exits import Exit
from tests.compare.examples import CORES, NATURES, example


def test_every_arm_stands_on_every_workload_once() -> None:
    made = example()
    for of in judge(made).works:
        assert sorted(one.arm for one in of.standings) == sorted(made.arms)


def test_the_model_of_two_cores_is_found_again() -> None:
    found = {of.work: {one.arm: one for one in of.standings} for of in judge(example()).works}
    assert set(found) == set(NATURES)
    assert found["cpu"]["async+processes"].finding == "reference"
    for arm in ("threads+threads", "async+inline", "sequential+inline"):
        assert found["cpu"][arm].finding == "slower"
        assert 1 / CORES <= speed(found["cpu"][arm]) <= 0.6
    assert found["io"]["async+threads"].finding == "no difference found"
    assert speed(found["io"]["sequential+inline"]) < 0.1
    assert found["mixed"]["threads+threads"].finding == "disqualified"
    assert {one.finding for one in found["hostile"].values()} == {"unranked"}


def test_a_result_is_judged_the_same_each_time() -> None:
    assert judge(example(), example(seed=8)) == judge(example(), example(seed=8))


def test_the_disqualified_arm_fails_the_gate() -> None:
    assert exit_of(judge(example())) == Exit.INCOMPLETE


def speed(of: Standing) -> float:
    assert of.speed is not None
    return of.speed.middle
