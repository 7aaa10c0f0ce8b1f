"""Who is compared with whom, what counts as a difference, and who is left out by name."""

import msgspec
import pytest

from crawler.compare.arms import REFERENCE
from crawler.compare.judge import exit_of, judge
from crawler.compare.result import Role, Sample
from crawler.exits import Exit
from tests.compare.cases import case, control, judged, runs, sentence, standing
from tests.compare.examples import example


def miscounted(taken: list[Sample], at: int = 0) -> list[Sample]:
    return [
        msgspec.structs.replace(one, words="other words") if each == at else one for each, one in enumerate(taken)
    ]


def failed(taken: list[Sample], count: int) -> list[Sample]:
    how = "died of signal 11 (SIGSEGV)"
    return [
        msgspec.structs.replace(one, failure=how, words="", lost=one.pages) if each < count else one
        for each, one in enumerate(taken)
    ]


def test_an_arm_that_takes_half_the_time_is_twice_as_fast() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("threads+processes", 0.5), runs("async+threads", 2.0))
    found = standing(of, "threads+processes")
    assert found.finding == "faster"
    assert found.speed is not None
    assert found.speed.low < 2 < found.speed.high
    assert standing(of, "async+threads").finding == "slower"
    assert [one.arm for one in judged(of).standings] == ["threads+processes", REFERENCE, "async+threads"]


def test_identical_arms_do_not_differ() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("threads+processes", 1.0))
    assert standing(of, "threads+processes").finding == "no difference found"
    assert "`threads+processes`" in sentence(of, "No difference found between")
    assert not any("as fast as" in line for line in judged(of).verdict)


def test_a_difference_within_the_noise_floor_is_none() -> None:
    """The interval excludes 1, but the reference differed from itself by more."""
    arms = runs(REFERENCE, 1.0), runs("threads+processes", 1.1)
    assert standing(case(*arms, control(1.0)), "threads+processes").finding == "slower"
    noisy = case(*arms, control(1.2))
    assert judged(noisy).noise == pytest.approx(0.2, abs=0.03)
    assert standing(noisy, "threads+processes").finding == "no difference found"


def test_a_reference_slower_than_itself_is_as_noisy_as_one_that_is_faster() -> None:
    slower, faster = (judged(case(runs(REFERENCE, 1.0), control(wall_s))) for wall_s in (1.25, 0.8))
    assert slower.noise == pytest.approx(faster.noise, abs=0.05)
    assert min(slower.noise, faster.noise) > 0.15


def test_without_a_control_there_is_no_noise_floor_and_a_warning() -> None:
    of = case(runs(REFERENCE, 1.0), runs("async+threads", 2.0))
    assert judged(of).control is None
    assert standing(of, "async+threads").finding == "slower"
    assert any("no noise floor" in line for line in judge(of).warnings)


@pytest.mark.parametrize("role", ["measured", "warm-up", "sweep", "unprobed"])
def test_an_arm_that_miscounts_once_is_disqualified_by_name(role: Role) -> None:
    wrong = miscounted(runs("async+threads", 0.5, count=1, role=role))
    of = case(runs(REFERENCE, 1.0), control(), runs("async+threads", 0.5), wrong)
    found = standing(of, "async+threads")
    assert found.finding == "disqualified"
    assert found.speed is None
    assert "in 1 of 9 samples" in sentence(of, "`async+threads` is disqualified")
    assert exit_of(judge(of)) == Exit.INCOMPLETE


def test_pages_lost_on_the_way_disqualify_and_are_named() -> None:
    wrong = [msgspec.structs.replace(one, lost=3) for one in miscounted(runs("async+threads", 0.5))[:1]]
    of = case(runs(REFERENCE, 1.0), control(), wrong, runs("async+threads", 0.5))
    assert "3 of 200 pages lost" in standing(of, "async+threads").why


def test_what_the_canned_fetcher_counts_disqualifies_nobody() -> None:
    canned = runs(REFERENCE, 0.1, role="canned", words="words of canned pages")
    assert standing(case(runs(REFERENCE, 1.0), control(), canned), REFERENCE).finding == "reference"


def test_the_next_sound_arm_stands_in_for_a_disqualified_reference() -> None:
    of = case(miscounted(runs(REFERENCE, 1.0)), control(), runs("async+inline", 2.0), runs("threads+processes", 1.0))
    assert judged(of).reference == "async+inline"
    assert standing(of, REFERENCE).finding == "disqualified"
    assert standing(of, "threads+processes").finding == "faster"
    told = sentence(of, f"The reference `{REFERENCE}` is out")
    assert "its words are not those of the site in 1 of 16 samples" in told
    assert "compared with `async+inline`" in told
    assert exit_of(judge(of)) == Exit.INCOMPLETE
    assert judge(of).overall == ()


def test_with_nobody_right_there_is_nothing_to_compare() -> None:
    of = case(miscounted(runs(REFERENCE, 1.0)), miscounted(runs("async+threads", 1.0)))
    assert judged(of).reference == ""
    assert "nothing to compare with" in sentence(of, "is out")
    assert {one.finding for one in judged(of).standings} == {"disqualified"}


