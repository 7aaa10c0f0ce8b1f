"""Many fetches in the air on one event loop, by aiohttp, which only this module knows.

The connector moves the deadline of a fetch, notes the timings and bounds the idle connections; aiohttp's own tracing
would cost 10 to 25 µs a request for the timings alone.
"""

import os
import ssl
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import cast

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpVersion10, HttpVersion11
from aiohttp.tracing import Trace
from yarl import URL

from crawler import urls
from crawler.fetch.guard import Guard
from crawler.fetch.incoming import Incoming, hearing_of_loss
from crawler.fetch.limits import (
    DNS_CACHE_S,
    KEEP_ALIVE_S,
    Body,
    Limits,
    request_headers,
    sentence,
    tls_trust,
)
from crawler.fetch.patience import Patience
from crawler.model import Failure, Fault, Job, Page, Timings, Traits
from crawler.readers import destination
from crawler.settings import FetchSettings

_NO_TIMEOUT = aiohttp.ClientTimeout()
_SPACES_BESIDE_A_VALUE = 1024
_HTTP_1 = (HttpVersion11, HttpVersion10)


class _Broken(aiohttp.ClientError):
    """Takes the place of a broken connection, which aiohttp would answer by quietly sending the request again."""


class _Refused(aiohttp.ClientError):
    """All that a name leads to is none to connect to; the message says why."""


# The first class that matches decides; without a text the error speaks for itself.
_FAULTS: tuple[tuple[type[Exception], Fault, str], ...] = (
    (_Refused, Fault.BLOCKED, ""),
    (aiohttp.ClientConnectorDNSError, Fault.DNS, "the host name does not resolve"),
    (aiohttp.ClientSSLError, Fault.TLS, ""),
    (aiohttp.ClientConnectorError, Fault.CONNECT, ""),
    (aiohttp.ServerDisconnectedError, Fault.RESET, "the connection was closed before the answer"),
    (aiohttp.ClientOSError, Fault.RESET, "the connection was reset"),
    (aiohttp.ClientConnectionResetError, Fault.RESET, "the connection was reset"),
    (aiohttp.ClientPayloadError, Fault.RESET, "the connection was closed within the answer"),
    (aiohttp.ClientError, Fault.PROTOCOL, ""),
)


class AioFetcher:
    """Fetches with one coroutine a page; opened lazily, on the loop of its first fetch."""

    traits = Traits(isolates=True, blocks_loop=False, reason="bytes are bounded, awaited and not interpreted")

    def __init__(self, settings: FetchSettings) -> None:
        self.capacity = settings.concurrency
        self._settings = settings
        self._limits = Limits(settings)
        self._own_headers = {
            origin: {header.name: header.value for header in own}
            for origin, own in settings.headers_by_origin.items()
        }
        self._trust = tls_trust()  # here and not on the loop, because it reads files
        self._connector: _Connector | None = None
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, job: Job) -> Page | Failure:
        """One GET of the job's URL; faults of the world come back as a Failure."""
        attempt = _Attempt(Patience(self._settings))
        _attempt.set(attempt)
        try:
            async with attempt.patience.timer:
                return await self._get(job.url, attempt)
        except TimeoutError:
            return attempt.patience.overdue(self._limits)
        except _Broken as error:
            return _failure(error.__cause__, job.url)
        except aiohttp.ClientError as error:
            return _failure(error, job.url)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def _get(self, url: str, attempt: "_Attempt") -> Page | Failure:
        try:
            target = URL(urls.without_user_info(url), encoded=True)  # or aiohttp would send the user to the host
        except ValueError as error:
            return Failure(Fault.PROTOCOL, sentence(str(error)))
        session = self._session or self._open()
        started = perf_counter()
        own = self._own_headers.get(urls.origin(url)) if self._own_headers else None
        response = await session.get(target, headers=own, allow_redirects=False)
        try:
            attempt.patience.answered()
            answered = perf_counter()
            if response.version not in _HTTP_1:
                return Failure(Fault.PROTOCOL, "the answer is not HTTP/1")
            head = self._limits.judge(response.status, response.raw_headers)
            if isinstance(head, Failure):
                return head
            body = await self._body(response)
            if isinstance(body, Failure):
                return body
        finally:
            response.close()
            if self._connector is not None:
                self._connector.settle(attempt)
        begun = started + attempt.dns_s + attempt.connect_s
        timings = Timings(attempt.dns_s, attempt.connect_s, answered - begun, perf_counter() - answered)
        return Page(url, head.status, head.headers, body, timings)

    async def _body(self, response: aiohttp.ClientResponse) -> bytes | Failure:
        content = response.content
        body = Body()
        with hearing_of_loss(response):
            while chunk := await content.readany():
                body.add(chunk)
                if body.size > self._limits.max_body_bytes:
                    return self._limits.too_large()
        return body.whole()

    def _open(self) -> aiohttp.ClientSession:
        settings = self._settings
        self._connector = _Connector(settings, self._limits, self._trust)
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            headers=request_headers(settings),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_NO_TIMEOUT,
            auto_decompress=False,
            max_line_size=settings.max_header_line_bytes,
            max_field_size=settings.max_header_line_bytes + _SPACES_BESIDE_A_VALUE,
            max_headers=settings.max_header_count,
            middlewares=(_send_once,),
        )
        return self._session


