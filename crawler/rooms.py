"""From settings to open rooms: a fetcher and a worker room behind one visitor; and our own sites where needed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from crawler.analyze.beginning import begin
from crawler.analyze.page import analyze, complete
from crawler.bare import BarePage
from crawler.fetch.catalog import open_fetcher
from crawler.headers import Header
from crawler.model import Page, Reading, Traits
from crawler.orders import Note
from crawler.protocols import Fetcher, Rooms
from crawler.readers import ConnectTo, destination
from crawler.seeds import Seeds
from crawler.settings import AnalyzeSettings, FetchSettings, Settings
from crawler.site.process import SiteProcess, start_hostile_site, start_site
from crawler.site.settings import SiteSettings
from crawler.strategy import Strategy, alternatives, strategy_of, under
from crawler.urls import host, port
from crawler.visit.calibrating import Calibrating
from crawler.visit.pipeline import Pipeline
from crawler.workers.catalog import load_room
from crawler.workers.guarded import Halves, Heart

if TYPE_CHECKING:
    from crawler.visit.inside import Recipe
    from crawler.visit.shards import Shards

_START: dict[str, tuple[str, Callable[[], SiteProcess]]] = {
    ".crawler.test": ("the built-in site", partial(start_site, SiteSettings())),
    ".hostile.test": ("the hostile site", start_hostile_site),
}
"""By domain; these names lead nowhere else, since RFC 6761 keeps `test` out of the DNS."""


class OpenRooms(Protocol):
    """Opens what turns jobs into visits, and says what its worker room promises."""

    async def __call__(
        self, settings: Settings, tell: Callable[[Note], None], left: Callable[[], int], /
    ) -> tuple[Rooms, Traits]:
        """The visitor, which may tell of what happens to it, and ask how many URLs are left."""
        ...


class Reader(Protocol):
    """A function of a module that says what a page says, as `analyze` does."""

    def __call__(self, page: Page, settings: AnalyzeSettings) -> Reading:
        """What the page says."""
        ...


class Beginner(Protocol):
    """A function of a module that begins what a `Reader` does, where msgspec need not load."""

    def __call__(self, page: BarePage, settings: AnalyzeSettings) -> object:
        """Plain values, or a mishap."""
        ...


class Completer(Protocol):
    """A function that makes of what was begun what the `Reader` would have said."""

    def __call__(self, page: Page, begun: Any, settings: AnalyzeSettings) -> Reading:  # noqa: ANN401 - its own kind
        """What the page says."""
        ...


class Parted(NamedTuple):
    """A `Reader` in the two parts of which the heart of a room of interpreters is made."""

    begin: Beginner
    complete: Completer


class BuiltIn(NamedTuple):
    """A site of ours that was started: how the first line calls it, and the rules that lead its names to it."""

    name: str
    connect_to: tuple[ConnectTo, ...]


def sites_for(seeds: Seeds, settings: Settings) -> list[str]:
    """The domains of ours in which a seed lies that --connect-to does not lead elsewhere."""
    rules = settings.fetch.connect_to
    domains = []
    for domain in _START:
        places = ((host(job.url), port(job.url)) for job in seeds.jobs if f".{host(job.url)}".endswith(domain))
        if any(destination(rules, *place) == place for place in places):
            domains.append(domain)
    return domains


async def start_sites(domains: Iterable[str], stack: AsyncExitStack) -> list[BuiltIn]:
    """The sites of ours at these domains."""
    started = []
    for domain in domains:
        name, start = _START[domain]
        site = await asyncio.to_thread(start)
        stack.push_async_callback(asyncio.to_thread, site.close)
        called = f"*{domain} is {name} on {site.host}:{site.port}"
        started.append(BuiltIn(called, tuple(map(ConnectTo.read, site.connect_to))))
    return started


def connected(settings: Settings, sites: list[BuiltIn], headers: Mapping[str, tuple[Header, ...]]) -> Settings:
    """The settings under which the sites' names lead to them, and each origin is sent the headers meant for it."""
    rules = (*settings.fetch.connect_to, *(rule for site in sites for rule in site.connect_to))
    return replace(settings, fetch=replace(settings.fetch, connect_to=rules, headers_by_origin=headers))


def guarded(settings: Settings, seeds: Seeds) -> Settings:
    """The settings under which the hosts of the seeds, and only they, may be at private addresses."""
    if settings.fetch.allow_private:
        return settings
    named = settings.fetch.named_hosts.union(host(job.url) for job in seeds.jobs)
    return replace(settings, fetch=replace(settings.fetch, named_hosts=named))


async def open_rooms(
    settings: Settings,
    tell: Callable[[Note], None],
    left: Callable[[], int],
    *,
    reader: Reader = analyze,
    parted: Parted = Parted(begin, complete),  # noqa: B008 - two functions
    fetcher: Callable[[FetchSettings], Fetcher] = open_fetcher,
) -> tuple[Rooms, Traits]:
    """The visitor, which tells what happens to its processes, and what the place promises where it analyses.

    The lab puts a `reader` of its own into the worker room (`parted` into that of interpreters, which takes one in
    halves), and a `fetcher` before it.
    """

    async def change_to(strategy: Strategy) -> Rooms:
        return (await _open(under(strategy, settings), tell, reader, parted, fetcher))[0]

    rooms, traits = await _open(settings, tell, reader, parted, fetcher)
    if not settings.visit.may_change:
        return rooms, traits
    strategies = strategy_of(settings), *alternatives(settings)
    cores = settings.analyze.worker_count
    return Calibrating(rooms, strategies, change_to, cores=cores, left=left, tell=tell), traits


async def _open(
    settings: Settings,
    tell: Callable[[Note], None],
    reader: Reader,
    parted: Parted,
    fetcher: Callable[[FetchSettings], Fetcher],
) -> tuple[Rooms, Traits]:
    own = replace(settings.analyze, robots_name=settings.fetch.robots_name)
    heart: Heart = partial(reader, settings=own)
    module = reader.__module__
    # Imports take their time, so they happen in a thread; nothing else may wait for them.
    if settings.visit.shards:
        recipe, room = await asyncio.to_thread(_load_shards, settings, heart, module, fetcher)
        shards = room(recipe, settings.visit.shards, settings.fetch.concurrency, tell)
        return shards, shards.traits
    open_analyzer = await asyncio.to_thread(load_room, settings.analyze.room)
    opened = await asyncio.to_thread(fetcher, settings.fetch)
    if settings.analyze.room == "interpreters":
        heart = Halves(partial(parted.begin, settings=own), partial(parted.complete, settings=own))
        module = parted.begin.__module__
    analyzer = open_analyzer(heart, settings.analyze, (module, f"crawler.analyze.{settings.analyze.parser}"))
    return Pipeline(opened, analyzer), analyzer.traits


def _load_shards(
    settings: Settings, heart: Heart, module: str, fetcher: Callable[[FetchSettings], Fetcher]
) -> "tuple[Recipe, type[Shards]]":
    from crawler.shard import recipe_of  # noqa: PLC0415 - cheap doors
    from crawler.visit.shards import Shards  # noqa: PLC0415

    return recipe_of(settings, heart, module, fetcher), Shards
