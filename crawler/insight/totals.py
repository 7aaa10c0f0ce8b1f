"""The totals of a run: how many URLs came to which end, and how much text there was."""

import sqlite3

import msgspec

from crawler.orders import ANALYSED, DUPLICATE, FAILED, GIVEN_UP, NOINDEX, REDIRECTED, ROBOTS

_ANALYSED = (ANALYSED, DUPLICATE, NOINDEX)
_FAILED = (FAILED, GIVEN_UP)
_DUE = (*_ANALYSED, *_FAILED, REDIRECTED, ROBOTS)


class Totals(msgspec.Struct, frozen=True):
    """Counts over a run's URLs: analyzed + redirects + failed + refused = urls.

    `analyzed` are all pages that were read; of these only `counted` are in the word list, the others being
    duplicates or asking not to be. `refused` were forbidden by robots.txt. `states` counts every URL that was met,
    visited or not.
    """

    urls: int
    analyzed: int
    counted: int
    redirects: int
    failed: int
    refused: int
    bytes: int
    tokens: int
    states: dict[str, int]
    faults: dict[str, int]
    languages: dict[str, int]
    charsets: dict[str, int]


def totals(connection: sqlite3.Connection, run: int) -> Totals:
    """The totals of one run."""
    states = _counts(connection, run, "state")
    size, tokens = connection.execute(
        "SELECT coalesce(sum(bytes), 0), coalesce(sum(iif(state = 'analysed', tokens, 0)), 0)"
        " FROM pages JOIN urls USING (id) WHERE run = ?",
        (run,),
    ).fetchone()

    def count(*names: str) -> int:
        return sum(states.get(name, 0) for name in names)

    return Totals(
        urls=count(*_DUE),
        analyzed=count(*_ANALYSED),
        counted=count(ANALYSED),
        redirects=count(REDIRECTED),
        failed=count(*_FAILED),
        refused=count(ROBOTS),
        bytes=size,
        tokens=tokens,
        states=states,
        faults={fault: pages for fault, pages in _counts(connection, run, "fault").items() if fault != ROBOTS},
        languages=_counts(connection, run, "language"),
        charsets=_counts(connection, run, "charset"),
    )


def _counts(connection: sqlite3.Connection, run: int, column: str) -> dict[str, int]:
    pages = "" if column == "state" else "JOIN pages USING (id)"
    query = (
        f"SELECT {column}, count(*) FROM urls {pages} WHERE run = ? AND {column} IS NOT NULL"  # noqa: S608 - our names
        f" GROUP BY {column} ORDER BY count(*) DESC, {column}"
    )
    return dict(connection.execute(query, (run,)).fetchall())
