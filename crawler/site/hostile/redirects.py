"""Redirects that go round, that never arrive, and that lead where a crawler must not go."""

from typing import Final

from crawler.site.hostile.exchange import Exchange
from crawler.site.hostile.hazard import BLOCKED, PROTOCOL, REDIRECT, Hazard
from crawler.site.hostile.plays import answers

_FOUND: Final = "302 Found"
_PRIVATE: Final = {
    "private": "http://10.1.2.3/",
    "loopback": "http://127.0.0.1:9/",
    "loopback-in-decimal": "http://2130706434:9/",
    "loopback-in-ipv6": "http://[::1]:9/",
    "link-local": "http://169.254.169.254/latest/meta-data/",
    "link-local-in-ipv6": "http://[fe80::1]/",
    "mapped": "http://[::ffff:10.1.2.3]/",
}
_READ_AS: Final = {
    "http://2130706434:9/": "http://127.0.0.2:9/",
    "http://[::ffff:10.1.2.3]/": "http://[::ffff:a01:203]/",
}
"""What two of them are to the URL standard."""


def _to(name: str, target: str) -> Hazard:
    return Hazard(
        f"to-{name}", f"redirects to {target[:40]}", answers(f"Location: {target}", status=_FOUND), REDIRECT
    )


def _into(name: str, target: str) -> Hazard:
    return Hazard(
        f"to-{name}",
        f"redirects to {target}",
        answers(f"Location: {target}", status=_FOUND),
        ("redirected",),
        then=((_READ_AS.get(target, target), BLOCKED),),
    )


async def _round(exchange: Exchange) -> None:
    await exchange.answer(f"Location: {'/b' if exchange.path == '/' else '/'}", status="301 Moved Permanently")


async def _new_query(exchange: Exchange) -> None:
    number = int(exchange.path.partition("=")[2] or 0)
    await exchange.answer(f"Location: /?n={number + 1}", status="307 Temporary Redirect")


async def _growing(exchange: Exchange) -> None:
    await exchange.answer(f"Location: {exchange.path}again/", status=_FOUND)


HAZARDS: Final = (
    Hazard(
        "redirect-loop",
        "two URLs that redirect to each other",
        _round,
        REDIRECT,
        then=(("/b", REDIRECT),),
        requests=3,
    ),
    Hazard("redirect-to-itself", "redirects to itself", answers("Location: /", status=_FOUND), REDIRECT),
    Hazard(
        "redirect-new-query",
        "redirects to itself with a new query",
        _new_query,
        ("redirected", *REDIRECT),
        then=(("/?n=10", REDIRECT),),
        requests=12,
    ),
    Hazard("redirect-growing", "redirects to ever longer paths", _growing, ("redirected", *REDIRECT), requests=12),
    Hazard("redirect-nowhere", "redirects without saying where", answers(status=_FOUND), ("failed: status",)),
    Hazard(
        "redirect-two-ways",
        "redirects to two places",
        answers("Location: /a", "Location: /b", status=_FOUND),
        PROTOCOL,
    ),
    _to("file", "file:///etc/passwd"),
    _to("ftp", "ftp://ftp.hostile.test/"),
    _to("javascript", "javascript:alert(1)"),
    _to("data", "data:text/html,hello"),
    _to("garbage", "http://[not-an-address]/"),
    *(_into(name, target) for name, target in _PRIVATE.items()),
)
