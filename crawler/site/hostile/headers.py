"""Headers that are none, that never end or that flood, and answers that never become final."""

from typing import Final

from crawler.site.hostile.exchange import Exchange, head, page
from crawler.site.hostile.hazard import MIB, PROTOCOL, TIMEOUT, Hazard
from crawler.site.hostile.plays import answers, says, says_and_holds, says_for_ever

_LINE: Final = b"HTTP/1.1 200 OK\r\n"
_INTERIM: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
_COOKIES: Final = tuple(f"Set-Cookie: c{number}={'x' * 100}; Domain=hostile.test" for number in range(250))


async def _cookies_then_more(exchange: Exchange) -> None:
    """Set cookies on a page, and hope that they come back with the next request."""
    if exchange.path == "/":
        await exchange.answer(*_COOKIES, "Location: /with-cookies", status="302 Found")
    else:
        await exchange.answer(body=page("no cookie came back"))


HAZARDS: Final = (
    Hazard(
        "endless-headers",
        "headers without end",
        says_for_ever(_LINE, b"X-Header: value\r\n" * 999),
        PROTOCOL,
        sent_bytes=8 * MIB,
    ),
    Hazard(
        "endless-line",
        "a header line without end",
        says_for_ever(_LINE + b"X: ", b"x" * 9_999),
        PROTOCOL,
        sent_bytes=8 * MIB,
    ),
    Hazard(
        "endless-status",
        "a status line without end",
        says_for_ever(b"HTTP/1.1 200 ", b"x" * 9_999),
        PROTOCOL,
        sent_bytes=8 * MIB,
    ),
    Hazard("header-bytes", "a zero byte in a header", says(_LINE + b"X: a\0b\r\n\r\n" + page("zero")), PROTOCOL),
    Hazard(
        "header-names", "header names beyond ASCII", says(_LINE + b"\xff\xfe: x\r\n\r\n" + page("name")), PROTOCOL
    ),
    Hazard("header-values", "header values in no encoding", says(_LINE + b"X: \xff\xfe\r\n\r\n" + page("value"))),
    Hazard("no-headers", "a status line and no header", says(_LINE + b"\r\n" + page("no header at all"))),
    Hazard("http-0-9", "a body and nothing else", says(page("as in 1991")), PROTOCOL),
    Hazard("another-protocol", "speaks SSH", says_and_holds(b"SSH-2.0-OpenSSH_9.9\r\n"), PROTOCOL),
    Hazard("garbage", "speaks nothing known", says_and_holds(bytes(range(256)) * 40), PROTOCOL),
    Hazard(
        "interim-flood", "answers 103 without end", says_for_ever(b"", _INTERIM * 100), PROTOCOL, sent_bytes=8 * MIB
    ),
    Hazard("interim-drip", "answers 103 once a second", says_for_ever(b"", _INTERIM, 1.0), TIMEOUT, requests=3),
    Hazard(
        "switching",
        "answers 101 and goes on in another way",
        says_and_holds(head(status="101 Switching Protocols")),
        PROTOCOL,
    ),
    Hazard(
        "cookie-flood",
        "sets 250 cookies",
        _cookies_then_more,
        ("redirected",),
        then=(("/with-cookies", ("analysed",)),),
        requests=3,
    ),
    Hazard(
        "cookie-deluge",
        "sets 25,000 cookies",
        answers(*_COOKIES * 100, body=page("cookies")),
        PROTOCOL,
        sent_bytes=8 * MIB,
    ),
)
