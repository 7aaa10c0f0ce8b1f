"""The one way a room calls the heart: whatever a page provokes becomes that page's failure."""

from collections.abc import Callable
from dataclasses import dataclass
from time import thread_time
from typing import Any, TypeAlias

from crawler.bare import BarePage, Mishap
from crawler.model import Failure, Page, Reading
from crawler.workers.blame import blame

Heart: TypeAlias = Callable[[Page], Reading]


@dataclass(frozen=True, slots=True)
class Halves:
    """A heart in two halves, of which the first can beat where msgspec does not load.

    It takes and gives plain values. What it gives is completed in the main interpreter, unless it is a mishap.
    """

    begin: Callable[[BarePage], object]
    complete: Callable[[Page, Any], Reading]

    def __call__(self, page: Page) -> Reading:
        """Both halves, one after the other, in the same place."""
        return self.conclude(page, self.begin(bare(page)))

    def conclude(self, page: Page, begun: object) -> Reading:
        """What the page says, after its first half."""
        return failure(begun) if isinstance(begun, Mishap) else self.complete(page, begun)


def guarded(heart: Heart, page: Page) -> Reading:
    """`heart(page)`, with an exception turned into a failure of this page."""
    try:
        return heart(page)
    except Exception as error:  # noqa: BLE001 - a page can harm only itself
        return failure(blame(error))


def measured(heart: Heart, page: Page) -> tuple[Reading, float]:
    """`guarded(heart, page)`, and the CPU seconds of this thread that it took."""
    start = thread_time()
    reading = guarded(heart, page)
    return reading, thread_time() - start


def failure(mishap: Mishap) -> Failure:
    """A mishap as the other stages know it."""
    return Failure(mishap.fault, mishap.text, "analyze")


def bare(page: Page) -> BarePage:
    """A page without what its analysis does not look at."""
    return BarePage(page.url, page.headers, page.body, page.kind)
