"""From the bytes of one answer to what it says, by what was asked for: a page, a robots.txt or a sitemap."""

from hashlib import blake2b
from heapq import nlargest

from crawler.analyze import decoding, language, links
from crawler.analyze.beginning import Begun, Mark, begun_of, body_of, mishap_of, read, text_of, unmarked
from crawler.analyze.document import Unreadable
from crawler.analyze.segment import segment
from crawler.analyze.words import with_segments
from crawler.canonical import canonicalizer
from crawler.model import Analysis, Failure, Page, Reading, Robots, pack
from crawler.plain import tidy
from crawler.settings import AnalyzeSettings

DIGEST_BYTES = 16
"""Digests are of the packed words, so they are equal for equal visible text, however its white space was written and
whichever parser read it; texts that differ only in case, in punctuation, or in how words come back share theirs."""


def analyze(page: Page, settings: AnalyzeSettings, mark: Mark = unmarked) -> Reading:
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
    except (decoding.Undecodable, Unreadable) as error:
        return Failure(*mishap_of(error), "analyze")


def complete(page: Page, begun: Begun | None, settings: AnalyzeSettings) -> Reading:
    """What `analyze` says of a page, from what `beginning.begin` made of it, unless that is a mishap."""
    if begun is None:
        return analyze(page, settings)
    return _analysis(page, begun, _packed_links(page.url, begun.base, begun.hrefs, settings), settings)


def _analyze_page(page: Page, settings: AnalyzeSettings, mark: Mark) -> Analysis:
    text, encoding = text_of(page.headers, page.body, settings)
    mark("decode")
    read_page = read(text, encoding, page.headers, settings)
    packed_links = _packed_links(page.url, read_page.document.base, read_page.hrefs, settings)
    mark("parse")
    analysis = _analysis(page, begun_of(read_page), packed_links, settings)
    mark("count")
    return analysis


def _analysis(page: Page, begun: Begun, packed_links: bytes, settings: AnalyzeSettings) -> Analysis:
    counts = with_segments(begun.spaced, segment)
    packed_words = pack(counts)
    return Analysis(
        charset=begun.charset,
        title=tidy(begun.title)[: settings.max_title_chars].rstrip(),
        language=language.language_of(begun.language, page.header("content-language")),
        tokens=sum(counts.values()),
        distinct=len(counts),
        top=most_frequent(counts, settings.top),
        packed_words=packed_words,
        packed_links=packed_links,
        digest=_digest(begun.letters, packed_words) if counts else b"",
        is_noindex=begun.is_noindex,
    )


def _digest(letters: bytes, packed_words: bytes) -> bytes:
    """The same for the same visible text: parsers differ in white space alone, and words tell where that counts."""
    return blake2b(packed_words + letters, digest_size=DIGEST_BYTES).digest()


def _packed_links(url: str, base: str | None, hrefs: list[str], settings: AnalyzeSettings) -> bytes:
    canonical = canonicalizer(settings.strip_params)
    return pack(
        links.absolute(hrefs, url, base, canonical, limit=settings.max_links, max_chars=settings.max_links_bytes)
    )


def _analyze_robots(page: Page, settings: AnalyzeSettings) -> Robots:
    from crawler.analyze.robots import read_robots  # noqa: PLC0415 - most workers never see one

    return read_robots(body_of(page.headers, page.body, settings), settings.robots_name)


def most_frequent(counts: dict[str, int], number: int) -> tuple[tuple[str, int], ...]:
    """The `number` words that stand most often, those of one count in the order of their characters."""
    if not number or not counts:
        return ()
    least = nlargest(number, counts.values())[-1]
    candidates = [(word, count) for word, count in counts.items() if count >= least]
    candidates.sort(key=lambda item: (-item[1], item[0]))
    return tuple(candidates[:number])
