"""The rungs of a crossover: the same pages on each, after a wait that is shorter each time.

    wait 1s ── wait 400ms ── wait 200ms ── ... ── wait 5ms ── no wait
    waiting is nearly all there is           computing is all there is

What a page costs to analyse stays the same, so from rung to rung only the relation of computing to waiting changes.
Between the first and the last, somewhere, one strategy overtakes another.
"""

from collections.abc import Iterable
from typing import Final

from crawler.compare.arms import SHARDS, Arm
from crawler.compare.workloads import Workload

WAITS: Final = ("1s", "400ms", "200ms", "100ms", "50ms", "20ms", "5ms", "none")
"""Denser where, with the usual 32 pages in the air, such pages fill a core or two: there lines part and cross."""
QUICK_WAITS: Final = ("300ms", "10ms", "none")
CLIMBERS: Final = (
    "threads+inline",
    "async+inline",
    "async+processes",
    Arm("threads", "inline", shards=SHARDS).name,
    Arm("async", "inline", shards=SHARDS).name,
)
"""The strategies that climb unless others are named: those that differ most."""
QUICK_CLIMBERS: Final = ("async+inline", "async+processes", Arm("async", "inline", shards=SHARDS).name)


def rungs(waits: Iterable[str]) -> list[Workload]:
    """A workload for each wait, which is the same for all its pages: no lucky page, and no last one that is late."""
    return [
        Workload(
            name="no wait" if wait == "none" else f"wait {wait}",
            about="large pages, Japanese among them, " + ("at once" if wait == "none" else f"each after {wait}"),
            pages=96,
            page_kb=100,
            spread=1.15,
            latency="none" if wait == "none" else f"fixed:{wait}",
            languages=("ja", "en", "zh", "de"),
            hosts=4,
        )
        for wait in waits
    ]
