"""What an answer means before anyone reads its body."""

from http import HTTPStatus

from crawler.model import Failure, Fault, Page, Redirect
from crawler.urls import join

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_READABLE = frozenset(("text/html", "application/xhtml+xml", "text/plain"))


def judge(page: Page) -> Redirect | Failure | None:
    """A redirect to follow, a failure, or None when the body is to be analysed.

    Statuses are those of RFC 9110, section 15; an answer without a Content-Type is taken for HTML.
    """
    if page.status in _REDIRECTS and (location := page.header("location")) is not None:
        target = join(page.url, location)
        if target is None:
            return Failure(Fault.REDIRECT, f"redirected to {location[:200]!r}, which is not crawled")
        return Redirect(target)
    if not HTTPStatus.OK <= page.status < HTTPStatus.MULTIPLE_CHOICES:
        return Failure(Fault.STATUS, _status_line(page.status))
    kind = content_type(page)
    if kind and kind not in _READABLE:
        return Failure(Fault.CONTENT_TYPE, f"{kind[:100]} is not read; only HTML and plain text are")
    return None


def content_type(page: Page) -> str:
    """The media type in lower case without its parameters, or an empty string."""
    return (page.header("content-type") or "").partition(";")[0].strip().lower()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
