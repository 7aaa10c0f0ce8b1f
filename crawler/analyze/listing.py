"""What a sitemap or a feed lists, read by what the body is and not by what it is called.

Sitemaps and sitemap indexes (sitemaps.org), RSS (0.9x, 1.0, 2.0), Atom (RFC 4287, and 0.3) and plain text with one
URL a line; each also as a gzip file. Elements are known by their names, under any namespace or none; the encoding is
found as a page's is. Entries count as they stand in the file, those that lead nowhere and those that repeat too, and
what follows the first `max_listed` of them is left out: so the work is bounded, whatever the file.

XML is read strictly, up to its first error, and what stands before that counts. Only the `&` that should have been
`&amp;`, which is everywhere, is mended first: a lenient parser drops it, and with it a part of the URL. References to
entities that the document defines itself are taken for the same mistake, so that they do not expand.

Nothing is kept of the XML but the entry being read. The bounds below lie beyond any honest file; they are there
because lxml spells out each element's namespace, holds a whole tag at once, and never forgets a name it has seen.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from lxml import etree

from crawler import urls
from crawler.analyze import charset
from crawler.analyze.decoding import Undecodable, decode
from crawler.canonical import canonicalizer
from crawler.model import Failure, Fault, Listing, Page, pack
from crawler.settings import AnalyzeSettings

MAX_ADDRESS_CHARS = 2_048
MAX_LASTMOD_CHARS = 40
MAX_REASON_CHARS = 200
MAX_MENDED = 1_000_000
MAX_EVENTS = 8_000_000
MAX_MARKUP_CHARS = 2**20
MAX_DEPTH = 1_000
MAX_NAMES = 1_000
MAX_NAME_CHARS = 250

_GZIP_MAGIC = b"\x1f\x8b"
_STEP_CHARS = 64 * 2**10
_EVENTS_OF_A_BASE = 10
_URL_LINE = re.compile(r"^[ \t]*+(https?://\S++)[ \t]*+\r?$", re.IGNORECASE | re.MULTILINE)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_TO_MEND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,9}|#x[0-9a-fA-F]{1,9});)", re.DOTALL
)
_W3C_DATE = r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?)?)?"
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?: (?:[A-Z]{1,5}|[+-]\d\d:?\d\d))?"
_RSS_DATE = rf"(?:[A-Z][a-z]{{2,8}}, *)?\d\d? [A-Z][a-z]{{2,8}} \d{{2,4}}(?: {_CLOCK})?"
_DATE = re.compile(f"{_W3C_DATE}|{_RSS_DATE}", re.ASCII)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ALTERNATE = ("alternate", "http://www.iana.org/assignments/relation/alternate")


class _Shape(NamedTuple):
    """Which elements of a format are its entries, and which of an entry's children say where and when, best first."""

    entry: str
    addresses: tuple[str, ...]
    dates: tuple[str, ...]


_RSS = _Shape("item", ("link", "guid"), ("pubDate", "date"))
_SHAPES = {
    "urlset": _Shape("url", ("loc",), ("lastmod",)),
    "sitemapindex": _Shape("sitemap", ("loc",), ()),
    "rss": _RSS,
    "RDF": _RSS,
    "feed": _Shape("entry", ("link",), ("updated", "modified", "published", "issued")),
}


def read_listing(page: Page, settings: AnalyzeSettings) -> Listing | Failure:
    """The pages and sitemaps that `page` lists, or why it is no list; the same for the same page and settings."""
    entries = _Entries(settings)
    try:
        text = _text(page, settings.max_listing_bytes)
        if text.startswith("<"):
            _read_xml(text, page.url, entries)
        else:
            _read_lines(text, page.url, entries)
    except _Enough:
        pass
    except Undecodable as error:
        if not entries.pages and not entries.sitemaps:
            return Failure(error.fault, str(error), "analyze")
    return Listing(pack(list(entries.pages.items())), tuple(entries.sitemaps))


class _Enough(Exception):
    """As many entries were read as may be."""


class _Entries:
    """The distinct canonical URLs read so far, pages with their dates."""

    def __init__(self, settings: AnalyzeSettings) -> None:
        self.pages: dict[str, str | None] = {}
        self.sitemaps: dict[str, None] = {}
        self._canonical = canonicalizer(settings.strip_params)
        self._left = settings.max_listed

    def add(self, url: str | None, lastmod: str | None = None, *, is_sitemap: bool = False) -> None:
        """Count an entry, and keep its absolute URL if it has one; raises _Enough with the last that may be read."""
        if url is not None and is_sitemap:
            self.sitemaps[self._canonical(url)] = None
        elif url is not None:
            self.pages.setdefault(self._canonical(url), lastmod)
        self._left -= 1
        if not self._left:
            raise _Enough


def _text(page: Page, max_bytes: int) -> str:
    """The body from its first visible character on, out of its content codings and then, once, of its gzip file."""
    body = decode(page.body, [value for name, value in page.headers if name == "content-encoding"], max_bytes)
    if body.startswith(_GZIP_MAGIC):
        body = decode(body, ["gzip"], max_bytes)
        if body.startswith(_GZIP_MAGIC):
            raise Undecodable("a gzip file within a gzip file")
    return charset.to_text(body, page.header("content-type"))[0].lstrip("\ufeff \t\r\n")


def _read_lines(text: str, page_url: str, entries: _Entries) -> None:
    if not _URL_LINE.match(text):
        raise Undecodable("neither a sitemap nor a feed, nor a list of URLs", Fault.CONTENT_TYPE)
    for line in _URL_LINE.finditer(text):
        entries.add(_joined(page_url, line[1]))


