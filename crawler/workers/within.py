"""What runs in an interpreter of the pool, where msgspec does not load: the first half of the heart, page by page."""

import pickle
from collections.abc import Callable, Iterable
from importlib import import_module
from time import thread_time

from crawler.bare import BarePage
from crawler.workers.blame import blame

_begin: Callable[[BarePage], object] | None = None


def start(packed_begin: bytes, preload: Iterable[str]) -> None:
    """Make this interpreter a worker; `packed_begin` is pickled."""
    global _begin  # noqa: PLW0603 - the one state of a worker's interpreter
    for module in preload:
        import_module(module)
    _begin = pickle.loads(packed_begin)  # noqa: S301 - from the main interpreter of this very process


def begin(page: BarePage) -> tuple[object, float]:
    """What the first half of the heart says, or the mishap that it met; and the CPU seconds that it took."""
    assert _begin is not None
    start = thread_time()
    try:
        begun = _begin(page)
    except Exception as error:  # noqa: BLE001 - a page can harm only itself
        begun = blame(error)
    return begun, thread_time() - start
