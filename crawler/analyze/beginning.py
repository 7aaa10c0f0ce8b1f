"""The part of an analysis that any interpreter can do: decoding, parsing, and counting what needs no dictionary.

Of the packages that an analysis takes, msgspec, icu4py and ada-url load in the main interpreter only (CPython 3.14
refuses them in others, as it does lxml). So here is what the standard library, brotli and the parsers can do, given
and returned as plain values; `page.complete` does the rest where those packages are.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from crawler.analyze import binary, charset, decoding
from crawler.analyze.directives import directives_of
from crawler.analyze.document import Document, Link, Unreadable
from crawler.analyze.words import Spaced, count_spaced
from crawler.analyze.xhtml import as_html
from crawler.bare import BarePage, Fault, Mishap
from crawler.settings import AnalyzeSettings

Step: TypeAlias = Literal["decode", "parse", "count"]
Mark: TypeAlias = Callable[[Step], None]
"""Told at the end of each step of a page's analysis, for whoever has a clock: here there is none."""

Headers: TypeAlias = Iterable[tuple[str, str]]

_WHITE_SPACE = b" \t\n\r\f"


class Read(NamedTuple):
    """A page's document, and what it asks for: which links may be followed, and whether it wants to be counted."""

    charset: str
    document: Document
    hrefs: list[str]
    is_noindex: bool


class Begun(NamedTuple):
    """What is known of a page before its links are joined and its unspaced scripts are cut.

    `letters` is its text without white space, in UTF-8.
    """

    charset: str
    title: str
    language: str | None
    base: str | None
    hrefs: list[str]
    is_noindex: bool
    spaced: Spaced
    letters: bytes


def unmarked(_step: Step) -> None:
    """The mark of an analysis that nobody times."""


def begin(page: BarePage, settings: AnalyzeSettings, mark: Mark = unmarked) -> Begun | Mishap | None:
    """What can be known of a page, or why nothing; None for a robots.txt or a sitemap, which are not begun here."""
    if page.kind != "page":
        return None
    try:
        text, encoding = text_of(page.headers, page.body, settings)
        mark("decode")
        read_page = read(text, encoding, page.headers, settings)
        mark("parse")
    except (decoding.Undecodable, Unreadable) as error:
        return mishap_of(error)
    begun = begun_of(read_page)
    mark("count")
    return begun


def mishap_of(error: decoding.Undecodable | Unreadable) -> Mishap:
    """A page that cannot be read."""
    return Mishap(error.fault if isinstance(error, decoding.Undecodable) else Fault.DECODE, str(error))


def body_of(headers: Headers, body: bytes, settings: AnalyzeSettings) -> bytes:
    """The body without its content codings. Raises Undecodable."""
    encodings = [value for name, value in headers if name == "content-encoding"]
    return decoding.decode(body, encodings, settings.max_text_bytes)


def text_of(headers: Headers, body: bytes, settings: AnalyzeSettings) -> tuple[str, str]:
    """The text of a page, and the encoding that it was in. Raises Undecodable."""
    body = body_of(headers, body, settings)
    kind = binary.kind_of(body)
    if kind is not None:
        raise decoding.Undecodable(f"it is {kind}, whatever it is called", Fault.CONTENT_TYPE)
    return charset.to_text(body, _header(headers, "content-type"))


def read(text: str, encoding: str, headers: Headers, settings: AnalyzeSettings) -> Read:
    """What the parser makes of a page's text. Raises Unreadable."""
    document = _document(text, _header(headers, "content-type"), settings.parser)
    asked = directives_of(headers, document.metas, settings.robots_name)
    hrefs = _to_follow(document.links, settings, is_nofollow=asked.is_nofollow)
    return Read(encoding, document, hrefs, asked.is_noindex and settings.noindex == "obey")


def begun_of(page: Read) -> Begun:
    """The words that need no dictionary."""
    document = page.document
    return Begun(
        page.charset,
        document.title,
        document.language,
        document.base,
        page.hrefs,
        page.is_noindex,
        count_spaced(document.text),
        document.text.encode("utf-8", "surrogatepass").translate(None, _WHITE_SPACE),
    )


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key == name), None)


def _to_follow(found: list[Link], settings: AnalyzeSettings, *, is_nofollow: bool) -> list[str]:
    """The `href` of each link, without those that, alone or with the whole page, ask not to be followed."""
    if settings.nofollow == "ignore":
        return [href for href, _ in found]
    return [] if is_nofollow else [href for href, is_excepted in found if not is_excepted]


def _document(text: str, content_type: str | None, parser: str) -> Document:
    """By content type; a page without one is HTML."""
    match (content_type or "").partition(";")[0].strip().lower():
        case "text/plain":
            return Document(title="", language=None, base=None, links=[], metas=[], text=text)
        case "application/xhtml+xml":
            return _reader(parser)(as_html(text))
    return _reader(parser)(text)


@cache
def _reader(parser: str) -> Callable[[str], Document]:
    """The parser of that name, imported when first asked for, so that a worker loads only the one it needs."""
    match parser:
        case "turbo":
            from crawler.analyze import turbo  # noqa: PLC0415

            return turbo.read
        case "soup":
            from crawler.analyze import soup  # noqa: PLC0415

            return soup.read
    raise ValueError(f"no parser is called {parser!r}")
