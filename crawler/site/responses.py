"""What is answered to a request: a page from the cache or the pen, a redirect, an error, the truth."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from crawler.site.coding import COMPRESS, IDENTITY, accepted
from crawler.site.latency import Latency
from crawler.site.pages import render
from crawler.site.request import METHODS, Request
from crawler.site.truth import seeds, truth
from crawler.site.web import Error, Page, Redirect, Web

CACHE_BYTES: Final = 192_000_000
"""Enough for 5,000 pages of 30 KB, or a benchmark in its second pass would measure our pen and not the crawler."""

JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Response:
    """A status line and headers, without those of framing, and a body: bytes, or pieces to stream."""

    head: bytes
    body: bytes | Iterator[bytes]
    chunked: bool = False


def response(
    status: int, headers: dict[str, str], body: bytes | Iterator[bytes], *, chunked: bool = False
) -> Response:
    """A response with its head already written out."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Response(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}".encode("latin-1"), body, chunked)


def plain(status: int, headers: dict[str, str] | None = None) -> Response:
    """A response whose body only names its status."""
    text = f"{status} {HTTPStatus(status).phrase}\n"
    return response(status, {"Content-Type": TEXT, **(headers or {})}, text.encode())


def refusal(status: int) -> Response:
    """What a request gets that was not understood."""
    return plain(status, {"Allow": ", ".join(METHODS)} if status == HTTPStatus.METHOD_NOT_ALLOWED else None)


@dataclass(slots=True)
class Stats:
    """What tests ask: how many requests and connections there were, and how many were open at once."""

    requests: int = 0
    connections: int = 0
    max_open: int = 0
    open: int = 0

    def as_json(self) -> bytes:
        """The counts, but for how many are open now."""
        counts = {"requests": self.requests, "connections": self.connections, "max_open": self.max_open}
        return json.dumps(counts).encode()


class Responder:
    """Answers requests for one site; keeps rendered pages, the last used CACHE_BYTES of them."""

    def __init__(self, web: Web) -> None:
        self.stats = Stats()
        self._web = web
        self._latency = Latency.parse(web.settings.latency)
        self._cache: OrderedDict[tuple[Page, frozenset[str]], Response] = OrderedDict()
        self._cached_bytes = 0

    def delay_s(self, request: Request) -> float:
        """How long to wait before answering, in seconds."""
        if request.host not in self._web.hosts or request.path in ("/truth.json", "/seeds.txt", "/stats.json"):
            return 0.0
        return self._latency.delay_s(self._web.settings.seed, f"http://{request.host}{request.path}")

    def answer(self, request: Request) -> Response:
        """The response to a request; pages cost a render the first time."""
        if request.path == "/truth.json":
            return response(200, {"Content-Type": JSON}, (piece.encode() for piece in truth(self._web)))
        if request.path == "/seeds.txt":
            return response(200, {"Content-Type": TEXT}, seeds(self._web).encode())
        if request.path == "/stats.json":
            return response(200, {"Content-Type": JSON}, self.stats.as_json())
        found = self._web.find(request.host, request.path)
        if isinstance(found, Page):
            return self._page(found, accepted(request.accept_encoding))
        if isinstance(found, Redirect):
            return plain(found.status, {"Location": found.location})
        return plain(found.status if isinstance(found, Error) else 404)

    def _page(self, page: Page, codings: frozenset[str]) -> Response:
        key = (page, codings)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        rendered = render(self._web, page)
        coding = rendered.coding if rendered.coding in codings else IDENTITY
        headers = {"Content-Type": rendered.content_type, "Vary": "Accept-Encoding"}
        if coding != IDENTITY:
            headers["Content-Encoding"] = coding
        body = COMPRESS[coding](rendered.body)
        made = response(200, headers, body, chunked=rendered.chunked)
        self._cache[key] = made
        self._cached_bytes += len(body)
        while self._cached_bytes > CACHE_BYTES:
            _, dropped = self._cache.popitem(last=False)
            self._cached_bytes -= len(dropped.body) if isinstance(dropped.body, bytes) else 0
        return made
