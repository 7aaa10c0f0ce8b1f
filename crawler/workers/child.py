"""What runs behind the process wall: set the worker up once, then turn batches of pages into batches of results."""

from time import thread_time

import msgspec

from crawler.model import Page, pack
from crawler.wall.confined import confine, set_alarm
from crawler.workers.guarded import Heart, guarded

_pages = msgspec.msgpack.Decoder(list[Page])
_heart: Heart | None = None


def start(heart: Heart, max_growth_bytes: int) -> None:
    """Make this process a worker."""
    global _heart  # noqa: PLW0603 - the one state of a worker process
    _heart = heart
    confine(max_growth_bytes)


def run_batch(packed_pages: bytes, deadlines_s: list[float]) -> tuple[bytes, float]:
    """Analyse a batch; the packed results, and the CPU seconds that they took.

    The alarm ends this process when a page takes longer than its deadline.
    """
    assert _heart is not None
    start = thread_time()
    results = []
    try:
        for page, deadline_s in zip(_pages.decode(packed_pages), deadlines_s, strict=True):
            set_alarm(deadline_s)
            results.append(guarded(_heart, page))
    finally:
        set_alarm(0)
    packed = pack(results)
    return packed, thread_time() - start
