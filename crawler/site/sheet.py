"""One document written out: from its plan and its scribe to its bytes and the truth about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.site.asides import NOFOLLOW
from crawler.site.blocks import Scribe, beside, block, head, navigation, rest
from crawler.site.lexicon import Charset, Language
from crawler.site.lexicon.model import BOM, HEADER, HTTP_EQUIV, META
from crawler.site.links import Link

LINKS_ON_TOP: Final = 8
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
    """A page as bytes, how to send it, and what is true of it.

    `nofollow` names those of `links` that never go without rel=nofollow, `ahead` what its head says comes next,
    `robots` the manners that the page asks for, `x_robots_tag` those of them that a header asks for.
    """

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
    nofollow: list[str]
    ahead: tuple[str, ...] = ()
    robots: str = ""
    x_robots_tag: str = ""

    @property
    def followed(self) -> list[str]:
        """The distinct URLs that the page lets a crawler go on to, in document order."""
        if self.robots == NOFOLLOW:
            return []
        barred = set(self.nofollow)
        return list(dict.fromkeys((*self.ahead, *(url for url in self.links if url not in barred))))


def _meta(plan: Plan) -> str:
    if plan.way == META:
        return f'<meta charset="{plan.charset.label}">'
    if plan.way == HTTP_EQUIV:
        return f'<meta http-equiv="Content-Type" content="text/html; charset={plan.charset.label}">'
    return ""


def write(
    url: str, plan: Plan, language: Language, scribe: Scribe, *, meta: str = "", others: Sequence[Link] = ()
) -> Rendered:
    """The document: its links in blocks among the text, and `others` in a block of their own."""
    body = bytearray(MARKS[plan.charset.codec] if plan.way == BOM else b"")

    def put(text: str) -> None:
        body.extend(text.encode(plan.charset.codec, "xmlcharrefreplace"))

    title = scribe.writer.title()
    direction = ' dir="rtl"' if language.rtl else ""
    put(f'<!DOCTYPE html>\n<html lang="{language.tag}"{direction}>{head(title, _meta(plan) + meta)}<body>')
    put(navigation(scribe, LINKS_ON_TOP))
    put("<main>")
    _fill(put, body, scribe, plan.size)
    put(f"</main>{rest(scribe)}")
    if others:
        scribe.linker.add(others)
        put(beside(scribe))
    put("</body></html>")
    return Rendered(
        url=url,
        body=bytes(body),
        content_type=f"text/html; charset={plan.charset.label}" if plan.way == HEADER else "text/html",
        coding=plan.coding,
        chunked=plan.chunked,
        language=language.tag.partition("-")[0],
        charset=plan.charset.label,
        title=title,
        words=scribe.writer.tally(),
        links=scribe.linker.written,
        nofollow=scribe.linker.nofollow,
    )


def _fill(put: Callable[[str], None], body: bytearray, scribe: Scribe, size: int) -> None:
    """Blocks until the page has its size, with links among them as far as they last."""
    links = len(scribe.linker)
    start = len(body)
    room = max(1, size - start)
    while len(body) < size:
        done = (len(body) - start) / room
        put(block(scribe, linking=len(scribe.linker) > links * (1 - done)))
