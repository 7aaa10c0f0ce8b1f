"""What servers may say, and what every room must make of it.

A case without declared differences must come out the same everywhere. `but` holds the cases in which the rooms cannot
agree: room -> what it makes of it instead, and the reason.
"""

from dataclasses import replace
from typing import NamedTuple, TypeAlias

from crawler.model import Fault
from crawler.settings import FetchSettings
from tests.fetch.wire import Step, close, drip, endless, hold, pause, reset

OWN_HOSTS = frozenset({"127.0.0.1"})
SETTINGS = FetchSettings(
    named_hosts=OWN_HOSTS,
    concurrency=4,
    timeout_s=90.0,
    connect_timeout_s=60.0,
    first_byte_timeout_s=60.0,
    max_body_bytes=100_000,
    max_header_line_bytes=2_000,
    max_header_bytes=20_000,
    max_header_count=40,
)


class Got(NamedTuple):
    """The page that is expected, apart from its URL and timings."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Outcome: TypeAlias = Got | Fault


class Differs(NamedTuple):
    room: str
    outcome: Outcome
    reason: str


class Case(NamedTuple):
    steps: tuple[Step, ...]
    outcome: Outcome
    but: tuple[Differs, ...] = ()


def ok(*headers: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    """A whole answer: status line, headers, body."""
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode("latin-1") + body


PIPELINED = Differs(
    "async",
    Fault.PROTOCOL,
    "aiohttp parses what follows in the same segment as another answer and loses the good one with it; "
    "curl ignores it and closes the connection, as browsers do",
)
FIVE = ("content-length", "5")
CHUNKED = ("transfer-encoding", "chunked")
HELLO = Got(200, (FIVE,), b"hello")
PLAIN: tuple[Step, ...] = (ok("Content-Length: 5", body=b"hello"),)

CASES: dict[str, Case] = {
    # good answers
    "plain": Case((ok("Content-Length: 5", body=b"hello"),), HELLO),
    "in_pieces": Case((b"HTTP/1.1 200 OK\r\nConte", b"nt-Length: 5\r\n\r", b"\nhel", b"lo"), HELLO),
    "names_in_lower_case": Case(
        (ok("X-ODD_name: A  b", "content-LENGTH:5", "X-Odd_Name: c", body=b"hello"),),
        Got(200, (("x-odd_name", "A  b"), FIVE, ("x-odd_name", "c")), b"hello"),
    ),
    "spaces_trimmed": Case(
        (ok("A: \t x y \t ", "B:", "C:   ", "Content-Length: 5", body=b"hello"),),
        Got(200, (("a", "x y"), ("b", ""), ("c", ""), FIVE), b"hello"),
    ),
    "empty": Case((ok("Content-Length: 0"),), Got(200, (("content-length", "0"),), b"")),
    "until_closed": Case(
        (ok("Connection: close", body=b"hello"), close), Got(200, (("connection", "close"),), b"hello")
    ),
    "http_1_0": Case((b"HTTP/1.0 200 OK\r\nA: b\r\n\r\nhello", close), Got(200, (("a", "b"),), b"hello")),
    "no_reason": Case((b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",), HELLO),
    "bare_line_feeds": Case((b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",), HELLO),
    "chunked": Case(
        (ok("Transfer-Encoding: chunked", body=b"3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\nTrailer: x\r\n\r\n"),),
        Got(200, (CHUNKED,), b"hello"),
    ),
    "chunked_in_capitals": Case(
        (ok("Transfer-Encoding: Chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),),
        Got(200, (("transfer-encoding", "Chunked"),), b"hello"),
    ),
    "still_compressed": Case(
        (ok("Content-Encoding: gzip", "Content-Length: 5", body=b"hello"),),
        Got(200, (("content-encoding", "gzip"), FIVE), b"hello"),
    ),
    "no_content": Case((ok("A: b", status="204 No Content"),), Got(204, (("a", "b"),), b"")),
    "not_modified": Case(
        (ok("Content-Length: 999999", status="304 Not Modified"),), Got(304, (("content-length", "999999"),), b"")
    ),
    "redirect_not_followed": Case(
        (ok("Location: /plain", "Content-Length: 5", status="302 Found", body=b"hello"),),
        Got(302, (("location", "/plain"), FIVE), b"hello"),
    ),
    "not_found": Case((ok("Content-Length: 5", status="404 Not Found", body=b"hello"),), Got(404, (FIVE,), b"hello")),
    "strange_status": Case((ok("Content-Length: 5", status="799 ?", body=b"hello"),), Got(799, (FIVE,), b"hello")),
    "interim_first": Case(
        (
            b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n",
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
            ok("Content-Length: 5", body=b"hello"),
        ),
        HELLO,
    ),
    "bytes_over_127": Case(
        (b"HTTP/1.1 200 OK\r\nA: caf\xc3\xa9 \xe9\r\nContent-Length: 5\r\n\r\nhello",),
        Got(200, (("a", "caf%C3%A9 %E9"), FIVE), b"hello"),
    ),
    "set_cookie": Case(
        (ok("Set-Cookie: a=b", "Set-Cookie: c=d", "Content-Length: 5", body=b"hello"),),
        Got(200, (("set-cookie", "a=b"), ("set-cookie", "c=d"), FIVE), b"hello"),
    ),
    "at_the_cap": Case(
        (ok("Content-Length: 100000", body=b"x" * 100_000),),
        Got(200, (("content-length", "100000"),), b"x" * 100_000),
    ),
    # bounds
    "declared_too_large": Case((ok("Content-Length: 100001"), hold), Fault.TOO_LARGE),
    "absurdly_large": Case((ok("Content-Length: 9" + "0" * 17), hold), Fault.TOO_LARGE),
    "endless_body": Case((ok(), endless(b"x" * 16_384)), Fault.TOO_LARGE),
    "endless_chunks": Case((ok("Transfer-Encoding: chunked"), endless(b"5\r\nhello\r\n")), Fault.TOO_LARGE),
    "long_line_within": Case(
        (ok("A: " + "x" * (2_000 - 5), "Content-Length: 5", body=b"hello"),),
        Got(200, (("a", "x" * 1_995), FIVE), b"hello"),
    ),
    "long_line": Case((ok("A: " + "x" * (2_000 - 4), "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "huge_line": Case((b"HTTP/1.1 200 OK\r\nA: ", endless(b"x" * 16_384)), Fault.PROTOCOL),
    "huge_status_line": Case((b"HTTP/1.1 200 ", endless(b"x" * 16_384)), Fault.PROTOCOL),
    "many_headers_within": Case(
        (ok(*["A: b"] * 39, "Content-Length: 5", body=b"hello"),), Got(200, (("a", "b"),) * 39 + (FIVE,), b"hello")
    ),
    "many_headers": Case((ok(*["A: b"] * 40, "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "endless_headers": Case((b"HTTP/1.1 200 OK\r\n", endless(b"A: b\r\n" * 100)), Fault.PROTOCOL),
    "large_header": Case((ok(*["A: " + "x" * 1_000] * 21, "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "interim_within": Case((b"HTTP/1.1 102 Processing\r\n\r\n" * 16, PLAIN[0]), HELLO),
    "interim_flood": Case((b"HTTP/1.1 102 Processing\r\n\r\n" * 17, hold), Fault.PROTOCOL),
    "chunk_size_endless": Case((ok("Transfer-Encoding: chunked"), endless(b"0" * 16_384)), Fault.PROTOCOL),
    # broken connections
    "closed_at_once": Case((close,), Fault.RESET),
    "reset_at_once": Case((reset,), Fault.RESET),
    "closed_in_status_line": Case((b"HTTP/1.1 20", close), Fault.RESET),
    "closed_in_header": Case((b"HTTP/1.1 200 OK\r\nA: b\r\nConte", close), Fault.RESET),
    "closed_after_header_line": Case((b"HTTP/1.1 200 OK\r\nA: b\r\n", close), Fault.RESET),
    "closed_after_interim": Case((b"HTTP/1.1 100 Continue\r\n\r\n", close), Fault.RESET),
    "closed_in_body": Case((ok("Content-Length: 5", body=b"he"), close), Fault.RESET),
    "closed_before_body": Case((ok("Content-Length: 5"), close), Fault.RESET),
    "reset_in_body": Case((ok("Content-Length: 5", body=b"he"), reset), Fault.RESET),
    "closed_in_chunk": Case((ok("Transfer-Encoding: chunked", body=b"5\r\nhe"), close), Fault.RESET),
    "closed_between_chunks": Case((ok("Transfer-Encoding: chunked", body=b"2\r\nhe\r\n"), close), Fault.RESET),
    "closed_in_trailer": Case((ok("Transfer-Encoding: chunked", body=b"2\r\nhe\r\n0\r\n"), close), Fault.RESET),
    # answers that are none
    "garbage": Case((b"\x00\xff" * 200 + b"\r\n\r\n", close), Fault.PROTOCOL),
    "blank_line_first": Case(
        (b"\r\n", ok("Content-Length: 5", body=b"hello")),
        Fault.PROTOCOL,
        (Differs("async", HELLO, "aiohttp skips blank lines before an answer; curl takes them for HTTP/0.9"),),
    ),
    "http_0_9": Case((b"<html>hello</html>", close), Fault.PROTOCOL),
    "another_protocol": Case((b"SSH-2.0-OpenSSH_9.2p1\r\n", hold), Fault.PROTOCOL),
    "http_2": Case((b"HTTP/2 200\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "http_2_0": Case((b"HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "http_1_2": Case((b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "status_of_two_digits": Case((b"HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "status_of_four_digits": Case((b"HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "status_zero": Case((b"HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "status_no_number": Case((b"HTTP/1.1 abc OK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "switching_protocols": Case(
        (ok("Upgrade: websocket", "Connection: Upgrade", status="101 Switching Protocols"), hold), Fault.PROTOCOL
    ),
    "no_colon": Case((ok("Content-Length: 5", "nonsense", body=b"hello"),), Fault.PROTOCOL),
    "no_name": Case((ok(": b", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "space_before_colon": Case((ok("A : b", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "bad_name": Case((ok("A[]: b", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "name_over_127": Case((ok("caf\xe9: b", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "nul_in_value": Case((ok("A: b\0c", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "carriage_return_in_value": Case((ok("A: b\rc", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "control_in_value": Case(
        (ok("A: b\x01c", "Content-Length: 5", body=b"hello"),), Got(200, (("a", "b\x01c"), FIVE), b"hello")
    ),
    "folded": Case(
        (ok("A: b", "  c", "Content-Length: 5", body=b"hello"),),
        Got(200, (("a", "b c"), FIVE), b"hello"),
        (
            Differs(
                "async",
                Got(200, (("a", "b  c"), FIVE), b"hello"),
                "aiohttp cuts the line end out, curl makes one space of it; both hand over a joined value",
            ),
        ),
    ),
    "folded_at_once": Case(
        (b"HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 5\r\n\r\nhello",),
        Fault.PROTOCOL,
        (
            Differs(
                "async",
                Got(200, (("a", "b"), FIVE), b"hello"),
                "aiohttp skips space before the first header name and does not tell",
            ),
        ),
    ),
    "locations_alike": Case(
        (ok("Location: /a", "Location: /a", "Content-Length: 5", status="302 Found", body=b"hello"),),
        Got(302, (("location", "/a"), ("location", "/a"), FIVE), b"hello"),
    ),
    "locations_differ": Case(
        (ok("Location: /a", "Location: /b", "Content-Length: 5", status="302 Found", body=b"hello"),), Fault.PROTOCOL
    ),
    "interim_malformed": Case(
        (b"HTTP/1.1 103 Early Hints\r\nA[]: b\r\n\r\n", ok("Content-Length: 5", body=b"hello")), Fault.PROTOCOL
    ),
    "tab_after_status": Case((b"HTTP/1.1 200\tOK\r\nContent-Length: 5\r\n\r\nhello",), Fault.PROTOCOL),
    "line_ended_by_carriage_return": Case(
        (ok("A:\rB: c", "Content-Length: 5", body=b"hello"),),
        Fault.PROTOCOL,
        (
            Differs(
                "async",
                Got(200, (("a", ""), ("b", "c"), FIVE), b"hello"),
                "aiohttp parses leniently: after an empty value it takes a bare CR for a line end, and does not tell",
            ),
        ),
    ),
    "malformed_then_cut": Case(
        (b"HTTP/1.1 200 OK\r\nA\t:", close),
        Fault.RESET,
        (Differs("async", Fault.PROTOCOL, "aiohttp judges byte by byte, curl whole lines only"),),
    ),
    "length_empty_then_cut": Case(
        (b"HTTP/1.1 200 OK\r\nContent-Length:\r\n", close),
        Fault.PROTOCOL,
        (Differs("async", Fault.RESET, "aiohttp hands no header over that is not complete"),),
    ),
    "chunk_extension_malformed": Case(
        (ok("Transfer-Encoding: chunked", body=b"5;a=\x01b\r\nhello\r\n0\r\n\r\n"),),
        Got(200, (CHUNKED,), b"hello"),
        (Differs("async", Fault.PROTOCOL, "curl does not read chunk extensions at all"),),
    ),
    "trailer_malformed": Case(
        (ok("Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\nA[]: b\r\n\r\n"),),
        Got(200, (CHUNKED,), b"hello"),
        (Differs("async", Fault.PROTOCOL, "curl does not read trailers beyond finding their end"),),
    ),
    # framing that could be read in two ways
    "length_twice": Case((ok("Content-Length: 5", "Content-Length: 5", body=b"hello"),), Fault.PROTOCOL),
    "two_lengths": Case((ok("Content-Length: 5", "Content-Length: 6", body=b"hello!"),), Fault.PROTOCOL),
    "length_list": Case((ok("Content-Length: 5, 5", body=b"hello"),), Fault.PROTOCOL),
    "length_and_chunks": Case(
        (ok("Content-Length: 5", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),), Fault.PROTOCOL
    ),
    "chunks_and_length": Case(
        (ok("Transfer-Encoding: chunked", "Content-Length: 5", body=b"5\r\nhello\r\n0\r\n\r\n"),), Fault.PROTOCOL
    ),
    "length_negative": Case((ok("Content-Length: -5", body=b"hello"), close), Fault.PROTOCOL),
    "length_signed": Case((ok("Content-Length: +5", body=b"hello"), close), Fault.PROTOCOL),
    "length_hex": Case((ok("Content-Length: 0x5", body=b"hello"), close), Fault.PROTOCOL),
    "length_no_number": Case((ok("Content-Length: five", body=b"hello"), close), Fault.PROTOCOL),
    "length_empty": Case((ok("Content-Length:", body=b"hello"), close), Fault.PROTOCOL),
    "length_over_64_bits": Case((ok("Content-Length: " + "9" * 30, body=b"hello"), close), Fault.PROTOCOL),
    "coded_twice": Case(
        (ok("Transfer-Encoding: gzip, chunked", body=b"5\r\nhello\r\n0\r\n\r\n"), close), Fault.PROTOCOL
    ),
    "coded_otherwise": Case((ok("Transfer-Encoding: gzip", body=b"hello"), close), Fault.PROTOCOL),
    "chunked_twice": Case(
        (ok("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"), close),
        Fault.PROTOCOL,
    ),
    "chunk_size_no_number": Case((ok("Transfer-Encoding: chunked", body=b"zz\r\nhello\r\n"), hold), Fault.PROTOCOL),
    "chunk_size_negative": Case((ok("Transfer-Encoding: chunked", body=b"-5\r\nhello\r\n"), hold), Fault.PROTOCOL),
    "chunk_size_huge": Case(
        (ok("Transfer-Encoding: chunked", body=b"f" * 20 + b"\r\nhello\r\n"), hold), Fault.PROTOCOL
    ),
    "chunk_too_long": Case((ok("Transfer-Encoding: chunked", body=b"2\r\nhello\r\n0\r\n\r\n"), hold), Fault.PROTOCOL),
    "chunk_broken_later": Case(
        (ok("Transfer-Encoding: chunked", body=b"5\r\nhello\r\n"), pause, b"zz\r\nhello\r\n", hold), Fault.PROTOCOL
    ),
    "more_later": Case((ok("Content-Length: 5", body=b"hello"), pause, b" and more", close), HELLO),
    "forged_later": Case(
        (ok("Content-Length: 5", body=b"hello"), pause, ok("Content-Length: 6", body=b"forged"), hold), HELLO
    ),
    "more_than_declared": Case((ok("Content-Length: 5", body=b"hello and more"), close), HELLO, (PIPELINED,)),
    "body_without_need": Case(
        (ok("Content-Length: 5", status="204 No Content", body=b"hello"), close),
        Got(204, (FIVE,), b""),
        (PIPELINED,),
    ),
}

HASTY = FetchSettings(
    named_hosts=OWN_HOSTS, concurrency=4, timeout_s=0.5, connect_timeout_s=0.3, first_byte_timeout_s=0.2
)
TO_CONNECT = replace(HASTY, timeout_s=60.0, first_byte_timeout_s=60.0)
TO_ANSWER = replace(HASTY, timeout_s=60.0, connect_timeout_s=60.0)
"""Only one of the three can be over: a busy machine delays all that they are for."""


def to_complete(patience_s: float) -> FetchSettings:
    """The time to connect is all the time there is, and the time to answer most of it."""
    return replace(HASTY, timeout_s=patience_s, connect_timeout_s=patience_s, first_byte_timeout_s=patience_s * 2 / 3)


UNANSWERED: dict[str, tuple[Step, ...]] = {
    "no_answer": (hold,),
    "header_unfinished": (b"HTTP/1.1 200 OK\r\nA: b\r\n", hold),
    "header_in_drips": (drip(ok("A: " + "x" * 1_000), 0.02),),
    "interim_for_ever": (b"HTTP/1.1 100 Continue\r\n\r\n", hold),
}
UNFINISHED: dict[str, tuple[Step, ...]] = {
    "body_unfinished": (ok("Content-Length: 5", body=b"he"), hold),
    "body_in_drips": (ok("Content-Length: 500"), drip(b"x" * 500, 0.02)),
    "chunks_unfinished": (ok("Transfer-Encoding: chunked", body=b"2\r\nhe\r\n"), hold),
}
