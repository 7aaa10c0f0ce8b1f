"""Documents that are too much for a careless parser, and two that a test may let crash it or hang it.

CRASH and HANG do nothing by themselves: a test puts an analysis in place that obeys them.
"""

from functools import cache
from typing import Final

from crawler.site.coding import COMPRESS
from crawler.site.hostile.exchange import Exchange, page
from crawler.site.hostile.hazard import MIB, TOO_LARGE, Hazard, Play
from crawler.site.hostile.plays import answers
from crawler.site.hostile.wire import ENDLESS

CRASH: Final = b"<!-- hostile: crash the parser -->"
HANG: Final = b"<!-- hostile: hang the parser -->"
_MANY: Final = 100_000
_MB: Final = 10**6


@cache
def _links() -> bytes:
    links = "".join([f'<a href="http://elsewhere.test/{number}">{number}</a> ' for number in range(_MANY)])
    return page("links", links)


@cache
def _attributes() -> bytes:
    names = " ".join([f"a{number}=v" for number in range(_MANY)])
    return page("attributes", f"<p {names}>many attributes</p>")


@cache
def _text(megabytes: int) -> bytes:
    return page("text", f"<p>{'a single text node of many words ' * (megabytes * _MB // 34)}</p>")


@cache
def _text_compressed(megabytes: int) -> bytes:
    return COMPRESS["gzip"](_text(megabytes))


async def _many_links(exchange: Exchange) -> None:
    await exchange.answer(body=_links())


async def _many_attributes(exchange: Exchange) -> None:
    await exchange.answer(body=_attributes())


async def _large_text(exchange: Exchange) -> None:
    await exchange.answer(body=_text(50))


def _large_text_compressed(megabytes: int) -> Play:
    async def play(exchange: Exchange) -> None:
        await exchange.answer("Content-Encoding: gzip", body=_text_compressed(megabytes))

    return play


def _html(body: bytes) -> Play:
    return answers(body=b"<!doctype html><title>markup</title>" + body)


HAZARDS: Final = (
    Hazard("links", "100,000 links", _many_links, sent_bytes=6 * MIB),
    Hazard(
        "nested", "100,000 nested tags", _html(b"<div>" * _MANY + b"deep" + b"</div>" * _MANY), sent_bytes=2 * MIB
    ),
    Hazard(
        "nested-inline", "100,000 nested tags that are never closed", _html(b"<b>" * _MANY + b"bold"), sent_bytes=MIB
    ),
    Hazard(
        "reopened",
        "2,000 tags that each of 2,000 paragraphs opens again: 2 million elements",
        _html(b"".join(b"<font size=%d><p>" % number for number in range(2_000)) + b"reopened"),
        ("analysed", "failed: memory", "failed: hung"),
        sent_bytes=MIB,
    ),
    Hazard("attributes", "100,000 attributes on one tag", _many_attributes, sent_bytes=2 * MIB),
    Hazard("one-word", "a word of 8 MB", _html(b"w" * 8 * _MB), sent_bytes=9 * MIB),
    Hazard("text", "a single text node of 50 MB", _large_text, TOO_LARGE, sent_bytes=ENDLESS),
    Hazard("text-compressed", "the same in gzip", _large_text_compressed(50), TOO_LARGE, sent_bytes=MIB),
    Hazard("text-10", "a single text node of 10 MB in gzip", _large_text_compressed(10), sent_bytes=MIB),
    Hazard("open-comments", "15,000 comments that are never closed", _html(b"<!--" * 15_000), sent_bytes=MIB),
    Hazard("nuls", "a million zero bytes", _html(b"\0" * 10**6 + b"<p>zero</p>"), sent_bytes=2 * MIB),
    Hazard("crash", "a page that a test lets crash the parser", _html(CRASH + b"crash")),
    Hazard("hang", "a page that a test lets hang the parser", _html(HANG + b"hang")),
)