@dataclass(slots=True)
class _Attempt:
    """What the connector notes about the fetch that asks it for a connection."""

    patience: Patience
    dns_s: float = 0.0
    connect_s: float = 0.0
    is_reused: bool = False
    incoming: Incoming | None = None


_attempt: ContextVar[_Attempt] = ContextVar("attempt")


class _Connector(aiohttp.TCPConnector):
    """Connects where `connect_to` and the guard let it, moves the deadline of whoever asks, keeps few idle."""

    def __init__(self, settings: FetchSettings, limits: Limits, trust: ssl.SSLContext) -> None:
        super().__init__(
            limit=settings.concurrency,
            ssl=trust,
            resolver=aiohttp.ThreadedResolver(),
            ttl_dns_cache=DNS_CACHE_S,
            keepalive_timeout=KEEP_ALIVE_S,
        )
        self._settings = settings
        self._factory = cast("partial[ResponseHandler]", partial(Incoming, loop=self._loop, limits=limits))
        self._guard = Guard(settings)
        self._idle: dict[Incoming, None] = {}
        self._max_idle = settings.concurrency * settings.idle_per_slot

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - theirs
    ) -> Connection:
        """A connection for `req`; from here on the deadline is that of the answer."""
        attempt = _attempt.get()
        start = perf_counter()
        attempt.patience.connecting()
        while True:
            connection = await super().connect(req, traces, timeout)
            if connection.protocol is None or not connection.protocol.should_close:
                break
            connection.close()  # the server spoke into it unasked, which would pass for the next answer
        attempt.incoming = incoming = cast("Incoming", connection.protocol)
        attempt.is_reused = incoming.was_used
        incoming.was_used = True
        incoming.user = attempt
        self._idle.pop(incoming, None)
        if not attempt.is_reused:
            attempt.connect_s = perf_counter() - start - attempt.dns_s
        attempt.patience.connected()
        return connection

    def settle(self, attempt: _Attempt) -> None:
        """Note that its connection is idle if it is open; beyond the bound the one idle for longest is closed.

        The pool of aiohttp itself bounds only the connections in use, and may have given this one to the next fetch
        already: at the last byte, and not when whoever awaits that byte has its turn.
        """
        incoming = attempt.incoming
        if incoming is None or incoming.user is not attempt or not incoming.is_connected():
            return
        incoming.user = None
        self._idle[incoming] = None
        if len(self._idle) > self._max_idle:
            eldest = next(iter(self._idle))
            del self._idle[eldest]
            eldest.close()

    async def _resolve_host(self, host: str, port: int, traces: Sequence[Trace] | None = None) -> list[ResolveResult]:
        # A resolver of our own would not be asked about addresses, and `connect_to` may redirect those too.
        named = f"[{host}]" if ":" in host else host
        address, address_port = destination(self._settings.connect_to, named, port)
        start = perf_counter()
        try:
            found = await super()._resolve_host(address.strip("[]"), address_port, traces)
        except UnicodeError as error:
            raise OSError(str(error)) from error  # what getaddrinfo says to a name that is too long for DNS
        finally:
            _attempt.get().dns_s = perf_counter() - start
        refusals = {each["host"]: self._guard.refusal(named, port, each["host"]) for each in found}
        if refusals and all(refusals.values()):
            raise _Refused(min(filter(None, refusals.values())))  # whichever the DNS said first
        return [each for each in found if not refusals[each["host"]]]


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send the request again only if it went into a kept-alive connection that was closed meanwhile, as curl does."""
    while True:
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            has_begun = isinstance(error, aiohttp.ServerDisconnectedError) and not isinstance(error.message, str)
            if has_begun or not _attempt.get().is_reused:
                raise _Broken from error


def _failure(error: BaseException | None, url: str) -> Failure:
    if isinstance(error, aiohttp.ClientConnectorError):
        was_cut = isinstance(error.os_error, ConnectionResetError | ConnectionAbortedError)
        if was_cut and url.startswith("https:"):
            return Failure(Fault.TLS, "the connection was cut during the TLS handshake")
    for kind, fault, text in _FAULTS:
        if isinstance(error, kind):
            return Failure(fault, text or _own_words(error))
    raise AssertionError(f"no error of aiohttp: {error!r}")


def _own_words(error: BaseException) -> str:
    if not isinstance(error, aiohttp.ClientConnectorError):
        return sentence(getattr(error, "message", "") or str(error))
    cause = error.os_error
    reason = getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or os.strerror(cause.errno or 0)
    return sentence(f"cannot connect: {reason}".replace("_", " ").lower())
