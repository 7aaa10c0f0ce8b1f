"""The header of an answer: the judgement on it, and what is read from it before the body is."""

import math
from typing import Any

from hypothesis import strategies as st

from crawler.fetch.limits import Head, Limits
from crawler.model import Answer, Failure, Page, Redirect, Robots, Timings
from crawler.settings import FetchSettings
from crawler.visit.verdict import content_type, judge, retry_after_s
from tests.fuzz.material import damaged, damages, repeated
from tests.fuzz.properties import crosses_walls, is_a_failure, is_crawlable
from tests.fuzz.target import Target

SETTINGS = FetchSettings(
    max_body_bytes=100_000, max_header_line_bytes=2_000, max_header_bytes=8_000, max_header_count=20
)
LIMITS = Limits(SETTINGS)

NAMES = [
    b"Content-Type", b"content-length", b"Content-Length", b"Transfer-Encoding", b"Location", b"location",
    b"Retry-After", b"Date", b"Content-Encoding", b"X-Robots-Tag", b"Set-Cookie", b"", b" x", b"x y", b"x:",
    b"\xe9", b"X" * 100,
]  # fmt: skip
VALUES = [
    b"text/html", b"text/html; charset=utf-8", b"Text/Plain ;x", b"image/png", b";", b"5", b"05", b"+5", b"-1",
    b"5, 5", b"0x10", b"1" * 18, b"1" * 19, b"\xd9\xa3", b"chunked", b"Chunked", b"gzip, chunked", b"identity",
    b"/next", b"//h.test/", b"http://h.test:99999/", b"http://h.test/#f", b"javascript:x", b"http://[bad",
    b"http://\xc3\xa9.test/\xe3\x81\x82", b"http://h.test/\xff\xfe", b"?a b", b"", b" ", b"120", b"999999999",
    b"1000000000", b"1.5", b"-5", b"Fri, 31 Dec 1999 23:59:59 GMT", b"Friday, 31-Dec-99 23:59:59 GMT",
    b"Fri Dec 31 23:59:59 1999", b"Fri, 31 Dec 9999 23:59:59 -2359", b"Sat, 01 Jan 0001 00:00:00 +2359",
    b"31 Dec 99999999999999999999 00:00:00 GMT", b"Fri, 31 Dec 1999 23:59:60 +99999999999999999999",
    b"Fri, 31 Dec 1999 24:00:00", b"1 1 1 1:1:1 1", b"Mon, ( (", b"\0", b"a\r\nb", b"a\nb", b"\xff",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"x" * 1_990, b"x" * 2_100, b"\x1b[31m", b"31 Dec 1999 12:60:61 GMT",
    b"Wed, 00 Jan 2000 00:00:00 GMT", b"1 Jan 2000 00:00 -0000",
]  # fmt: skip
STATUSES = [
    0,
    1,
    99,
    100,
    101,
    103,
    199,
    200,
    204,
    206,
    300,
    301,
    302,
    303,
    304,
    307,
    308,
    404,
    410,
    418,
    429,
    500,
    503,
    599,
    999,
]
URLS = ["http://example.org/dir/page?q", "https://u:p@[::1]:8443/a", "http://192.0.2.1/"]

value = st.one_of(
    st.sampled_from(VALUES),
    st.builds(damaged, st.sampled_from(VALUES), damages(st.sampled_from(VALUES), st.sampled_from(VALUES))),
    st.binary(max_size=30),
    repeated(st.sampled_from([*VALUES, b",", b"(", b"\\", b'"', b"<", b"@", b"0", b" ", b":", b"-", b"Jan "])),
)
name = st.sampled_from(NAMES) | st.binary(max_size=8)
inputs = st.tuples(
    st.sampled_from(STATUSES) | st.integers(0, 999),
    st.lists(st.tuples(name, value), max_size=24),
    st.sampled_from(URLS),
    st.sampled_from(["page", "page", "robots", "sitemap"]),
)


def check(given: Any) -> None:
    status, raw, url, kind = given
    head = LIMITS.judge(status, raw)
    assert LIMITS.judge(status, iter(raw)) == head
    if isinstance(head, Failure):
        is_a_failure(head)
        return
    _check_head(head, raw)
    check_page(Page(url, head.status, head.headers, b"", kind=kind))


def _check_head(head: Head, raw: list[tuple[bytes, bytes]]) -> None:
    assert [name for name, _ in head.headers] == [name.decode("ascii").lower() for name, _ in raw]
    assert len(raw) <= SETTINGS.max_header_count
    assert sum(len(name) + len(value) for name, value in raw) <= SETTINGS.max_header_bytes
    for name, text in head.headers:
        assert name and name.isascii() and name.isprintable() and not set(" \t:") & set(name)
        text.encode()
        assert not set("\r\n\0") & set(text)
    lengths = [text for name, text in head.headers if name in ("content-length", "transfer-encoding")]
    assert len(lengths) <= 1


def check_page(page: Page) -> None:
    """Whatever the header says, there is a verdict, and a plain answer to remember."""
    crosses_walls(page, Page)
    verdict = judge(page)
    wait_s = retry_after_s(page)
    assert wait_s is None or (math.isfinite(wait_s) and wait_s >= 0)
    crosses_walls(Answer(page.status, content_type(page), 0, Timings(), wait_s), Answer)
    match verdict:
        case Redirect(target=target):
            is_crawlable(target)
        case Failure():
            is_a_failure(verdict)
        case Robots():
            assert page.kind == "robots" and verdict == Robots()
        case None:
            assert 200 <= page.status < 300


TARGET = Target(inputs, check)
