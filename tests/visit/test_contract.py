"""What every visitor promises, however a job becomes a visit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, TypeAlias

import pytest

from crawler.fetch.canned import CannedFetcher
from crawler.model import Analysis, Failure, Fault, Job, Listing, Page, Redirect, Robots, Timings
from crawler.protocols import Rooms
from crawler.settings import FetchSettings
from crawler.shard import recipe_of
from crawler.visit.pipeline import Pipeline
from crawler.visit.shards import Shards
from crawler.visit.succession import Succession
from crawler.workers.inline import InlineRoom
from crawler.workers.processes import ProcessRoom
from tests.conftest import Run
from tests.visit.sharding import HTML, SETTINGS, Crowded, changed, opened
from tests.workers.hearts import obey, read_by_kind

PAGES: dict[str, Page | Failure] = {
    "http://a.test/": Page("http://a.test/", 200, HTML, b"12345", Timings(0, 0, 0.5, 0.5)),
    "http://a.test/moved": Page("http://a.test/moved", 301, (("location", "/"),), b""),
    "http://a.test/gone": Page("http://a.test/gone", 410, HTML, b"gone"),
    "http://a.test/busy": Page("http://a.test/busy", 503, (*HTML, ("retry-after", "17")), b""),
    "http://a.test/down": Failure(Fault.CONNECT, "refused\x1b[2J"),
    "http://a.test/bug": Page("http://a.test/bug", 200, HTML, b"bug"),
}
Visitors: TypeAlias = Callable[..., AbstractAsyncContextManager[Rooms]]


def canned(_settings: FetchSettings) -> CannedFetcher:
    return CannedFetcher(PAGES, capacity=_settings.concurrency)


@asynccontextmanager
async def _pipeline(
    worker: str, fetcher: Any = canned, heart: Any = obey, concurrency: int = 8
) -> AsyncIterator[Rooms]:
    analyzer = InlineRoom(heart) if worker == "inline" else ProcessRoom(heart, SETTINGS.analyze)
    rooms = Pipeline(fetcher(FetchSettings(concurrency=concurrency)), analyzer)
    try:
        await rooms.ready()
        yield rooms
    finally:
        await rooms.aclose()


@asynccontextmanager
async def _shards(fetcher: Any = canned, heart: Any = obey, concurrency: int = 8) -> AsyncIterator[Rooms]:
    async with opened(changed(fetch={"concurrency": concurrency}), heart, fetcher) as (shards, _):
        yield shards


@asynccontextmanager
async def _changing(fetcher: Any = canned, heart: Any = obey, concurrency: int = 8) -> AsyncIterator[Rooms]:
    """A pipeline from which shards take over as soon as there are visits."""
    settings = changed(fetch={"concurrency": concurrency})
    shards = Shards(recipe_of(settings, heart, "tests.workers.hearts", fetcher), 2, concurrency, lambda _: None)
    rooms = Succession(Pipeline(fetcher(settings.fetch), ProcessRoom(heart, settings.analyze)))

    is_over = asyncio.Event()

    async def take_over() -> Rooms:
        while not rooms.burden().fetching and not is_over.is_set():
            await asyncio.sleep(0.001)
        return shards

    await shards.ready()
    await rooms.ready()
    change = asyncio.ensure_future(rooms.hand_over(take_over))
    try:
        yield rooms
    finally:
        is_over.set()
        change.cancel()
        await asyncio.wait([change])
        await rooms.aclose()
        await shards.aclose()


VISITORS: dict[str, Visitors] = {
    "async+inline": partial(_pipeline, "inline"),
    "async+processes": partial(_pipeline, "processes"),
    "2x(async+inline)": _shards,
    "from one to the other": _changing,
}


@pytest.fixture(params=VISITORS)
def visitor(request: pytest.FixtureRequest) -> Visitors:
    return VISITORS[request.param]


def test_each_job_ends_in_its_own_visit(visitor: Visitors, run: Run[Any]) -> None:
    async def visit_all() -> None:
        jobs = [Job(url, 2, 1, id=number, tries=3) for number, url in enumerate(PAGES)]
        async with visitor() as rooms:
            visits = {visit.job.url: visit for visit in await asyncio.gather(*map(rooms.visit, jobs))}
            burden = rooms.burden()
        assert [visits[job.url].job for job in jobs] == jobs
        good = visits["http://a.test/"]
        assert isinstance(good.outcome, Analysis) and good.outcome.words == {"bytes": 5}
        assert good.answer is not None and good.analyze_s > 0
        assert (good.answer.status, good.answer.content_type, good.answer.body_bytes) == (200, "text/html", 5)
        assert good.answer.timings == Timings(0, 0, 0.5, 0.5)
        assert visits["http://a.test/moved"].outcome == Redirect("http://a.test/")
        assert visits["http://a.test/gone"].outcome == Failure(Fault.STATUS, "410 Gone")
        busy = visits["http://a.test/busy"].answer
        assert busy is not None and (busy.status, busy.retry_after_s) == (503, 17.0)
        down = visits["http://a.test/down"]
        assert down.answer is None and isinstance(down.outcome, Failure)
        assert (down.outcome.fault, down.outcome.text.isprintable()) == (Fault.CONNECT, True)
        bug = visits["http://a.test/bug"].outcome
        assert isinstance(bug, Failure) and (bug.fault, bug.stage) == (Fault.CRASHED, "analyze")
        assert (burden.fetching, burden.analyzing, burden.analyzed) == (0, 0, 2)
        assert burden.analyze_cpu_s > 0

    run(visit_all())


def test_whatever_kind_of_page_it_is_what_is_read_comes_back_whole(visitor: Visitors, run: Run[Any]) -> None:
    async def visit_kinds() -> None:
        async with visitor(heart=read_by_kind) as rooms:
            robots = await rooms.visit(Job("http://a.test/", kind="robots", origin="http://a.test"))
            sitemap = await rooms.visit(Job("http://a.test/", kind="sitemap"))
            missing = await rooms.visit(Job("http://a.test/gone", kind="robots"))
        assert isinstance(robots.outcome, Robots) and robots.outcome.delay_s == 1.5
        assert isinstance(sitemap.outcome, Listing) and len(sitemap.outcome.pages) == 2
        assert missing.outcome == Robots()

    run(visit_kinds())


def test_no_more_are_fetched_at_once_than_there_is_capacity_for(visitor: Visitors, run: Run[Any]) -> None:
    """Seven in two shards: four at most in each."""

    async def crowd() -> None:
        async with visitor(fetcher=Crowded, concurrency=7) as rooms:
            assert rooms.capacity == 7
            room = asyncio.Semaphore(rooms.capacity)

            async def one(number: int) -> None:
                async with room:
                    visit = await rooms.visit(Job(f"http://{number % 4}.test/{number}"))
                    assert isinstance(visit.outcome, Analysis), visit.outcome

            await asyncio.gather(*map(one, range(60)))

    run(crowd())


def test_it_closes_without_having_worked(visitor: Visitors, run: Run[Any]) -> None:
    async def open_and_close() -> None:
        async with visitor():
            pass

    run(open_and_close())


def test_it_closes_with_visits_under_way(visitor: Visitors, run: Run[Any]) -> None:
    async def leave() -> None:
        async with visitor(fetcher=Endless) as rooms:
            visits = [asyncio.ensure_future(rooms.visit(Job(f"http://a.test/{number}"))) for number in range(5)]
            await asyncio.sleep(0)
            for visit in visits:
                visit.cancel()
            await asyncio.wait(visits)

    run(leave())


class Endless(CannedFetcher):
    def __init__(self, settings: FetchSettings) -> None:
        super().__init__({}, capacity=settings.concurrency)

    async def fetch(self, job: Job) -> Page | Failure:
        await asyncio.Event().wait()
        raise AssertionError
