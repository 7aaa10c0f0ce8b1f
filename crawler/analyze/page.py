"""From the bytes of one answer to what it says, by what was asked for: a page, a robots.txt or a sitemap."""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from heapq import nlargest
from typing import Literal, TypeAlias

from crawler.analyze import binary, charset, decoding, language, links
from crawler.analyze.directives import directives_of
from crawler.analyze.document import Document, Link, Unreadable
from crawler.analyze.segment import segment
from crawler.analyze.words import count_words
from crawler.analyze.xhtml import as_html
from crawler.canonical import canonicalizer
from crawler.model import Analysis, Failure, Fault, Page, Reading, Robots, pack
from crawler.plain import tidy
from crawler.settings import AnalyzeSettings

Step: TypeAlias = Literal["decode", "parse", "count"]
Mark: TypeAlias = Callable[[Step], None]
"""Told at the end of each step of a page's analysis, for whoever has a clock: here there is none."""

DIGEST_BYTES = 16
_WHITE_SPACE = b" \t\n\r\f"
"""Digests are of the packed words, so they are equal for equal visible text, however its white space was written and
whichever parser read it; texts that differ only in case, in punctuation, or in how words come back share theirs."""


def _unmarked(_step: Step) -> None:
    """The mark of an analysis that nobody times."""


def analyze(page: Page, settings: AnalyzeSettings, mark: Mark = _unmarked) -> Reading:
    """What `page` says, or why it cannot be read; the same for the same page and settings, wherever it runs."""
    try:
        match page.kind:
            case "page":
                return _analyze_page(page, settings, mark)
            case "robots":
                return _analyze_robots(page, settings)
            case "sitemap":
                from crawler.analyze.listing import read_listing  # noqa: PLC0415 - most workers never see one

                return read_listing(page, settings)
    except decoding.Undecodable as error:
        return Failure(error.fault, str(error), "analyze")
    except Unreadable as error:
        return Failure(Fault.DECODE, str(error), "analyze")


def _analyze_page(page: Page, settings: AnalyzeSettings, mark: Mark) -> Analysis:
    content_type = page.header("content-type")
    text, encoding = charset.to_text(_text_body(page, settings), content_type)
    mark("decode")
    document = _read(text, content_type, settings.parser)
    asked = directives_of(page.headers, document.metas, settings.robots_name)
    packed_links = pack(_links(document, page.url, settings, is_nofollow=asked.is_nofollow))
    mark("parse")
    counts = count_words(document.text, segment)
    packed_words = pack(counts)
    analysis = Analysis(
        charset=encoding,
        title=tidy(document.title)[: settings.max_title_chars].rstrip(),
        language=language.language_of(document.language, page.header("content-language")),
        tokens=sum(counts.values()),
        distinct=len(counts),
        top=most_frequent(counts, settings.top),
        packed_words=packed_words,
        packed_links=packed_links,
        digest=_digest(document.text, packed_words) if counts else b"",
        is_noindex=asked.is_noindex and settings.noindex == "obey",
    )
    mark("count")
    return analysis


def _digest(text: str, packed_words: bytes) -> bytes:
    """The same for the same visible text: parsers differ in white space alone, and words tell where that counts."""
    letters = text.encode("utf-8", "surrogatepass").translate(None, _WHITE_SPACE)
    return blake2b(packed_words + letters, digest_size=DIGEST_BYTES).digest()


def _analyze_robots(page: Page, settings: AnalyzeSettings) -> Robots:
    from crawler.analyze.robots import read_robots  # noqa: PLC0415 - most workers never see one

    return read_robots(_body(page, settings), settings.robots_name)


def most_frequent(counts: dict[str, int], number: int) -> tuple[tuple[str, int], ...]:
    """The `number` words that stand most often, those of one count in the order of their characters."""
    if not number or not counts:
        return ()
    least = nlargest(number, counts.values())[-1]
    candidates = [(word, count) for word, count in counts.items() if count >= least]
    candidates.sort(key=lambda item: (-item[1], item[0]))
    return tuple(candidates[:number])


def _body(page: Page, settings: AnalyzeSettings) -> bytes:
    encodings = [value for name, value in page.headers if name == "content-encoding"]
    return decoding.decode(page.body, encodings, settings.max_text_bytes)


def _text_body(page: Page, settings: AnalyzeSettings) -> bytes:
    body = _body(page, settings)
    kind = binary.kind_of(body)
    if kind is not None:
        raise decoding.Undecodable(f"it is {kind}, whatever it is called", Fault.CONTENT_TYPE)
    return body


def _links(document: Document, url: str, settings: AnalyzeSettings, *, is_nofollow: bool) -> list[str]:
    return links.absolute(
        _to_follow(document.links, settings, is_nofollow=is_nofollow),
        url,
        document.base,
        canonicalizer(settings.strip_params),
        limit=settings.max_links,
        max_chars=settings.max_links_bytes,
    )


def _to_follow(found: list[Link], settings: AnalyzeSettings, *, is_nofollow: bool) -> list[str]:
    """The `href` of each link, without those that, alone or with the whole page, ask not to be followed."""
    if settings.nofollow == "ignore":
        return [href for href, _ in found]
    return [] if is_nofollow else [href for href, is_excepted in found if not is_excepted]


def _read(text: str, content_type: str | None, parser: str) -> Document:
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
