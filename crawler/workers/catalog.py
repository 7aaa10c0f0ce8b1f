"""Which worker rooms there are, each behind a loader, so that only the chosen one is imported."""

from collections.abc import Callable

from crawler.protocols import Analyzer
from crawler.settings import AnalyzeSettings
from crawler.workers.guarded import Heart


def _processes(heart: Heart, settings: AnalyzeSettings, preload: tuple[str, ...]) -> Analyzer:
    from crawler.workers.processes import ProcessRoom  # noqa: PLC0415 - cheap doors

    return ProcessRoom(heart, settings, preload)


def _threads(heart: Heart, settings: AnalyzeSettings, _preload: tuple[str, ...]) -> Analyzer:
    from crawler.workers.threads import ThreadRoom  # noqa: PLC0415 - cheap doors

    return ThreadRoom(heart, settings.worker_count)


def _inline(heart: Heart, _settings: AnalyzeSettings, _preload: tuple[str, ...]) -> Analyzer:
    from crawler.workers.inline import InlineRoom  # noqa: PLC0415 - cheap doors

    return InlineRoom(heart)


ROOMS: dict[str, Callable[[Heart, AnalyzeSettings, tuple[str, ...]], Analyzer]] = {
    "processes": _processes,
    "threads": _threads,
    "inline": _inline,
}


def open_analyzer(heart: Heart, settings: AnalyzeSettings, preload: tuple[str, ...] = ()) -> Analyzer:
    """The room that the settings name, calling `heart`; `preload` names the modules a worker process needs."""
    return ROOMS[settings.room](heart, settings, preload)
