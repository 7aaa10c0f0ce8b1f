"""What charts are given: the samples that count, gathered from all there are."""

from statistics import median

import msgspec
import pytest

from crawler.compare.arms import SHARDS
from crawler.compare.judgement import WorkJudgement
from crawler.compare.report import measures
from crawler.compare.result import Percentiles, Result, Span
from tests.compare.examples import example, result, sample, samples, work
from tests.compare.judgements import judgement


def made() -> tuple[Result, WorkJudgement]:
    taken = [
        *samples("io", "async+processes", 3, seed=1),
        *samples("io", "async+inline", 3, seed=2),
        *samples("io", "async+inline", 2, seed=3, role="warm-up"),
        *samples("io", "async+processes", 2, seed=4, role="control"),
        *samples("cpu", "async+inline", 4, seed=5),
    ]
    whole = result(("io",), taken[::-1])
    return whole, judgement(whole).works[0]


def test_only_measured_samples_count() -> None:
    whole, _ = made()
    assert {arm: len(of) for arm, of in measures.measured(whole, "io").items()} == {
        "async+inline": 3,
        "async+processes": 3,
    }


def test_walls_are_in_the_order_of_rounds_and_the_twin_stands_beside_the_reference() -> None:
    whole, judged = made()
    walls = measures.walls(whole, judged, "async+processes")
    names = list(walls)
    assert names.index("async+processes again") == names.index("async+processes") + 1
    assert walls["async+inline"] == [one.wall_s for one in samples("io", "async+inline", 3, seed=2)]
    assert walls["async+processes again"] == [
        one.wall_s for one in samples("io", "async+processes", 2, seed=4, role="control")
    ]


def test_memory_is_of_the_sample_in_the_middle() -> None:
    peaks = [sample("io", peak_pss_mib=peak, uss_mib={"main": peak}) for peak in (70.0, 90.0, 50.0)]
    unknown = sample("io", "async+inline", peak_pss_mib=None)
    whole = result(("io",), [*peaks, unknown])
    found = measures.memories(whole, judgement(whole).works[0])
    assert [(one.arm, one.peak_pss_mib, one.uss_mib) for one in found] == [("async+processes", 70.0, {"main": 70.0})]
    whole = result(("io",), [sample("io", peak_pss_mib=peak) for peak in (70.0, 80.0)])
    (one,) = measures.memories(whole, judgement(whole).works[0])
    assert one.peak_pss_mib == pytest.approx(75.0), "the number of the table beside it"


def test_crawls_that_died_have_no_times_and_no_memory() -> None:
    whole = result(("hostile",), [sample("hostile"), sample("hostile", "async+inline", failure="died of signal 11")])
    judged = judgement(whole).works[0]
    assert list(measures.walls(whole, judged, "async+processes")) == ["async+processes"]
    assert [one.arm for one in measures.memories(whole, judged)] == ["async+processes"]


def test_phases_are_medians_over_samples_and_idle_ones_are_left_out() -> None:
    taken = [
        sample("io", phases={"parse": Percentiles(one, one * 2, one * 3, 99), "dns": Percentiles(0, 0, 0, 0)})
        for one in (1.0, 5.0, 2.0)
    ]
    whole = result(("io",), taken)
    found = measures.phases(whole, judgement(whole).works[0])
    assert found == {"parse": {"async+processes": Percentiles(2.0, 4.0, 6.0, 99)}}
    low, high = measures.phase_domain(found)
    assert (low < 2, high > 6) == (True, True)


def test_timelines_are_those_that_teach_most() -> None:
    shown = measures.timelines(example(count=1), "cpu")
    assert list(shown) == ["async+inline", "async+processes", f"{SHARDS}×(async+inline)"]
    lanes = {span.lane.rpartition(" ")[0] for span in shown[f"{SHARDS}×(async+inline)"]}
    assert lanes == {"fetch", "shard"}
    kept, plain = sample("io", timeline=(Span("fetch 1", "body", 0, 1),)), sample("io", "async+inline")
    strange = msgspec.structs.replace(example(count=1), samples=(plain, kept))
    assert list(measures.timelines(strange, "io")) == ["async+processes"]


def test_a_sweep_is_of_its_own_samples_and_what_failed_is_no_speed() -> None:
    swept = [
        sample("io", concurrency=level, noise=noise, role="sweep") for level in (1, 16) for noise in (1.0, 1.1, 3.0)
    ]
    failed = sample("io", concurrency=64, role="sweep", failure="it crashed")
    whole = result(("io",), [sample("io"), *swept, failed])
    found = measures.sweep_of(whole, judgement(whole).works[0])
    middle = {level: median(one.pages_per_s for one in swept if one.concurrency == level) for level in (1, 16)}
    assert found == {"async+processes": middle}


def test_the_latency_bound_is_the_sum_shared_and_at_least_the_longest() -> None:
    slow = work("io", pages=100, delays_s=8.0, longest_delay_s=0.5)
    assert measures.latency_bound(slow, (1, 8, 64)) == {1: 12.5, 8: 100.0, 64: 200.0}
    assert measures.latency_bound(work("cpu", delays_s=0.0, longest_delay_s=0.0), (1,)) == {}
