"""What a program asks of glibc's heap: large pages go back at once, and threads reserve no heaps of their own.

Both change the whole process, so only a program may ask for them, never a library.
"""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_LARGE_BYTES = 2**20


def return_large_blocks() -> None:
    """Have glibc map each block of 1 MiB or more apart, and unmap it when it is freed.

    Left alone it raises that limit to 32 MiB once such a block was freed, and puts the next ones into its heap, which
    they leave full of holes: 32 pages of 10 MB then took 594 MB instead of 430, and 278 MB stayed (mallopt(3)).
    """
    _set(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def share_one_arena() -> None:
    """Have all threads allocate from one heap: the 64 MiB that each would reserve count against RLIMIT_AS."""
    _set(_M_ARENA_MAX, 1)


def _set(parameter: int, value: int) -> None:
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:  # musl has none, and neither habit
            mallopt(parameter, value)
