"""What others did on the machine meanwhile: a busy neighbour makes every interval wider, and has to be told.

Linux counts the CPU time of all processes in /proc/stat; what is left without our own is that of others. Elsewhere
nothing is known of it but the load, before and after, which is part of the environment.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from crawler.report.counts import counted

_STAT: Final = Path("/proc/stat")
_IDLE: Final = {3, 4}
_TICKS_COUNTED_ONCE: Final = 8
"""Fields of a line: user, nice, system, idle, iowait, irq, softirq, steal; those of guests are in user already."""
_BUSY: Final = 0.1
"""The share of the machine's cores from which on others are worth a word."""


class _Moment(NamedTuple):
    """CPU seconds so far, of all processes and of ours (children that ended included), and the cores that did it."""

    all_s: float
    ours_s: float
    elapsed_s: float
    cores: int


class Disturbance:
    """Looks at what others do from when it is made until it is asked."""

    def __init__(self) -> None:
        self._before = _moment()

    def told(self) -> Iterator[str]:
        """A line if others were busy. Ask when all that was started has ended."""
        before, after = self._before, _moment()
        if before and after and (elapsed_s := after.elapsed_s - before.elapsed_s) > 0:
            others = ((after.all_s - before.all_s) - (after.ours_s - before.ours_s)) / elapsed_s
            if others > _BUSY * after.cores:
                yield f"other processes used {others:.1f} of {counted(after.cores, 'core')}; results may be unstable"


def _moment() -> _Moment | None:
    try:
        lines = _STAT.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    ticks = [int(field) for field in lines[0].split()[1:][:_TICKS_COUNTED_ONCE]]
    all_s = sum(tick for place, tick in enumerate(ticks) if place not in _IDLE) / os.sysconf("SC_CLK_TCK")
    own = os.times()
    ours_s = own.user + own.system + own.children_user + own.children_system
    return _Moment(all_s, ours_s, own.elapsed, sum(line.startswith("cpu") for line in lines) - 1)
