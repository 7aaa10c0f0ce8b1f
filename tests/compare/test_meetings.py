"""Where two curves change places: found in made-up ones whose crossing is known."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.compare.judgement import Interval
from crawler.compare.meetings import Lead, level, stretches


def lead(load: float, middle: float, error: float = 1.05, floor: float = 0.02) -> Lead:
    """A ratio that is known within a factor; a difference if its interval is clear of 1 and the floor."""
    speed = Interval(middle / error, middle, middle * error)
    return Lead(load, speed, speed.low > 1 + floor or speed.high < 1 / (1 + floor))


def test_a_ladder_falls_into_stretches_in_the_order_of_loads() -> None:
    leads = [lead(4, 1.5), lead(1, 0.7), lead(2, 0.8), lead(3, 1.01), lead(inf, 1.6)]
    found = stretches(leads)
    assert [(one.sign, [each.load for each in one.leads]) for one in found] == [
        (-1, [1, 2]), (0, [3]), (1, [4, inf]),
    ]  # fmt: skip


@given(
    at=some.floats(0.02, 0.5),
    steep=some.floats(0.5, 3).flatmap(lambda slope: some.sampled_from([slope, -slope])),
    error=some.floats(1.001, 1.2),
)
def test_a_crossing_of_power_laws_is_found_where_it_is(at: float, steep: float, error: float) -> None:
    leads = [lead(load, (load / at) ** steep, error) for load in (0.005, 0.01, 0.03, 0.1, 0.4, 1.0)]
    found = level(leads)
    assert found is not None
    assert found.middle == pytest.approx(at)
    assert found.low <= found.middle <= found.high
    wide = error ** (1 / abs(steep))
    if 0.005 * wide <= at <= 1.0 / wide:
        assert found.high / found.middle == pytest.approx(wide)
        assert found.middle / found.low == pytest.approx(wide)


def test_a_less_certain_ratio_makes_a_less_certain_crossing() -> None:
    narrow, wide = (level([lead(0.01, 0.5, error), lead(1.0, 2.0, error)]) for error in (1.1, 1.5))
    assert narrow and wide
    assert (narrow.middle, wide.middle) == pytest.approx((0.1, 0.1))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_between_a_wait_and_none_nothing_can_be_interpolated() -> None:
    assert level([lead(0.1, 0.5), lead(1.0, 0.8), lead(inf, 1.5)]) is None


def test_curves_that_do_not_cross_are_level_nowhere() -> None:
    assert level([lead(0.1, 1.5), lead(1.0, 1.8), lead(2.0, 1.2)]) is None
