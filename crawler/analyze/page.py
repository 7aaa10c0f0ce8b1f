"""From the bytes of one answer to what the page says."""

from collections.abc import Callable
from functools import cache
from heapq import nlargest

from crawler.analyze import charset, decoding, language, links
from crawler.analyze.document import Document, Unreadable
from crawler.analyze.segment import segment
from crawler.analyze.words import count_words
from crawler.analyze.xhtml import as_html
from crawler.model import Analysis, Failure, Fault, Page, pack
from crawler.settings import AnalyzeSettings


def analyze(page: Page, settings: AnalyzeSettings) -> Analysis | Failure:
    """What `page` says, or why it cannot be read; the same for the same page and settings, wherever it runs."""
    try:
        encodings = [value for name, value in page.headers if name == "content-encoding"]
        body = decoding.decode(page.body, encodings, settings.max_text_bytes)
        content_type = page.header("content-type")
        text, encoding = charset.to_text(body, content_type)
        document = _read(text, content_type, settings.parser)
    except decoding.Undecodable as error:
        return Failure(error.fault, str(error), "analyze")
    except Unreadable as error:
        return Failure(Fault.DECODE, str(error), "analyze")
    counts = count_words(document.text, segment)
    return Analysis(
        charset=encoding,
        title=" ".join(document.title.split())[: settings.max_title_chars],
        language=language.language_of(document.language, page.header("content-language")),
        tokens=sum(counts.values()),
        distinct=len(counts),
        top=most_frequent(counts, settings.top),
        packed_words=pack(counts),
        packed_links=pack(links.absolute(document.links, page.url, document.base, settings.max_links)),
    )


def most_frequent(counts: dict[str, int], number: int) -> tuple[tuple[str, int], ...]:
    """The `number` words that stand most often, those of one count in the order of their characters."""
    if not number or not counts:
        return ()
    least = nlargest(number, counts.values())[-1]
    candidates = [(word, count) for word, count in counts.items() if count >= least]
    candidates.sort(key=lambda item: (-item[1], item[0]))
    return tuple(candidates[:number])


def _read(text: str, content_type: str | None, parser: str) -> Document:
    """By content type; a page without one is HTML."""
    match (content_type or "").partition(";")[0].strip().lower():
        case "text/plain":
            return Document(title="", language=None, base=None, links=[], text=text)
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
