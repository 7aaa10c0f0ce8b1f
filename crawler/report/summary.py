"""The summary of a run: what summary.json holds, and what its exit code says."""

from typing import Literal, TypeAlias

import msgspec

from crawler.exits import Exit
from crawler.insight.totals import Totals
from crawler.model import Fault
from crawler.plain import visible_json
from crawler.readers import FailIf
from crawler.report.bounded import Bounded

Stopper: TypeAlias = Literal["SIGINT", "SIGTERM", "caller", "deadline", "max-pages"]
"""What can stop a run that still has work."""


class Session(msgspec.Struct, frozen=True):
    """One start of the program within a run; its times are its own, while totals are the run's.

    `refetched` counts the innocent pages that were fetched again because another took their process along. `strategy`
    is what it ended with; the crawl chose it for itself if it says `chosen_because`.
    """

    seconds: float
    visits: int
    bytes: int
    loop_lag_p99_ms: float
    loop_lag_max_ms: float
    rejected_lines: tuple[str, ...] = ()
    refetched: int = 0
    strategy: str = ""
    chosen_because: str = ""
    stopped_by: Stopper | None = None

    @property
    def visits_per_s(self) -> float:
        """URLs settled per second."""
        return self.visits / self.seconds if self.seconds else 0.0


class Summary(msgspec.Struct, frozen=True):
    """What happened, and where the results are; `discovered` counts the URLs as they were met, one by one.

    `bounded` is of the session, as its times are.
    """

    run: int
    seeds: str
    folder: str
    is_complete: bool
    discovered: int
    totals: Totals
    distinct_words: int
    top_words: tuple[tuple[str, int, int], ...]
    session: Session
    bounded: Bounded
    exit_code: int

    @property
    def is_balanced(self) -> bool:
        """Whether every URL that was met stands in exactly one state."""
        return self.discovered == sum(self.totals.states.values())


def casualties_of(totals: Totals) -> int:
    """How many pages brought their parser down."""
    return sum(totals.faults.get(fault.value, 0) for fault in Fault if fault.is_parser_casualty)


def exit_of(totals: Totals, session: Session, fail_if: FailIf) -> Exit:
    """The exit code that says most about the run."""
    if session.stopped_by == "SIGINT":
        return Exit.INTERRUPTED
    if session.stopped_by == "SIGTERM":
        return Exit.TERMINATED
    if session.stopped_by in ("deadline", "max-pages"):
        return Exit.STOPPED_EARLY
    if totals.urls and not totals.analyzed:
        return Exit.NOTHING_FETCHED
    if casualties_of(totals) or session.rejected_lines or fail_if.is_exceeded(totals.failed, totals.urls):
        return Exit.INCOMPLETE
    return Exit.OK


def summary_json(summary: Summary) -> bytes:
    """The summary as one JSON object."""
    return visible_json(msgspec.json.encode(summary))
