"""Starting over: a folder forgets what it holds, if that is ours to forget."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.store.damage import is_damage
from crawler.store.faults import UnusableFolder
from crawler.store.layout import DATABASE_FILE, PAGES_FILE, PART, RUNS_FOLDER, SUMMARY_FILE, WORDS_FILE
from crawler.store.looking import connect_to_look

_ASIDE = DATABASE_FILE + ".damaged"
_FILES = (PAGES_FILE, WORDS_FILE, SUMMARY_FILE)


def forget(folder: Path, seeds: str) -> None:
    """Remove all results of `seeds` from a folder; a damaged database is only put aside, as `crawl.db.damaged`.

    Raises OSError, and UnusableFolder when the folder holds the results of others or a database that is none of ours.
    """
    database = folder / DATABASE_FILE
    if database.exists():
        is_whole = _is_of(database, seeds)
        # The log first: under another database of the same name it would be taken for that one's.
        for suffix in ("-wal", "-shm"):
            database.with_name(DATABASE_FILE + suffix).unlink(missing_ok=True)
        if is_whole:
            database.unlink()
        else:
            database.replace(folder / _ASIDE)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
        (folder / (name + PART)).unlink(missing_ok=True)
    if (folder / RUNS_FOLDER).is_dir():
        shutil.rmtree(folder / RUNS_FOLDER)


def _is_of(database: Path, seeds: str) -> bool:
    """Whether the database is whole; refuses whatever belongs to others."""
    try:
        with closing(connect_to_look(database)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return True
            row = connection.execute("SELECT seeds FROM folder").fetchone()
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        why = f"{database} is no database of ours ({error})"
        raise UnusableFolder(f"{why}; --fresh leaves it alone: give another folder with --out") from None
    if row is not None and row[0] != seeds:
        why = f"{database.parent} holds the results of {row[0]}, not of {seeds}"
        raise UnusableFolder(f"{why}; --fresh leaves them alone: give another folder with --out")
    return True