def _read_xml(text: str, page_url: str, entries: _Entries) -> None:
    outline = _Outline(page_url, entries)
    parser = etree.XMLParser(
        target=cast("etree.ParserTarget", outline),
        encoding="utf-8",
        recover=False,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    mended = _TO_MEND.sub(_mend, text, count=MAX_MENDED)
    stalled = 0
    try:
        for start in range(0, len(mended), _STEP_CHARS):
            events = outline.events
            parser.feed(mended[start : start + _STEP_CHARS].encode())
            stalled = stalled + _STEP_CHARS if outline.events == events else 0
            if stalled > MAX_MARKUP_CHARS or outline.events > MAX_EVENTS or outline.depth > MAX_DEPTH:
                raise Undecodable("too much markup for a sitemap or a feed", Fault.TOO_LARGE)
        parser.close()
    except etree.XMLSyntaxError as error:
        is_meant_as_xml = outline.events or text.startswith("<?xml")
        fault = Fault.DECODE if is_meant_as_xml else Fault.CONTENT_TYPE
        raise Undecodable(" ".join(f"not XML: {error.msg}".split())[:MAX_REASON_CHARS], fault) from None


def _mend(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else found[0]


class _Outline:
    """What lxml reports the document's parts to: gathers one entry at a time, and adds it to the list at its end.

    `events` measures the work done so far, and `depth` how many elements are open.
    """

    def __init__(self, page_url: str, entries: _Entries) -> None:
        self.events = 0
        self.depth = 0
        self._list = entries
        self._names: set[str] = set()
        self._bases = [(0, page_url)]
        self._shape = _RSS
        self._entry_depth = 0
        self._namespace = ""
        self._field = ""
        self._text: str | None = None
        self._addresses: dict[str, str | None] = {}
        self._dates: dict[str, str] = {}

    def start_ns(self, prefix: str, uri: str) -> None:
        """Comes before the names that are in the namespace, and so before they are spelt out."""
        self._know((prefix, uri))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.events += 2
        self.depth += 1
        if tag not in self._names:
            self._know((tag,))
        if attributes:
            self._know(attributes)
            self._rebase(attributes.get(_XML_BASE))
        namespace, _, name = tag.rpartition("}")
        if self.depth == 1:
            self._start_document(name)
        elif not self._entry_depth:
            if name == self._shape.entry:
                self._entry_depth, self._namespace = self.depth, namespace
        elif self.depth == self._entry_depth + 1:
            self._start_field(namespace, name, attributes)

    def data(self, text: str) -> None:
        self.events += 1
        if self._text is not None:
            self._text += text
            if len(self._text) > MAX_ADDRESS_CHARS:
                self._text = None

    def end(self, _tag: str) -> None:
        if self.depth == self._entry_depth:
            self._end_entry()
        elif self._text is not None and self.depth == self._entry_depth + 1:
            self._end_field(self._text.strip())
        if self._bases[-1][0] == self.depth:
            self._bases.pop()
        self.depth -= 1

    def close(self) -> None:
        """Called by lxml at the end of the document, where nothing is left to do."""

    def _know(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._names:
                self._names.add(name)
                if len(self._names) > MAX_NAMES or len(name) > MAX_NAME_CHARS:
                    raise Undecodable("too many names for a sitemap or a feed, or too long ones", Fault.TOO_LARGE)

    def _rebase(self, reference: str | None) -> None:
        """XML Base, which RFC 4287, section 2, lets any element use."""
        if reference is not None:
            self.events += _EVENTS_OF_A_BASE
            if base := _joined(self._bases[-1][1], reference):
                self._bases.append((self.depth, base))

    def _start_document(self, name: str) -> None:
        if name not in _SHAPES:
            raise Undecodable(f"neither a sitemap nor a feed, but <{name[:40]}>", Fault.CONTENT_TYPE)
        self._shape = _SHAPES[name]

    def _start_field(self, namespace: str, name: str, attributes: Mapping[str, str]) -> None:
        """Addresses are in their entry's namespace, which those of its images, sounds and comments are not."""
        is_address = name in self._shape.addresses and namespace == self._namespace
        if is_address and "href" in attributes:
            if attributes.get("rel", "alternate") in _ALTERNATE:
                self._keep_address(name, attributes["href"].strip())
        elif name in self._shape.dates or (is_address and attributes.get("isPermaLink", "true") != "false"):
            self._field, self._text = name, ""

    def _end_field(self, text: str) -> None:
        self._text = None
        if self._field in self._shape.addresses:
            self._keep_address(self._field, text)
        elif len(text) <= MAX_LASTMOD_CHARS and _DATE.fullmatch(text):
            self._dates.setdefault(self._field, text)

    def _keep_address(self, name: str, reference: str) -> None:
        """The first of each name counts; a guid that does not begin like a URL is none, whatever it claims."""
        if reference and name not in self._addresses:
            is_url = name != "guid" or _ABSOLUTE.match(reference)
            self._addresses[name] = _joined(self._bases[-1][1], reference) if is_url else None

    def _end_entry(self) -> None:
        urls_found = (self._addresses.get(name) for name in self._shape.addresses)
        dates_found = (self._dates.get(name) for name in self._shape.dates)
        url, lastmod = next(filter(None, urls_found), None), next(filter(None, dates_found), None)
        self._entry_depth = 0
        self._addresses, self._dates = {}, {}
        self._list.add(url, lastmod, is_sitemap=self._shape.entry == "sitemap")


def _joined(base: str, reference: str) -> str | None:
    """The URL that `reference` means, if it is one of a length that sitemaps.org allows."""
    url = urls.join(base, reference)
    return url if url is not None and len(url) <= MAX_ADDRESS_CHARS else None
