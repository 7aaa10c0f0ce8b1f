"""The output folder: made, locked and opened together, so that a run holds all of it or nothing."""

import asyncio
import sqlite3
from pathlib import Path

from crawler.store.database import Database
from crawler.store.faults import FolderInUse, OutputError, UnusableFolder
from crawler.store.lock import FolderLock

DATABASE_FILE = "crawl.db"


class Folder:
    """One output folder, held by this process alone while it is open."""

    def __init__(self, path: Path, lock: FolderLock, database: Database) -> None:
        self.path = path
        self.database = database
        self._lock = lock

    @classmethod
    async def open(cls, path: Path, seeds: str) -> "Folder":
        """Open the folder for its seeds, making it if need be.

        Raises UnusableFolder when it cannot be made, belongs to other seeds or holds a database that is none of
        ours, and FolderInUse when another run holds it.
        """
        lock = await asyncio.to_thread(_take, path)
        database = Database(path / DATABASE_FILE)
        try:
            await database.open(seeds)
        except BaseException as error:
            await database.aclose()
            lock.release()
            if isinstance(error, OutputError):
                raise UnusableFolder(f"{error}; give another folder with --out") from None
            raise
        return cls(path, lock, database)

    async def aclose(self) -> None:
        """Close the database, then let go of the folder."""
        await self.database.aclose()
        self._lock.release()


def _take(path: Path) -> FolderLock:
    try:
        path.mkdir(parents=True, exist_ok=True)
        return FolderLock(path)
    except FolderInUse:
        raise FolderInUse(f"{path} is in use by another run{_who_holds(path)}") from None
    except OSError as error:
        raise UnusableFolder(f"{path}: {error.strerror}; give another folder with --out") from None


def _who_holds(path: Path) -> str:
    """The process that holds the folder, as far as its database tells."""
    try:
        connection = sqlite3.connect(f"{(path / DATABASE_FILE).absolute().as_uri()}?mode=ro", uri=True)
        try:
            pid, started_at = connection.execute("SELECT pid, started_at FROM runs ORDER BY id DESC").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, TypeError):  # it has only just begun
        return ""
    return f" (process {pid}, begun {started_at})"
