"""The totals of a run: how many URLs came to which end, and how much text there was."""

import sqlite3

import msgspec


class Totals(msgspec.Struct, frozen=True):
    """Counts over a run's URLs; analysed + redirects + failed = urls."""

    urls: int
    analyzed: int
    redirects: int
    failed: int
    bytes: int
    tokens: int
    faults: dict[str, int]
    languages: dict[str, int]
    charsets: dict[str, int]


def totals(connection: sqlite3.Connection, run: int) -> Totals:
    """The totals of one run."""
    urls, redirects, failed, size, tokens = connection.execute(
        "SELECT count(*), count(redirect), count(fault), coalesce(sum(bytes), 0), coalesce(sum(tokens), 0)"
        " FROM pages WHERE run = ?",
        (run,),
    ).fetchone()
    return Totals(
        urls=urls,
        analyzed=urls - redirects - failed,
        redirects=redirects,
        failed=failed,
        bytes=size,
        tokens=tokens,
        faults=_counts(connection, run, "fault"),
        languages=_counts(connection, run, "language"),
        charsets=_counts(connection, run, "charset"),
    )


def _counts(connection: sqlite3.Connection, run: int, column: str) -> dict[str, int]:
    query = (
        f"SELECT {column}, count(*) FROM pages WHERE run = ? AND {column} IS NOT NULL"  # noqa: S608 - our own names
        f" GROUP BY {column} ORDER BY count(*) DESC, {column}"
    )
    return dict(connection.execute(query, (run,)).fetchall())
