"""Whole answers as bytes on a real connection, read by the async room and by the threads room."""

import asyncio
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from crawler.fetch.catalog import open_fetcher
from crawler.model import Failure, Fault, Job, Page
from crawler.settings import FetchSettings
from tests.fetch.answers import OWN_HOSTS
from tests.fetch.wire import Step, Wire, close
from tests.fuzz.headers import check_page
from tests.fuzz.material import bodies
from tests.fuzz.properties import is_a_failure
from tests.fuzz.target import Target

SETTINGS = FetchSettings(
    named_hosts=OWN_HOSTS,
    concurrency=1,
    timeout_s=100.0,
    max_body_bytes=20_000,
    max_header_line_bytes=2_000,
    max_header_bytes=8_000,
    max_header_count=20,
)
ROOMS = ("async", "threads")
FAULTS = (Fault.PROTOCOL, Fault.RESET, Fault.TOO_LARGE)

SAMPLES = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
    b"HTTP/1.0 301 Moved\r\nLocation: /\xe3\x81\x82?a#b\r\nConnection: keep-alive\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 429 No\r\nRetry-After: 9\r\n\r\nbody",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nSet-Cookie: a=b\r\n folded\r\n\r\n",
]
PIECES = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200\r\n", b"HTTP/1.0 404 x\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 x\r\n", b"HTTP/2 200\r\n", b"HTTP/1.1 ", b"HTTP/", b"ICY 200 OK\r\n", b"200", b"999",
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b": ", b":", b" ", b"\t", b"\0", b"\xff", b"A", b"A: b\r\n",
    b"A b: c\r\n", b" folded\r\n", b"Content-Length: 5\r\n", b"Content-Length: 3\r\n",
    b"Content-Length: -1\r\n", b"Content-Length: +5\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length : 5\r\n", b"Content-Length: 5, 5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding:\tchunked\r\n", b"Location: /a\r\n",
    b"Location: /b\r\n", b"Connection: close\r\n", b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    b"0\r\n\r\n", b"0\r\n", b"5\r\nhello\r\n", b"5\r\nhello", b"ffffffffffffffff\r\n", b"-1\r\n", b"5 \r\n",
    b"0x5\r\n", b"5;a=b\r\n", b"hello", b"x" * 1_990, b"X" * 3_000, b"X: y\r\n" * 30, b"\x1b[31m", b"\xc2\x85",
    b"Content-Encoding: gzip\r\n", b"Date: \xd9\xa3\r\n", b"Set-Cookie: " + b"a" * 500 + b"\r\n",
]  # fmt: skip
STARTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 103 Early\r\n\r\n",
]
HEADERS = [piece for piece in PIECES if piece.endswith(b"\r\n") and b":" in piece]
answer = st.one_of(
    bodies(SAMPLES, PIECES),
    st.builds(
        lambda start, lines, rest: b"".join([start, *lines, b"\r\n", *rest]),
        st.sampled_from(STARTS),
        st.lists(st.sampled_from(HEADERS), max_size=4),
        st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=8),
    ),
    st.builds(
        lambda start, rest: b"".join([start, *rest]), st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES))
    ),
)
inputs = st.lists(st.tuples(answer, st.booleans()), min_size=1, max_size=16)


def check(given: Any) -> None:
    """Each room has an answer within its limits, and what both take for a page is the same page."""
    scripts = {str(number): _steps(data, is_split=is_split) for number, (data, is_split) in enumerate(given)}
    found = []
    for room in ROOMS:
        with Wire(scripts) as server:
            found.append(asyncio.run(_fetch(room, [server.url(name) for name in scripts])))
    for one, other in zip(*found, strict=True):
        _check(one)
        _check(other)
        if isinstance(one, Page) and isinstance(other, Page):
            assert (one.status, one.headers, one.body) == (other.status, other.headers, other.body)


def _steps(data: bytes, *, is_split: bool) -> tuple[Step, ...]:
    middle = len(data) // 2
    return (data[:middle], data[middle:], close) if is_split else (data, close)


def _check(answer: Page | Failure) -> None:
    if isinstance(answer, Failure):
        assert answer.fault in FAULTS, answer
        is_a_failure(answer)
    else:
        assert len(answer.body) <= SETTINGS.max_body_bytes
        assert len(answer.headers) <= SETTINGS.max_header_count
        check_page(answer)


async def _fetch(room: str, addresses: list[str]) -> list[Page | Failure]:
    fetcher = open_fetcher(replace(SETTINGS, room=room))
    try:
        return [await fetcher.fetch(Job(url)) for url in addresses]
    finally:
        await fetcher.aclose()


TARGET = Target(inputs, check)
