"""The tour through all rows of the table, each in a fresh process."""

import multiprocessing
import os
import platform
import time
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from crawler.compare.environment import load, usable_cores
from crawler.compare.primitives import crashes, creation, footprint, gil, memory, mixture, moving, waiting
from crawler.compare.primitives.findings import ROWS, Findings, Machine, Row, Unmeasured
from crawler.compare.primitives.fresh import fresh
from crawler.compare.primitives.ways import has_gil, missing

DEADLINE_S: Final = 60.0
"""What a row may take at most; one that takes longer is ended, and shown as not measured."""

_USUAL_S: Final[dict[Row, float]] = {
    "memory": 0.5,
    "moving": 1.5,
    "creation": 2.5,
    "footprint": 1.5,
    "crashes": 5.0,
    "gil": 8.0,
    "waiting": 6.0,
    "mixture": 10.0,
}
"""What each row takes on two cores, for the estimate of the time left."""

_T = TypeVar("_T")


class Step(NamedTuple):
    """Told before a row is measured: the `number`th `of` all, with about `left_s` seconds to go."""

    row: Row
    number: int
    of: int
    left_s: float


def measure_primitives(tell: Callable[[Step], None]) -> Findings:
    """Measure every row, one after another; it blocks for about a minute, and leaves nothing behind."""
    began = time.monotonic()

    def measured(row: Row, function: Callable[[], _T]) -> _T | Unmeasured:
        number = ROWS.index(row)
        usual_s, took_s = sum(_USUAL_S[done] for done in ROWS[:number]), time.monotonic() - began
        pace = max(0.5, took_s / usual_s) if usual_s else 1.0
        tell(Step(row, number + 1, len(ROWS), pace * sum(_USUAL_S[left] for left in ROWS[number:])))
        ended = fresh(function, DEADLINE_S)
        if ended.answer is not None:
            return ended.answer
        last_words = ended.complaint.rpartition("\n")[2]
        return Unmeasured("overran" if ended.status is None else "broke", last_words)

    found = Findings(
        took_s=0.0,
        machine=_machine(load()),
        memory=measured("memory", memory.measure),
        moving=measured("moving", moving.measure),
        creation=measured("creation", creation.measure),
        footprint=measured("footprint", footprint.measure),
        crashes=measured("crashes", crashes.measure),
        gil=measured("gil", gil.measure),
        waiting=measured("waiting", waiting.measure),
        mixture=measured("mixture", mixture.measure),
    )
    machine = replace(found.machine, load_after=load())
    return replace(found, took_s=round(time.monotonic() - began, 1), machine=machine)


def _machine(load_before: float) -> Machine:
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        gil=has_gil(),
        cores=os.cpu_count() or 1,
        usable_cores=usable_cores(),
        start_method=multiprocessing.get_context().get_start_method(),
        load_before=load_before,
        missing=missing(),
    )
