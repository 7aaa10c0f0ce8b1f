"""crawl.db: the truth. One thread owns the connection, and a batch of visits is one transaction."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from crawler.model import Robots
from crawler.orders import Brought, Load, Recall, Reopen, Row
from crawler.store import expiry, schema
from crawler.store.beginning import Run, begin, now
from crawler.store.changes import Step, keep
from crawler.store.damage import damage, is_damage, is_foreign
from crawler.store.faults import DamagedDatabase, FolderGone, OutputError, UnusableFolder

_T = TypeVar("_T")
_ROWS_A_CHUNK = 500
_PAGES_BEFORE_CHECKPOINT = 8_000
"""32 MB: what is written again within that time goes to its place once (a fifth of the CPU of a commit)."""
_LET_GO = "UPDATE folder SET pid = NULL, held_since = NULL"
_DAY_S = 86_400.0


class Database:
    """The database of one output folder; all SQL runs in its one thread, never on the loop.

    Every method raises OutputError when the disk fails it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection: sqlite3.Connection | None = None
        self._is_held = False
        self._inode = 0

    async def open(self, seeds: str) -> None:
        """Open the file, or create it, for the seeds that the folder belongs to.

        Raises UnusableFolder when it belongs to others, or is none of ours.
        """
        await self.call_in_thread(lambda: self._open(seeds))

    async def begin_run(self, seeds_digest: bytes, agent: str = "", *, retry_failed: bool = False) -> Run:
        """The run that this start begins or carries on; see `beginning.begin`."""
        return await self.call(lambda connection: begin(connection, seeds_digest, agent, retry_failed=retry_failed))

    async def finish_run(self, run: int) -> None:
        """Mark a run as complete, so that the next start is a new run."""
        await self.call(
            lambda connection: connection.execute("UPDATE runs SET finished_at = ? WHERE id = ?", (now(), run))
        )

    async def keep(self, run: int, batch: list[Step]) -> bytes:
        """Write a batch of steps in one transaction; its lines for pages.jsonl."""

        def keep_if_there(connection: sqlite3.Connection) -> bytes:
            self._check_that_it_is_there()
            return keep(connection, run, batch)

        return await self.call(keep_if_there)

    async def bring(self, run: int, order: Brought) -> list[Row]:
        """The rows that the frontier asks for."""
        return await self.call(lambda connection: _bring(connection, run, order))

    def urls(self, run: int) -> AsyncGenerator[list[Row], None]:
        """Every URL that the run has met, in chunks."""
        return self.stream(lambda connection: _urls(connection, run))

    async def robots(self, agent: str = "", most_s: float = _DAY_S) -> list[tuple[str, Robots, float]]:
        """What robots.txt files say to `agent`: origin, what it says, and for how many seconds (up to `most_s`)."""
        return await self.call(lambda connection: expiry.robots(connection, agent, most_s))

    async def holds(self) -> list[tuple[str, float]]:
        """The hosts that are still to be left alone, and for how many seconds."""
        return await self.call(expiry.holds)

    async def call(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `work` makes of the connection, inside one transaction."""

        def transaction() -> _T:
            assert self._connection is not None
            with self._connection:
                return work(self._connection)

        return await self.call_in_thread(transaction)

    async def stream(
        self, make: Callable[[sqlite3.Connection], Generator[_T, None, None]]
    ) -> AsyncGenerator[_T, None]:
        """The items of a generator that is made, advanced and closed in the database's thread."""
        items = await self.call(make)
        try:
            while (item := await self.call_in_thread(lambda: next(items, None))) is not None:
                yield item
        finally:
            await self.call_in_thread(items.close)

    async def call_in_thread(self, work: Callable[[], _T]) -> _T:
        """What `work` returns in the database's thread, the disk's failures as OutputError."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise DamagedDatabase(damage(self.path, error)) from error
            if is_foreign(error):
                why = f"{self.path}: {error}; move it away, or give another folder with --out"
                raise DamagedDatabase(why) from error
            if type(error) in (sqlite3.OperationalError, sqlite3.DatabaseError):  # the others are bugs of ours
                raise OutputError(f"{self.path}: {error}") from error
            raise

    async def aclose(self) -> None:
        """Close the file and end the thread."""
        if self._connection is not None:
            if self._is_held:
                with suppress(OutputError):  # whoever asks then finds that the process is gone
                    await self.call(lambda connection: connection.execute(_LET_GO))
            await self.call_in_thread(self._connection.close)
        await asyncio.to_thread(self._thread.shutdown)

    def _open(self, seeds: str) -> None:
        connection = self._connection = sqlite3.connect(self.path, timeout=30)
        connection.row_factory = sqlite3.Row
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        is_new = not tables
        if not is_new and "folder" not in tables:
            raise UnusableFolder(f"{self.path}: no database of ours; move it away, or give another folder with --out")
        if not is_new and version != schema.VERSION:
            why = f"made by another version of crawler (format {version}, this one writes {schema.VERSION})"
            raise UnusableFolder(f"{self.path}: {why}; give another folder with --out, or start over with --fresh")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # or a power loss would cost more than the last second
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_BEFORE_CHECKPOINT}")
        if is_new:
            connection.executescript(f"BEGIN; {schema.TABLES} PRAGMA user_version = {schema.VERSION}; COMMIT;")
        with connection:  # also if whoever made the tables was killed before this
            connection.execute(
                "INSERT INTO folder (seeds) SELECT ? WHERE NOT EXISTS (SELECT * FROM folder)", (seeds,)
            )
        owner = connection.execute("SELECT seeds FROM folder").fetchone()[0]
        if owner != seeds:
            why = f"holds the results of {owner}, not of {seeds}"
            raise UnusableFolder(f"{self.path.parent}: {why}; give another folder with --out")
        with connection:
            connection.execute("UPDATE folder SET pid = ?, held_since = ?", (os.getpid(), now()))
        self._is_held = True
        self._inode = self.path.stat().st_ino

    def _check_that_it_is_there(self) -> None:
        """SQLite goes on for ever with a file that has no name any more."""
        try:
            is_there = self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            is_there = False
        if not is_there:
            self._is_held = False
            raise FolderGone(f"{self.path} was deleted, moved or replaced during the run, and what it held is gone")


def _bring(connection: sqlite3.Connection, run: int, order: Brought) -> list[Row]:
    match order:
        case Load(host, count):
            rows = connection.execute(schema.SELECT_WAITING, (run, host, count))
        case Reopen(ids):
            rows = connection.execute(f"{schema.SELECT_URLS} WHERE id IN ({','.join('?' * len(ids))})", ids)
        case Recall(after, count):
            rows = connection.execute(schema.SELECT_OUTSIDE, (run, after, count))
    return [Row(*row) for row in rows]


def _urls(connection: sqlite3.Connection, run: int) -> Generator[list[Row], None, None]:
    rows = connection.execute(schema.SELECT_MET, (run,))
    while some := rows.fetchmany(_ROWS_A_CHUNK):
        yield [Row(*row) for row in some]
