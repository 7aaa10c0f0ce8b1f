"""The plain way to visit: one fetch room, then one worker room."""

from time import perf_counter

from msgspec.structs import replace

from crawler.model import Answer, Failure, Job, Outcome, Visit
from crawler.plain import visible
from crawler.protocols import Analyzer, Burden, Fetcher
from crawler.visit.verdict import content_type, judge, retry_after_s


class Pipeline:
    """Visits with a fetcher and an analyzer, and holds at most one body for each visit under way.

    Whatever they quote in a failure, a header or the words of a parser, leaves here as visible text.
    """

    def __init__(self, fetcher: Fetcher, analyzer: Analyzer) -> None:
        self._fetcher = fetcher
        self._analyzer = analyzer
        self.capacity = fetcher.capacity
        self._fetching = 0
        self._analyzing = 0
        self._analyzed = 0

    async def ready(self) -> None:
        """Return once a page that is fetched can be analysed."""
        await self._analyzer.ready()

    def burden(self) -> Burden:
        """What there is to do now."""
        room = self._analyzer
        return Burden(self._fetching, self._analyzing, room.slots, room.cpu_s, self._analyzed, room.inline_s)

    async def visit(self, job: Job) -> Visit:
        """Fetch, judge, analyse."""
        self._fetching += 1
        try:
            page = await self._fetcher.fetch(job)
        finally:
            self._fetching -= 1
        if isinstance(page, Failure):
            return Visit(job, None, _plain(page))
        if job.kind != "page":
            page = replace(page, kind=job.kind)
        kind = visible(content_type(page))
        answer = Answer(page.status, kind, len(page.body), page.timings, retry_after_s(page))
        verdict = judge(page)
        if verdict is not None:
            return Visit(job, answer, _plain(verdict))
        start = perf_counter()
        self._analyzing += 1
        try:
            outcome = await self._analyzer.analyze(page)
        finally:
            self._analyzing -= 1
        self._analyzed += 1
        return Visit(job, answer, _plain(outcome), perf_counter() - start)

    async def aclose(self) -> None:
        """Close both rooms."""
        await self._fetcher.aclose()
        await self._analyzer.aclose()


def _plain(outcome: Outcome) -> Outcome:
    return replace(outcome, text=visible(outcome.text)) if isinstance(outcome, Failure) else outcome
