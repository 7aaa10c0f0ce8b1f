"""The first halves of the lab's hearts, and the harm they do, with nothing that other interpreters cannot load."""

import re
import signal
from threading import get_native_id
from time import perf_counter
from typing import NamedTuple

from crawler.analyze.beginning import Begun, begin
from crawler.bare import BarePage, Mishap
from crawler.compare.hazards import hazard_of
from crawler.settings import AnalyzeSettings

_NEVER_ENDS = re.compile(r"(a+)+$")
_FODDER = "a" * 64 + "!"


class TimedBegun(NamedTuple):
    """What was begun, in which native thread, and when it was begun, decoded and parsed, by `perf_counter`."""

    begun: Begun
    worker: int
    began: float
    decoded: float
    parsed: float


def begin_timed(page: BarePage, settings: AnalyzeSettings) -> TimedBegun | Mishap | None:
    """What `begin` says, and when it was at what."""
    moments = [perf_counter()]
    begun = begin(page, settings, lambda _step: moments.append(perf_counter()))
    if not isinstance(begun, Begun):
        return begun
    began, decoded, parsed, _ = moments
    return TimedBegun(begun, get_native_id(), began, decoded, parsed)


def begin_hazardous(page: BarePage, settings: AnalyzeSettings) -> TimedBegun | Mishap | None:
    """The same, but a page whose URL is marked as a hazard crashes or hangs whoever reads it."""
    do_harm(page.url)
    return begin_timed(page, settings)


def do_harm(url: str) -> None:
    """What a parser's bug would do, if the URL is marked."""
    match hazard_of(url):
        case "crash":
            signal.raise_signal(signal.SIGSEGV)  # what reading at a null pointer ends in
        case "hang":
            _NEVER_ENDS.search(_FODDER)  # holds the GIL for some 2**64 steps
