"""Each chart shows what was measured: data goes in, marks come out, in specs and in drawings."""

import math
import re
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.compare.judgement import Interval, Standing, WorkJudgement
from crawler.compare.report.charts.bars import bars
from crawler.compare.report.charts.intervals import bound_speed, intervals
from crawler.compare.report.charts.memory import Memory, memory
from crawler.compare.report.charts.phases import phase
from crawler.compare.report.charts.samples import samples
from crawler.compare.report.charts.scales import MOST_TICKS, log_ticks, span_of
from crawler.compare.report.charts.sweep import sweep
from crawler.compare.report.charts.timeline import lanes_of, shares_of, timeline
from crawler.compare.report.drawing import Spec, svg_of
from crawler.compare.report.look import look_of
from crawler.compare.result import Percentiles, Span
from tests.compare.examples import example
from tests.compare.judgements import judgement
from tests.compare.reading import Reading


def rows(spec: Spec, kind: str) -> list[dict[str, Any]]:
    """The data of all marks of a kind, in the order in which they are drawn."""
    if "layer" in spec:
        return [row for layer in spec["layer"] for row in rows(layer, kind)]
    return list(spec["data"]["values"]) if spec["mark"]["type"] == kind else []


def texts(spec: Spec) -> str:
    return Reading(svg_of(spec, "a chart")).text


def judged(**changes: object) -> WorkJudgement:
    return msgspec.structs.replace(judgement(example(count=3)).works[1], **changes)


@pytest.mark.parametrize("is_wide", [True, False])
def test_intervals_show_each_arm_with_its_interval(is_wide: bool) -> None:
    work = judged()
    spec = intervals(work, "async+processes", is_wide=is_wide)
    shown = {row["arm"]: row for row in rows(spec, "rule") if "low" in row}
    for standing in work.standings:
        assert standing.speed is not None
        assert shown[standing.arm]["low"] == standing.speed.low
        assert shown[standing.arm]["high"] == standing.speed.high
    drawn = texts(spec)
    assert all(standing.arm in drawn for standing in work.standings)
    assert "bound" in drawn
    assert "the reference" in drawn
    assert rows(spec, "rect") == [{"low": 1 / (1 + work.noise), "high": 1 + work.noise}]


def test_an_arm_without_a_speed_says_why() -> None:
    standings = (
        Standing(arm="async+processes", finding="reference", speed=Interval(1, 1, 1)),
        Standing(arm="threads+inline", finding="disqualified", speed=Interval(2, 3, 4)),
        Standing(arm="async+inline", finding="failed"),
        Standing(arm="async+threads", finding="slower", speed=Interval(0, 0, math.nan)),
    )
    spec = intervals(judged(standings=standings), "async+processes", is_wide=True)
    assert [row["arm"] for row in rows(spec, "rule") if "low" in row] == ["async+processes"]
    assert "disqualified" in texts(spec)
    assert "failed" in texts(spec)


def test_a_straggler_does_not_crowd_the_others() -> None:
    standings = (
        Standing(arm="async+processes", finding="reference", speed=Interval(1, 1, 1)),
        Standing(arm="async+inline", finding="slower", speed=Interval(0.9, 0.92, 0.94)),
        Standing(arm="sequential+inline", finding="slower", speed=Interval(0.029, 0.030, 0.031)),
    )
    spec = intervals(judged(standings=standings), "async+processes", is_wide=True)
    assert [row["arm"] for row in rows(spec, "rule") if "low" in row] == ["async+processes", "async+inline"]
    assert "0.03 (0.03-0.03)" in texts(spec)
    assert "◂" in texts(spec)


def test_a_bound_far_away_is_told_in_words() -> None:
    work = judged()
    far = msgspec.structs.replace(work.bound, least_s=0.01)
    assert (bound_speed(work, "async+processes") or 0) > 1
    assert "▸" in texts(intervals(judged(bound=far), "async+processes", is_wide=True))
    none = msgspec.structs.replace(work.bound, least_s=0.0)
    assert "bound" not in texts(intervals(judged(bound=none), "async+processes", is_wide=True))


def test_bars_are_as_long_as_their_values() -> None:
    spec = bars([("async+inline", 4.0, "four"), ("threads+inline", 1.0, "one")], "things", limits=(2.0,))
    drawn = svg_of(spec, "bars")
    lengths = [float(length) for length in re.findall(r'd="M0,[\d.]+h([\d.]+)v12', drawn)]
    assert lengths[0] / lengths[1] == pytest.approx(4, rel=0.02)
    assert "four" in texts(spec)
    assert rows(spec, "rule") == [{"value": 2.0}]


def test_memory_stacks_the_main_process_first_and_marks_the_peak() -> None:
    uss = {"worker 2": 20.0, "worker 1": 10.0, "fork server": 5.0, "main": 40.0}
    spec = memory([Memory("async+processes", 90.0, uss)])
    assert [(row["from"], row["to"]) for row in rows(spec, "bar")] == [(0, 40), (40, 45), (45, 55), (55, 75)]
    assert [row["to"] for row in rows(spec, "tick")] == [90.0]


