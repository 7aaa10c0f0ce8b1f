"""The fetch rooms by name; each is imported only when it is opened, and mypy proves here that it is a Fetcher."""

from collections.abc import Callable

from crawler.protocols import Fetcher
from crawler.settings import FetchSettings


def _aio(settings: FetchSettings) -> Fetcher:
    from crawler.fetch.aio import AioFetcher  # noqa: PLC0415 - cheap doors

    return AioFetcher(settings)


def _threads(settings: FetchSettings) -> Fetcher:
    from crawler.fetch.threads import ThreadsFetcher  # noqa: PLC0415 - cheap doors

    return ThreadsFetcher(settings)


def _sequential(settings: FetchSettings) -> Fetcher:
    from crawler.fetch.sequential import SequentialFetcher  # noqa: PLC0415 - cheap doors

    return SequentialFetcher(settings)


ROOMS: dict[str, Callable[[FetchSettings], Fetcher]] = {
    "async": _aio,
    "threads": _threads,
    "sequential": _sequential,
}


def open_fetcher(settings: FetchSettings) -> Fetcher:
    """The room that the settings name; it may be opened before there is a loop, and must be closed."""
    return ROOMS[settings.room](settings)
