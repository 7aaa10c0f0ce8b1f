"""The first thing a run says: whether it starts or carries on, and why; with what, and what weakens it."""

from typing import NamedTuple

from crawler.seeds import RejectedLine
from crawler.store.beginning import Run


class Opening(NamedTuple):
    """What is known before the first page; `sites` says which of our own were started, and where."""

    run: Run
    is_fresh: bool
    seeds: str
    folder: str
    settled: int
    left: int
    fetch: str
    analyze: str
    workers: int
    weakness: str | None
    sites: tuple[str, ...]
    rejected: tuple[RejectedLine, ...]

    def __str__(self) -> str:
        rooms = f"{self.fetch} + {self.analyze}" + f" ({self.workers})" * (self.analyze != "inline")
        parts = [f"{self._start()}, from {self.seeds} to {self.folder}", *self._why(), rooms]
        if self.weakness:
            parts.append(f"a bad page can harm the whole run ({self.weakness})")
        return "; ".join((*parts, *self.sites))

    def _start(self) -> str:
        run, every = self.run, self.settled + self.left
        if run.retried is not None:
            if not self.left:
                return f"Nothing to do: run {run.id} has no failures to try again"
            failures = "1 failure" if run.retried == 1 else f"{run.retried:,} failures"
            rest = self.left - run.retried
            others = f", and {rest:,} not visited yet" if rest else ""
            return f"Resuming run {run.id}: {failures} of {every:,} URLs tried again{others}"
        if run.is_resumed:
            return f"Resuming run {run.id}: {self.left:,} of {every:,} URLs left"
        return f"Run {run.id}: {self.left:,} URLs"

    def _why(self) -> list[str]:
        run = self.run
        if self.is_fresh:
            return ["what the folder held is forgotten (--fresh)"]
        if run.abandoned:
            left = f"run {run.previous} leaves {run.abandoned:,} URLs"
            return [f"{left}, which are not carried on, because its seeds or its rules were others"]
        return [f"run {run.previous} is finished"] if run.previous else []
