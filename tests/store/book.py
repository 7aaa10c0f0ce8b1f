"""A database in memory, written to and closed without a loop."""

import json
import sqlite3
from typing import Any

from crawler.model import Outcome, Redirect
from crawler.orders import Settled
from crawler.store import schema
from crawler.store.changes import Step, keep
from crawler.store.closing import close
from crawler.store.results import CLOSED, page_lines
from crawler.store.wordlist import WordList
from tests.store.steps import MAX_REDIRECTS, visited


def url(name: str) -> str:
    return f"http://x.test/{name}"


def short(name: str) -> str:
    return name.removeprefix("http://x.test/")


def to(name: str) -> Redirect:
    return Redirect(url(name))


class Book:
    """A database in memory and what is said of it; `a` stands for `http://x.test/a`."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(schema.TABLES)
        self.run = 1

    def write(self, *steps: Settled) -> None:
        keep(self.connection, self.run, [Step(step, "2024-01-01") for step in steps])
        self.connection.commit()

    def add(self, **outcomes: Outcome) -> None:
        """Visits of seeds."""
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM urls").fetchone()
        self.write(*(visited(n, url(name), what) for n, (name, what) in enumerate(outcomes.items(), last + 1)))

    def close(self) -> None:
        with self.connection:
            close(self.connection, self.run, MAX_REDIRECTS)

    def told(self) -> dict[str, str]:
        """The state of each URL, and the reason if there is one."""
        rows = self.connection.execute("SELECT url, state, reason FROM urls WHERE run = ?", (self.run,))
        return {short(name): f"{state} {short(reason or '')}".strip() for name, state, reason in rows}

    def ends(self) -> dict[str, str]:
        rows = self.connection.execute("SELECT url, final_url FROM temp.chains JOIN urls USING (id) ORDER BY url")
        return {short(name): short(final) for name, final in rows}

    def pages(self) -> dict[str, dict[str, Any]]:
        lines = b"".join(page_lines(self.connection, self.run, CLOSED)).splitlines()
        return {short(page["url"]): page for page in map(json.loads, lines)}

    def words(self) -> str:
        return b"".join(WordList(self.run, 3).lines(self.connection)).decode()
