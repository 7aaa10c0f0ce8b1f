"""One sample, with the real site, real sockets and real processes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from crawler.compare import contestant
from crawler.compare.arms import find_arm
from crawler.compare.heart import timed
from crawler.compare.result import PHASES, Span
from crawler.compare.sampling import run_trial
from crawler.compare.trial import Trial
from crawler.compare.workloads import WORKLOADS, Served, served
from crawler.model import Analysis, Page
from crawler.settings import AnalyzeSettings
from tests.compare.contestants import patient

SHARDED = "2×(threads+inline)"
PAGES = 24
IN_FLIGHT = 6


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workload = WORKLOADS["mixed"].resized(pages=PAGES, latency="fixed:20ms")
    with served(workload, tmp_path_factory.mktemp("mixed")) as work:
        yield work


@pytest.fixture(scope="module")
def crashing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workload = replace(WORKLOADS["hostile"].resized(pages=PAGES), hazards=(2, 0, 0))
    with served(workload, tmp_path_factory.mktemp("crashing")) as work:
        yield work


@pytest.fixture(scope="module")
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workload = replace(WORKLOADS["hostile"].resized(pages=PAGES), hazards=(0, 1, 0))
    with served(workload, tmp_path_factory.mktemp("hanging")) as work:
        yield work


def a_trial(work: Served, arm: str, **more: Any) -> Trial:
    said = Trial(
        workload=work.work.name,
        arm=arm,
        role="measured",
        round=1,
        concurrency=IN_FLIGHT,
        seeds=str(work.seeds),
        expected=work.work.pages,
        connect_to=work.connect_to,
        deadline_s=60.0,
        site_pid=work.site_pid,
        has_hazards=not work.work.is_ranked,
        contestant=contestant.__name__ if work.work.is_ranked else patient.__name__,
    )
    return structs.replace(said, **more)


def test_a_sample_is_measured_whole(mixed: Served) -> None:
    sample = run_trial(a_trial(mixed, "async+processes", keeps_timeline=True))
    assert (sample.failure, sample.lost, sample.pages) == ("", 0, PAGES)
    assert sample.words == mixed.work.words
    assert sample.start_s > 0.05, "a Python has to start"
    assert sample.wall_s > 0.02 * PAGES / IN_FLIGHT, "what latency and the limit allow"
    assert sample.total_cpu_s is not None and 0 < sample.cpu_s < sample.total_cpu_s
    assert sample.site_cpu_s is not None and 0 < sample.site_cpu_s < sample.wall_s
    assert sample.peak_pss_mib is not None and sample.peak_pss_mib > 20
    assert {"main", "fork server", "resource tracker", "worker 1"} <= set(sample.uss_mib)
    assert sum(sample.uss_mib.values()) < sample.peak_pss_mib, "what is shared is counted in PSS only"
    assert sample.voluntary_switches and sample.involuntary_switches is not None
    assert sample.lag_p99_ms is not None and sample.lag_max_ms is not None
    assert sample.lag_p99_ms <= sample.lag_max_ms
    assert tuple(sample.phases) == PHASES
    assert sample.phases["first byte"].p50_ms > 18, "the site's latency, by a clock of whole milliseconds"
    assert all(sample.phases[name].p50_ms > 0 for name in ("decode", "parse", "count", "queue", "body"))


@pytest.mark.parametrize("arm", ["async+processes", "threads+threads", "sequential+inline", SHARDED])
def test_nobody_does_two_things_at_once(mixed: Served, arm: str) -> None:
    sample = run_trial(a_trial(mixed, arm, keeps_timeline=True))
    assert sample.words == mixed.work.words
    lanes = {
        lane: sorted(spans, key=start_of)
        for lane, spans in groupby(sorted(sample.timeline, key=lambda span: span.lane), lambda span: span.lane)
    }
    for spans in lanes.values():
        assert all(before.end_s <= after.start_s + 1e-4 for before, after in pairwise(spans))
        assert spans[0].start_s >= -1e-4
        assert spans[-1].end_s <= sample.wall_s
    limit = 1 if arm.startswith("sequential") else IN_FLIGHT
    fetching = sum(lane.startswith("fetch") for lane in lanes)
    assert 1 <= fetching <= limit, "all of them unless a busy machine begins with some when others have ended"
    workers = sum(lane.startswith("shard" if arm == SHARDED else "worker") for lane in lanes)
    assert len(lanes) == fetching + workers
    assert 1 <= workers <= (1 if arm.endswith("inline") else max(2, AnalyzeSettings().worker_count))


@pytest.mark.parametrize("arm", ["async+inline@asyncio", "async+threads", "threads+processes"])
def test_other_arms_find_the_same_words(mixed: Served, arm: str) -> None:
    sample = run_trial(a_trial(mixed, arm))
    assert (sample.failure, sample.words, sample.timeline) == ("", mixed.work.words, ())


def test_an_arm_that_chooses_says_what_it_chose(mixed: Served) -> None:
    sample = run_trial(a_trial(mixed, "auto"))
    assert (sample.failure, sample.words) == ("", mixed.work.words)
    assert find_arm(sample.chose) is not None


def test_without_probes_there_is_the_time_and_no_more(mixed: Served) -> None:
    sample = run_trial(a_trial(mixed, "async+processes", role="unprobed", has_probes=False, keeps_timeline=True))
    assert (sample.failure, sample.words) == ("", mixed.work.words)
    assert sample.wall_s > 0 and sample.cpu_s > 0
    assert (sample.phases, sample.timeline, sample.uss_mib) == ({}, (), {})
    assert (sample.lag_p99_ms, sample.lag_max_ms, sample.peak_pss_mib) == (None, None, None)


def test_a_canned_crawl_fetches_nothing(mixed: Served) -> None:
    nowhere = (".crawler.test::127.0.0.1:1",)
    sample = run_trial(a_trial(mixed, "async+processes", role="canned", is_canned=True, connect_to=nowhere))
    assert (sample.failure, sample.lost) == ("", 0)
    assert sample.phases["first byte"].max_ms == sample.phases["body"].max_ms == 0
    assert sample.phases["parse"].p50_ms > 0


def test_a_crash_takes_all_of_it_along_without_a_wall_and_only_itself_behind_one(crashing: Served) -> None:
    within = run_trial(a_trial(crashing, "async+inline"))
    assert within.failure == "died of signal 11 (SIGSEGV)"
    assert within.lost > 0
    assert (within.words, within.phases, within.lag_p99_ms) == ("", {}, None)
    behind = run_trial(a_trial(crashing, "async+processes"))
    assert (behind.failure, behind.lost) == ("", 0)
    assert behind.words == crashing.work.words


def test_a_crash_costs_the_innocent_of_its_shard_another_fetch_and_none_its_place(crashing: Served) -> None:
    refetched = 0
    while not refetched:  # whoever falls may do so alone, but not for ever
        sample = run_trial(a_trial(crashing, SHARDED))
        assert (sample.failure, sample.lost, sample.words) == ("", 0, crashing.work.words)
        assert {"main", "fork server", "shard 1"} <= set(sample.uss_mib)
        refetched = sample.refetched


def test_a_hang_holds_up_all_of_it_without_a_wall_and_only_itself_behind_one(hanging: Served) -> None:
    deadline_s, computed_s = 6.0, 0.0
    while computed_s < 0.5:  # in the end it computes all the while, when a busy machine comes so far
        within = run_trial(a_trial(hanging, "threads+threads", deadline_s=deadline_s))
        assert within.failure == f"was ended after {deadline_s:g} s, when its time was up"
        assert 0 < within.lost <= PAGES
        deadline_s, computed_s = 2 * deadline_s, within.cpu_s
    behind = run_trial(a_trial(hanging, "threads+processes"))
    assert (behind.failure, behind.lost) == ("", 0)
    assert behind.words == hanging.work.words


def test_nothing_is_left_lying_about(mixed: Served, tmp_path: Path) -> None:
    assert not run_trial(a_trial(mixed, "async+inline"), tmp_path).failure
    assert not list(tmp_path.iterdir())


def test_the_timed_heart_says_when_it_was_at_what_and_nothing_else(mixed: Served) -> None:
    page = Page("http://a.test/", 200, (), b"<title>t</title>one <b>two</b>")
    said = timed(page, AnalyzeSettings())
    assert isinstance(said, Analysis)
    assert said.spent is not None
    assert structs.replace(said, spent=None).words == {"one": 1, "two": 1}
    assert min(structs.astuple(said.spent)) > 0


def start_of(span: Span) -> float:
    return span.start_s
