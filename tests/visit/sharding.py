"""Shards for tests: pages whose address says what they do, and whoever gives lost jobs out again, as the frontier."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from crawler.fetch.canned import CannedFetcher
from crawler.model import Failure, Fault, Job, Page, Reading, Visit
from crawler.orders import Note
from crawler.settings import AnalyzeSettings, FetchSettings, RunSettings, Settings, VisitSettings
from crawler.shard import recipe_of
from crawler.visit.shards import Shards
from crawler.workers.guarded import Heart
from tests.workers.hearts import count, obey

HTML = (("content-type", "text/html; charset=utf-8"),)
LONG_BYTES = 20_000
SETTINGS = Settings(
    FetchSettings(concurrency=8, max_body_bytes=2**20),
    AnalyzeSettings(max_growth_bytes=2**28, deadline_s=60.0),
    VisitSettings(2),
)
IMPATIENT: dict[str, Any] = {"deadline_s": 1.0, "deadline_s_per_mib": 60.0 * 2**20 / LONG_BYTES}
"""A minute for a long page, however busy the machine, and a second for a short one, which only `hang` is."""

_drunk: list[str] = []


class Spoken(CannedFetcher):
    """A fetcher for which the end of the URL is the page, which is long unless it shall hang."""

    def __init__(self, settings: FetchSettings) -> None:
        super().__init__({}, capacity=settings.concurrency)

    async def fetch(self, job: Job) -> Page | Failure:
        await asyncio.sleep(0)
        said = unquote_to_bytes(job.url.rpartition("/")[2])
        return Page(job.url, 200, HTML, said if said == b"hang" else said.ljust(LONG_BYTES, b"\0"))


class Held(Spoken):
    """A fetcher that brings nothing until its door, a file, is there."""

    def __init__(self, door: Path, settings: FetchSettings) -> None:
        super().__init__(settings)
        self._door = door

    async def fetch(self, job: Job) -> Page | Failure:
        while not self._door.exists():
            await asyncio.sleep(0.005)
        return await super().fetch(job)


class Crowded(Spoken):
    """A fetcher that will not be asked for more at once than it has capacity for."""

    def __init__(self, settings: FetchSettings) -> None:
        super().__init__(settings)
        self._here = 0

    async def fetch(self, job: Job) -> Page | Failure:
        self._here += 1
        try:
            if self._here > self.capacity:
                return Failure(Fault.PROTOCOL, f"{self._here} at once")
            await asyncio.sleep(0.01)
            return await super().fetch(job)
        finally:
            self._here -= 1


class Strange(Spoken):
    """A fetcher that has a bug, no memory, or no end, as the URL says."""

    async def fetch(self, job: Job) -> Page | Failure:
        match job.url.rpartition("/")[2]:
            case "bug":
                raise ZeroDivisionError("a bug of ours")
            case "memory":
                raise MemoryError
            case "endless":
                await asyncio.Event().wait()
        return await super().fetch(job)


def thirsty(page: Page) -> Reading:
    """A heart to which a thirsty page leaves no memory, unless it is the first of its process."""
    _drunk.append(page.url)
    if page.body.startswith(b"thirsty") and len(_drunk) > 1:
        raise MemoryError
    return count(page)


def process_of(page: Page) -> Reading:
    """A heart that tells in which process it beats."""
    return Failure(Fault.DECODE, str(os.getpid()), "analyze")


def changed(shards: int = 2, loop: str = "uvloop", fetch: dict[str, Any] | None = None, **analyze: Any) -> Settings:
    """The settings of the tests, but for this."""
    return replace(
        SETTINGS,
        fetch=replace(SETTINGS.fetch, **(fetch or {})),
        analyze=replace(SETTINGS.analyze, **analyze),
        visit=VisitSettings(shards),
        run=RunSettings(loop=loop),
    )


@asynccontextmanager
async def opened(
    settings: Settings = SETTINGS, heart: Heart = obey, fetcher: Any = Spoken
) -> AsyncIterator[tuple[Shards, list[Note]]]:
    """Shards that are all open, and what they tell."""
    told: list[Note] = []
    recipe = recipe_of(settings, heart, "tests.workers.hearts", fetcher)
    recipe = recipe._replace(preload=(*recipe.preload, __name__))  # or each shard would import this module itself
    shards = Shards(recipe, settings.visit.shards, settings.fetch.concurrency, told.append)
    try:
        await shards.ready()
        while not all(shards._homes):
            await asyncio.sleep(0.01)
        yield shards, told
    finally:
        await shards.aclose()


def is_lost(visit: Visit) -> bool:
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.LOST


async def to_its_end(shards: Shards, job: Job) -> Visit:
    """Visit again for as long as the visit is lost."""
    for _ in range(5):
        visit = await shards.visit(job)
        if not is_lost(visit):
            return visit
    raise AssertionError(f"{job.url} never came to its end")


async def all_to_their_ends(shards: Shards, urls: list[str]) -> dict[str, Visit]:
    """Visit them all, as many at once as may be."""
    room = asyncio.Semaphore(shards.capacity)

    async def one(url: str) -> Visit:
        async with room:
            return await to_its_end(shards, Job(url))

    visits = await asyncio.gather(*map(one, urls))
    return dict(zip(urls, visits, strict=True))
