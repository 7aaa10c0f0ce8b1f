"""The lab's hearts: they say what `analyze` says, and when it was at what; or do what a parser's bug would do.

They are what worker processes import, so they import nothing but the analysis.
"""

import re
import signal
from threading import get_native_id
from time import perf_counter

from msgspec.structs import replace

from crawler.analyze.page import analyze
from crawler.compare.hazards import hazard_of
from crawler.model import Analysis, Page, Reading, Spent
from crawler.settings import AnalyzeSettings

_NEVER_ENDS = re.compile(r"(a+)+$")
_FODDER = "a" * 64 + "!"


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
    match hazard_of(page.url):
        case "crash":
            signal.raise_signal(signal.SIGSEGV)  # what reading at a null pointer ends in
        case "hang":
            _NEVER_ENDS.search(_FODDER)  # holds the GIL for some 2**64 steps
    return timed(page, settings)
