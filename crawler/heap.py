"""Large pages go back to the system as soon as they are done with."""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 2**20


def return_large_blocks() -> None:
    """Have glibc map each block of 1 MiB or more apart, and unmap it when it is freed.

    Left alone it raises that limit to 32 MiB once such a block was freed, and puts the next ones into its heap, which
    they leave full of holes: 32 pages of 10 MB then took 594 MB instead of 430, and 278 MB stayed (mallopt(3)).
    It changes the whole process, so only a program may ask for it, never a library.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:  # musl has none, and no such habit
            mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
