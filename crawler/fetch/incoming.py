"""aiohttp's end of a connection, with bounds on what it reads without telling anybody.

Three things never reach whoever awaits an answer: interim answers (RFC 9110, 15.2), which aiohttp skips however many
there are, the framing of chunks, of which it reads any length, and that a connection was closed for a broken chunk.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import ClientError, ClientResponse
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader

from crawler.fetch.limits import Limits, is_interim
from crawler.model import Failure


class Incoming(ResponseHandler):
    """Breaks an answer off that has too many interim ones before it, or too many bytes for what it says.

    `user` is whoever waits for an answer, and `was_used` whether anybody did before.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        super().__init__(loop)
        self.was_used = False
        self.user: object | None = None
        self._limits = limits
        self._interim = 0
        self._received = 0

    def set_response_params(self, **params: Any) -> None:  # noqa: ANN401 - theirs
        """Take a new answer for the next one."""
        self._interim = self._received = 0
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, unless what is no body has become too much."""
        super().data_received(data)
        self._received += len(data)
        body_bytes = 0 if self._payload is None else self._payload.total_bytes
        verdict = self._limits.judge_framing(self._received - body_bytes)
        if verdict is not None and self.transport is not None:
            self.set_exception(_error(verdict))
            if self._payload is not None:
                self._payload.set_exception(ClientError(verdict.text))
                self._payload = None  # or the end of the connection would be the last word to it
            self.transport.close()

    async def read(self) -> tuple[RawResponseMessage, StreamReader]:
        """The next answer, an interim one too."""
        message, body = await super().read()
        if is_interim(message.code):
            self._interim += 1
            verdict = self._limits.judge_interim(self._interim)
            if verdict is not None:
                raise _error(verdict)
        return message, body


@contextmanager
def hearing_of_loss(response: ClientResponse) -> Iterator[None]:
    """Break the body off when its connection has closed without a word to it.

    aiohttp does that with a broken chunk, and whoever awaits the body would wait until the deadline.
    """
    content = response.content
    protocol = response.connection.protocol if response.connection is not None else None
    if protocol is None or content.is_eof():
        yield
        return

    def break_off(closed: asyncio.Future[None] | None = None) -> None:
        if closed is not None and not closed.cancelled():
            closed.exception()  # or asyncio would report that nobody looked at it
        if not content.is_eof() and content.exception() is None:
            content.set_exception(ClientError("the body is not in valid chunks"))

    closed = protocol.closed
    if closed is None:
        break_off()
    else:
        closed.add_done_callback(break_off)
    try:
        yield
    finally:
        if closed is not None:
            closed.remove_done_callback(break_off)


def _error(verdict: Failure) -> HttpProcessingError:
    return HttpProcessingError(message=verdict.text)
