"""What an answer means before anyone reads its body."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from crawler.model import Failure, Fault, Page, Redirect, Robots
from crawler.urls import join, masked

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MAX_DIGITS = 9
_MAX_WAIT_S = 10 * 365 * 86_400
_READABLE = frozenset(("text/html", "application/xhtml+xml", "text/plain"))


def judge(page: Page) -> Redirect | Robots | Failure | None:
    """A redirect to follow, a failure, or None when the body is to be analysed.

    Statuses are those of RFC 9110, section 15; an answer without a Content-Type is taken for HTML. A robots.txt
    that is not there allows everything (RFC 9309, 2.3.1.3); one that is refused for now (429) does not.
    """
    if page.status in _REDIRECTS and (location := page.header("location")) is not None:
        target = join(page.url, location)
        if target is None:
            return Failure(Fault.REDIRECT, f"redirected to {masked(location)[:200]!r}, which is not crawled")
        return Redirect(target)
    if page.kind == "robots" and _is_unavailable(page.status):
        return Robots()
    if not HTTPStatus.OK <= page.status < HTTPStatus.MULTIPLE_CHOICES:
        return Failure(Fault.STATUS, _status_line(page.status) + _until(page))
    kind = content_type(page)
    if page.kind == "page" and kind and kind not in _READABLE:
        return Failure(Fault.CONTENT_TYPE, f"{kind[:100]} is not read; only HTML and plain text are")
    return None


def content_type(page: Page) -> str:
    """The media type in lower case without its parameters, or an empty string."""
    return (page.header("content-type") or "").partition(";")[0].strip().lower()


def retry_after_s(page: Page) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3), a date being taken by the server's own clock."""
    text = (page.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return float(text)
    at = _date(text)
    if at is None:
        return None
    return max(0.0, (at - (_date(page.header("date") or "") or datetime.now(UTC))).total_seconds())


def _until(page: Page) -> str:
    wait_s = retry_after_s(page)
    if wait_s is None:
        return ""
    return f" until {datetime.now(UTC) + timedelta(seconds=min(wait_s, _MAX_WAIT_S)):%Y-%m-%d %H:%M:%S} UTC"


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year or a zone of twenty digits
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _is_unavailable(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and (
        status != HTTPStatus.TOO_MANY_REQUESTS
    )


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
