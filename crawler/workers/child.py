"""What runs behind the process wall: set the worker up once, then turn batches of pages into batches of results."""

import multiprocessing
import os
import resource
import signal
import threading
from multiprocessing.connection import wait
from pathlib import Path
from time import thread_time

import msgspec

from crawler.model import Page, pack
from crawler.workers.guarded import Heart, guarded

_pages = msgspec.msgpack.Decoder(list[Page])
_heart: Heart | None = None


def start(heart: Heart, max_growth_bytes: int) -> None:
    """Make this process a worker: deaf to the terminal, bounded in memory, and gone when its parent is."""
    global _heart  # noqa: PLW0603 - the one state of a worker process
    _heart = heart
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _bound_memory(max_growth_bytes)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def run_batch(packed_pages: bytes, deadlines_s: list[float]) -> tuple[bytes, float]:
    """Analyse a batch; the packed results, and the CPU seconds that they took.

    The kernel's alarm ends this process when a page takes longer than its deadline. The alarm's default action needs
    no interpreter, so even a regex that never lets go of the GIL is ended, and even when no parent is left to notice.
    """
    assert _heart is not None
    start = thread_time()
    results = []
    try:
        for page, deadline_s in zip(_pages.decode(packed_pages), deadlines_s, strict=True):
            signal.setitimer(signal.ITIMER_REAL, deadline_s)
            results.append(guarded(_heart, page))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    packed = pack(results)
    return packed, thread_time() - start


def _bound_memory(max_growth_bytes: int) -> None:
    """Bound the address space to what is mapped now plus the growth allowed, so that a balloon is a MemoryError."""
    try:
        mapped_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no procfs (macOS), where RLIMIT_AS is not enforced either
        return
    limit = mapped_pages * resource.getpagesize() + max_growth_bytes
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
