"""The lab at work: serves the workloads, has samples taken as the plan says, and keeps all that was measured."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from time import monotonic
from typing import Final

import msgspec

from crawler.compare.disturbance import Disturbance
from crawler.compare.environment import environment, load
from crawler.compare.interruption import Interrupted, interruptible
from crawler.compare.lineup import Lineup, entries, line_up
from crawler.compare.order import Order, Step
from crawler.compare.plan import OVERRUN, Plan, Turn
from crawler.compare.recording.workload import Recorded
from crawler.compare.result import Result, Sample, Work
from crawler.compare.sampling import run_trial
from crawler.compare.scratch import scratch, temporaries
from crawler.compare.trial import CONTESTANT, Trial
from crawler.compare.trims import trims
from crawler.compare.ulimit import check_descriptors
from crawler.compare.workloads import Served, served

WARM_UPS: Final = 1
"""Each arm's first sample of a workload is thrown away, but for its cold start."""


def compare(order: Order, tell: Callable[[Step], None], *, contestants: Mapping[str, str] | None = None) -> Result:
    """Compare what the order names, and tell how far it is.

    SIGINT and SIGTERM end it early, with what has been measured. `contestants` are modules to run in place of the
    usual one, by arm. Raises UnusableOrder, UnusableRecording, SiteStartError, WorkerCannotStart and OSError.
    """
    lineup = line_up(order)
    check_descriptors(order, lineup.arms)
    before, disturbance = environment(), Disturbance()
    lab = _Lab(order, lineup, contestants or {}, tell)
    stopped_by = lab.work()
    return Result(
        command=order.command,
        seed=order.seed,
        budget_s=order.budget_s,
        took_s=lab.used_s(),
        concurrency=order.concurrency,
        reference=order.reference,
        warm_ups=WARM_UPS,
        environment=msgspec.structs.replace(before, load_after=load()),
        works=lab.works,
        arms=lineup.arms,
        skipped=lineup.skipped,
        samples=tuple(lab.samples),
        notes=(*lab.notes, *lineup.notes, *trims(lab.plan, stopped_by), *disturbance.told()),
        stopped_by=stopped_by,
        is_crossover=order.is_crossover,
    )


class _Lab:
    """One comparison while it runs."""

    def __init__(
        self, order: Order, lineup: Lineup, contestants: Mapping[str, str], tell: Callable[[Step], None]
    ) -> None:
        self.samples: list[Sample] = []
        self._order = order
        self._lineup = lineup
        self._contestants = contestants
        self._tell = tell
        self._began = monotonic()
        self._sites: dict[str, Served] = {}
        self._drawn: set[tuple[str, str]] = set()
        self.plan = self._planned()

    @property
    def works(self) -> tuple[Work, ...]:
        """What is being served."""
        return tuple(site.work for site in self._sites.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known about what is being served."""
        return tuple(note for site in self._sites.values() for note in site.notes)

    def used_s(self) -> float:
        """How long it has been at it."""
        return monotonic() - self._began

    def work(self) -> str:
        """Serve, and sample until the plan is done; the signal that ended it before its time, if one did."""
        with ExitStack() as stack:
            folder = stack.enter_context(scratch())
            temporary = stack.enter_context(temporaries())
            try:
                with interruptible():
                    if (recorded := self._lineup.recorded) is not None:
                        self._step(f"{recorded.name}: its pages are read")
                        self._sites[recorded.name] = stack.enter_context(_replayed(recorded, folder))
                    for workload in self._lineup.workloads:
                        self._step(f"{workload.name}: its pages are made")
                        self._sites[workload.name] = stack.enter_context(served(workload, folder))
                    self.plan = self._planned()
                    while (turn := self.plan.next(self.used_s())) is not None:
                        self._take(turn, folder, temporary)
                    self._step("")
            except Interrupted as signal:
                return str(signal)
        return ""

    def _planned(self) -> Plan:
        recurring = entries(self._order, self._lineup.arms, self.works)
        return Plan(recurring, warm_ups=WARM_UPS, budget_s=self._order.budget_s, seed=self._order.seed)

    def _take(self, turn: Turn, folder: Path, temporary: str) -> None:
        began = self.used_s()
        self._step(f"{turn.entry.workload}: {turn.entry.arm}, {_called(turn)}")
        sample = run_trial(self._trial(turn), folder, temporary)
        self.samples.append(sample)
        if sample.timeline:
            self._drawn.add((sample.workload, sample.arm))
        self.plan.took(turn, self.used_s() - began, sample.failure)

    def _trial(self, turn: Turn) -> Trial:
        entry, site = turn.entry, self._sites[turn.entry.workload]
        return Trial(
            workload=entry.workload,
            arm=entry.arm,
            role=turn.role,
            round=turn.round,
            concurrency=entry.concurrency,
            seeds=str(site.seeds),
            expected=site.work.pages,
            connect_to=site.connect_to,
            deadline_s=site.work.deadline_s,
            site_pid=site.site_pid,
            has_hazards=not site.work.is_ranked,
            has_probes=turn.role != "unprobed",
            is_canned=turn.role == "canned",
            keeps_timeline=turn.role == "measured"
            and not self._order.is_crossover
            and (entry.workload, entry.arm) not in self._drawn,
            contestant=self._contestants.get(entry.arm, CONTESTANT),
        )

    def _step(self, now: str) -> None:
        done = len(self.samples)
        used_s = self.used_s()
        to_come, left_s = self.plan.still_to_come()
        most_s = max(0.0, OVERRUN * self._order.budget_s - used_s)
        last = self.samples[-1] if done else None
        self._tell(Step(done, done + to_come, used_s, min(left_s, most_s), now, last))


def _replayed(recorded: Recorded, folder: Path) -> AbstractContextManager[Served]:
    from crawler.compare.recording.replayed import replayed  # noqa: PLC0415 - warcio, which others do not need

    return replayed(recorded, folder)


def _called(turn: Turn) -> str:
    limit = f" with {turn.entry.concurrency} in flight" if turn.role == "sweep" else ""
    return f"warm-up {turn.round}" if turn.role == "warm-up" else f"round {turn.round} ({turn.role}{limit})"
