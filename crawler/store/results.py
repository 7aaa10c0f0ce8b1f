"""Lines of pages.jsonl made from the database: what earlier sessions visited, and where redirects ended."""

import sqlite3
from collections.abc import Generator

from crawler.model import unpack_words
from crawler.store import schema
from crawler.store.records import line_of, top_words

_ROWS_A_CHUNK = 500


def page_lines(connection: sqlite3.Connection, run: int, top: int) -> Generator[bytes, None, None]:
    """The lines of a run's visits that did not redirect, in chunks."""
    rows = connection.execute(schema.SELECT_PAGES, {"run": run})
    while some := rows.fetchmany(_ROWS_A_CHUNK):
        yield b"".join(
            line_of(dict(row), row["url"], packed and top_words(unpack_words(packed), top))
            for row in some
            for packed in [row["packed_words"]]
        )


def redirect_lines(connection: sqlite3.Connection, run: int) -> Generator[bytes, None, None]:
    """The lines of a run's redirecting URLs, each with its chain's end as final URL, in chunks."""
    rows = connection.execute(schema.SELECT_REDIRECTS, {"run": run})
    while some := rows.fetchmany(_ROWS_A_CHUNK):
        yield b"".join(line_of(dict(row), row["final_url"], None) for row in some)
