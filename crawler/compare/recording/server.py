"""Recorded pages served again: the same bytes, after the same wait, over the same time. In a process of its own.

    python -m crawler.compare.recording.server FILE      until standard input ends; FILE holds what `pack` made

The first byte leaves when the recorded one came, the last when the recorded last did, and what is between them in
even pieces. uvloop's clock has milliseconds, so each is up to one early or late.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import ceil
from pathlib import Path
from typing import Final, NamedTuple, cast

import msgspec

from crawler import loop
from crawler.compare.recording.reading import RecordedPage
from crawler.model import Timings
from crawler.site.__main__ import main as serving
from crawler.site.listening import listen
from crawler.site.place import Place
from crawler.site.request import LARGEST_HEAD

HOST: Final = "127.0.0.1"
PIECE_S: Final = 0.005
"""The least time between two pieces of a body."""
MOST_PIECES: Final = 64
_LEAST_S: Final = 0.001
"""What is shorter than the clock's tick is no time."""
_END: Final = b"\r\n\r\n"


class Reply(NamedTuple):
    """What is written, and when: the head at `wait_s`, the end of the body `body_s` later."""

    head: bytes
    body: bytes
    wait_s: float
    body_s: float


NOT_RECORDED: Final = Reply(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"", 0.0, 0.0)


def pack(pages: Iterable[RecordedPage]) -> bytes:
    """What the server is to know, by URL."""
    return msgspec.msgpack.encode({one.page.url: _reply(one) for one in pages})


def _reply(one: RecordedPage) -> Reply:
    lines = [f"HTTP/1.1 {one.page.status} OK", *(f"{name}: {value}" for name, value in one.page.headers)]
    head = "\r\n".join([*lines, f"content-length: {len(one.page.body)}", "", ""]).encode()
    timings = one.timings or Timings()
    return Reply(head, one.page.body, timings.first_byte_s, timings.body_s)


async def serve(replies: Mapping[str, Reply], *, on_ready: Callable[[Place], None], stop: asyncio.Event) -> None:
    """Serve until `stop` is set; `on_ready` is told where. Raises OSError where nobody can listen.

    The one rule leads there whatever name is asked for, so that who obeys it reaches nothing else.
    """
    connections: set[ReplayProtocol] = set()
    await listen(
        lambda: ReplayProtocol(replies, connections), connections, HOST, 0, names="", on_ready=on_ready, stop=stop
    )


class ReplayProtocol(asyncio.Protocol):
    """One connection, kept alive: one request at a time, as our own fetch rooms send them."""

    def __init__(self, replies: Mapping[str, Reply], connections: "set[ReplayProtocol]") -> None:
        self._replies = replies
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._pending: asyncio.TimerHandle | None = None
        self._is_busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection."""
        self._transport = cast("asyncio.Transport", transport)  # as uvloop's is, too, but by shape only
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget the connection and what was still to be sent."""
        self._connections.discard(self)
        if self._pending:
            self._pending.cancel()

    def abort(self) -> None:
        """Drop the connection."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; who sends more than a head at once is no fetch room of ours."""
        self._buffer += data
        if len(self._buffer) > LARGEST_HEAD:
            self.abort()
        elif not self._is_busy:
            self._read()

    def _read(self) -> None:
        end = self._buffer.find(_END)
        if end < 0:
            return
        url = url_of(bytes(self._buffer[:end]))
        del self._buffer[: end + len(_END)]
        self._is_busy = True
        reply = self._replies.get(url, NOT_RECORDED)
        self._later(self._loop.time() + reply.wait_s, self._begin, reply)

    def _begin(self, reply: Reply) -> None:
        began = self._loop.time()
        pieces = 1
        if reply.body_s >= _LEAST_S:
            pieces = max(1, min(MOST_PIECES, 1 + ceil(reply.body_s / PIECE_S), len(reply.body)))
        self._write(reply, 0, pieces, began)

    def _write(self, reply: Reply, number: int, of: int, began: float) -> None:
        size = len(reply.body)
        piece = reply.body[size * number // of : size * (number + 1) // of]
        self._transport.write(reply.head + piece if not number else piece)
        number += 1
        if number < of:
            self._later(began + reply.body_s * number / (of - 1), self._write, reply, number, of, began)
            return
        self._is_busy = False
        if self._buffer:
            self._read()

    def _later(self, at: float, what: Callable[..., None], *arguments: object) -> None:
        delay_s = at - self._loop.time()
        if delay_s < _LEAST_S / 2:
            what(*arguments)
        else:
            self._pending = self._loop.call_later(delay_s, what, *arguments)


def url_of(head: bytes) -> str:
    """The URL that a request asks for, as the recording has it; "" where it names none."""
    request, *fields = head.decode("latin-1").split("\r\n")
    host = next((field[5:].strip() for field in fields if field[:5].lower() == "host:"), "")
    target = request.split(" ")[1:2]
    return f"http://{host.lower()}{target[0]}" if host and target else ""


def main() -> None:
    """Serve what the file holds that the command line names."""
    replies = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=dict[str, Reply])
    loop.run(serving(partial(serve, replies)), "uvloop")


if __name__ == "__main__":
    main()
