"""What a comparison is asked for, and what it tells while it runs."""

from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from crawler.compare.arms import REFERENCE
from crawler.compare.result import Sample

BUDGET_S: Final = 600.0
QUICK_BUDGET_S: Final = 60.0


class UnusableOrder(ValueError):
    """No comparison can be made of this; the message is one line and names the mend."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison to make.

    Arms and workloads that are named are kept whatever the budget; () leaves the choice to the lab, which takes fewer
    of them when it `is_quick`. `latency`, `page_kb`, `pages` and `hosts` replace those of a workload that has such
    things. `recording` is a WARC file whose pages are a workload too, and the only one unless others are named.
    `sweep` holds limits of concurrency to try besides. With `is_crossover` the workloads are the rungs of a ladder
    (`ladder.py`), and none can be named. `command` is kept, for whoever wants to repeat it.
    """

    strategies: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    recording: Path | None = None
    latency: str | None = None
    page_kb: float | None = None
    pages: int | None = None
    hosts: int | None = None
    concurrency: int = 32
    sweep: tuple[int, ...] = ()
    reference: str = REFERENCE
    budget_s: float = BUDGET_S
    is_quick: bool = False
    is_crossover: bool = False
    seed: int = 1
    command: str = ""


class Step(NamedTuple):
    """Where a comparison is: told before each sample, and once after the last, when `now` is empty.

    `planned` samples and `left_s` are estimates from the samples so far, so they may change; `last` is the sample
    that has just been taken.
    """

    done: int
    planned: int
    used_s: float
    left_s: float
    now: str
    last: Sample | None
