"""What takes long and never changes is made once, though pytest-xdist gives each test process its own fixtures."""

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

_T = TypeVar("_T")


def once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], _T]) -> _T:
    """What `make` returns for a new folder, made by whichever test process asks first; others wait for its pickle."""
    base = folders.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, kept = shared / name, shared / f"{name}.pickle"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            folder.mkdir()
            kept.write_bytes(pickle.dumps(make(folder)))
        made: _T = pickle.loads(kept.read_bytes())
        return made
