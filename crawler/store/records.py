"""One visit in its two written forms: the columns of crawl.db and the line of pages.jsonl."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crawler.model import Analysis, Failure, Redirect, Visit, pack
from crawler.orders import state_of
from crawler.plain import visible_json

_PHASES = ("dns_s", "connect_s", "first_byte_s", "body_s", "analyze_s")
COLUMNS = (
    *("id", "visited_at", "redirect", "fault", "reason", "stage"),
    *("status", "content_type", "bytes", *_PHASES),
    *("charset", "title", "language", "tokens", "distinct_words", "top", "digest"),
)
"""The columns of `pages`."""


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
    state: str
    duplicate_of: str | None
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


_MADE = frozenset(("final_url", "duplicate_of", "timings", "top_words"))
_STORED = tuple(name for name in PageRecord.__struct_fields__ if name not in _MADE)
_encoder = msgspec.json.Encoder()
_top_decoder = msgspec.msgpack.Decoder(tuple[tuple[str, int], ...])


def columns_of(visit: Visit, visited_at: str) -> tuple[Any, ...]:
    """The values of `COLUMNS` for a visit."""
    outcome = visit.outcome
    redirect = outcome.target if isinstance(outcome, Redirect) else None
    fault = (outcome.fault.value, outcome.text, outcome.stage) if isinstance(outcome, Failure) else (None,) * 3
    said: tuple[Any, ...] = (None,) * 7
    if isinstance(outcome, Analysis):
        told = (outcome.charset, outcome.title, outcome.language, outcome.tokens, outcome.distinct)
        said = (*told, pack(outcome.top), outcome.digest)
    came: tuple[Any, ...] = (None,) * 8
    if answer := visit.answer:
        phases = (*msgspec.structs.astuple(answer.timings), visit.analyze_s)
        came = (answer.status, answer.content_type, answer.body_bytes, *(round(s, 6) for s in phases))
    return (visit.job.id, visited_at, redirect, *fault, *came, *said)


def line_of(columns: Mapping[str, Any], final_url: str | None = None, duplicate_of: str | None = None) -> bytes:
    """The line of pages.jsonl for the named columns of `urls` and `pages`."""
    record = PageRecord(
        **{name: columns[name] for name in _STORED},
        final_url=final_url or columns["url"],
        duplicate_of=duplicate_of,
        timings=None if columns["status"] is None else PhaseTimings(*(columns[name] for name in _PHASES)),
        top_words=None if columns["top"] is None else _top_decoder.decode(columns["top"]),
    )
    return visible_json(_encoder.encode(record)) + b"\n"


def line_of_visit(visit: Visit, row: tuple[Any, ...]) -> bytes:
    """The line of a visit as it stands when it ends, from its `columns_of`."""
    columns = dict(zip(COLUMNS, row, strict=True))
    job = visit.job
    columns.update(url=job.url, depth=job.depth, hops=job.hops, state=state_of(visit)[0])
    return line_of(columns)
