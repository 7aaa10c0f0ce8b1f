"""Where samples put their output, which is thrown away: in memory, where there is room.

On a disk that others use too, waiting for it to have written is what differs most between samples of one arm: over
twelve samples of `mixed`, the middle half of the wall times spread over 0.28 s on ext4 and over 0.06 s on tmpfs, with
the same CPU. All arms store in the same way, so nothing is lost that could be compared.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crawler.store.faults import FolderInUse
from crawler.store.lock import FolderLock

_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # only new folders of our own are made there
_NEEDED_BYTES: Final = 2**28
_PREFIX: Final = "crawler-compare-"
_NEW_S: Final = 60.0


def place() -> Path:
    """The folder in which samples make theirs."""
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free >= _NEEDED_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a whole comparison, gone at its end; those of comparisons that were killed go first.

    What lies in memory would stay there until the machine is started anew.
    """
    where = place()
    for left in where.glob(f"{_PREFIX}*"):
        _sweep(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=where) as name:
        lock = FolderLock(Path(name))
        try:
            yield Path(name)
        finally:
            lock.release()


def _sweep(left: Path) -> None:
    """Remove a folder of ours that nobody holds, unless it is so new that its owner may be about to."""
    try:
        status = left.lstat()
        if status.st_uid != os.geteuid() or time.time() - status.st_mtime < _NEW_S:
            return
        lock = FolderLock(left)
    except (FolderInUse, OSError):
        return
    shutil.rmtree(left, ignore_errors=True)
    lock.release()


def temporaries() -> tempfile.TemporaryDirectory[str]:
    """A folder for the temporary files of samples, with a short name."""
    return tempfile.TemporaryDirectory(prefix="p", ignore_cleanup_errors=True)
