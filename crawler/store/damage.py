"""When SQLite says that a file is broken, and what to tell whoever it belongs to."""

import sqlite3
from pathlib import Path

_PRIMARY = 0xFF
"""The bits of an extended result code that name its kind."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is a database that is broken; everything else may pass."""
    return _kind(error) == sqlite3.SQLITE_CORRUPT


def is_foreign(error: sqlite3.Error) -> bool:
    """Whether the file is no database at all."""
    return _kind(error) == sqlite3.SQLITE_NOTADB


def is_about_content(error: sqlite3.Error) -> bool:
    """Whether it is what the file holds that is wrong, and not how it can be had."""
    return _kind(error) in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_NOTADB)


def damage(path: Path, error: sqlite3.Error) -> str:
    """What is wrong, and the ways out."""
    return f"{path} is damaged ({error}); save what can be had with sqlite3's .recover, and start over with --fresh"


def _kind(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & _PRIMARY
