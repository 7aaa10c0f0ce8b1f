"""Starting over: a folder forgets what it holds, if that is ours to forget."""

import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from crawler.store.damage import is_about_content, is_damage
from crawler.store.faults import UnusableFolder
from crawler.store.layout import DATABASE_FILE, LOG_FILE, PAGES_FILE, PART, RUNS_FOLDER, SUMMARY_FILE, WORDS_FILE
from crawler.store.looking import connect_to_look

_ASIDE = DATABASE_FILE + ".damaged"
_FILES = (PAGES_FILE, WORDS_FILE, SUMMARY_FILE)
_OF_DATABASE = ("", "-wal", "-shm")
"""The file itself goes first: SQLite drops the log of a database that is not there."""


def forget(folder: Path, seeds: str) -> None:
    """Remove all results of `seeds` from a folder, if there is a database in it that says so, and nothing else.

    A damaged database is only put aside, with its log, as `crawl.db.damaged`. Raises OSError, and UnusableFolder when
    the folder holds the results of others or a database that is none of ours.
    """
    database = folder / DATABASE_FILE
    if not database.exists():
        return
    if _is_of(database, seeds):
        for suffix in _OF_DATABASE:
            database.with_name(DATABASE_FILE + suffix).unlink(missing_ok=True)
    else:
        _put_aside(folder)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
        (folder / (name + PART)).unlink(missing_ok=True)
    for log in (folder / RUNS_FOLDER).glob(f"[0-9]*/{LOG_FILE}"):
        log.unlink()
        with suppress(OSError):  # what else lies there is not ours
            log.parent.rmdir()
    with suppress(OSError):
        (folder / RUNS_FOLDER).rmdir()


def _put_aside(folder: Path) -> None:
    names = (f"{_ASIDE}{number}" if number else _ASIDE for number in count())
    aside = next(name for name in names if not (folder / name).exists())
    for suffix in _OF_DATABASE:
        with suppress(FileNotFoundError):
            (folder / (DATABASE_FILE + suffix)).rename(folder / (aside + suffix))


def _is_of(database: Path, seeds: str) -> bool:
    """Whether the database is whole; refuses whatever belongs to others."""
    try:
        with closing(connect_to_look(database, may_mend=False)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return True
            row = connection.execute("SELECT seeds FROM folder").fetchone()
            is_whole: bool = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        if not is_about_content(error):
            raise UnusableFolder(f"{database}: {error}; give another folder with --out") from None
        why = f"{database} is no database of ours ({error})"
        raise UnusableFolder(f"{why}; --fresh leaves it alone: give another folder with --out") from None
    if row is not None and row[0] != seeds:
        why = f"{database.parent} holds the results of {row[0]}, not of {seeds}"
        raise UnusableFolder(f"{why}; --fresh leaves them alone: give another folder with --out")
    return is_whole
