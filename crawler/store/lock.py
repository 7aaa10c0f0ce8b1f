"""The folder's lock: held by the kernel, so it ends with the process however that ends."""

import fcntl
import os
import time
from pathlib import Path

from crawler.store.faults import FolderInUse

_TRIES = 3
_PAUSE_S = 0.02


class FolderLock:
    """An exclusive lock on a folder; nothing is written for it. Taking it blocks for a moment at most.

    Raises FolderInUse when another process holds it for longer than it takes to look who does (`looking.is_held`).
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        for tries_left in reversed(range(_TRIES)):
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not tries_left:
                    os.close(self._descriptor)
                    raise FolderInUse(str(folder)) from None
            time.sleep(_PAUSE_S)

    def release(self) -> None:
        """Let go of the folder."""
        os.close(self._descriptor)
