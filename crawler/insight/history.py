"""The runs of a folder: when they began, how they stand, what they met."""

import sqlite3

import msgspec

from crawler.orders import ANALYSED, DUPLICATE, FAILED, GIVEN_UP, NOINDEX, WAITING


class RunRecord(msgspec.Struct, frozen=True):
    """One run; times are ISO 8601 in UTC, and `analysed`, `failed` and `left` are parts of the `urls` it met."""

    run: int
    started_at: str
    finished_at: str | None
    urls: int
    analysed: int
    failed: int
    left: int


def history(connection: sqlite3.Connection) -> list[RunRecord]:
    """Every run of a folder, the first one first."""
    counts: dict[int, dict[str, int]] = {}
    for run, state, urls in connection.execute("SELECT run, state, count(*) FROM urls GROUP BY run, state"):
        counts.setdefault(run, {})[state] = urls

    def count(run: int, *states: str) -> int:
        return sum(counts.get(run, {}).get(state, 0) for state in states)

    runs = connection.execute("SELECT id, started_at, finished_at FROM runs ORDER BY id")
    return [
        RunRecord(
            run,
            started_at,
            finished_at,
            urls=sum(counts.get(run, {}).values()),
            analysed=count(run, ANALYSED, DUPLICATE, NOINDEX),
            failed=count(run, FAILED, GIVEN_UP),
            left=count(run, WAITING),
        )
        for run, started_at, finished_at in runs
    ]
