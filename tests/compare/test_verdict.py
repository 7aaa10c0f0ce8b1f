"""The verdict's words, each from results built to be that case; and none that the figures do not carry."""

import re
from typing import Any

import msgspec
import pytest

from crawler.compare.arms import REFERENCE, SHARDS
from crawler.compare.judge import judge
from crawler.compare.result import Result
from tests.compare.cases import case, control, judged, runs, sentence, standing
from tests.compare.examples import example, samples


def against_reference(
    arm: str, wall_s: float, *, other: dict[str, Any], reference: dict[str, Any], **work: Any
) -> Result:
    """The reference takes a second; what else is told of both."""
    workload = work.pop("workload", "cpu")
    return case(
        runs(REFERENCE, 1.0, workload=workload, **reference),
        control(workload=workload, **reference),
        runs(arm, wall_s, workload=workload, **other),
        workload=workload,
        **work,
    )


def why(of: Result) -> str:
    """The clause that gives the reason."""
    return sentence(of, "as fast as").partition("on this work, ")[2]


def test_threads_on_one_core_are_slower_for_the_gil() -> None:
    of = against_reference("threads+threads", 1.9, other={"cores": 1.0}, reference={"cores": 1.9})
    assert why(of) == (
        "because its work runs on 1.9 cores, and that of `threads+threads` on 1.0 "
        "(the GIL: one thread of a process computes at a time)."
    )


def test_without_a_gil_it_is_not_the_gil() -> None:
    of = against_reference("threads+threads", 1.9, other={"cores": 1.0}, reference={"cores": 1.9})
    of = msgspec.structs.replace(of, environment=msgspec.structs.replace(of.environment, gil=False))
    assert "GIL" not in why(of)
    assert "on 1.0." in why(of)


def test_inline_on_one_core_is_slower_for_its_one_thread() -> None:
    of = against_reference("async+inline", 1.9, other={"cores": 1.0}, reference={"cores": 1.9})
    assert "GIL" not in why(of)
    assert "(one thread does all the analysis)" in why(of)


def test_more_cpu_a_page_is_a_reason() -> None:
    of = against_reference("threads+processes", 2.0, other={"cores": 1.9}, reference={"cores": 1.9})
    assert why(of) == "because it spends 9.8 ms of CPU on a page, and `threads+processes` 19.3 ms."


def test_shards_that_take_less_cpu_a_page_move_no_bodies() -> None:
    of = against_reference("2×(async+inline)", 0.6, other={"cores": 1.9}, reference={"cores": 1.9})
    assert why(of).startswith(
        "because it spends 5.8 ms of CPU on a page, and `async+processes` 9.8 ms (a shard analyses"
    )


def test_shards_that_take_more_cpu_a_page_than_one_process_pack_their_visits() -> None:
    one = "async+inline"
    of = case(
        runs(one, 1.0, cores=0.9), runs(one, 1.0, cores=0.9, role="control"), runs("2×(async+inline)", 2.0, cores=0.9)
    )
    of = msgspec.structs.replace(of, reference=one)
    assert "(each visit is packed in its shard and unpacked in the main process)" in why(of)


@pytest.mark.parametrize(
    ("wall_s", "said"),
    [
        (
            1.1,
            "chose `2×(async+inline)`, and takes 1.10 times (1.07-1.13) as long as the best, `threads+processes`",
        ),
        (
            1.3,
            "chose `2×(async+inline)`, and takes 1.30 times (1.28-1.32) as long as the best, `threads+processes`",
        ),
        (0.9, "chose `2×(async+inline)`, and no other strategy is faster."),
    ],
)
def test_what_the_crawler_chose_is_told_and_how_far_behind_the_best_it_is(wall_s: float, said: str) -> None:
    of = case(
        runs(REFERENCE, 1.2),
        control(1.2),
        runs("threads+processes", 1.0),
        runs("auto", wall_s, chose="2×(async+inline)"),
    )
    told = sentence(of, "`auto` chose")
    assert said.partition(" (")[0] in told
    may = {
        1.1: ", within the 15 % that it may be behind.",
        1.3: ", more than the 15 % that it may be behind.",
    }
    assert told.endswith(may.get(wall_s, "no other strategy is faster."))
    assert standing(of, "auto").chose == "2×(async+inline)"
    [overall] = [line for line in judge(of).verdict if line.startswith("`auto` is")]
    assert overall.endswith(may.get(wall_s, " is behind no other strategy."))


