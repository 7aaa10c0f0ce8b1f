"""The first thing a run says: whether it starts or carries on, and why; with what, and what weakens it."""

from typing import NamedTuple

from crawler.report.counts import counted
from crawler.seeds import RejectedLine
from crawler.store.beginning import Run
from crawler.strategy import Strategy


class Opening(NamedTuple):
    """What is known before the first page; `sites` says which of our own were started, and where."""

    run: Run
    is_fresh: bool
    seeds: str
    folder: str
    settled: int
    left: int
    strategy: Strategy
    may_change: bool
    weakness: str | None
    sites: tuple[str, ...]
    rejected: tuple[RejectedLine, ...]

    def __str__(self) -> str:
        parts = [f"{self._start()}, from {self.seeds} to {self.folder}", *self._why(), self._how()]
        if self.weakness:
            parts.append(f"a bad page can harm the whole run ({self.weakness})")
        return "; ".join((*parts, *self.sites))

    def _start(self) -> str:
        run, every = self.run, self.settled + self.left
        if run.retried is not None:
            if not self.left:
                return f"Nothing to do: run {run.id} has no failures to try again"
            return f"Resuming run {run.id}: {counted(run.retried, 'failure')} of {counted(every, 'URL')} tried again"
        if run.is_resumed:
            return f"Resuming run {run.id}: {self.left:,} of {counted(every, 'URL')} left"
        return f"Run {run.id}: {counted(self.left, 'URL')}"

    def _how(self) -> str:
        if self.may_change:
            return f"begins with {self.strategy}, and measures what suits it best"
        return str(self.strategy)

    def _why(self) -> list[str]:
        run = self.run
        if self.is_fresh:
            return ["what the folder held is forgotten (--fresh)"]
        if run.abandoned:
            left = f"run {run.previous} leaves {counted(run.abandoned, 'URL')}"
            return [f"{left} behind, not to be carried on, because its seeds or its rules were others"]
        if run.must_finish_first:
            return ["its failures can be tried again once it is finished"]
        return [f"run {run.previous} is finished"] if run.previous else []
