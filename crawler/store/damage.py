"""When SQLite says that a file is broken, and what to tell whoever it belongs to."""

import sqlite3
from pathlib import Path

_PRIMARY = 0xFF
"""The bits of an extended result code that name its kind."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is broken, or none of SQLite's; everything else may pass."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & _PRIMARY in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def damage(path: Path, error: sqlite3.Error) -> str:
    """What is wrong, and the ways out."""
    return f"{path} is damaged ({error}); save what can be had with sqlite3's .recover, and start over with --fresh"
