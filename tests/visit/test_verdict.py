"""What an answer means before its body is read."""

import re

import pytest

from crawler.model import Failure, Fault, Kind, Page, Redirect, Robots
from crawler.visit.verdict import content_type, judge


def page(status: int, *, kind: Kind = "page", **headers: str) -> Page:
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page("http://a.test/dir/page", status, names, b"", kind=kind)


@pytest.mark.parametrize("media", ["text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "text/plain", ""])
def test_readable_pages_are_read(media: str) -> None:
    assert judge(page(200, content_type=media)) is None


def test_a_page_without_a_type_is_taken_for_html() -> None:
    assert judge(page(203)) is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("http://b.test/x#part", "http://b.test/x"),
        ("/root", "http://a.test/root"),
        ("beside?q=1", "http://a.test/dir/beside?q=1"),
        ("//b.test", "http://b.test/"),
        ("", "http://a.test/dir/page"),
    ],
)
def test_redirects_lead_where_a_browser_would_go(status: int, location: str, target: str) -> None:
    assert judge(page(status, location=location)) == Redirect(target)


@pytest.mark.parametrize("location", ["ftp://b.test/", "file:///etc/passwd", "javascript:alert(1)", "http://[bad"])
def test_redirects_to_what_is_not_crawled_fail(location: str) -> None:
    verdict = judge(page(302, location=location))
    assert isinstance(verdict, Failure)
    assert verdict.fault is Fault.REDIRECT
    assert repr(location) in verdict.text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, "404 Not Found"),
        (500, "500 Internal Server Error"),
        (799, "799"),
        (304, "304 Not Modified"),
        (301, "301 M"),
    ],
)
def test_other_statuses_are_failures_that_name_themselves(status: int, text: str) -> None:
    verdict = judge(page(status))
    assert isinstance(verdict, Failure)
    assert verdict.fault is Fault.STATUS
    assert verdict.text.startswith(text)


@pytest.mark.parametrize("media", ["application/pdf", "image/svg+xml", "text/css", "application/xml", "rubbish"])
def test_what_is_no_text_is_not_read(media: str) -> None:
    text = f"{media} is not read; only HTML and plain text are"
    assert judge(page(200, content_type=f"{media}; x=y")) == Failure(Fault.CONTENT_TYPE, text)


def test_what_is_quoted_of_a_header_has_a_bound() -> None:
    for verdict in (judge(page(200, content_type="x" * 10_000)), judge(page(301, location=f"ftp:{'x' * 10_000}"))):
        assert isinstance(verdict, Failure)
        assert len(verdict.text) < 300


def test_the_content_type_is_the_first_one_without_its_parameters() -> None:
    headers = (("content-type", " Text/HTML ; charset=utf-8"), ("content-type", "image/png"))
    assert content_type(Page("http://a.test/", 200, headers, b"")) == "text/html"
    assert content_type(page(200)) == ""


@pytest.mark.parametrize("kind", ["robots", "sitemap"])
@pytest.mark.parametrize("media", ["text/plain", "text/html", "application/xml", "application/octet-stream", ""])
@pytest.mark.parametrize("status", [200, 204, 206])
def test_errands_are_read_whatever_they_call_themselves(kind: Kind, media: str, status: int) -> None:
    assert judge(page(status, kind=kind, content_type=media)) is None
    assert judge(page(status, kind=kind)) is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 499])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    """RFC 9309, 2.3.1.3: unavailable."""
    assert judge(page(status, kind="robots")) == Robots()
    assert judge(page(status, kind="robots", content_type="application/pdf")) == Robots()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_a_robots_txt_that_cannot_be_had_now_does_not(status: int) -> None:
    """2.3.1.4: unreachable; and 429 asks to come back later, which is no answer."""
    verdict = judge(page(status, kind="robots"))
    assert isinstance(verdict, Failure)
    assert verdict.fault is Fault.STATUS
    assert verdict.text.startswith(str(status))


@pytest.mark.parametrize("status", [404, 410, 403, 429, 500, 503])
def test_a_sitemap_that_is_not_there_is_a_failure(status: int) -> None:
    verdict = judge(page(status, kind="sitemap"))
    assert isinstance(verdict, Failure)
    assert verdict.fault is Fault.STATUS


@pytest.mark.parametrize(
    ("location", "target"),
    [("/caf\u00e9", "/caf%C3%A9"), ("/caf%E9", "/caf%E9"), ("/\u732b?\u732b", "/%E7%8C%AB?%E7%8C%AB")],
)
def test_a_location_may_be_written_out(location: str, target: str) -> None:
    assert judge(page(302, location=location)) == Redirect(f"http://a.test{target}")


def test_a_failure_says_until_when_it_asks_to_be_left_alone() -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    verdict = judge(page(503, retry_after="999999999"))
    assert isinstance(verdict, Failure)
    assert verdict.text.startswith("503 Service Unavailable until 2")
    passed = judge(page(429, retry_after=date, date=date))
    assert isinstance(passed, Failure)
    assert passed.text.startswith("429 Too Many Requests until 2")
    endless = judge(page(503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"))
    assert isinstance(endless, Failure)
    assert " until 2" in endless.text, "but no further than dates go"


@pytest.mark.parametrize("kind", ["page", "robots", "sitemap"])
def test_every_kind_is_led_on_by_redirects(kind: Kind) -> None:
    assert judge(page(301, kind=kind, location="/new")) == Redirect("http://a.test/new")
    astray = judge(page(301, kind=kind, location="mailto:me"))
    assert isinstance(astray, Failure)
    assert astray.fault is Fault.REDIRECT
    nowhere = judge(page(302, kind=kind))
    assert isinstance(nowhere, Failure)
    assert nowhere.fault is Fault.STATUS


def test_a_plea_says_until_when() -> None:
    page = Page("http://a.test/", 429, (("retry-after", "60"),), b"")
    verdict = judge(page)
    assert isinstance(verdict, Failure)
    assert re.fullmatch(r"429 Too Many Requests until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", verdict.text)
    assert judge(Page("http://a.test/", 503, (), b"")) == Failure(Fault.STATUS, "503 Service Unavailable")
    endless = judge(Page("http://a.test/", 503, (("retry-after", "999999999"),), b""))
    assert isinstance(endless, Failure) and "until" in endless.text
