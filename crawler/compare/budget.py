"""Dividing the time: how often each entry is sampled, so that the whole ends within the budget."""

from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Final, NamedTuple

from crawler.compare.result import Role

LEAST: Final = 3
"""With fewer samples than that there is nothing to compare."""
USEFUL: Final = 5
_SLOW: Final = 3.0
"""An arm is slow that takes so many times as long as the middle one."""


class Entry(NamedTuple):
    """What is sampled again and again: `wanted` times, `least` times whatever it takes.

    `guess_s` is what one sample may take, for as long as none has been seen; `is_ranked` whether the workload
    compares times, so that failing there is no result.
    """

    workload: str
    arm: str
    role: Role
    concurrency: int
    wanted: int
    least: int
    guess_s: float
    is_ranked: bool = True

    @property
    def is_main(self) -> bool:
        """Whether the comparison itself is made of it; the rest is shown beside."""
        return self.role in {"measured", "control"}

    @property
    def kind(self) -> tuple[str, str, int, str]:
        """What it has in common with entries that take as long as it does, and fail as it does."""
        return self.workload, self.arm, self.concurrency, "" if self.is_main else self.role


def allot(
    entries: Iterable[Entry], costs_s: Mapping[Entry, float], done: Mapping[Entry, int], left_s: float
) -> dict[Entry, int]:
    """How often each entry is to be sampled in all, `done` included; more than fits only where less is no use.

    Slow arms give way first, then what the lab measures of itself, then the rounds of all workloads evenly while they
    stay useful, then the sweep, and then the rounds again.
    """
    rounds = {entry: entry.wanted for entry in entries}
    for group, floor in _givers(rounds, costs_s):
        while price_s(rounds, costs_s, done) > left_s:
            above = [entry for entry in group if rounds[entry] > max(floor, entry.least)]
            if not above:
                break
            most = max(rounds[entry] for entry in above)
            rounds |= {entry: most - 1 for entry in above if rounds[entry] == most}
    return rounds


def slow_ones(entries: Iterable[Entry], costs_s: Mapping[Entry, float]) -> set[Entry]:
    """Arms that take several times as long as the middle one of their workload; the reference never is one."""
    main = [entry for entry in entries if entry.is_main]
    references = {entry.kind for entry in main if entry.role == "control"}
    slow = set()
    for workload in {entry.workload for entry in main}:
        those = [entry for entry in main if entry.workload == workload and entry.kind not in references]
        middle_s = median(costs_s[entry] for entry in main if entry.workload == workload)
        slow |= {entry for entry in those if costs_s[entry] > _SLOW * middle_s}
    return slow


def price_s(rounds: Mapping[Entry, int], costs_s: Mapping[Entry, float], done: Mapping[Entry, int]) -> float:
    """What is still to be done takes so long."""
    return sum(max(0, count - done.get(entry, 0)) * costs_s[entry] for entry, count in rounds.items())


def _givers(rounds: Mapping[Entry, int], costs_s: Mapping[Entry, float]) -> Iterator[tuple[list[Entry], int]]:
    """Who gives way in turn, and down to how many rounds."""
    slow = slow_ones(rounds, costs_s)
    main = [entry for entry in rounds if entry.is_main]
    yield [entry for entry in main if entry in slow], LEAST
    yield [entry for entry in rounds if entry.role in {"canned", "unprobed"}], 0
    yield main, USEFUL
    yield [entry for entry in rounds if entry.role == "sweep"], 0
    yield main, LEAST
