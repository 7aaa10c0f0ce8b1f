"""Which worker rooms there are, each behind a loader, so that only the chosen one is imported."""

from collections.abc import Callable
from typing import TypeAlias

from crawler.protocols import Analyzer
from crawler.settings import AnalyzeSettings
from crawler.workers.guarded import Heart

Open: TypeAlias = Callable[[Heart, AnalyzeSettings, tuple[str, ...]], Analyzer]
"""Opens a room on the running loop; the last argument names the modules that a worker needs."""


def _processes() -> Open:
    from crawler.workers.processes import ProcessRoom  # noqa: PLC0415 - cheap doors

    return ProcessRoom


def _threads() -> Open:
    from crawler.workers.threads import ThreadRoom  # noqa: PLC0415 - cheap doors

    return lambda heart, settings, _: ThreadRoom(heart, settings.worker_count)


def _inline() -> Open:
    from crawler.workers.inline import InlineRoom  # noqa: PLC0415 - cheap doors

    return lambda heart, _settings, _preload: InlineRoom(heart)


def _interpreters() -> Open:
    from crawler.workers.interpreters import InterpreterRoom  # noqa: PLC0415 - cheap doors

    return lambda heart, settings, preload: InterpreterRoom(heart, settings.worker_count, preload)


ROOMS: dict[str, Callable[[], Open]] = {
    "processes": _processes,
    "interpreters": _interpreters,
    "threads": _threads,
    "inline": _inline,
}


def load_room(name: str) -> Open:
    """The opener of a room; imports it, so call this where nothing waits for the loop."""
    return ROOMS[name]()
