"""What is said of a page that made its analysis fail, in an interpreter of any kind."""

import traceback

from crawler.bare import Fault, Mishap

_LONGEST_CHARS = 500


def blame(error: Exception) -> Mishap:
    """The page's mishap.

    An exception here is a bug of ours or of a parser, but an overnight crawl must not end for one odd page: the
    page is recorded as crashed with the place of the bug, and the run's exit code says so.
    """
    if isinstance(error, MemoryError):
        return Mishap(Fault.MEMORY, "analysis ran out of the memory it may use")
    place = traceback.extract_tb(error.__traceback__)[-1]
    text = f"{type(error).__name__}: {error} (in {place.name}, line {place.lineno})"
    return Mishap(Fault.CRASHED, text[:_LONGEST_CHARS])
