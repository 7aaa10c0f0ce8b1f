"""The output folder: made, locked and opened together, so that a run holds all of it or nothing."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.loop import to_the_end
from crawler.store.database import Database
from crawler.store.faults import DamagedDatabase, FolderInUse, OutputError, UnusableFolder
from crawler.store.forgetting import forget
from crawler.store.layout import DATABASE_FILE
from crawler.store.lock import FolderLock
from crawler.store.looking import connect_to_look, holder


class Folder:
    """One output folder, held by this process alone while it is open."""

    def __init__(self, path: Path, lock: FolderLock, database: Database) -> None:
        self.path = path
        self.database = database
        self._lock = lock

    @classmethod
    async def open(cls, path: Path, seeds: str, *, fresh: bool = False) -> "Folder":
        """Open the folder for its seeds, making it if need be; `fresh` lets it forget what it holds of them.

        Who cancels it waits until it is closed again: threads go on, and would hold what nobody else knows of.
        Raises UnusableFolder when it cannot be made, belongs to other seeds or holds a database that is none of
        ours, and FolderInUse when another run holds it.
        """
        opened: list[Folder] = []

        async def take() -> None:
            opened.append(await cls._open(path, seeds, fresh=fresh))

        try:
            await to_the_end(take())
        except asyncio.CancelledError:
            for folder in opened:
                await to_the_end(folder.aclose())
            raise
        return opened[0]

    @classmethod
    async def _open(cls, path: Path, seeds: str, *, fresh: bool) -> "Folder":
        lock = await asyncio.to_thread(_take, path)
        database = Database(path / DATABASE_FILE)
        try:
            if fresh:
                await asyncio.to_thread(forget, path, seeds)
            await database.open(seeds)
        except BaseException as error:
            await database.aclose()
            lock.release()
            if isinstance(error, DamagedDatabase):
                raise UnusableFolder(str(error)) from None
            if isinstance(error, OSError):
                raise UnusableFolder(f"{path}: {error.strerror}; give another folder with --out") from None
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
    except FileExistsError:
        raise UnusableFolder(f"{path}: no folder but a file; give another folder with --out") from None
    except OSError as error:
        raise UnusableFolder(f"{path}: {error.strerror}; give another folder with --out") from None


def _who_holds(path: Path) -> str:
    """The process that holds the folder, as far as its database tells."""
    try:
        with closing(connect_to_look(path / DATABASE_FILE)) as connection:
            found = holder(connection)
    except sqlite3.Error:  # it has only just begun
        return ""
    return f" (process {found[0]}, since {found[1]})" if found is not None else ""
