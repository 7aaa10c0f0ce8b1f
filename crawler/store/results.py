"""Lines of pages.jsonl made from the database: all that a run visited, as it stands."""

import sqlite3
from collections.abc import Generator

from crawler.store.records import line_of

_ROWS_A_CHUNK = 500
_SELECT = "SELECT {} FROM urls JOIN pages USING (id) {} WHERE run = ? {} ORDER BY urls.id"
_VISITED = "urls.url, urls.depth, urls.hops, urls.state, urls.reason AS why, pages.*"
VISITED = _SELECT.format(f"{_VISITED}, NULL AS final_url", "", "AND redirect IS NULL")
CLOSED = _SELECT.format(f"{_VISITED}, final_url", "LEFT JOIN temp.chains USING (id)", "")


def page_lines(connection: sqlite3.Connection, run: int, query: str) -> Generator[bytes, None, None]:
    """The lines of a run's visits in chunks: `VISITED` so far without redirects, or `CLOSED` once all is known."""
    rows = connection.execute(query, (run,))
    while some := rows.fetchmany(_ROWS_A_CHUNK):
        yield b"".join(
            line_of(dict(row), row["final_url"], row["why"] if row["state"] == "duplicate" else None) for row in some
        )
