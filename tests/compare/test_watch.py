"""Phases that add up, and a timeline in which nobody does two things at once."""

import asyncio
from itertools import pairwise

import pytest

from crawler.compare.result import PHASES, Percentiles, Span
from crawler.compare.watch import Watch, Watched, percentiles, phases, timeline
from crawler.model import Analysis, Answer, Failure, Fault, Job, Spent, Timings, Visit, pack
from crawler.protocols import Burden

FETCHED = Timings(dns_s=0.01, connect_s=0.02, first_byte_s=0.03, body_s=0.04)
FETCHING_S = 0.1
ANALYZE_S = 0.5


def a_visit(start: float = 100.0, *, worker: int = 7, waited_s: float = 0.2) -> Watched:
    """It waits a moment, is fetched, waits for its worker, is worked on, and waits for the loop."""
    fetched = start + 0.05 + FETCHING_S
    spent = Spent(worker, fetched + waited_s, decode_s=0.05, parse_s=0.06, count_s=0.07)
    return Watched(start, fetched + ANALYZE_S, FETCHED, ANALYZE_S, spent)


def a_failure(start: float = 100.0) -> Watched:
    return Watched(start, start + 1.0, None, 0.0, None)


def test_the_phases_of_a_page_add_up_to_its_visit() -> None:
    visit = a_visit()
    found = phases([visit])
    assert tuple(found) == PHASES
    assert sum(each.p50_ms for each in found.values()) == pytest.approx((visit.end - visit.start) * 1000)
    assert found["queue"].p50_ms == pytest.approx(50 + 500 - 180)
    assert [round(found[name].p50_ms) for name in PHASES if name != "queue"] == [10, 20, 30, 40, 50, 60, 70]


def test_what_could_not_be_read_is_in_no_phase() -> None:
    unread = Watched(100.0, 101.0, FETCHED, 0.9, None)
    assert phases([a_failure(), unread]) == {}
    assert phases([a_failure(), unread, a_visit()]) == phases([a_visit()])


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentiles([n / 1000 for n in range(100, 0, -1)]) == Percentiles(50, 95, 99, 100)
    assert percentiles([0.003]) == Percentiles(3, 3, 3, 3)
    assert percentiles([0.001, 0.002]) == Percentiles(1, 2, 2, 2)


def test_a_timeline_is_of_one_visit_in_its_order() -> None:
    spans = timeline([a_visit()], began=99.0)
    assert [(span.lane, span.phase) for span in spans] == [
        *(("fetch 1", phase) for phase in ("queue", "dns", "connect", "first byte", "body", "queue")),
        *(("worker 1", phase) for phase in ("decode", "parse", "count")),
        ("fetch 1", "queue"),
    ]
    assert spans[0].start_s == 1.0
    assert spans[-1].end_s == pytest.approx(1.0 + 0.05 + FETCHING_S + ANALYZE_S)
    assert all(before.end_s == pytest.approx(after.start_s) for before, after in pairwise(spans)), "without a gap"


def test_a_visit_that_came_a_long_way_out_of_a_shard_was_fetched_before_it_was_read() -> None:
    visit = a_visit(waited_s=0.0)._replace(end=103.0)
    spans = timeline([visit], began=100.0, worker="shard")
    read = next(span for span in spans if span.lane == "shard 1")
    assert all(span.end_s <= read.start_s + 1e-9 for span in spans if span.phase in PHASES[:4])
    assert (spans[-1].phase, spans[-1].end_s) == ("queue", 3.0)


def test_a_visit_takes_the_first_lane_that_is_free_and_a_worker_keeps_its_own() -> None:
    visits = [a_visit(100.0, worker=7), a_visit(100.1, worker=8), a_visit(102.0, worker=8), a_visit(102.1, worker=7)]
    spans = timeline(reversed(visits), began=100.0)
    lanes = list(dict.fromkeys((span.lane, int(span.start_s)) for span in spans))
    assert {lane for lane, _ in lanes} == {"fetch 1", "fetch 2", "worker 1", "worker 2"}
    assert lane_of(spans, 2.0) == "fetch 1"
    assert lane_of(spans, 2.1) == "fetch 2"


def test_what_nobody_saw_is_in_no_timeline_but_holds_its_lane() -> None:
    spans = timeline([a_failure(100.0), a_visit(100.5)], began=100.0)
    assert {span.lane for span in spans} == {"fetch 2", "worker 1"}


def test_a_timeline_holds_whole_visits_and_no_more_spans_than_may_be() -> None:
    visits = [a_visit(100.0 + n) for n in range(10)]
    assert len(timeline(visits, 100.0, most=25)) == 20
    assert timeline(visits, 100.0, most=20) == timeline(visits, 100.0)[:20]
    assert timeline(visits, 100.0, most=5) == ()


class Rooms:
    """A visitor that fails every other page."""

    capacity = 3

    async def ready(self) -> None:
        """At once."""

    def burden(self) -> Burden:
        return Burden(1, 2, 3, 4.0, 5)

    async def visit(self, job: Job) -> Visit:
        await asyncio.sleep(0)
        if job.id % 2:
            return Visit(job, None, Failure(Fault.DNS, "nobody"))
        said = Analysis("utf-8", "", None, 1, 1, (), pack({"a": 1}), pack([]), spent=Spent(1, 2.0, 3.0, 4.0, 5.0))
        return Visit(job, Answer(200, "text/html", 9, FETCHED), said, 6.0)

    async def aclose(self) -> None:
        """Nothing is held."""


def test_a_watch_hands_on_what_it_sees() -> None:
    async def main() -> None:
        watch = Watch(Rooms())
        assert (watch.capacity, watch.burden()) == (3, Burden(1, 2, 3, 4.0, 5))
        visits = [await watch.visit(Job("http://a.test/", id=n)) for n in (1, 2)]
        assert [isinstance(visit.outcome, Analysis) for visit in visits] == [False, True]
        failed, read = watch.visits
        assert failed.start < failed.end <= read.start < read.end
        assert (failed.timings, failed.analyze_s, failed.spent) == (None, 0.0, None)
        assert (read.timings, read.analyze_s, read.spent) == (FETCHED, 6.0, Spent(1, 2.0, 3.0, 4.0, 5.0))

    asyncio.run(main())


def lane_of(spans: tuple[Span, ...], start_s: float) -> str:
    return next(span.lane for span in spans if span.start_s == pytest.approx(start_s))
