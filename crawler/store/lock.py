"""The folder's lock: held by the kernel, so it ends with the process however that ends."""

import fcntl
import os
from pathlib import Path

from crawler.store.faults import FolderInUse


class FolderLock:
    """An exclusive lock on a folder; nothing is written for it.

    Raises FolderInUse at once when another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise FolderInUse(str(folder)) from None

    def release(self) -> None:
        """Let go of the folder."""
        os.close(self._descriptor)
