"""A crossover judged: what made-up arms do on a ladder is found again and said, in all forms of the report."""

import re
from math import inf

import msgspec
import pytest

from crawler.compare.judge import exit_of, judge
from crawler.compare.judgement import Crossover, Judgement, Meeting
from crawler.compare.overtaking import told
from crawler.compare.report.charts.crossover import crossover
from crawler.compare.report.drawing import svg_of
from crawler.compare.report.markdown import comparison_markdown
from crawler.compare.report.page import report_html
from crawler.compare.report.rungs import walls_s
from crawler.compare.result import Result
from crawler.exits import Exit
from tests.compare.climbs import CPU_S, IN_FLIGHT, climb, on_cores
from tests.compare.reading import Reading

HANDING_OVER_S = 0.1
LATE = on_cores(1.9, begun_s=HANDING_OVER_S)
"""Uses two cores, but begins late: best where much is to be computed."""
ONE = on_cores(1.0)
PROCESSES, INLINE, THREADS = "async+processes", "async+inline", "threads+inline"


def found(of: Result) -> Crossover:
    judged = judge(of).crossover
    assert judged is not None
    return judged


def met(of: Result, *arms: str) -> Meeting:
    [meeting] = [one for one in found(of).meetings if set(one.arms) == set(arms)]
    return meeting


@pytest.fixture(scope="module")
def crossed() -> Result:
    return climb({PROCESSES: LATE, INLINE: ONE, THREADS: ONE})


@pytest.fixture(scope="module")
def judged(crossed: Result) -> Judgement:
    return judge(crossed)


def test_rungs_are_placed_by_what_was_computed_and_waited_for(crossed: Result) -> None:
    rungs = found(crossed).rungs
    assert [rung.work for rung in rungs[:2]] == ["wait 1s", "wait 400ms"]
    assert rungs[0].load == pytest.approx(CPU_S / 1.0)
    assert (rungs[-1].work, rungs[-1].load) == ("no wait", inf)
    assert found(crossed).one_core == 1 / IN_FLIGHT
    assert found(crossed).all_cores == 2 / IN_FLIGHT


def test_two_arms_that_overtake_each_other_cross_where_their_times_are_equal(crossed: Result) -> None:
    meeting = met(crossed, PROCESSES, INLINE)
    assert meeting.kind == "crossing"
    assert meeting.level is not None
    latencies = [0.1 + at * 1e-4 for at in range(3_000)]
    truth = CPU_S / min(latencies, key=lambda latency_s: abs(LATE(latency_s) - ONE(latency_s)))
    assert meeting.level.middle == pytest.approx(truth, rel=0.2), "straight lines between rungs are near enough"
    assert re.search(
        r"`async\+inline` and `async\+processes` cross where computing a page takes 0\.0\d+ times as long as waiting"
        r" for it \(0\.0\d+-0\.0\d+; with these pages at a latency of 1\d\d ms\): with longer waits `async\+inline`"
        r" is ahead, 1\.\d+ times \(.+\) as fast at most, with shorter ones `async\+processes`, 1\.\d+ times",
        told(meeting),
    )


def test_arms_that_do_the_same_are_alike_on_every_rung(crossed: Result) -> None:
    meeting = met(crossed, INLINE, THREADS)
    assert (meeting.kind, meeting.level) == ("alike", None)
    assert told(meeting).endswith("on no rung a difference.")


def test_that_none_was_found_to_be_faster_is_said_so() -> None:
    first, *_ = judge(climb({PROCESSES: ONE, INLINE: ONE})).verdict
    assert first.startswith("With a latency of 1 s no strategy was found to be faster than another.")


def test_arms_that_part_have_no_crossing() -> None:
    meeting = met(climb({PROCESSES: on_cores(1.9), INLINE: ONE}), PROCESSES, INLINE)
    assert meeting.kind == "parting"
    ahead = f"`{PROCESSES}` is ahead from where computing a page takes 0.06 times as long"
    assert f"No crossing found between `{PROCESSES}` and `{INLINE}`: {ahead}" in told(meeting)
    assert "elsewhere no difference was found" in told(meeting)