def test_how_far_behind_it_is_is_the_same_figure_wherever_it_is_told() -> None:
    best, auto = runs(REFERENCE, 1.0, count=11), runs("auto", 1.0, count=11)
    walls_s = [(1.0, 1.9)] * 5 + [(1.0, 1.1)] + [(2.0, 2.2)] * 5  # by round 1.1 times as long, by medians 1.9 times
    pairs = [
        (msgspec.structs.replace(one, wall_s=wall_s), msgspec.structs.replace(other, wall_s=its_s))
        for one, other, (wall_s, its_s) in zip(best, auto, walls_s, strict=True)
    ]
    of = case([one for one, _ in pairs], control(count=11), [other for _, other in pairs])
    assert "takes 1.10 times (1.10-1.90) as long as the best" in sentence(of, "`auto` chose")
    [overall] = [line for line in judge(of).verdict if line.startswith("`auto` is")]
    assert overall == (
        "`auto` is up to 10 % behind the best strategy (on cpu, where it takes 1.10 times (1.10-1.90) as long),"
        " which may be within the 15 % that it may be behind, or more."
    )


def test_pages_that_were_fetched_again_are_told_where_none_was_lost() -> None:
    made = example(count=3)
    shards = f"{SHARDS}×(async+inline)"
    [lines] = [of.verdict for of in judge(made).works if of.work == "hostile"]
    [none_lost] = [line for line in lines if "lost none" in line]
    assert f"`{shards}`" in none_lost
    assert f"`{shards}` fetched 19 pages again, since bad ones had taken their shards along." in lines


def test_two_reasons_are_both_told() -> None:
    of = against_reference("threads+threads", 4.0, other={"cores": 1.0}, reference={"cores": 2.0})
    assert "of CPU on a page" in why(of)
    assert "and because its work runs on 2.0 cores" in why(of)


def test_one_page_at_a_time_is_a_reason_where_pages_take_their_time() -> None:
    of = against_reference(
        "sequential+inline", 30.0, other={"cores": 0.02}, reference={"cores": 0.6}, workload="io", delays_s=28.0
    )
    assert why(of) == (
        "because it has up to 32 pages in flight, and `sequential+inline` one at a time: "
        "the site's delays add up to 28 s."
    )


def test_one_page_at_a_time_is_no_reason_where_pages_come_at_once() -> None:
    of = against_reference("sequential+inline", 2.0, other={"cores": 1.0}, reference={"cores": 2.0}, delays_s=0.0)
    assert "one at a time" not in why(of)
    assert "one thread" in why(of)


def test_a_late_loop_is_told_with_its_figures() -> None:
    of = against_reference(
        "async+threads",
        2.0,
        other={"cores": 0.5, "lag_p99_ms": 90.0},
        reference={"cores": 1.0, "lag_p99_ms": 2.0},
    )
    assert why(of) == "because its event loop is 2 ms late (p99), and that of `async+threads` 90 ms."


def test_a_long_queue_is_told_with_its_figures() -> None:
    of = against_reference(
        "async+threads", 2.0, other={"cores": 0.5, "queue_ms": 400.0}, reference={"cores": 1.0, "queue_ms": 10.0}
    )
    assert why(of) == "because its pages wait 10 ms for a worker (median), and those of `async+threads` 400 ms."


def test_idle_cores_alone_are_told_without_a_cause() -> None:
    of = against_reference("async+threads", 2.0, other={"cores": 0.5}, reference={"cores": 1.0})
    assert why(of) == "because it keeps 1.00 cores at work, and `async+threads` 0.50."


def test_cores_that_are_busier_with_more_work_are_no_reason() -> None:
    """Where both mostly wait, and moving pages to processes costs CPU: it is not for that that they are faster."""
    of = against_reference("async+threads", 1.1, other={"cores": 0.25}, reference={"cores": 0.43})
    assert why(of) == "and the figures do not say why."


def test_without_figures_of_cpu_no_reason_is_given() -> None:
    of = against_reference("async+threads", 2.0, other={"cores": 0.0}, reference={"cores": 0.0})
    assert why(of) == "and the figures do not say why."


def test_a_factor_that_chance_explains_is_no_reason() -> None:
    """Cores so scattered that their medians prove nothing."""
    of = against_reference("async+threads", 2.0, other={"cores": 1.0}, reference={"cores": 1.0})
    cores = [0.1, 0.1, 0.5, 1, 1, 2, 9, 9]
    scattered = [msgspec.structs.replace(one, cpu_s=one.wall_s * cores[one.round - 1]) for one in of.samples]
    assert why(msgspec.structs.replace(of, samples=tuple(scattered))) == "and the figures do not say why."


def test_a_faster_arm_is_the_one_that_is_said_to_be_faster() -> None:
    of = against_reference("threads+processes", 0.5, other={"cores": 1.9}, reference={"cores": 0.95})
    told = sentence(of, "as fast")
    assert told.startswith("`threads+processes` is 2.0")
    assert f"as `{REFERENCE}` on this work, because" in told


