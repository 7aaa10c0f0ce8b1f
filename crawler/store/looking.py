"""A connection to a database that cannot write, and whether somebody else does."""

import os
import sqlite3
from pathlib import Path


def connect_to_look(database: Path) -> sqlite3.Connection:
    """A connection that changes nothing, not even by making the file; raises sqlite3.Error from its first use on."""
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=30)


def holder(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """The process that holds the folder and since when, if its database names one that is alive."""
    held = connection.execute("SELECT pid, held_since FROM folder WHERE pid IS NOT NULL").fetchone()
    return (held[0], held[1]) if held is not None and _is_alive(held[0]) else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True
