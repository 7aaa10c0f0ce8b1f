"""The hostile site in an event loop: a port for HTTP, one for TLS, and one on which nobody listens.

Every answer is the last of its connection, so that what a host did wrong cannot spoil what it does next.
"""

import asyncio
import json
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from crawler.site.hostile import certificates
from crawler.site.hostile.catalog import HAZARDS, expected, seeds
from crawler.site.hostile.exchange import Exchange, Tally, page
from crawler.site.hostile.hazard import DOMAIN
from crawler.site.hostile.plays import answers
from crawler.site.place import Place, bracketed

_BACKLOG: Final = 1024
_PATIENCE_S: Final = 120.0
_KERNEL_BUFFER: Final = 64 * 2**10
_ROBOTS: Final = "/robots.txt"
_REQUEST: Final = re.compile(rb"GET (/[^ ]*) HTTP/1\.1\r\n")
_HOST: Final = re.compile(rb"\r\nhost:[ \t]*([a-z0-9.-]+)", re.IGNORECASE)
_HANDSHAKE: Final = b"\x16"
"""How a TLS client begins (RFC 8446, section 5.1)."""
_NOT_TLS: Final = b"HTTP/1.1 400 Bad Request\r\n\r\nthis port speaks no TLS"
_COOKIE: Final = re.compile(rb"\r\ncookie:", re.IGNORECASE)
_NOTHING_HERE: Final = answers(body=page("nothing is hostile here"), status="404 Not Found")


class Server:
    """Plays the hazards of the table, and counts what each host was asked for."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self._told: dict[str, Callable[[], bytes]] = {
            "/stats.json": lambda: _json({name: tally.told() for name, tally in self.tallies.items()}),
            "/expected.json": lambda: _json(expected()),
            "/seeds.txt": lambda: "".join([f"{url}\n" for url in seeds()]).encode(),
        }
        self._talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        started_s = asyncio.get_running_loop().time()
        tally = Tally()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                first = await reader.readexactly(1)
                if first == _HANDSHAKE:
                    tally = self.tallies.setdefault("plain-text", Tally())
                    tally.connections += 1
                    writer.write(_NOT_TLS)
                    return
                head = first + await reader.readuntil(b"\r\n\r\n")
                name, tally = self._tally_of(head)
                await self._play(name, head, reader, writer, tally)
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # they went away, or sent what is no request
        finally:
            ended_s = asyncio.get_running_loop().time()
            tally.first_s = tally.first_s or started_s
            tally.last_s = ended_s
            tally.held_s = max(tally.held_s, ended_s - started_s)
            writer.transport.abort()
            self._talks.discard(task)

    async def aclose(self) -> None:
        """Break all connections off."""
        for task in self._talks:
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def note_tls(self, name: str) -> None:
        """Count a connection that may never become a request."""
        self.tallies.setdefault(name, Tally()).connections += 1

    def _tally_of(self, head: bytes) -> tuple[str, Tally]:
        found = _HOST.search(head)
        name = found[1].decode().lower().removesuffix(f".{DOMAIN}") if found else ""
        tally = self.tallies.setdefault(name, Tally()) if name in HAZARDS else Tally()
        tally.connections += 1
        return name, tally

    async def _play(
        self, name: str, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tally: Tally
    ) -> None:
        request = _REQUEST.match(head)
        path = request[1].decode("latin-1") if request else ""
        tally.requests += 1
        tally.with_cookies += _COOKIE.search(head) is not None
        exchange = Exchange(path, reader, writer, tally)
        hazard = HAZARDS.get(name)
        if path in self._told:
            await exchange.answer("Content-Type: text/plain; charset=utf-8", body=self._told[path]())
        elif hazard is None:
            await _NOTHING_HERE(exchange)
        else:
            await (hazard.robots if path == _ROBOTS else hazard.play)(exchange)


async def serve(
    host: str = "127.0.0.1", port: int = 0, *, on_ready: Callable[[Place], None], stop: asyncio.Event
) -> None:
    """Serve until `stop` is set; `on_ready` is told where. Raises OSError where nobody can listen."""
    site = Server()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as silent:
        silent.bind((host, 0))
        plain = await _listen(site, host, port)
        try:
            secret = await _listen(site, host, 0, await asyncio.to_thread(_tls, site))
            try:
                on_ready(_place(host, plain, secret, silent))
                await stop.wait()
            finally:
                secret.close()
        finally:
            plain.close()
            await site.aclose()


async def _listen(site: Server, host: str, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server:
    server = await asyncio.start_server(site.talk, host, port, ssl=tls, backlog=_BACKLOG)
    for listener in server.sockets:  # what connections inherit, so that little is on its way when a client has enough
        with suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BUFFER)
    return server


def _tls(site: Server) -> ssl.SSLContext:
    """TLS whose certificate is chosen by the name that the client asks for (RFC 6066, section 3)."""
    good = certificates.context(certificates.GOOD)
    others = {
        "self-signed": certificates.context(certificates.SELF_SIGNED),
        "expired": certificates.context(certificates.EXPIRED),
    }

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _context: ssl.SSLContext) -> None:
        asked = (name or "").removesuffix(f".{DOMAIN}")
        site.note_tls(asked)
        connection.context = others.get(asked, good)

    good.sni_callback = choose
    return good


def _place(host: str, plain: asyncio.Server, secret: asyncio.Server, silent: socket.socket) -> Place:
    address = bracketed(host)
    at = {server: server.sockets[0].getsockname()[1] for server in (plain, secret)}
    rules = (
        f"refused.{DOMAIN}::{address}:{silent.getsockname()[1]}",
        f"nxdomain.{DOMAIN}::nxdomain.invalid:",
        f"plain-text.{DOMAIN}:443:{address}:{at[plain]}",
        f".{DOMAIN}:443:{address}:{at[secret]}",
        f".{DOMAIN}::{address}:{at[plain]}",
    )
    return Place(plain.sockets[0].getsockname()[0], at[plain], rules)


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()
