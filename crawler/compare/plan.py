"""Which sample is taken next: warm-ups first, then rounds in random order, for as long as the budget lasts.

    warm-ups, shuffled ──> cycle 1: a round of cpu, a round of io ──> cycle 2: a round of io, a round of cpu ──> ...

In a round every arm of a workload runs once, the reference twice. What is sampled less often than there are rounds
(slow arms, sweeps) is spread evenly over them. Before each cycle the rest of the time is divided anew, by what the
samples so far took.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import ceil, floor
from random import Random
from statistics import median
from typing import Final, NamedTuple, TypeVar

from crawler.compare.budget import Entry, allot, price_s
from crawler.compare.result import Role

FAILURES_IN_A_ROW: Final = 3
OVERRUN: Final = 1.25
"""No sample is begun that would end later than so many budgets."""

_T = TypeVar("_T")


class Turn(NamedTuple):
    """One sample to take."""

    entry: Entry
    role: Role
    round: int


class Plan:
    """Says what to sample next, from what has been sampled; it has no clock, and is told what time it is.

    `warm_ups` is how often each arm of a ranked workload is run before it counts.
    """

    def __init__(self, entries: Iterable[Entry], *, warm_ups: int, budget_s: float, seed: int) -> None:
        self.entries = tuple(entries)
        self.budget_s = budget_s
        self.done: Counter[Entry] = Counter()
        self.withdrawn: dict[Entry, str] = {}
        self._random = Random(seed)
        self._taken = 0
        self._cycle = 0
        self._costs_s: defaultdict[tuple[str, str, int, str], list[float]] = defaultdict(list)
        self._failures: Counter[tuple[str, str, int, str]] = Counter()
        warmed = [entry for entry in self.entries if entry.role == "measured" and entry.is_ranked]
        self._warm_ups = [
            Turn(entry, "warm-up", number) for number in range(1, warm_ups + 1) for entry in self._shuffled(warmed)
        ]
        self._round: list[Turn] = []
        self._rounds = self._divided(0.0)

    def next(self, used_s: float) -> Turn | None:
        """What to sample when `used_s` of the budget are gone; None when that was all."""
        if self._warm_ups:
            self._rounds = self._divided(used_s)
        elif not self._round:
            self._begin_cycle(used_s)
        queue = self._warm_ups or self._round
        if not queue or (self._taken and used_s + self.cost_s(queue[0].entry) > OVERRUN * self.budget_s):
            return None
        return queue[0]

    def took(self, turn: Turn, cost_s: float, failure: str = "") -> None:
        """What that took from beginning to end, and how it failed; who fails again and again is not run again."""
        entry = turn.entry
        (self._warm_ups or self._round).remove(turn)
        self._taken += 1
        self._costs_s[entry.kind].append(cost_s)
        self.done[entry] += turn.role != "warm-up"
        self._failures[entry.kind] = self._failures[entry.kind] + 1 if failure and entry.is_ranked else 0
        if self._failures[entry.kind] >= FAILURES_IN_A_ROW:
            self.withdrawn |= {other: failure for other in self.entries if other.kind == entry.kind}
            self._forget_withdrawn()

    def cost_s(self, entry: Entry) -> float:
        """What a sample of it will take: what it took, else what the arm took otherwise, else the guess."""
        if seen := self._costs_s.get(entry.kind):
            return median(seen)
        for other in self.entries:
            if (other.workload, other.arm) == (entry.workload, entry.arm) and (seen := self._costs_s.get(other.kind)):
                return median(seen) + max(0.0, entry.guess_s - other.guess_s)
        return entry.guess_s

    def still_to_come(self) -> tuple[int, float]:
        """How many samples are not taken yet, and the seconds that they will take, as far as one can know."""
        samples = sum(max(0, rounds - self.done[entry]) for entry, rounds in self._rounds.items())
        return samples + len(self._warm_ups), price_s(self._rounds, self._costs(), self.done) + self._warming_s()

    def _begin_cycle(self, used_s: float) -> None:
        self._cycle += 1
        self._rounds = self._divided(used_s)
        for workload in self._shuffled(dict.fromkeys(entry.workload for entry in self._rounds)):
            those = [entry for entry in self._rounds if entry.workload == workload]
            rounds = max(self._rounds[entry] for entry in those)
            due = [entry for entry in those if self.done[entry] < self._due(entry, rounds)]
            self._round += [Turn(entry, entry.role, self._cycle) for entry in self._shuffled(due)]

    def _due(self, entry: Entry, rounds: int) -> int:
        """How often it should have been sampled at the end of this cycle, spread evenly over so many rounds.

        What stands beside the comparison comes last in its stretch: it is what suffers if time runs out.
        """
        if not rounds:
            return 0
        even = self._rounds[entry] * self._cycle / rounds
        return min(self._rounds[entry], ceil(even) if entry.is_main else floor(even))

    def _divided(self, used_s: float) -> dict[Entry, int]:
        costs_s = self._costs()
        return allot(costs_s, costs_s, self.done, self.budget_s - used_s - self._warming_s())

    def _costs(self) -> dict[Entry, float]:
        return {entry: self.cost_s(entry) for entry in self.entries if entry not in self.withdrawn}

    def _warming_s(self) -> float:
        return sum(self.cost_s(turn.entry) for turn in self._warm_ups)

    def _forget_withdrawn(self) -> None:
        self._rounds = {entry: rounds for entry, rounds in self._rounds.items() if entry not in self.withdrawn}
        self._warm_ups = [turn for turn in self._warm_ups if turn.entry not in self.withdrawn]
        self._round = [turn for turn in self._round if turn.entry not in self.withdrawn]

    def _shuffled(self, things: Iterable[_T]) -> list[_T]:
        those = list(things)
        self._random.shuffle(those)
        return those
