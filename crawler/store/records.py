"""One visit in its two written forms: the columns of crawl.db and the line of pages.jsonl."""

import heapq
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crawler.model import Analysis, Failure, Redirect, Visit

_PHASES = ("dns_s", "connect_s", "first_byte_s", "body_s", "analyze_s")
COLUMNS = (
    *("run", "url", "depth", "hops", "visited_at", "redirect", "fault", "reason", "stage"),
    *("status", "content_type", "bytes", *_PHASES),
    *("charset", "title", "language", "tokens", "distinct_words"),
)
"""The columns of `pages` after its id."""


class PhaseTimings(msgspec.Struct, frozen=True):
    """Seconds by phase: the fetch's four, then the analysis with its wait for a worker."""

    dns_s: float
    connect_s: float
    first_byte_s: float
    body_s: float
    analyze_s: float


class PageRecord(msgspec.Struct, frozen=True):
    """One object of pages.jsonl; what does not apply to the page's fate is null."""

    url: str
    final_url: str
    status: int | None
    fault: str | None
    reason: str | None
    stage: str | None
    depth: int
    hops: int
    visited_at: str
    content_type: str | None
    bytes: int | None
    timings: PhaseTimings | None
    charset: str | None
    title: str | None
    language: str | None
    tokens: int | None
    distinct_words: int | None
    top_words: Sequence[tuple[str, int]] | None


_MADE = frozenset(("final_url", "timings", "top_words"))
_STORED = tuple(name for name in PageRecord.__struct_fields__ if name not in _MADE)
_encoder = msgspec.json.Encoder()


def columns_of(visit: Visit, run: int, visited_at: str) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a visit."""
    outcome = visit.outcome
    redirect = outcome.target if isinstance(outcome, Redirect) else None
    fault = (outcome.fault.value, outcome.text, outcome.stage) if isinstance(outcome, Failure) else (None,) * 3
    said: tuple[Any, ...] = (None,) * 5
    if isinstance(outcome, Analysis):
        said = (outcome.charset, outcome.title, outcome.language, outcome.tokens, outcome.distinct)
    came: tuple[Any, ...] = (None,) * 8
    if answer := visit.answer:
        phases = (*msgspec.structs.astuple(answer.timings), visit.analyze_s)
        came = (answer.status, answer.content_type, answer.body_bytes, *(round(s, 6) for s in phases))
    return (run, visit.job.url, visit.job.depth, visit.job.hops, visited_at, redirect, *fault, *came, *said)


def line_of(columns: Mapping[str, Any], final_url: str, top: Sequence[tuple[str, int]] | None) -> bytes:
    """The line of pages.jsonl for the named columns of a page."""
    timings = None if columns["status"] is None else PhaseTimings(*(columns[name] for name in _PHASES))
    stored = {name: columns[name] for name in _STORED}
    return _encoder.encode(PageRecord(**stored, final_url=final_url, timings=timings, top_words=top)) + b"\n"


def line_of_visit(visit: Visit, visited_at: str) -> bytes:
    """The line of a visit that did not redirect."""
    columns = dict(zip(COLUMNS, columns_of(visit, 0, visited_at), strict=True))
    return line_of(columns, visit.job.url, visit.outcome.top if isinstance(visit.outcome, Analysis) else None)


def top_words(words: Mapping[str, int], count: int) -> list[tuple[str, int]]:
    """The most frequent words, by count and then by word."""
    return heapq.nsmallest(count, words.items(), key=lambda item: (-item[1], item[0]))
