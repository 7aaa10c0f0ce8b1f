"""What a plan left out, in plain words: a result never hides that it rests on less than was wanted."""

from collections.abc import Iterator

from crawler.compare.budget import Entry, slow_ones
from crawler.compare.plan import FAILURES_IN_A_ROW, Plan
from crawler.report.counts import counted

_BESIDE = {
    "sweep": "the sweep",
    "canned": "the lab's own overhead",
    "unprobed": "the cost of the probes",
}


def trims(plan: Plan, stopped_by: str = "") -> tuple[str, ...]:
    """A line for each thing that the budget or a signal cut, and for each arm that failed too often to go on."""
    end = f"stopped by {stopped_by}" if stopped_by else f"to end within {plan.budget_s:.0f} s"
    return (*_of_entries(plan, end), *_of_failures(plan))


def _of_entries(plan: Plan, end: str) -> Iterator[str]:
    entries = [entry for entry in plan.entries if entry not in plan.withdrawn]
    slow = slow_ones(entries, {entry: plan.cost_s(entry) for entry in entries})
    for workload in dict.fromkeys(entry.workload for entry in entries):
        those = [entry for entry in entries if entry.workload == workload]
        main = [entry for entry in those if entry.is_main and entry not in slow]
        rounds = min((plan.done[entry] for entry in main), default=0)
        if main and rounds < main[0].wanted:
            yield f"{workload}: {counted(rounds, 'round')} instead of {main[0].wanted}, {end}"
        for entry in those:
            if entry in slow and plan.done[entry] < rounds:
                each = f"one takes {plan.cost_s(entry):.0f} s"
                yield f"{workload}: {entry.arm} in {plan.done[entry]} of {counted(rounds, 'round')} only: {each}"
        yield from _beside(workload, [entry for entry in those if not entry.is_main], plan, end)


def _beside(workload: str, entries: list[Entry], plan: Plan, end: str) -> Iterator[str]:
    for role, what in _BESIDE.items():
        those = [entry for entry in entries if entry.role == role]
        least = min((plan.done[entry] for entry in those), default=0)
        if those and least < those[0].wanted:
            yield f"{workload}: {counted(least, 'sample')} instead of {those[0].wanted} for {what}, {end}"


def _of_failures(plan: Plan) -> Iterator[str]:
    for kind, why in {entry.kind: why for entry, why in plan.withdrawn.items()}.items():
        workload, arm, concurrency, role = kind
        what = f" ({_BESIDE[role]}, concurrency {concurrency})" if role else ""
        yield f"{workload}: {arm}{what} failed {FAILURES_IN_A_ROW} times in a row and was not run again: {why}"
