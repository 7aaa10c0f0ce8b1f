"""A visit: whatever the fetcher and the analyzer give, it ends in one record."""

from typing import Any

from crawler.fetch.canned import CannedFetcher
from crawler.model import Failure, Fault, Job, Page, Redirect, Timings
from crawler.visit.pipeline import Pipeline
from crawler.workers.inline import InlineRoom
from tests.conftest import Run
from tests.workers.hearts import count

HTML = (("content-type", "text/html; charset=utf-8"),)
PAGES: dict[str, Page | Failure] = {
    "http://a.test/": Page("http://a.test/", 200, HTML, b"12345", Timings(0, 0, 0.5, 0.5)),
    "http://a.test/moved": Page("http://a.test/moved", 301, (("location", "/"),), b""),
    "http://a.test/gone": Page("http://a.test/gone", 410, HTML, b"gone"),
    "http://a.test/down": Failure(Fault.CONNECT, "refused"),
}


def test_each_answer_ends_in_its_visit(run: Run[Any]) -> None:
    async def visit_all() -> None:
        pipeline = Pipeline(CannedFetcher(PAGES), InlineRoom(count))
        visits = {url: await pipeline.visit(Job(url)) for url in PAGES}
        await pipeline.aclose()
        good = visits["http://a.test/"]
        assert good.outcome == count(PAGES["http://a.test/"])  # type: ignore[arg-type]
        assert good.answer is not None
        assert (good.answer.status, good.answer.content_type, good.answer.body_bytes) == (200, "text/html", 5)
        assert good.answer.timings == Timings(0, 0, 0.5, 0.5)
        moved = visits["http://a.test/moved"]
        assert moved.outcome == Redirect("http://a.test/")
        assert moved.answer is not None and moved.answer.status == 301
        assert visits["http://a.test/gone"].outcome == Failure(Fault.STATUS, "410 Gone")
        assert visits["http://a.test/down"].outcome == PAGES["http://a.test/down"]
        assert visits["http://a.test/down"].answer is None

    run(visit_all())
