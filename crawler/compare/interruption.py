"""Being stopped from outside, SIGINT or SIGTERM, as an exception that the one who measures can catch."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """A signal came; the text is its name."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Have the first of the signals raise Interrupted, and those after it nothing.

    Only a main thread is told of signals; in another nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        if len(came) == 1:
            raise Interrupted(signal.Signals(number).name)

    before = {which: signal.signal(which, on_signal) for which in _SIGNALS}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
