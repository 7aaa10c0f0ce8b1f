"""The pace of one host, request by request."""

import pytest

from crawler.frontier.pace import Pace
from crawler.model import Answer, Failure, Fault, Job, Redirect, Timings, Visit

FINE, BUSY = 200, 503


def visit(status: int, seconds: float = 0.0, retry_after_s: float | None = None) -> Visit:
    timings = Timings(dns_s=50.0, connect_s=50.0, first_byte_s=seconds / 2, body_s=seconds / 2)
    return Visit(Job("http://a.test/"), Answer(status, "", 0, timings, retry_after_s), Redirect(""))


def answered(pace: Pace, *statuses: int, seconds: float = 0.0) -> Pace:
    for status in statuses:
        pace.note(visit(status, seconds), 0.0)
    return pace


@pytest.mark.parametrize(
    ("base_s", "asked_s", "seconds", "delay_s"),
    [
        (1.0, 0.0, 0.0, 1.0),
        (1.0, 0.0, 0.9, 1.0),
        (1.0, 0.0, 2.0, 2.0),
        (1.0, 0.0, 8.0, 8.0),
        (1.0, 0.0, 90.0, 30.0),
        (1.0, 20.0, 8.0, 20.0),
        (5.0, 2.0, 3.0, 5.0),
        (0.0, 0.0, 0.0, 0.0),
    ],
)
def test_the_longest_of_what_is_owed_asked_for_and_needed_counts(
    base_s: float, asked_s: float, seconds: float, delay_s: float
) -> None:
    pace = Pace(base_s, is_paced=True)
    pace.ask(asked_s)
    answered(pace, *[FINE] * 60, seconds=seconds)
    assert pace.delay_s == pytest.approx(delay_s, rel=1e-4)


def test_one_slow_answer_weighs_a_fifth_and_is_forgotten() -> None:
    pace = answered(Pace(1.0, is_paced=True), FINE, seconds=20.0)
    assert pace.delay_s == pytest.approx(4.0)
    assert answered(pace, FINE).delay_s == pytest.approx(3.2)
    assert answered(pace, *[FINE] * 20).delay_s == 1.0


@pytest.mark.parametrize(
    ("refusals", "penalty_s"), [(1, 1.0), (2, 2.0), (3, 4.0), (6, 32.0), (7, 60.0), (8, 60.0), (50, 60.0)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_every_refusal_doubles_the_penalty(status: int, refusals: int, penalty_s: float) -> None:
    pace = answered(Pace(1.0, is_paced=True), *[status] * refusals)
    assert (pace.delay_s, pace.refusals) == (1.0 + penalty_s, refusals)
    assert pace.not_before == penalty_s


def test_a_penalty_shrinks_by_a_tenth_with_every_answer_until_nothing_is_left() -> None:
    pace = answered(Pace(1.0, is_paced=True), BUSY, BUSY, FINE, FINE)
    assert pace.delay_s == pytest.approx(1.0 + 2.0 * 0.81)
    assert pace.refusals == 0
    assert answered(pace, BUSY).delay_s == pytest.approx(1.0 + 2.0 * 0.81 * 2)
    assert answered(pace, *[FINE] * 30).delay_s > 1.0
    assert answered(pace, *[FINE] * 11).delay_s == 1.0


@pytest.mark.parametrize(("retry_after_s", "not_before"), [(None, 101.0), (0.0, 101.0), (0.5, 101.0), (70.0, 170.0)])
def test_the_longer_of_penalty_and_plea_is_waited(retry_after_s: float | None, not_before: float) -> None:
    pace = Pace(0.0, is_paced=True)
    assert pace.note(visit(BUSY, retry_after_s=retry_after_s), 100.0)
    assert pace.not_before == not_before
    assert not pace.note(visit(FINE), 100.0)
    assert pace.not_before == not_before


def test_only_a_refusal_may_ask_for_a_pause() -> None:
    pace = Pace(1.0, is_paced=True)
    assert not pace.note(visit(FINE, retry_after_s=50.0), 0.0)
    assert not pace.note(visit(301, retry_after_s=50.0), 0.0)
    assert pace.not_before == 0.0


def test_what_never_was_an_answer_says_nothing_about_the_pace() -> None:
    pace = answered(Pace(1.0, is_paced=True), BUSY)
    lost = Visit(Job("http://a.test/"), None, Failure(Fault.TIMEOUT, "late"))
    assert not pace.note(lost, 5.0)
    assert (pace.delay_s, pace.refusals, pace.not_before) == (2.0, 1, 1.0)


def test_a_start_is_followed_by_the_delay_and_told_the_gap() -> None:
    pace = Pace(2.0, is_paced=True)
    assert pace.start(10.0) is None
    assert pace.not_before == 12.0
    assert pace.start(15.5) == 5.5
    assert pace.not_before == 17.5


def test_a_start_does_not_cut_short_what_was_asked_for() -> None:
    pace = Pace(1.0, is_paced=True)
    pace.note(visit(BUSY, retry_after_s=60.0), 0.0)
    pace.start(1.0)
    assert pace.not_before == 60.0


def test_what_is_asked_for_counts_from_the_last_start_and_is_never_taken_back() -> None:
    pace = Pace(1.0, is_paced=True)
    pace.ask(5.0)
    assert pace.not_before == 0.0
    pace.start(100.0)
    pace.ask(9.0)
    assert (pace.delay_s, pace.not_before) == (9.0, 109.0)
    pace.ask(3.0)
    assert (pace.delay_s, pace.not_before) == (9.0, 109.0)


def test_an_unpaced_host_is_slowed_only_by_what_it_says() -> None:
    pace = answered(Pace(5.0, is_paced=False), *[FINE] * 20, seconds=20.0)
    assert pace.delay_s == 0.0
    assert answered(pace, BUSY).delay_s == 1.0
    pace.ask(3.0)
    assert pace.delay_s == 4.0
