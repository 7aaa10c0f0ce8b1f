"""A visit: whatever the fetcher and the analyzer give, it ends in one record."""

import asyncio
from typing import Any

import pytest

from crawler.fetch.canned import CannedFetcher
from crawler.model import Failure, Fault, Job, Kind, Listing, Page, Reading, Redirect, Robots, Timings, Traits, pack
from crawler.protocols import Burden
from crawler.visit.pipeline import Pipeline
from crawler.workers.inline import InlineRoom
from tests.conftest import Run
from tests.workers.hearts import count

HTML = (("content-type", "text/html; charset=utf-8"),)
PAGES: dict[str, Page | Failure] = {
    "http://a.test/": Page("http://a.test/", 200, HTML, b"12345", Timings(0, 0, 0.5, 0.5)),
    "http://a.test/moved": Page("http://a.test/moved", 301, (("location", "/"),), b""),
    "http://a.test/gone": Page("http://a.test/gone", 410, HTML, b"gone"),
    "http://a.test/busy": Page("http://a.test/busy", 503, (*HTML, ("retry-after", "17")), b""),
    "http://a.test/down": Failure(Fault.CONNECT, "refused"),
}
SAID: dict[Kind, Reading] = {
    "page": Failure(Fault.DECODE, "not a page", "analyze"),
    "robots": Robots(delay_s=2.0),
    "sitemap": Listing(pack([("http://a.test/x", None)])),
}


class ByKind:
    """An analyzer that remembers what it was given, and answers by its kind."""

    traits = Traits(isolates=False, blocks_loop=True, reason="a test")
    capacity = 1
    slots = 3
    cpu_s = 0.25
    inline_s = 0.5

    def __init__(self) -> None:
        self.given: list[Page] = []
        self.is_closed = False

    async def ready(self) -> None:
        pass

    async def analyze(self, page: Page) -> Reading:
        self.given.append(page)
        return SAID[page.kind]

    async def aclose(self) -> None:
        self.is_closed = True


def test_each_answer_ends_in_its_visit(run: Run[Any]) -> None:
    async def visit_all() -> None:
        pipeline = Pipeline(CannedFetcher(PAGES), InlineRoom(count))
        visits = {url: await pipeline.visit(Job(url, 2, 1, id=7, tries=3)) for url in PAGES}
        await pipeline.aclose()
        assert {url: visit.job for url, visit in visits.items()} == {
            url: Job(url, 2, 1, id=7, tries=3) for url in PAGES
        }
        good = visits["http://a.test/"]
        assert good.outcome == count(PAGES["http://a.test/"])  # type: ignore[arg-type]
        assert good.answer is not None
        assert (good.answer.status, good.answer.content_type, good.answer.body_bytes) == (200, "text/html", 5)
        assert good.answer.timings == Timings(0, 0, 0.5, 0.5)
        assert good.analyze_s > 0
        moved = visits["http://a.test/moved"]
        assert moved.outcome == Redirect("http://a.test/")
        assert moved.answer is not None and moved.answer.status == 301
        assert visits["http://a.test/gone"].outcome == Failure(Fault.STATUS, "410 Gone")
        busy = visits["http://a.test/busy"].answer
        assert busy is not None and (busy.status, busy.retry_after_s) == (503, 17.0)
        assert visits["http://a.test/down"].outcome == PAGES["http://a.test/down"]
        assert visits["http://a.test/down"].answer is None

    run(visit_all())


@pytest.mark.parametrize("kind", ["page", "robots", "sitemap"])
def test_the_analyzer_is_told_what_the_job_was_for(run: Run[Any], kind: Kind) -> None:
    """Fetchers know nothing of kinds: their pages come as pages."""

    async def visit() -> None:
        analyzer = ByKind()
        pipeline = Pipeline(CannedFetcher(PAGES), analyzer)
        visit = await pipeline.visit(Job("http://a.test/", kind=kind))
        (given,) = analyzer.given
        assert (given.kind, given.url, given.body, given.headers) == (kind, "http://a.test/", b"12345", HTML)
        assert visit.outcome == SAID[kind]
        assert (visit.job.kind, visit.answer and visit.answer.body_bytes) == (kind, 5)

    run(visit())


def test_what_needs_no_reading_is_not_read(run: Run[Any]) -> None:
    async def visit() -> None:
        analyzer = ByKind()
        pipeline = Pipeline(CannedFetcher(PAGES), analyzer)
        gone = await pipeline.visit(Job("http://a.test/gone", kind="robots"))
        assert gone.outcome == Robots(), "by the job's kind, also for the verdict"
        assert gone.answer is not None and gone.answer.status == 410
        for url in PAGES.keys() - {"http://a.test/"}:
            assert (await pipeline.visit(Job(url))).analyze_s == 0
        assert analyzer.given == []

    run(visit())


def test_the_capacity_is_the_fetchers_and_closing_closes_both(run: Run[Any]) -> None:
    class Closing(CannedFetcher):
        is_closed = False

        async def aclose(self) -> None:
            self.is_closed = True

    async def close() -> None:
        fetcher, analyzer = Closing(PAGES), ByKind()
        pipeline = Pipeline(fetcher, analyzer)
        assert pipeline.capacity == fetcher.capacity != analyzer.capacity
        await pipeline.aclose()
        assert fetcher.is_closed and analyzer.is_closed

    run(close())


def test_it_says_what_it_is_at(run: Run[Any]) -> None:
    class Slow(CannedFetcher):
        def __init__(self, door: asyncio.Event) -> None:
            super().__init__(PAGES)
            self._door = door

        async def fetch(self, job: Job) -> Page | Failure:
            await self._door.wait()
            return await super().fetch(job)

    class Slower(ByKind):
        def __init__(self, door: asyncio.Event) -> None:
            super().__init__()
            self._door = door

        async def analyze(self, page: Page) -> Reading:
            await self._door.wait()
            return await super().analyze(page)

    async def visit() -> None:
        fetched, analyzed = asyncio.Event(), asyncio.Event()
        pipeline = Pipeline(Slow(fetched), Slower(analyzed))
        assert pipeline.burden() == Burden(0, 0, 3, 0.25, 0, 0.5)
        tasks = [asyncio.ensure_future(pipeline.visit(Job(url))) for url in ("http://a.test/", "http://a.test/gone")]
        await asyncio.sleep(0)
        assert pipeline.burden()[:2] == (2, 0)
        fetched.set()
        await tasks[1]
        assert pipeline.burden()[:2] == (0, 1)
        analyzed.set()
        await tasks[0]
        assert pipeline.burden() == Burden(0, 0, 3, 0.25, 1, 0.5), "what is not analysed is not counted"

    run(visit())


def test_a_visit_that_is_given_up_is_no_burden(run: Run[Any]) -> None:
    class Never(CannedFetcher):
        async def fetch(self, job: Job) -> Page | Failure:
            await asyncio.Event().wait()
            raise AssertionError

    async def give_up() -> None:
        pipeline = Pipeline(Never(PAGES), ByKind())
        task = asyncio.ensure_future(pipeline.visit(Job("http://a.test/")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert pipeline.burden()[:2] == (0, 0)

    run(give_up())
