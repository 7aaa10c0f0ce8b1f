"""The lab's hearts: they say what `analyze` says, and when it was at what; or do what a parser's bug would do.

They are what worker processes import, so they import nothing but the analysis.
"""

from threading import get_native_id
from time import perf_counter

from msgspec.structs import replace

from crawler.analyze.page import analyze, complete
from crawler.compare.beginner import TimedBegun, do_harm
from crawler.model import Analysis, Page, Reading, Spent
from crawler.settings import AnalyzeSettings


def timed(page: Page, settings: AnalyzeSettings) -> Reading:
    """What `analyze` says, and, of a page that could be read, what its steps took."""
    moments = [perf_counter()]
    reading = analyze(page, settings, lambda _step: moments.append(perf_counter()))
    if not isinstance(reading, Analysis):
        return reading
    began, decoded, parsed, counted = moments
    return replace(reading, spent=Spent(get_native_id(), began, decoded - began, parsed - decoded, counted - parsed))


def hazardous(page: Page, settings: AnalyzeSettings) -> Reading:
    """The same, but a page whose URL is marked as a hazard crashes or hangs whoever reads it."""
    do_harm(page.url)
    return timed(page, settings)


def complete_timed(page: Page, begun: TimedBegun | None, settings: AnalyzeSettings) -> Reading:
    """What `complete` says of what `beginner` began; coming back from another interpreter counts as counting."""
    if begun is None:
        return timed(page, settings)
    reading = complete(page, begun.begun, settings)
    if not isinstance(reading, Analysis):
        return reading
    began, decoded, parsed = begun.began, begun.decoded, begun.parsed
    spent = Spent(begun.worker, began, decoded - began, parsed - decoded, perf_counter() - parsed)
    return replace(reading, spent=spent)
