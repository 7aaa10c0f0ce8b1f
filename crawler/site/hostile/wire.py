"""Connections that break, stall or never end, and bodies whose length is a lie."""

from typing import Final

from crawler.site.hostile.exchange import head, page
from crawler.site.hostile.hazard import MIB, PROTOCOL, RESET, TIMEOUT, TOO_LARGE, Hazard
from crawler.site.hostile.plays import says, says_and_holds, says_and_resets, says_for_ever

_BUFFERS: Final = 36 * MIB
"""What Linux may hold between two sockets: 32 MiB to be received (tcp_rmem), 4 MiB to be sent (tcp_wmem).

Less where these are set lower; how much it comes to depends on how busy whoever reads is.
"""
ENDLESS: Final = 11 * MIB + _BUFFERS
"""A body over the cap of 10 MiB, and what the kernel's buffers hold beyond it."""
ANY_FRAMING: Final = 21 * MIB + _BUFFERS
"""Twice the cap for a body and its framing, and what buffers hold beyond it."""
SLOWLY_S: Final = 0.1
_PIECE: Final = b"endless " * 8_192
_BODY: Final = page("a body of which its length lies")
_LONG: Final = head("Content-Length: 100000")
_CHUNKS: Final = head("Transfer-Encoding: chunked")


def _length(value: str) -> bytes:
    return head(f"Content-Length: {value}") + _BODY


HAZARDS: Final = (
    Hazard("refused", "nobody listens on its port", says(), ("failed: connect",), requests=0),
    Hazard("nxdomain", "its name does not resolve", says(), ("failed: dns",), requests=0),
    Hazard("reset", "resets the connection before an answer", says_and_resets(), RESET, requests=4),
    Hazard("closed", "closes the connection without an answer", says(), RESET, requests=4),
    Hazard("reset-in-header", "resets in the header", says_and_resets(b"HTTP/1.1 200 O"), RESET, requests=4),
    Hazard("reset-in-body", "resets in the body", says_and_resets(_LONG, _BODY), RESET, requests=4),
    Hazard("length-too-large", "closes before the body has its length", says(_LONG, _BODY), RESET, requests=4),
    Hazard("silent", "takes the request and says nothing", says_and_holds(), TIMEOUT, requests=3),
    Hazard(
        "slow-headers",
        "sends a byte of its header each 100 ms",
        says_for_ever(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", SLOWLY_S),
        TIMEOUT,
        requests=3,
    ),
    Hazard(
        "slow-drip", "sends a byte of its body each 100 ms", says_for_ever(_LONG, b"x", SLOWLY_S), TIMEOUT, requests=3
    ),
    Hazard("stalled-body", "stops in the middle of the body", says_and_holds(_LONG, _BODY), TIMEOUT, requests=3),
    Hazard("endless-body", "a body without end", says_for_ever(head(), _PIECE), TOO_LARGE, sent_bytes=ENDLESS),
    Hazard(
        "endless-chunks",
        "chunks without end",
        says_for_ever(_CHUNKS, b"%x\r\n%b\r\n" % (len(_PIECE), _PIECE)),
        TOO_LARGE,
        sent_bytes=ENDLESS,
    ),
    Hazard(
        "length-huge",
        "a length of 1 TB, and it means it",
        says_for_ever(head("Content-Length: 1000000000000"), _PIECE),
        TOO_LARGE,
        sent_bytes=8 * MIB,
    ),
    Hazard(
        "length-too-small",
        "a body longer than its length",
        says(_length(str(len(_BODY) - 9))),
        ("analysed", "failed: protocol"),  # curl takes what was declared, aiohttp the rest for another answer
    ),
    Hazard("length-negative", "a negative length", says(_length("-1")), PROTOCOL),
    Hazard("length-no-number", "a length in words", says(_length("plenty")), PROTOCOL),
    Hazard("length-twice", "two lengths", says(_length("20\r\nContent-Length: 30")), PROTOCOL),
    Hazard(
        "torn-chunk", "closes in the middle of a chunk", says(_CHUNKS, b"ffff\r\nlonger than "), RESET, requests=4
    ),
    Hazard("chunk-too-long", "a chunk longer than its size", says_and_holds(_CHUNKS, b"3\r\nlonger\r\n"), PROTOCOL),
    Hazard("chunk-size-huge", "a chunk size beyond 64 bits", says_and_holds(_CHUNKS, b"f" * 99 + b"\r\n"), PROTOCOL),
    Hazard(
        "chunk-size-endless",
        "a chunk size without end",
        says_for_ever(_CHUNKS, b"0" * 4096),
        PROTOCOL,
        sent_bytes=ANY_FRAMING,
    ),
    Hazard(
        "chunk-extension",
        "a chunk extension without end, 12 MB a second",
        says_for_ever(_CHUNKS + b"1;x=", b"y" * 128 * 2**10, 0.01),
        (*PROTOCOL, *TIMEOUT),  # curl does not tell of them at all, so that it is time that bounds them
        requests=3,
        sent_bytes=192 * MIB,
    ),
    Hazard(
        "endless-trailer",
        "a trailer without end",
        says_for_ever(_CHUNKS + b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 999),
        PROTOCOL,
        sent_bytes=8 * MIB,
    ),
)
