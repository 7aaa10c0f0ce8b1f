"""The plain way to visit: one fetch room, then one worker room."""

from time import perf_counter

from msgspec.structs import replace

from crawler.model import Answer, Failure, Job, Visit
from crawler.protocols import Analyzer, Fetcher
from crawler.visit.verdict import content_type, judge, retry_after_s


class Pipeline:
    """Visits with a fetcher and an analyzer, and holds at most one body for each visit under way."""

    def __init__(self, fetcher: Fetcher, analyzer: Analyzer) -> None:
        self._fetcher = fetcher
        self._analyzer = analyzer
        self.capacity = fetcher.capacity

    async def visit(self, job: Job) -> Visit:
        """Fetch, judge, analyse."""
        page = await self._fetcher.fetch(job)
        if isinstance(page, Failure):
            return Visit(job, None, page)
        if job.kind != "page":
            page = replace(page, kind=job.kind)
        answer = Answer(page.status, content_type(page), len(page.body), page.timings, retry_after_s(page))
        verdict = judge(page)
        if verdict is not None:
            return Visit(job, answer, verdict)
        start = perf_counter()
        outcome = await self._analyzer.analyze(page)
        return Visit(job, answer, outcome, perf_counter() - start)

    async def aclose(self) -> None:
        """Close both rooms."""
        await self._fetcher.aclose()
        await self._analyzer.aclose()