def test_every_sample_is_a_dot_in_the_order_of_rounds() -> None:
    spec = samples({"async+inline": [1.0, 3.0, 2.0], "threads+inline": [5.0]})
    dots = [row for row in rows(spec, "line") if row["wall"] is not None]
    assert [dot["wall"] for dot in dots] == [1.0, 3.0, 2.0, 5.0]
    assert dots[0]["row"] < dots[1]["row"] < dots[2]["row"] < dots[3]["row"]
    assert [(row["arm"], row["wall"]) for row in rows(spec, "tick")] == [("async+inline", 2.0)]
    drawn = svg_of(spec, "samples")
    assert sum(path.count("Z") for path in re.findall(r'<path d="(M[^"]+Z)" stroke="var', drawn)) == 4


def test_a_sweep_has_a_line_an_arm_and_names_that_do_not_meet() -> None:
    speeds = {arm: {1: 10.0, 16: 100.0 + at / 10, 64: 120.0} for at, arm in enumerate(example(count=1).arms)}
    spec = sweep(speeds, {1: 12.0, 16: 200.0}, is_wide=False)
    drawn = texts(spec)
    assert all(arm in drawn for arm in speeds)
    places = sorted(row["at"] for row in rows(spec, "text"))
    assert all(after - before >= 13 for before, after in pairwise(places))
    assert places[0] >= -20
    assert len(rows(spec, "point")) == 3 * len(speeds)


def test_every_limit_of_a_sweep_stands_on_its_axis() -> None:
    limits = (1, 4, 16, 64, 256)
    drawn = Reading(svg_of(sweep({"async+inline": dict.fromkeys(limits, 10.0)}, {}, is_wide=True), "a chart")).text
    assert re.findall(r"\b\d+\b", drawn.split("pages in the air")[0])[: len(limits)] == [str(one) for one in limits]


def test_an_even_axis_has_no_digits_that_tell_nothing() -> None:
    drawn = Reading(svg_of(samples({"async+inline": [0.6, 0.61, 0.62]}), "a chart")).text
    assert re.findall(r"\b0\.\d+", drawn) == ["0.0", "0.2", "0.4", "0.6"]


def test_phases_leave_out_what_took_no_time() -> None:
    spec = phase({"async+inline": Percentiles(2, 4, 8, 9), "threads+inline": Percentiles(0, 0, 0, 0)}, (0.1, 100.0))
    assert [(row["p50"], row["p95"], row["p99"]) for row in rows(spec, "rule")] == [(2, 4, 8)]
    assert "threads+inline" in texts(spec)


SPANS = (
    Span("fetch 2", "first byte", 0.0, 0.6),
    Span("fetch 1", "first byte", 0.0, 0.5),
    Span("fetch 1", "body", 0.5, 0.6),
    Span("worker 1", "parse", 0.6, 0.7),
    Span("worker 1", "count", 0.7, 0.8),
    Span("fetch 10", "queue", 0.6, 2.0),
)


def test_a_timeline_tells_waiting_from_computing() -> None:
    spec = timeline(SPANS, 1.0)
    by_colour = {layer["mark"].get("color"): layer["data"]["values"] for layer in spec["layer"]}
    waiting = [row["at"] for row in by_colour["var(--waiting)"]]
    assert waiting == [0.0, 0.5, None, 0.0, 0.6, None]
    assert [row["at"] for row in by_colour["var(--computing)"]] == [0.6, 0.8, None], "neighbours are one stroke"
    assert [row["at"] for row in by_colour["var(--queuing)"]] == [0.6, 1.0, None], "cut where the picture ends"
    assert texts(spec).split()[-2:] == ["fetch", "worker"]


def test_lanes_are_in_order_and_their_time_is_told() -> None:
    assert lanes_of(SPANS) == ["fetch 1", "fetch 2", "fetch 10", "worker 1"]
    shares = shares_of(SPANS)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["computing"] == pytest.approx(0.2 / 2.8)
    assert len(lanes_of([Span(f"fetch {lane}", "body", 0, 1) for lane in range(40)])) < 20


def test_no_two_arms_look_alike() -> None:
    arms = [arm for arm in example(count=1).arms if "@" not in arm]
    assert len({look_of(arm) for arm in arms}) == len(arms)
    assert look_of("async+inline@asyncio").is_hollow
    assert look_of("who knows").shape == "triangle-up"


def test_colours_are_names_of_variables_and_no_mark_says_what_all_say() -> None:
    drawn = svg_of(intervals(judged(), "async+processes", is_wide=True), "arms")
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn))
    assert all(colour == "none" or re.fullmatch(r"var\(--[a-z]+\)", colour) for colour in colours)
    assert "font-family" not in drawn
    assert "class=" not in drawn
    assert 'aria-label="arms"' in drawn


@given(some.floats(1e-6, 1e6), some.floats(1.001, 1e6))
def test_ticks_are_few_and_within(low: float, factor: float) -> None:
    high = low * factor
    ticks = log_ticks(low, high)
    assert len(ticks) <= MOST_TICKS
    assert ticks == sorted(set(ticks))
    assert all(low * 0.999 <= tick <= high * 1.001 for tick in ticks)
    if factor > 1.05:
        assert ticks


def test_a_domain_is_there_even_for_nothing() -> None:
    low, high = span_of([0.0, math.nan])
    assert 0 < low < high
