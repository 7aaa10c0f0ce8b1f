"""What is answered to a request: a page from the cache or the pen, a redirect, an error, the truth."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Final

from crawler.site.asides import Aside
from crawler.site.coding import COMPRESS, IDENTITY, accepted
from crawler.site.conditional import etag, http_date, is_held
from crawler.site.latency import Latency
from crawler.site.manners import ROBOTS, forbidden, robots, robots_path
from crawler.site.pages import render
from crawler.site.reach import crawl_truth
from crawler.site.request import METHODS, Request
from crawler.site.sitemaps import SITEMAP, sitemap
from crawler.site.truth import seeds, truth
from crawler.site.web import Error, Page, Redirect, Web

CACHE_BYTES: Final = 192_000_000
"""Enough for 5,000 pages of 30 KB, or a benchmark in its second pass would measure our pen and not the crawler."""

JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
XML: Final = "application/xml"
GZIP: Final = "application/gzip"
ABOUT: Final = frozenset({"/truth.json", "/crawl.json", "/seeds.txt", "/stats.json"})
"""What every host tells about the whole site, at once, and without counting who asked which host."""


@dataclass(frozen=True, slots=True)
class Response:
    """A status line and headers, without those of framing, and a body: bytes, or pieces to stream.

    A bare response ends with its headers and has no length; `etag` and `modified_s` are what a 304 needs.
    """

    head: bytes
    body: bytes | Iterator[bytes]
    chunked: bool = False
    bare: bool = False
    etag: str = ""
    modified_s: int = 0


def response(
    status: int, headers: dict[str, str], body: bytes | Iterator[bytes], *, chunked: bool = False
) -> Response:
    """A response with its head already written out."""
    return Response(_head(status, headers), body, chunked)


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}".encode("latin-1")


def plain(status: int, headers: dict[str, str] | None = None) -> Response:
    """A response whose body only names its status."""
    text = f"{status} {HTTPStatus(status).phrase}\n"
    return response(status, {"Content-Type": TEXT, **(headers or {})}, text.encode())


def refusal(status: int) -> Response:
    """What a request gets that was not understood."""
    return plain(status, {"Allow": ", ".join(METHODS)} if status == HTTPStatus.METHOD_NOT_ALLOWED else None)


@dataclass(slots=True)
class Stats:
    """What tests ask: how many requests and connections there were, of what kind, and how many were open at once."""

    requests: int = 0
    connections: int = 0
    max_open: int = 0
    open: int = 0
    trespasses: int = 0
    not_modified: int = 0
    requests_by_host: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> bytes:
        """The counts, but for how many are open now."""
        return json.dumps({name: count for name, count in asdict(self).items() if name != "open"}).encode()


class Responder:
    """Answers requests for one site; keeps rendered pages, the last used CACHE_BYTES of them."""

    def __init__(self, web: Web) -> None:
        self.stats = Stats(requests_by_host=dict.fromkeys(web.hosts, 0))
        self._web = web
        self._latency = Latency.parse(web.settings.latency)
        self._cache: OrderedDict[tuple[Page | Aside, frozenset[str]], Response] = OrderedDict()
        self._cached_bytes = 0

    def note(self, request: Request) -> None:
        """Count what is asked of one of the hosts, and what its robots.txt forbids."""
        host = request.host
        if host in self.stats.requests_by_host and request.path not in ABOUT:
            self.stats.requests_by_host[host] += 1
            self.stats.trespasses += forbidden(self._web.hosts.index(host), request.path)

    def delay_s(self, request: Request) -> float:
        """How long to wait before answering, in seconds."""
        if not self._latency.median_s or request.host not in self._web.hosts or request.path in ABOUT:
            return 0.0
        return self._latency.delay_s(self._web.settings.seed, f"http://{request.host}{request.path}")

    def answer(self, request: Request) -> Response:
        """The response to a request; pages cost a render the first time."""
        if request.path in ABOUT:
            return self._about(request.path)
        found = self._web.find(request.host, request.path)
        if isinstance(found, Page | Aside):
            page = self._page(found, accepted(request.accept_encoding))
            if request.if_none_match or request.if_modified_since:
                return self._unless_held(page, request)
            return page
        if isinstance(found, Redirect):
            return plain(found.status, {"Location": found.location})
        if isinstance(found, Error):
            return plain(found.status)
        return self._for_crawlers(request) or plain(404)

    def _about(self, path: str) -> Response:
        """The truth, the seeds or the counts."""
        if path == "/seeds.txt":
            return response(200, {"Content-Type": TEXT}, seeds(self._web).encode())
        if path == "/stats.json":
            return response(200, {"Content-Type": JSON}, self.stats.as_json())
        pieces = truth(self._web) if path == "/truth.json" else crawl_truth(self._web)
        return response(200, {"Content-Type": JSON}, (piece.encode() for piece in pieces))

    def _for_crawlers(self, request: Request) -> Response | None:
        """A robots.txt or a sitemap, or None where there is neither."""
        if request.host not in self._web.hosts:
            return None
        host = self._web.hosts.index(request.host)
        real = robots_path(host)
        if request.path == real:
            return response(200, {"Content-Type": TEXT}, robots(self._web.at(host, SITEMAP)).encode())
        if request.path == ROBOTS and real:
            return plain(301, {"Location": real})
        pieces = sitemap(self._web, host, request.path)
        kind = GZIP if request.path.endswith(".gz") else XML
        return None if pieces is None else response(200, {"Content-Type": kind}, pieces)

    def _unless_held(self, page: Response, request: Request) -> Response:
        """The page, or that the client has it."""
        if not is_held(request.if_none_match, request.if_modified_since, page.etag, page.modified_s):
            return page
        self.stats.not_modified += 1
        return Response(_head(304, _validators(page.etag, page.modified_s)), b"", bare=True)

    def _page(self, page: Page | Aside, codings: frozenset[str]) -> Response:
        key = (page, codings)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        rendered = render(self._web, page)
        coding = rendered.coding if rendered.coding in codings else IDENTITY
        body = COMPRESS[coding](rendered.body)
        tag, modified_s = etag(body), self._web.modified_s(rendered.url)
        headers = {"Content-Type": rendered.content_type, **_validators(tag, modified_s)}
        if coding != IDENTITY:
            headers["Content-Encoding"] = coding
        if rendered.x_robots_tag:
            headers["X-Robots-Tag"] = rendered.x_robots_tag
        made = Response(_head(200, headers), body, rendered.chunked, etag=tag, modified_s=modified_s)
        self._cache[key] = made
        self._cached_bytes += len(body)
        while self._cached_bytes > CACHE_BYTES:
            _, dropped = self._cache.popitem(last=False)
            self._cached_bytes -= len(dropped.body) if isinstance(dropped.body, bytes) else 0
        return made


def _validators(tag: str, modified_s: int) -> dict[str, str]:
    return {"ETag": tag, "Last-Modified": http_date(modified_s), "Vary": "Accept-Encoding"}
