"""What a process does to itself before it touches what a stranger sent, so that nothing of it can outlive its use."""

import multiprocessing
import os
import resource
import signal
import sys
import threading
from multiprocessing.connection import wait
from pathlib import Path


def confine(max_growth_bytes: int) -> None:
    """Be deaf to the terminal, bounded in memory, and gone when the parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _bound_memory(max_growth_bytes)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def set_alarm(deadline_s: float) -> None:
    """Have the kernel end this process when so long has passed; an alarm set before is no more, and 0 sets none.

    The alarm's default action needs no interpreter, so even a regex that never lets go of the GIL is ended,
    and even when no parent is left to notice.
    """
    signal.setitimer(signal.ITIMER_REAL, deadline_s)


def _bound_memory(max_growth_bytes: int) -> None:
    """Bound the address space to what is mapped now plus the growth allowed, so that a balloon is a MemoryError."""
    try:
        mapped_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no procfs (macOS), where RLIMIT_AS is not enforced either
        return
    limit = min(sys.maxsize, mapped_pages * resource.getpagesize() + max_growth_bytes)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