def test_an_arm_that_fails_as_a_rule_is_out_with_its_failure() -> None:
    of = case(runs(REFERENCE, 1.0), control(), failed(runs("async+inline", 0.1), 4))
    found = standing(of, "async+inline")
    assert (found.finding, found.speed, found.samples) == ("failed", None, 4)
    assert "failed in 4 of 8 samples: died of signal 11 (SIGSEGV)" in sentence(of, "`async+inline`")
    assert exit_of(judge(of)) == Exit.INCOMPLETE


def test_an_arm_that_fails_once_is_compared_and_the_failure_told() -> None:
    of = case(runs(REFERENCE, 1.0), control(), failed(runs("async+inline", 2.0), 1))
    found = standing(of, "async+inline")
    assert (found.finding, found.samples) == ("slower", 7)
    assert "failed in 1 of 8 samples" in sentence(of, "its times are those of the rest")
    assert exit_of(judge(of)) == Exit.OK


def test_nothing_is_said_of_two_samples() -> None:
    of = case(runs(REFERENCE, 1.0), control(), runs("async+inline", 9.0, count=2))
    assert standing(of, "async+inline").finding == "too few samples"
    assert "`async+inline`" in sentence(of, "Too few samples")
    assert not any("as fast as" in line for line in judged(of).verdict)
    assert exit_of(judge(of)) == Exit.OK


def test_of_two_samples_each_nothing_is_compared() -> None:
    of = case(runs(REFERENCE, 1.0, count=2), control(count=2), runs("async+inline", 9.0, count=2))
    assert judged(of).verdict == ("Too few samples to compare anything: it takes 3 of each arm, and more time.",)


def test_another_parser_is_not_ranked_and_compared_with_its_like() -> None:
    of = case(
        runs(REFERENCE, 1.0), control(), runs("async+processes@soup", 8.0), runs("async+interpreters@soup", 4.0)
    )
    for arm in ("async+processes@soup", "async+interpreters@soup"):
        assert standing(of, arm).finding == "unranked"
    assert judged(of).standings[0].arm == REFERENCE
    told = sentence(of, "Beside the ranking")
    assert told.startswith("Beside the ranking, `async+interpreters@soup` is 1.9")
    assert not any("soup" in line for line in judged(of).verdict if line != told)


def test_soup_that_miscounts_is_not_ranked_and_fails_no_gate() -> None:
    of = case(runs(REFERENCE, 1.0), control(), miscounted(runs("async+processes@soup", 8.0)))
    assert standing(of, "async+processes@soup").finding == "unranked"
    assert "words are not those" in standing(of, "async+processes@soup").why
    assert exit_of(judge(of)) == Exit.OK


def test_an_arm_of_another_version_is_passed_over() -> None:
    of = case(runs(REFERENCE, 1.0), control())
    other = msgspec.structs.replace(of.samples[0], arm="fibres+fibres")
    of = msgspec.structs.replace(of, arms=(*of.arms, "fibres+fibres"), samples=(*of.samples, other))
    assert [one.arm for one in judged(of).standings] == [REFERENCE]


def test_what_was_not_measured_is_none_and_not_nothing() -> None:
    bare = runs(REFERENCE, 1.0, peak_pss_mib=None, lag_p99_ms=None, site_cpu_s=None)
    found = standing(case(bare), REFERENCE)
    assert found.peak_pss_mib is None
    assert found.lag_p99_ms is None


def test_each_arm_has_its_best_concurrency() -> None:
    swept = [runs(REFERENCE, 1 / limit, count=3, role="sweep", concurrency=limit) for limit in (1, 4, 2)]
    best = standing(case(runs(REFERENCE, 1.0), control(), *swept), REFERENCE).best
    assert best is not None
    assert best[0] == 4
    assert best[1] == pytest.approx(200 / 0.25, rel=0.1)
    assert standing(case(runs(REFERENCE, 1.0)), REFERENCE).best is None


def test_the_best_of_few_samples_ranks_nobody() -> None:
    def swept(count: int) -> list[str]:
        others = [runs(arm, wall_s, count=count, role="sweep", concurrency=64)
                  for arm, wall_s in ((REFERENCE, 0.5), ("threads+processes", 0.9))]  # fmt: skip
        of = case(runs(REFERENCE, 1.0), control(), runs("threads+processes", 1.0), *others)
        return [line for line in judged(of).verdict if line.startswith("Each at its best")]

    assert "with 2 samples each that ranks nobody" in swept(2)[0]
    assert "1.81 times" in swept(4)[0]


def test_a_result_in_which_nothing_came_to_an_end_fetched_nothing() -> None:
    of = case(failed(runs(REFERENCE, 1.0), 8), failed(runs("async+inline", 1.0), 8))
    assert exit_of(judge(of)) == Exit.NOTHING_FETCHED


def test_a_sound_comparison_passes_the_gate() -> None:
    made = example()
    right = [one for one in made.samples if one.words != "other words"]
    assert exit_of(judge(msgspec.structs.replace(made, samples=tuple(right)))) == Exit.OK
