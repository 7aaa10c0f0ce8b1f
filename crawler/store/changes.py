"""One batch of steps of the frontier, as SQL: all of it, or none."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from crawler.model import Analysis, Redirect, pack
from crawler.orders import Answered, Asked, Ended, Found, Learned, Moved, Note, Reopened, Settled
from crawler.store.records import COLUMNS, columns_of, line_of_visit

_INSERT_PAGE = f"INSERT INTO pages ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_INSERT_URL = """
INSERT INTO urls (id, url, host, depth, hops, state, reason, parent, lastmod, run)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_HOST = """
INSERT INTO hosts VALUES (
    :run, :host, :requests, :refusals, :bytes, :first_at, :last_at, :delay_s, :least_gap_s, :resume_at
)
ON CONFLICT (run, host) DO UPDATE SET
    requests = requests + excluded.requests,
    refusals = refusals + excluded.refusals,
    bytes = bytes + excluded.bytes,
    last_at = max(last_at, excluded.last_at),
    delay_s = coalesce(nullif(excluded.delay_s, -1), delay_s),
    resume_at = max(resume_at, excluded.resume_at),
    least_gap_s = min(coalesce(least_gap_s, excluded.least_gap_s), coalesce(excluded.least_gap_s, least_gap_s))
"""

_A_MOMENT_S = 0.001


class Step(NamedTuple):
    """A step of the frontier and the time of day at which it was taken (ISO 8601, UTC)."""

    settled: Settled
    at: str


@dataclass(slots=True)
class _Dealings:
    """What one batch did with one host."""

    first_at: str
    last_at: str = ""
    requests: int = 0
    refusals: int = 0
    bytes: int = 0
    delay_s: float = -1.0
    least_gap_s: float | None = None
    resume_at: float = 0.0


def keep(connection: sqlite3.Connection, run: int, batch: list[Step]) -> bytes:
    """Write a batch; its lines for pages.jsonl, those of redirects excepted, whose ends are not yet known.

    The URLs found come first, because the rest speaks of them.
    """
    found: list[tuple[Any, ...]] = []
    moved: list[tuple[Any, ...]] = []
    reopened: set[int] = set()
    ended: list[tuple[Any, ...]] = []
    learned: list[tuple[Any, ...]] = []
    hosts: dict[str, _Dealings] = {}
    moment = datetime.now(UTC).timestamp()
    for step in batch:
        for change in step.settled.changes:
            match change:
                case Found():
                    found.append((*change, run))
                case Ended():
                    ended.append((change.state, change.reason, change.id))
                case Moved():
                    moved.append((change.depth, change.hops, change.must_reopen, change.id))
                    reopened.discard(change.id)  # the last word counts
                case Reopened():
                    reopened.add(change.id)
                case Learned():
                    learned.append((change.origin, run, moment + change.ttl_s, pack(change.robots)))
                case Asked() | Answered():
                    _deal(hosts.setdefault(change.host, _Dealings(step.at)), change, step.at, moment)
                case Note():
                    pass  # for the log
    write = connection.executemany
    write(_INSERT_URL, found)
    write("UPDATE urls SET depth = ?, hops = ?, must_reopen = max(must_reopen, ?) WHERE id = ?", moved)
    write("UPDATE urls SET must_reopen = 0 WHERE id = ?", [(number,) for number in reopened])
    write("UPDATE urls SET state = ?, reason = ? WHERE id = ?", ended)
    write("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", learned)
    write(_INSERT_HOST, [_row(run, host, dealings) for host, dealings in hosts.items()])
    return _keep_visits(connection, batch)


def _keep_visits(connection: sqlite3.Connection, batch: list[Step]) -> bytes:
    pages, words, links, lines = [], [], [], []
    for step in batch:
        visit = step.settled.visit
        if visit is None:
            continue
        row = columns_of(visit, step.at)
        pages.append(row)
        if isinstance(visit.outcome, Analysis):
            words.append((visit.job.id, visit.outcome.packed_words))
            links.append((visit.job.id, visit.outcome.packed_links))
        if not isinstance(visit.outcome, Redirect):
            lines.append(line_of_visit(visit, row))
    connection.executemany(_INSERT_PAGE, pages)
    connection.executemany("INSERT INTO words VALUES (?, ?)", words)
    connection.executemany("INSERT INTO links VALUES (?, ?)", links)
    return b"".join(lines)


def _deal(dealings: _Dealings, change: Asked | Answered, at: str, moment: float) -> None:
    if isinstance(change, Answered):
        dealings.bytes += change.body_bytes
        dealings.refusals += change.is_refusal
        dealings.resume_at = max(dealings.resume_at, moment + change.hold_s)
        return
    if change.ago_s >= _A_MOMENT_S:
        at = (datetime.fromisoformat(at) - timedelta(seconds=change.ago_s)).isoformat(timespec="milliseconds")
    if not dealings.requests:
        dealings.first_at = at
    dealings.requests += 1
    dealings.last_at = max(dealings.last_at, at)
    dealings.delay_s = change.delay_s
    dealings.resume_at = max(dealings.resume_at, moment - change.ago_s + change.delay_s)
    if change.gap_s is not None:
        gap_s = dealings.least_gap_s
        dealings.least_gap_s = change.gap_s if gap_s is None else min(gap_s, change.gap_s)


def _row(run: int, host: str, dealings: _Dealings) -> dict[str, Any]:
    return {
        "run": run,
        "host": host,
        "first_at": dealings.first_at,
        "last_at": dealings.last_at,
        "requests": dealings.requests,
        "refusals": dealings.refusals,
        "bytes": dealings.bytes,
        "delay_s": dealings.delay_s,
        "least_gap_s": dealings.least_gap_s,
        "resume_at": dealings.resume_at,
    }
