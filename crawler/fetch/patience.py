"""One timer serves the three deadlines of a fetch on the event loop: connecting, the first byte, the whole answer."""

import asyncio

from crawler.fetch.limits import Limits
from crawler.model import Failure
from crawler.settings import FetchSettings


class Patience:
    """The timer of one fetch, set for connecting; moved when the connection stands, and when the header is there."""

    __slots__ = ("_deadline", "_is_connected", "_loop", "_settings", "timer")

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        start = self._loop.time()
        self._deadline = start + settings.timeout_s
        self._is_connected = False
        self.timer = asyncio.timeout_at(min(self._deadline, start + settings.connect_timeout_s))

    def connecting(self) -> None:
        """It connects, perhaps once more, because a kept connection was closed."""
        if self._is_connected:
            self._is_connected = False
            self._move(self._settings.connect_timeout_s)

    def connected(self) -> None:
        """The connection stands, and the request goes out."""
        self._is_connected = True
        self._move(self._settings.first_byte_timeout_s)

    def answered(self) -> None:
        """The header is there."""
        self.timer.reschedule(self._deadline)

    def overdue(self, limits: Limits) -> Failure:
        """Which of the deadlines has passed."""
        if (self.timer.when() or 0.0) >= self._deadline:
            return limits.not_complete()
        return limits.not_answered() if self._is_connected else limits.not_connected()

    def _move(self, wait_s: float) -> None:
        self.timer.reschedule(min(self._deadline, self._loop.time() + wait_s))
