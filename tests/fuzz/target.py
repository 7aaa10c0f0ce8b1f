"""What a target is, and the bounds on time and memory that hold for every input of every target."""

import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis.strategies import SearchStrategy

BASE_CPU_S = 0.5
CPU_S_PER_BYTE = 20e-6
BASE_GROWTH_BYTES = 96 * 2**20
GROWTH_PER_BYTE = 1_000
_MAX_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Target(NamedTuple):
    """Inputs to draw, and what must hold of each.

    Inputs are plain values (text, bytes, numbers and None, in tuples, lists and dicts), so that `repr` saves them and
    `ast.literal_eval` brings them back. `check` raises whatever it likes where something does not hold.
    """

    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]


class Slow(AssertionError):
    """An input took more time than its size allows, three times in a row."""


class Greedy(AssertionError):
    """An input took more memory than its size allows."""


@contextmanager
def no_error_aside() -> Iterator[None]:
    """Raise what would only be printed: an exception in a thread, in a destructor, or in a callback from C."""
    found: list[BaseException] = []

    def on_error(_kind: object, error: BaseException, _trace: object) -> None:
        found.append(error)

    def on_other(unraisable: Any) -> None:
        found.append(unraisable.exc_value)

    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    sys.excepthook, sys.unraisablehook, threading.excepthook = on_error, on_other, on_other
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook = before
    for error in found:
        raise error


def size_of(value: Any) -> int:
    """Characters and bytes of everything in an input."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(size_of(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    return 8


def check_bounded(target: Target, value: Any) -> None:
    """Check the input, and its time and memory too: in CPU time of this process, so that others do not count."""
    allowed_s = BASE_CPU_S + size_of(value) * CPU_S_PER_BYTE
    spent_s = 0.0
    for _ in range(3):  # a garbage collection or a first import may fall into one try
        forget_peak()
        peak = peak_bytes()
        start = time.process_time()
        with no_error_aside():
            target.check(value)
        spent_s = time.process_time() - start
        grown = peak_bytes() - peak
        if grown > BASE_GROWTH_BYTES + size_of(value) * GROWTH_PER_BYTE:
            raise Greedy(f"{grown >> 20} MiB more for {size_of(value)} bytes")
        if spent_s <= allowed_s:
            return
    raise Slow(f"{spent_s:.2f} s for {size_of(value)} bytes, where {allowed_s:.2f} are allowed")


def forget_peak() -> None:
    """Let the peak be what there is now (Linux; elsewhere it stays, and only what exceeds it is seen)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """The most memory that this process had since then."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAX_RSS_UNIT
