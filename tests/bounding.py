"""What a crawl is built of that shall be bounded by one thing: a reader that computes, pages that come at once."""

from time import thread_time

from crawler.analyze.page import analyze
from crawler.fetch.canned import CannedFetcher
from crawler.model import Failure, Job, Page, Reading
from crawler.settings import AnalyzeSettings, FetchSettings

COMPUTE_S = 0.04


def compute(page: Page, settings: AnalyzeSettings) -> Reading:
    end = thread_time() + COMPUTE_S
    while thread_time() < end:
        pass
    return analyze(page, settings)


class Selfish(CannedFetcher):
    """Keeps the loop to itself for each page."""

    async def fetch(self, job: Job) -> Page | Failure:
        end = thread_time() + COMPUTE_S
        while thread_time() < end:
            pass
        return await super().fetch(job)


def canned(urls: list[str], settings: FetchSettings) -> CannedFetcher:
    return CannedFetcher(_pages(urls), capacity=settings.concurrency)


def selfish(urls: list[str], settings: FetchSettings) -> Selfish:
    return Selfish(_pages(urls), capacity=settings.concurrency)


def _pages(urls: list[str]) -> dict[str, Page | Failure]:
    page = (200, (("content-type", "text/html"),), b"word")
    return {url: Page(url, *page) for url in urls}
