"""What an answer means before its body is read."""

import pytest

from crawler.model import Failure, Fault, Page, Redirect
from crawler.visit.verdict import judge


def page(status: int, **headers: str) -> Page:
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page("http://a.test/dir/page", status, names, b"")


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "text/plain", ""])
def test_readable_pages_are_read(kind: str) -> None:
    assert judge(page(200, content_type=kind)) is None


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


def test_what_is_no_text_is_not_read() -> None:
    verdict = judge(page(200, content_type="application/pdf"))
    assert verdict == Failure(Fault.CONTENT_TYPE, "application/pdf is not read; only HTML and plain text are")
