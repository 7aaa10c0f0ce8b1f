"""robots.txt that is huge, endless, slow, gone or malicious; the page behind it is harmless."""

from typing import Final

from crawler.site.hostile.codings import gzip_bomb
from crawler.site.hostile.exchange import Exchange, head, page
from crawler.site.hostile.hazard import ANALYSED, MIB, TIMEOUT, TOO_LARGE, Hazard, Play
from crawler.site.hostile.plays import answers, says_for_ever
from crawler.site.hostile.wire import ENDLESS, SLOWLY_S

_FORBIDDEN: Final = ("robots",)
_RULES: Final = b"".join(b"Disallow: /secret-%d\n" % number for number in range(300_000))
_STARS: Final = b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"$\n"


def _robots(body: bytes) -> Play:
    return answers("Content-Type: text/plain", body=body)


async def _gzip_bomb(exchange: Exchange) -> None:
    await exchange.answer("Content-Encoding: gzip", body=gzip_bomb(1_024))


async def _round(exchange: Exchange) -> None:
    await exchange.answer("Location: /robots.txt", status="302 Found")


def _behind(
    name: str,
    does: str,
    robots: Play,
    ends: tuple[str, ...] = ANALYSED,
    *,
    requests: int = 2,
    sent_bytes: int = 64 * 2**10,
    path: str = "/",
) -> Hazard:
    """A page that nothing is wrong with, and a robots.txt."""
    return Hazard(
        name=f"robots-{name}",
        does=f"robots.txt {does}",
        play=answers(body=page(f"behind a robots.txt that is {name}")),
        ends=ends,
        path=path,
        requests=requests,
        sent_bytes=sent_bytes,
        robots=robots,
    )


HAZARDS: Final = (
    _behind("huge", "of 7 MB", _robots(b"User-agent: *\n" + _RULES), sent_bytes=9 * MIB),
    _behind(
        "endless", "without end", says_for_ever(head(), _RULES[:60_000]), TOO_LARGE, requests=1, sent_bytes=ENDLESS
    ),
    _behind("slow", "of a byte each 100 ms", says_for_ever(head("Content-Length: 9999"), b"U", SLOWLY_S), TIMEOUT),
    _behind("500", "fails", answers(status="500 Internal Server Error"), _FORBIDDEN),
    _behind("bomb", "is a gzip bomb", _gzip_bomb, TOO_LARGE, requests=1, sent_bytes=2 * MIB),
    _behind("loop", "redirects to itself", _round, requests=8),
    _behind("binary", "is not text", _robots(bytes(range(256)) * 2_000), sent_bytes=MIB),
    _behind("stars", "has a pattern of 2,000 stars", _robots(_STARS), path="/" + "a" * 1_800),
)
