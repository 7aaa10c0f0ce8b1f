"""One stretch of a long run: rounds of hypothesis on one target until the time is over, or something is found.

A process of its own, because a parser in C can take it down. It notes each input before trying it, arms the kernel's
alarm against a hang (the default action of SIGPROF, which needs no interpreter), and bounds its memory. Rounds are
short, because hypothesis remembers all that it has drawn.
"""

import gc
import json
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.catalog import target
from tests.fuzz.record import Record
from tests.fuzz.target import check_bounded

HANG_CPU_S = 30
MAX_ADDRESS_SPACE_BYTES = 3 * 2**30
EXAMPLES_A_ROUND = 400
SHRINK_S = 45


class Order(NamedTuple):
    """What a child is told, as one line of JSON."""

    target: str
    seed: int
    seconds: float
    record: str
    known: list[str]


class Stretch:
    """The rounds of one child, and the smallest input of what they found."""

    def __init__(self, order: Order) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self._target = target(order.target)
        self._record = Record(Path(order.record))
        self._known = frozenset(order.known)
        self._ends_at = time.monotonic() + order.seconds
        self._seed = order.seed
        self._shrink_until = 0.0

    def run(self) -> None:
        number = 0
        while not self.found and time.monotonic() < self._ends_at:
            number += 1
            gc.freeze()  # collecting what hypothesis and the imports hold is none of a parser's time
            try:
                self._round(self._seed * 1_000 + number)
            except Exception:
                if not self.found:  # or hypothesis has told what was found
                    raise

    def _round(self, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=EXAMPLES_A_ROUND,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),  # to explain, hypothesis would trace, which takes its time
            suppress_health_check=list(HealthCheck),
        )
        @given(self._target.inputs)
        def each(value: Any) -> None:
            self._try(value)

        each()

    def _try(self, value: Any) -> None:
        if self.found and time.monotonic() > self._shrink_until:
            return
        text = self._record.begin(value)
        signal.setitimer(signal.ITIMER_PROF, HANG_CPU_S)
        try:
            check_bounded(self._target, value)
        except Exception as error:
            name = signature(error)
            if name in self._known:
                return
            if not self.found:
                self._shrink_until = time.monotonic() + SHRINK_S
            if name not in self.found or len(text) < len(self.found[name][0]):
                self.found[name] = text, "".join(traceback.format_exception(error))
            raise
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def signature(error: BaseException) -> str:
    """The kind of an error and the places of ours that it came through: the same for the same finding."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/crawler/" in frame.filename or "/tests/fuzz/" in frame.filename
    ]
    return " ".join([type(error).__name__, *places[-5:]])


def main() -> None:
    order = Order(**json.loads(sys.stdin.readline()))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE_BYTES, hard))
    stretch = Stretch(order)
    stretch.run()
    print(json.dumps(stretch.found))


if __name__ == "__main__":
    main()
