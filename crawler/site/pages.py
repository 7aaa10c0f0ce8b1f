"""One page from its numbers alone: how it is declared, sent, sized and linked."""

import math
from dataclasses import replace
from random import Random
from typing import Final

from crawler.site.asides import Aside
from crawler.site.blocks import Scribe
from crawler.site.inline import tricks_for
from crawler.site.lexicon import Charset, Language
from crawler.site.lexicon.model import HEADER, META, UTF_8
from crawler.site.links import BARRED, FOLLOWED, MAYBE_NOT, Link, Linker
from crawler.site.sentences import Writer, book_of
from crawler.site.sheet import Plan, Rendered, write
from crawler.site.web import Page, Web

CODINGS: Final = ("identity", "gzip", "br", "zstd", "deflate", "gzip", "br", "identity")
KB: Final = 1000
RARITY: Final = 26
"""One page in so many is in the rare encoding of its language."""

SPREAD: Final = 4.6
"""Sigmas between the smallest and the largest page: one page in a hundred is cut to the range."""

FEWEST_LINKS: Final = 14
MOST_LINKS: Final = 85
BYTES_A_LINK: Final = 450
ASIDE_BYTES: Final = 1200
"""The size of a side page, which its last block may double."""


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


def render(web: Web, page: Page | Aside) -> Rendered:
    """The page, the same whatever was rendered before it."""
    return _render_aside(web, page) if isinstance(page, Aside) else _render_page(web, page)


def _render_page(web: Web, page: Page) -> Rendered:
    settings = web.settings
    url = web.url(page)
    rng = Random(f"{settings.seed}/{web.hosts[page.host]}/{page.number}")
    plan = plan_of(web, page, rng)
    book = book_of(plan.charset.lexicon or settings.languages[page.host])
    writer = Writer(book, rng)
    duties = [Link(url, FOLLOWED) for url in web.duties(page)]
    wanted = min(MOST_LINKS, max(FEWEST_LINKS, plan.size // BYTES_A_LINK))
    wishes = [Link(url, MAYBE_NOT) for url in web.wishes(page, rng, max(0, wanted - len(duties)))]
    linker = Linker(url, duties + wishes, writer.byte)
    scribe = Scribe(writer, tricks_for(book.language, plan.charset.codec), linker, book.joiner)
    sides = web.side_links(page.host) if page.number == 0 else []
    others = [Link(url, FOLLOWED if followed else BARRED) for url, followed in sides]
    return write(url, plan, book.language, scribe, others=others)


def _render_aside(web: Web, aside: Aside) -> Rendered:
    """A side page in UTF-8; twins, which are drawn by the same text, are the same bytes."""
    settings = web.settings
    url = web.at(aside.host, aside.path)
    rng = Random(f"{settings.seed}/{web.hosts[aside.host]}/aside/{aside.text}")
    coding = CODINGS[int(rng.random() * len(CODINGS))]
    way = HEADER if rng.random() < 0.5 else META  # noqa: PLR2004
    plan = Plan(UTF_8, way, ASIDE_BYTES, coding, chunked=rng.random() < 0.3)  # noqa: PLR2004
    book = book_of(settings.languages[aside.host])
    writer = Writer(book, rng)
    links = [Link(web.at(aside.host, path), FOLLOWED) for path in (*aside.links, "/")]
    scribe = Scribe(writer, tricks_for(book.language, UTF_8.codec), Linker(url, links, writer.byte), book.joiner)
    asked = f'<meta name="robots" content="{aside.robots}">' if aside.robots and not aside.robots_in_header else ""
    ahead = "".join(f'<link rel="next" href="{path}">' for path in aside.ahead)
    return replace(
        write(url, plan, book.language, scribe, meta=asked + ahead),
        ahead=tuple(web.at(aside.host, path) for path in aside.ahead),
        robots=aside.robots,
        x_robots_tag=aside.robots if aside.robots_in_header else "",
    )