def test_who_leads_everywhere_is_ahead() -> None:
    meeting = met(climb({PROCESSES: LATE, INLINE: lambda latency_s: LATE(latency_s) * 0.8}), PROCESSES, INLINE)
    assert meeting.kind == "ahead"
    assert told(meeting).startswith(f"`{INLINE}` is ahead of `{PROCESSES}` on every rung, 1.25 times")


def test_a_crossing_beyond_the_last_wait_is_not_given_a_place() -> None:
    ends = climb({PROCESSES: lambda at: 2.0 if at else 1.0, INLINE: lambda at: 1.0 if at else 2.0})
    meeting = met(ends, PROCESSES, INLINE)
    assert (meeting.kind, meeting.level) == ("crossing", None)
    assert "cross beyond the last rung with a wait" in told(meeting)


def test_who_is_ahead_here_and_there_only_is_said_to_be_so() -> None:
    here = climb({PROCESSES: lambda _: 1.0, INLINE: lambda at: 0.7 if at in {1.0, 0.0} else 1.0})
    assert "`async+inline` is ahead at both ends of the ladder (1.43 times" in told(met(here, PROCESSES, INLINE))
    there = climb({PROCESSES: lambda _: 1.0, INLINE: lambda at: 0.7 if at in {0.4, 0.2} else 1.0})
    assert "only where computing a page takes 0.015 to 0.03 times as long" in told(met(there, PROCESSES, INLINE))


def test_back_and_forth_is_called_noise() -> None:
    waves = climb({PROCESSES: lambda _: 1.0, INLINE: lambda at: 1.5 if at in {0.4, 0.05} else 0.7})
    assert met(waves, PROCESSES, INLINE).kind == "unclear"


def test_the_verdict_tells_both_ends_then_what_the_reference_meets(judged: Judgement) -> None:
    first, *rest = judged.verdict
    assert first.startswith("With a latency of 1 s `async+inline` is fastest")
    assert f"With no latency `{PROCESSES}` is fastest, 1.4" in first
    assert PROCESSES in next(line for line in rest if "cross" in line)
    assert exit_of(judged) is Exit.OK
    assert not judged.overall, "a mean over rungs says nothing"


def test_without_crossings_it_is_said() -> None:
    lines = judge(climb({PROCESSES: on_cores(1.9), INLINE: ONE})).verdict
    assert "No crossing found: nowhere does one strategy lead with long waits and another with short ones." in lines


def test_a_ladder_with_too_few_samples_says_so() -> None:
    lines = judge(climb({PROCESSES: LATE, INLINE: ONE}, count=2)).verdict
    assert any(line.startswith("Too few samples to look for crossings") for line in lines)


def test_what_is_no_ladder_has_no_crossover(crossed: Result) -> None:
    assert judge(msgspec.structs.replace(crossed, is_crossover=False)).crossover is None


@pytest.mark.parametrize("is_wide", [True, False])
def test_the_chart_has_a_line_an_arm_and_says_where_cores_are_full(judged: Judgement, *, is_wide: bool) -> None:
    assert judged.crossover is not None
    drawn = Reading(svg_of(crossover(judged.crossover, walls_s(judged), is_wide=is_wide), "a chart")).text
    for word in (PROCESSES, INLINE, THREADS, "waiting", "computing", "1 core full", "2 cores full", "no wait"):
        assert word in drawn


def test_the_page_and_the_pasted_table_have_every_rung(crossed: Result, judged: Judgement) -> None:
    page = report_html(crossed, judged)
    read = Reading(page)
    assert not read.faults
    assert len(page.encode()) < 400_000
    text = " ".join(read.text.split())
    pasted = comparison_markdown(crossed, judged)
    assert "| rung | CPU ms a page | CPU by latency |" in pasted
    for rung in found(crossed).rungs:
        assert f"| {rung.work} | 6.00 |" in pasted
        assert rung.work in text
    for meeting in found(crossed).meetings:
        assert f"- {told(meeting)}" in pasted
