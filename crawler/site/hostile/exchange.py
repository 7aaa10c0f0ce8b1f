"""One connection as a play sees it: the request that was read, and ways to answer it badly."""

import asyncio
import socket
import struct
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

_LARGEST_WRITE: Final = 64 * 2**10
_READ: Final = 4096


@dataclass(slots=True)
class Tally:
    """What one host was asked for, and what it sent; `held_s` is the longest time that one connection was kept."""

    connections: int = 0
    requests: int = 0
    with_cookies: int = 0
    sent_bytes: int = 0
    held_s: float = 0.0
    first_s: float = 0.0
    last_s: float = 0.0

    def told(self) -> dict[str, float]:
        """As JSON has it."""
        return asdict(self)


class Exchange:
    """A request for `path` and the connection that waits for its answer.

    Every way to send raises ConnectionError once the client has gone away.
    """

    def __init__(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tally: Tally) -> None:
        self.path = path
        self._reader = reader
        self._writer = writer
        self._tally = tally
        writer.transport.set_write_buffer_limits(high=0)

    async def send(self, data: bytes) -> None:
        """Send bytes as they are, and wait until the kernel has taken them."""
        for at in range(0, len(data), _LARGEST_WRITE):
            piece = data[at : at + _LARGEST_WRITE]
            self._writer.write(piece)
            await self._writer.drain()
            self._tally.sent_bytes += len(piece)

    async def answer(self, *headers: str, body: bytes = b"", status: str = "200 OK") -> None:
        """Send a whole answer in good order, as HTML in UTF-8 unless a header says otherwise."""
        if not any(header.startswith("Content-Type:") for header in headers):
            headers += ("Content-Type: text/html; charset=utf-8",)
        await self.send(head(*headers, f"Content-Length: {len(body)}", status=status))
        await self.send(body)

    async def forever(self, data: bytes, pause_s: float = 0.0) -> None:
        """Send the same again and again until the client goes away."""
        while True:
            await self.send(data)
            await asyncio.sleep(pause_s)

    async def hold(self) -> None:
        """Say nothing more until the client goes away."""
        while await self._reader.read(_READ):
            pass

    def reset(self) -> None:
        """Break the connection off with an RST."""
        plug: socket.socket = self._writer.get_extra_info("socket")
        with suppress(OSError):
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


def head(*headers: str, status: str = "200 OK") -> bytes:
    """The head of an answer whose body ends where the connection does, unless a header says otherwise."""
    return "\r\n".join((f"HTTP/1.1 {status}", *headers, "Connection: close", "", "")).encode("latin-1")


def page(text: str, inside: str = "") -> bytes:
    """A small page."""
    return f"<!doctype html><html lang=en><title>{text}</title><p>{text}</p>{inside}</html>".encode()
