"""A connection that only looks into a database, and who works on its folder meanwhile."""

import fcntl
import os
import sqlite3
from pathlib import Path


def connect_to_look(database: Path, *, may_mend: bool = True) -> sqlite3.Connection:
    """A connection that changes nothing that is stored; raises sqlite3.Error from its first use on.

    Where it may, it is one that could write: when the last of those closes, SQLite clears away the files beside the
    database, which one that cannot write would leave. That takes in what a killed run left in the log; without
    `may_mend` nothing is touched.
    """
    log = database.with_name(f"{database.name}-wal")
    mode = "mode=ro"
    if not os.access(database.parent, os.W_OK):  # on a medium of that kind SQLite needs to hear that nobody writes
        mode += "" if log.exists() else "&immutable=1"
    elif may_mend and os.access(database, os.W_OK):
        mode = "mode=rw"
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?{mode}", uri=True, timeout=30)
    connection.execute("PRAGMA query_only = 1")
    return connection


def holder(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """The process that holds the folder and since when, if its database names one that is alive."""
    held = connection.execute("SELECT pid, held_since FROM folder WHERE pid IS NOT NULL").fetchone()
    return (held[0], held[1]) if held is not None and _is_alive(held[0]) else None


def is_held(folder: Path) -> bool:
    """Whether a run holds the folder, which the lock tells: a killed process's number may be another's by now."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True