def test_arms_that_are_slower_for_one_reason_share_a_sentence() -> None:
    slow = [runs(arm, 1.9, cores=1.0) for arm in ("async+inline", "threads+inline", "async+inline@asyncio")]
    of = case(runs(REFERENCE, 1.0, cores=1.9), control(), runs("threads+threads", 1.9, cores=1.0), *slow)
    told = sentence(of, "one thread does all")
    assert all(f"`{arm}`" in told for arm in ("async+inline", "threads+inline", "async+inline@asyncio"))
    assert "`threads+threads`" not in told
    assert "theirs on 1.0" in told


def test_waiting_for_the_site_is_told_where_the_fastest_arm_is_at_the_bound() -> None:
    arms = [runs(arm, 1.05, cores=0.19, workload="io") for arm in ("async+threads", "threads+threads")]
    of = case(
        runs(REFERENCE, 1.05, cores=0.19, workload="io"), control(1.05, workload="io"), *arms, workload="io",
        delays_s=32.0, longest_delay_s=0.4,
    )  # fmt: skip
    told = sentence(of, "waiting")
    assert told.startswith("81 % of the time is spent waiting: no strategy will help")
    assert "the site's delays allow no less than 1.0 s" in told
    assert told.endswith("More than 32 pages in flight would.")


def test_more_pages_in_flight_do_not_help_against_one_long_delay() -> None:
    arms = runs(REFERENCE, 1.05, cores=0.19, workload="io"), control(1.05, workload="io")
    told = sentence(case(*arms, workload="io", delays_s=5.0, longest_delay_s=1.0), "waiting")
    assert told.endswith("Nor will more pages in flight: it is the longest single delay.")


def test_politeness_is_told_where_it_is_the_bound() -> None:
    arms = runs(REFERENCE, 10.2, cores=0.02, workload="io"), control(10.2, workload="io")
    told = sentence(case(*arms, workload="io", politeness_s=10.0), "no strategy will help")
    assert told.startswith("98 % of the time is spent waiting")
    assert "politeness allows no less than 10 s" in told


def test_nobody_is_told_that_no_strategy_helps_far_from_the_bound() -> None:
    of = case(
        runs(REFERENCE, 4.0, cores=0.2, workload="io"), control(4.0, workload="io"), workload="io", delays_s=32.0
    )
    assert not any("no strategy" in line.lower() for line in judged(of).verdict)
    assert sentence(of, "at best") == (
        f"The fastest arm, `{REFERENCE}`, takes 4.1 s, 4.1 times what the site's delays allow at best (1.0 s), "
        "and spends 80 % of it waiting."
    )


def test_cores_that_are_idle_do_not_wait_for_a_site_that_answers_at_once() -> None:
    of = case(runs(REFERENCE, 1.0, cores=0.5), control(), runs("async+inline", 5.0, cores=0.01), delays_s=0.0)
    assert "waiting" not in sentence(of, "The fastest arm")
    assert "in 50 % of it nothing computes" in sentence(of, "The fastest arm")


def test_computing_is_told_where_the_cores_are_busy() -> None:
    of = case(runs(REFERENCE, 1.0, cores=1.95), control())
    assert "keeps 1.9 of 2 cores busy" in sentence(of, "Computing sets the pace")


def test_memory_is_told_where_speed_costs_much_of_it() -> None:
    rich: dict[str, Any] = {"peak_pss_mib": 300.0}
    of = case(runs(REFERENCE, 1.0, **rich), control(), runs("async+inline", 2.0, peak_pss_mib=60.0))
    assert sentence(of, "MiB") == f"`{REFERENCE}` peaks at 300 MiB of memory, and `async+inline` at 60."
    same = case(runs(REFERENCE, 1.0, **rich), control(), runs("async+inline", 2.0, **rich))
    assert not any("MiB" in line for line in judged(same).verdict)


def test_hostile_pages_are_scored_by_those_that_are_lost() -> None:
    died: dict[str, Any] = {"failure": "died of signal 11 (SIGSEGV)", "words": ""}
    of = case(
        runs(REFERENCE, 4.0, workload="hostile", lost=0),
        runs("async+inline", 0.1, workload="hostile", lost=118, **died),
        runs("async+threads", 0.1, workload="hostile", lost=120, **died),
        workload="hostile",
    )
    found = judged(of)
    assert [one.arm for one in found.standings] == [REFERENCE, "async+inline", "async+threads"]
    assert found.verdict == (
        f"`{REFERENCE}` lost none of 120 innocent pages.",
        "`async+inline` and `async+threads` lost 118 to 120 of 120 innocent pages: died of signal 11 (SIGSEGV).",
    )
    assert f"On hostile, only `{REFERENCE}` loses no innocent page." in judge(of).verdict


