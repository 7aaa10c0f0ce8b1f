"""The one way a room calls the heart: whatever a page provokes becomes that page's failure."""

import traceback
from collections.abc import Callable
from typing import TypeAlias

from crawler.model import Failure, Fault, Page, Reading

Heart: TypeAlias = Callable[[Page], Reading]


def guarded(heart: Heart, page: Page) -> Reading:
    """`heart(page)`, with an exception turned into a failure of this page.

    An exception here is a bug of ours or of a parser, but an overnight crawl must not end for one odd page: the
    page is recorded as crashed with the place of the bug, and the run's exit code says so.
    """
    try:
        return heart(page)
    except MemoryError:
        return Failure(Fault.MEMORY, "analysis ran out of the memory it may use", "analyze")
    except Exception as error:  # noqa: BLE001 - a page can harm only itself
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} (in {place.name}, line {place.lineno})"
        return Failure(Fault.CRASHED, text[:500], "analyze")
