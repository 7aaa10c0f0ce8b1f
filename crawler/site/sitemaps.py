"""The sitemaps of the hosts: all their listed pages, and the quiet ones that nothing links to.

/sitemap.xml         a urlset; on one host, and on those too large for one, an index of these:
/sitemap-1.xml       a urlset
/sitemap-2.xml.gz    another; every second one is a gzip file
"""

import html
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from crawler.site.asides import QUIET
from crawler.site.web import Page, Web

SITEMAP: Final = "/sitemap.xml"
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST: Final = 50_000
"""URLs in one sitemap, as the protocol has it."""
INDEXED: Final = 3
"""The host whose sitemap is an index, however small it is."""
GZIP_WINDOW: Final = 31
PIECE: Final = 32_768


def listed(web: Web, host: int, first: int = 0, step: int = 1) -> Iterator[str]:
    """The URLs that the sitemaps of a host list, or each `step`th of them: the quiet pages are dealt out evenly."""
    for at in range(first, len(QUIET) + web.size(host), step):
        yield web.at(host, QUIET[at]) if at < len(QUIET) else web.url(Page(host, at - len(QUIET)))


def sitemap(web: Web, host: int, path: str) -> Iterator[bytes] | None:
    """The sitemap at a path in pieces, none of them empty; None where there is no sitemap."""
    parts = _parts(web, host)
    if path == SITEMAP:
        return _pieces(_index(web, host, parts) if parts else _urlset(web, listed(web, host)))
    if path not in parts:
        return None
    pieces = _pieces(_urlset(web, listed(web, host, parts.index(path), len(parts))))
    return _packed(pieces) if path.endswith(".gz") else pieces


def _parts(web: Web, host: int) -> list[str]:
    """The paths that the index of a host points at; none where one sitemap is enough."""
    count = -(-(len(QUIET) + web.size(host)) // MOST)
    if host == INDEXED:
        count = max(2, count)
    return [f"/sitemap-{n}.xml{'' if n % 2 else '.gz'}" for n in range(1, count + 1)] if count > 1 else []


def _index(web: Web, host: int, parts: list[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n'
    for path in parts:
        yield f"<sitemap><loc>{web.at(host, path)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _urlset(web: Web, urls: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">\n'
    for url in urls:
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(web.modified_s(url)))
        yield f"<url><loc>{html.escape(url)}</loc><lastmod>{when}</lastmod></url>\n"
    yield "</urlset>\n"


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as bytes, many at a time."""
    held = bytearray()
    for line in lines:
        held += line.encode()
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same as a gzip file."""
    squeezer = zlib.compressobj(wbits=GZIP_WINDOW)
    for piece in pieces:
        if squeezed := squeezer.compress(piece):
            yield squeezed
    yield squeezer.flush()