def test_who_loses_pages_in_one_sample_of_many_is_not_said_to_lose_none() -> None:
    steady, unlucky = (runs(arm, 4.0, workload="hostile") for arm in (REFERENCE, "threads+processes"))
    unlucky[2] = msgspec.structs.replace(unlucky[2], lost=7)
    of = case(steady, unlucky, workload="hostile")
    assert judged(of).verdict == (
        f"`{REFERENCE}` lost none of 120 innocent pages.",
        "`threads+processes` lost 0 to 7 of 120 innocent pages.",
    )
    assert f"On hostile, only `{REFERENCE}` loses no innocent page." in judge(of).verdict


def test_over_all_workloads_the_geometric_mean_decides() -> None:
    made = example()
    found = judge(made)
    speeds = dict(found.overall)
    each = [
        next(one.speed.middle for one in of.standings if one.arm == "async+inline" and one.speed)
        for of in found.works
        if of.work != "hostile"
    ]
    assert speeds["async+inline"] == pytest.approx((each[0] * each[1] * each[2]) ** (1 / 3))
    assert list(speeds.values()) == sorted(speeds.values(), reverse=True)
    assert "threads+threads" not in speeds
    assert "async+processes@soup" not in speeds
    assert found.verdict[0] == f"No arm is found to be faster than `{REFERENCE}`, over io, cpu and mixed together."
    assert found.verdict[1].startswith(f"`{REFERENCE}` is 1.50 times (1.48-1.52) as fast as `async+inline` and ")
    same = ("async+processes@asyncio", "threads+processes", f"{SHARDS}×(async+inline)", f"{SHARDS}×(threads+inline)")
    assert found.verdict[2].startswith(f"No difference found between `{REFERENCE}` and each of ")
    assert all(f"`{arm}`" in found.verdict[2] for arm in same)
    assert "Disqualified, because words are wrong: `threads+threads`." in found.verdict


def test_the_fastest_is_named_first() -> None:
    made = example()
    arms = {REFERENCE, "async+inline", "async+threads", "sequential+inline"}
    few = msgspec.structs.replace(made, samples=tuple(one for one in made.samples if one.arm in arms))
    assert judge(few).verdict[0] == f"`{REFERENCE}` is the fastest, over io, cpu and mixed together."
    alone = tuple(one for one in few.samples if one.role != "control")
    other = msgspec.structs.replace(few, reference="sequential+inline", samples=alone)
    first, rest, *_ = judge(other).verdict
    assert re.fullmatch(
        rf"`{re.escape(REFERENCE)}` is .+ times \(.+\) as fast as `sequential\+inline`, over .+\.", first
    )
    assert re.fullmatch(r"So are `async\+inline`, .+ times \(.+\) and `async\+threads`, .+ times \(.+\)\.", rest)


def test_there_is_no_mean_of_speeds_that_have_other_references() -> None:
    made = example()
    wrong = [
        msgspec.structs.replace(one, words="other words") if (one.workload, one.arm) == ("cpu", REFERENCE) else one
        for one in made.samples
    ]
    found = judge(msgspec.structs.replace(made, samples=tuple(wrong)))
    assert [of.reference == REFERENCE for of in found.works if of.work != "hostile"] == [True, False, True]
    assert found.overall == ()


def test_of_one_workload_the_verdict_is_its_own() -> None:
    of = against_reference("threads+threads", 1.9, other={"cores": 1.0}, reference={"cores": 1.9})
    assert judge(of).overall == ()
    assert judge(of).verdict == judged(of).verdict[:1]


def test_no_claim_is_made_where_no_sample_is() -> None:
    found = judge(case([], []))
    assert found.works[0].standings == ()
    assert not any("as fast as" in line for line in found.works[0].verdict)


def test_what_the_lab_itself_costs_is_told() -> None:
    made = example()
    found = judge(made)
    assert found.overhead_ms_a_page == pytest.approx(0.09 / 400 * 1000, rel=0.1)
    assert found.probe_cost is not None
    assert found.probe_cost.low < 0 < found.probe_cost.high
    without = tuple(one for one in made.samples if one.role not in {"canned", "unprobed"})
    bare = judge(msgspec.structs.replace(made, samples=without))
    assert bare.overhead_ms_a_page is None
    assert bare.probe_cost is None


def test_probes_that_cost_something_are_found() -> None:
    probed, bare = samples("cpu", REFERENCE, 8, 1), samples("cpu", REFERENCE, 8, 1, role="unprobed")
    slow = [msgspec.structs.replace(one, wall_s=one.wall_s * 1.3) for one in probed]
    cost = judge(case(slow, bare)).probe_cost
    assert cost is not None
    assert cost.low < 0.3 < cost.high
    assert cost.low > 0.2
