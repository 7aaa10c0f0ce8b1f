"""What a crawl is built of that shall be bounded by one thing: a reader that computes, pages that come at once."""

from time import thread_time

from crawler.analyze.page import analyze
from crawler.fetch.canned import CannedFetcher
from crawler.model import Page, Reading
from crawler.settings import AnalyzeSettings, FetchSettings

COMPUTE_S = 0.04


def compute(page: Page, settings: AnalyzeSettings) -> Reading:
    end = thread_time() + COMPUTE_S
    while thread_time() < end:
        pass
    return analyze(page, settings)


def canned(urls: list[str], settings: FetchSettings) -> CannedFetcher:
    page = (200, (("content-type", "text/html"),), b"word")
    return CannedFetcher({url: Page(url, *page) for url in urls}, capacity=settings.concurrency)
