"""aiohttp's end of a connection, with bounds on what it reads without telling anybody.

Two things never reach whoever awaits an answer: interim answers (RFC 9110, 15.2), which aiohttp skips however many
there are, and the framing of chunks, of which it reads any length.
"""

import asyncio
from typing import Any

from aiohttp import ClientError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader

from crawler.fetch.limits import Limits, is_interim
from crawler.model import Failure


class Incoming(ResponseHandler):
    """Breaks an answer off that has too many interim ones before it, or too many bytes for what it says."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        super().__init__(loop)
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


def _error(verdict: Failure) -> HttpProcessingError:
    return HttpProcessingError(message=verdict.text)
