"""Web pages in, word frequencies out.

    seeds ──> frontier ──> fetch ──> analyze ──> store ──> insight ──> report
                 ^                      │
                 └────── links ─────────┘      (only through the engine)

Each arrow is a room or a rule of its own, and each folder here is one word of that line. `model.py` holds what is
handed along, `protocols.py` the shape of a room, `engine.py` the loop that moves jobs, `compose.py` the place where
settings become rooms.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.compose import crawl
    from crawler.settings import (
        AnalyzeSettings,
        FetchSettings,
        FrontierSettings,
        RunSettings,
        Settings,
        StoreSettings,
        VisitSettings,
    )

__version__ = "0.1.0"
__all__ = [
    "AnalyzeSettings",
    "FetchSettings",
    "FrontierSettings",
    "RunSettings",
    "Settings",
    "StoreSettings",
    "VisitSettings",
    "crawl",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as each of them is
    """Load what is asked for, so that `import crawler` costs nothing (every worker process pays for it)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("crawler.compose" if name == "crawl" else "crawler.settings"), name)
