"""One page from its numbers alone: how it is declared, sent and linked, its bytes, and the truth about them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from crawler.site.blocks import Scribe, block, head, navigation, rest
from crawler.site.inline import tricks_for
from crawler.site.lexicon import Charset, Language
from crawler.site.lexicon.model import BOM, HEADER, HTTP_EQUIV, META, UTF_8
from crawler.site.links import Linker
from crawler.site.sentences import Writer, book_of
from crawler.site.web import Page, Web

CODINGS: Final = ("identity", "gzip", "br", "zstd", "deflate", "gzip", "br", "identity")
KB: Final = 1000
RARITY: Final = 26
"""One page in so many is in the rare encoding of its language."""

SPREAD: Final = 4.6
"""Sigmas between the smallest and the largest page: one page in a hundred is cut to the range."""

FEWEST_LINKS: Final = 14
LINKS_ON_TOP: Final = 8
MOST_LINKS: Final = 85
BYTES_A_LINK: Final = 450
MARKS: Final = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided about a page before a word is written."""

    charset: Charset
    way: str
    size: int
    coding: str
    chunked: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as bytes, how to send it, and what is true of it."""

    url: str
    body: bytes
    content_type: str
    coding: str
    chunked: bool
    language: str
    charset: str
    title: str
    words: dict[str, int]
    links: list[str]


def plan_of(web: Web, page: Page, rng: Random) -> Plan:
    """A page's plan: sizes are log-normal between the settings' bounds."""
    settings = web.settings
    language = book_of(settings.languages[page.host]).language
    charset, lap = _charset(language, page.number)
    low, high = math.log(settings.min_kb * KB), math.log(settings.max_kb * KB)
    size = math.exp(min(high, max(low, rng.normalvariate((low + high) / 2, (high - low) / SPREAD))))
    return Plan(
        charset=charset,
        way=charset.ways[lap % len(charset.ways)],
        size=int(size),
        coding=CODINGS[int(rng.random() * len(CODINGS))],
        chunked=rng.random() < 0.3,  # noqa: PLR2004
    )


def _charset(language: Language, number: int) -> tuple[Charset, int]:
    """Half of the pages in UTF-8, the others in each legacy encoding in turn; and how often its turn has come."""
    turn = number // 2
    if number % RARITY == RARITY - 1 and language.rare is not None:
        return language.rare, turn
    if number % 2 == 0:
        return UTF_8, turn
    return language.charsets[turn % len(language.charsets)], turn // len(language.charsets)


def _meta(plan: Plan) -> str:
    if plan.way == META:
        return f'<meta charset="{plan.charset.label}">'
    if plan.way == HTTP_EQUIV:
        return f'<meta http-equiv="Content-Type" content="text/html; charset={plan.charset.label}">'
    return ""


def render(web: Web, page: Page) -> Rendered:
    """The page, the same whatever was rendered before it."""
    settings = web.settings
    url = web.url(page)
    rng = Random(f"{settings.seed}/{web.hosts[page.host]}/{page.number}")
    plan = plan_of(web, page, rng)
    book = book_of(plan.charset.lexicon or settings.languages[page.host])
    writer = Writer(book, rng)
    duties = web.duties(page)
    wanted = min(MOST_LINKS, max(FEWEST_LINKS, plan.size // BYTES_A_LINK))
    wishes = web.wishes(page, rng, max(0, wanted - len(duties)))
    scribe = Scribe(
        writer, tricks_for(book.language, plan.charset.codec), Linker(url, duties + wishes, writer.byte), book.joiner
    )
    body = bytearray(MARKS[plan.charset.codec] if plan.way == BOM else b"")

    def put(text: str) -> None:
        body.extend(text.encode(plan.charset.codec, "xmlcharrefreplace"))

    language = book.language
    title = writer.title()
    direction = ' dir="rtl"' if language.rtl else ""
    put(f'<!DOCTYPE html>\n<html lang="{language.tag}"{direction}>{head(title, _meta(plan))}<body>')
    put(navigation(scribe, LINKS_ON_TOP))
    put("<main>")
    _fill(put, body, scribe, plan.size)
    put(f"</main>{rest(scribe)}</body></html>")
    return Rendered(
        url=url,
        body=bytes(body),
        content_type=f"text/html; charset={plan.charset.label}" if plan.way == HEADER else "text/html",
        coding=plan.coding,
        chunked=plan.chunked,
        language=language.tag.partition("-")[0],
        charset=plan.charset.label,
        title=title,
        words=writer.tally(),
        links=scribe.linker.written,
    )


def _fill(put: Callable[[str], None], body: bytearray, scribe: Scribe, size: int) -> None:
    """Blocks until the page has its size, with links among them as far as they last."""
    links = len(scribe.linker)
    start = len(body)
    room = max(1, size - start)
    while len(body) < size:
        done = (len(body) - start) / room
        put(block(scribe, linking=len(scribe.linker) > links * (1 - done)))
