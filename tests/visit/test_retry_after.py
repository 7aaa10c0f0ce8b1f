"""What Retry-After asks for: seconds, or a date by the server's own clock; anything else is no wish at all."""

from datetime import datetime, tzinfo

import pytest
from hypothesis import example, given, strategies

from crawler.model import Page
from crawler.visit import verdict
from crawler.visit.verdict import retry_after_s

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


def asked(text: str | None, date: str | None = None) -> float | None:
    headers = [("retry-after", text), ("date", date)]
    return retry_after_s(Page("http://a.test/", 429, tuple((k, v) for k, v in headers if v is not None), b""))


class _NoonOfThatDay(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_NoonOfThatDay":
        return cls(2015, 10, 21, 12, 0, 0, tzinfo=tz)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """By our clock it is noon."""
    monkeypatch.setattr(verdict, "datetime", _NoonOfThatDay)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0.0), ("120", 120.0), (" 7 ", 7.0), ("007", 7.0), ("999999999", 999_999_999.0)]
)
def test_seconds(text: str, seconds: float) -> None:
    assert asked(text) == seconds
    assert asked(text, DATE) == seconds


@pytest.mark.parametrize(
    "date",
    [
        "Wed, 21 Oct 2015 07:26:00 GMT",
        "Wednesday, 21-Oct-15 07:26:00 GMT",
        "Wed Oct 21 07:26:00 2015",
        "Wed, 21 Oct 2015 09:26:00 +0200",
    ],
)
@pytest.mark.usefixtures("noon")
def test_a_date_counts_from_the_date_of_the_answer_in_every_form(date: str) -> None:
    assert asked(DATE, date) == 120.0
    assert asked(date, "Wed, 21 Oct 2015 07:25:59 GMT") == 1.0


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_without_a_date_in_the_answer_our_clock_is_asked(date: str | None) -> None:
    assert asked("Wed, 21 Oct 2015 12:00:30 GMT", date) == 30.0
    assert asked("Wed, 21 Oct 2015 12:00:30", date) == 30.0, "no zone is taken for UTC"


@pytest.mark.usefixtures("noon")
def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert asked(DATE, "Wed, 21 Oct 2015 07:28:01 GMT") == 0.0
    assert asked(DATE) == 0.0


RUBBISH = [
    *("", " ", ",", "soon", "-5", "1.5", "1e3", "5 seconds", "٣", "²", "1234567890", "9" * 5_000),
    *("Wed, 31 Feb 2015 07:28:00 GMT", "Wed, 21 Oct 2015 27:28:00 GMT", "Wed, 21 Oct", "0,", "\0"),
    "Wed, 21 Oct 99999999999999999999 07:28:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 +99999999999999999999",
    "Wed, 21 Oct 2015 07:28:00 +9999",
]


@pytest.mark.parametrize("text", [None, *RUBBISH])
def test_rubbish_is_no_wish(text: str | None) -> None:
    assert asked(text) is None


@pytest.mark.parametrize("date", RUBBISH)
@pytest.mark.usefixtures("noon")
def test_a_rubbish_date_is_no_date(date: str) -> None:
    assert asked("Wed, 21 Oct 2015 12:00:30 GMT", date) == 30.0


_PARTS = [
    "Wed,",
    "21",
    "Oct",
    "2015",
    "07:28:00",
    "GMT",
    "+0100",
    "-0000",
    "0",
    "9" * 12,
    "9" * 30,
    ":",
    "-",
    " ",
    "x",
]
WISHES = strategies.lists(strategies.sampled_from(_PARTS), max_size=8).map(" ".join) | strategies.text()


@given(WISHES, WISHES)
@example("Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359")
@example("Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359")
def test_whatever_a_server_says_is_a_wait_or_nothing(text: str, date: str) -> None:
    wait_s = asked(text, date)
    assert wait_s is None or wait_s >= 0
