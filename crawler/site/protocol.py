"""HTTP/1.1 on one connection: one request at a time, keep-alive, and delays on the loop's own clock."""

import asyncio
import time
from collections.abc import Iterator
from typing import Final

from crawler.site.access import CLIENT_GONE, AccessLog
from crawler.site.request import LARGEST_HEAD, Request, parse
from crawler.site.responses import Responder, Response, refusal

IDLE_S: Final = 120.0
CHUNK: Final = 4096
END: Final = b"\r\n\r\n"
STATUS: Final = slice(len("HTTP/1.1 "), len("HTTP/1.1 200"))


def chunk(piece: bytes) -> bytes:
    """A piece of a body in chunked framing; an empty piece ends the body."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


class SiteProtocol(asyncio.Protocol):
    """Reads requests and writes what the responder says; `connections` holds those that are open."""

    def __init__(
        self, responder: Responder, connections: set["SiteProtocol"], access_log: AccessLog | None = None
    ) -> None:
        self._responder = responder
        self._connections = connections
        self._access_log = access_log
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._busy = False
        self._writable = True
        self._asked: Request | None = None
        self._asked_s = 0.0
        self._pending: asyncio.TimerHandle | None = None
        self._turn: asyncio.Handle | None = None
        self._stream: tuple[Request, Iterator[bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, and start the clock that ends an idle one."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)
        stats = self._responder.stats
        stats.connections += 1
        stats.open += 1
        stats.max_open = max(stats.max_open, stats.open)
        self._idle = self._loop.call_later(IDLE_S, self.abort)

    def _wind(self) -> None:
        """Start the idle clock anew."""
        self._idle.cancel()
        self._idle = self._loop.call_later(IDLE_S, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget the connection and what it still waited for."""
        self._connections.discard(self)
        self._responder.stats.open -= 1
        self._stream = None
        self._idle.cancel()
        if self._pending:
            self._pending.cancel()
        if self._asked is not None:
            self._log(self._asked, CLIENT_GONE)

    def abort(self) -> None:
        """Drop the connection, whatever is still to be sent."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; at most one head is held beyond the request that is being answered."""
        self._buffer += data
        if self._busy:
            if len(self._buffer) > LARGEST_HEAD:
                self._transport.pause_reading()
            return
        self._read()

    def _read(self) -> None:
        end = self._buffer.find(END, 0, LARGEST_HEAD)
        if end < 0:
            if len(self._buffer) >= LARGEST_HEAD:
                self._refuse(431)
            return
        head = bytes(self._buffer[:end])
        del self._buffer[: end + len(END)]
        request = parse(head)
        self._responder.stats.requests += 1
        if isinstance(request, int):
            self._refuse(request)
            return
        self._responder.note(request)
        self._busy = True
        self._idle.cancel()
        self._asked, self._asked_s = request, time.time()
        delay_s = self._responder.delay_s(request)
        if delay_s:
            self._pending = self._loop.call_later(delay_s, self._answer, request)
        else:
            self._answer(request)

    def _refuse(self, status: int) -> None:
        self._busy = True
        self._asked_s = time.time()
        refused = Request("GET", "", "/", 1, keep_alive=False, accept_encoding="")
        self._write(refused, refusal(status))

    def _answer(self, request: Request) -> None:
        self._write(request, self._responder.answer(request))

    def _write(self, request: Request, response: Response) -> None:
        """Frame a response: by length, in chunks, or, for a stream to HTTP/1.0, by closing; not at all if bare."""
        body, modern = response.body, request.minor > 0
        streamed = not isinstance(body, bytes)
        keep_alive = request.keep_alive and (modern or not streamed)
        if response.bare:
            framing = b""
        elif modern and (streamed or response.chunked):
            framing = b"Transfer-Encoding: chunked\r\n"
        else:
            framing = b"" if not isinstance(body, bytes) else b"Content-Length: %d\r\n" % len(body)
        if not keep_alive:
            framing += b"Connection: close\r\n"
        elif not modern:
            framing += b"Connection: keep-alive\r\n"
        head = response.head + framing + b"\r\n"
        self._log(request, int(response.head[STATUS]))
        self._wind()
        if request.method == "HEAD":
            self._transport.write(head)
        elif not isinstance(body, bytes):
            self._transport.write(head)
            self._stream = (request, body)
            self._pump_soon()
            return
        elif modern and response.chunked:
            parts = [chunk(body[at : at + CHUNK]) for at in range(0, len(body), CHUNK)]
            self._transport.write(b"".join([head, *parts, chunk(b"")]))
        else:
            self._transport.write(head + body)
        self._done(keep_alive=keep_alive)

    def _log(self, request: Request, status: int) -> None:
        self._asked = None
        if self._access_log is not None:
            self._access_log.note(request.host, request.path, status, self._asked_s)

    def _pump_soon(self) -> None:
        if self._turn is None:
            self._turn = self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Write the next piece of a stream, and let others have their turn before the one after."""
        self._turn = None
        if self._stream is None or not self._writable:
            return
        request, pieces = self._stream
        piece = next(pieces, b"")
        modern = request.minor > 0
        self._transport.write(chunk(piece) if modern else piece)
        if piece:
            self._wind()
            self._pump_soon()
        else:
            self._stream = None
            self._done(keep_alive=request.keep_alive and modern)

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        self._writable = False

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self._writable = True
        self._pump_soon()

    def _done(self, *, keep_alive: bool) -> None:
        if not keep_alive:
            self._transport.close()
            return
        self._busy = False
        self._transport.resume_reading()
        if self._buffer:
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        if not self._busy and not self._transport.is_closing():
            self._read()
