"""Opening crawl.db to look into it, while a run may be writing it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.store import schema
from crawler.store.damage import damage, is_damage
from crawler.store.faults import UnusableFolder
from crawler.store.layout import DATABASE_FILE
from crawler.store.looking import connect_to_look


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the database of a folder that cannot write.

    Raises UnusableFolder when there is none, or it is none of ours.
    """
    path = folder / DATABASE_FILE
    if not path.is_file():
        raise UnusableFolder(f"{folder}: no results here; name the output folder of a crawl")
    connection = connect_to_look(path)
    connection.row_factory = sqlite3.Row
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != schema.VERSION:
            why = f"made by another version of crawler (format {version}, this one reads {schema.VERSION})"
            raise UnusableFolder(f"{path}: {why}; crawl again into another folder")
        yield connection
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise UnusableFolder(damage(path, error)) from None
        raise UnusableFolder(f"{path}: {error}; name the output folder of a crawl") from None
    finally:
        connection.close()


def last_run(connection: sqlite3.Connection, folder: Path) -> int:
    """The number of the last run; raises UnusableFolder when there was none."""
    run = connection.execute("SELECT max(id) FROM runs").fetchone()[0]
    if run is None:
        raise UnusableFolder(f"{folder}: nothing was crawled yet")
    return int(run)


def folders(root: Path) -> list[Path]:
    """The folders under `root` that a crawl wrote to, the last one last; raises UnusableFolder when there is none."""
    found = [path.parent for path in root.glob(f"*/{DATABASE_FILE}")]
    if not found:
        raise UnusableFolder(f"{root}: no crawl has written here; name the output folder of a crawl")
    return sorted(found, key=lambda folder: (folder / DATABASE_FILE).stat().st_mtime)
