"""Sentences that every form of the report has, beside those of the verdict."""

from collections.abc import Iterator
from typing import Final

from crawler.compare.judgement import Bound, Judgement, WorkJudgement
from crawler.compare.report import figures
from crawler.compare.result import Result, Work

LIMITS: Final = (
    "What this does not show: the site is on the same machine, so there is no DNS, no TLS, no loss and no narrow "
    "line, and it takes CPU too; polite crawls of few hosts wait for their delays, whatever the strategy."
)
"""What no comparison of this lab can show."""


def work_title(work: Work) -> str:
    """What the workload is made of."""
    size = f"{work.body_bytes / 1e6:,.1f} MB"
    return f"{work.about} ({work.pages:,} pages, {size}, hosts: {work.hosts}, latency: {work.latency})"


def bound_line(work: Work, bound: Bound) -> str:
    """What no strategy can undercut, and what sets it; nothing where nothing does."""
    parts = {"latency": bound.latency_s, "politeness": bound.politeness_s, "CPU": bound.cpu_s}
    told = ", ".join(f"{name} {figures.number(value)}" for name, value in parts.items())
    return f"bound: {figures.number(bound.least_s)} s at least, set by {bound.by} ({told})" if work.is_ranked else ""


def noise_line(of: WorkJudgement, reference: str) -> str:
    """What difference is none; nothing where it was not measured."""
    if of.control is None:
        return ""
    return (
        f"noise floor: {figures.share(of.noise)}; {reference} against itself came out {figures.interval(of.control)} "
        "times as fast, and nothing smaller is a result"
    )


def left_out(result: Result) -> Iterator[str]:
    """What was not run or not as planned, and why."""
    for skipped in result.skipped:
        yield f"not run: {skipped.arm}: {skipped.why}"
    for note in result.notes:
        yield f"note: {note}"


def wrongs(judgement: Judgement) -> Iterator[str]:
    """What fails a gate, a line each."""
    for of in judgement.works:
        for standing in of.standings:
            if standing.finding == "disqualified":
                yield f"{of.work}: {standing.arm} is disqualified: {standing.why}"
    yield from judgement.regressions
