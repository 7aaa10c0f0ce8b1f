"""Room: analysis on the event loop itself, between two fetches."""

from time import perf_counter

from crawler.model import Page, Reading, Traits
from crawler.workers.guarded import Heart, measured


class InlineRoom:
    """Calls the heart where it stands: no hand-over costs, no second core, no protection."""

    traits = Traits(isolates=False, blocks_loop=True, reason="analysis runs in the loop's own thread")
    capacity = 1
    slots = 1

    def __init__(self, heart: Heart) -> None:
        self._heart = heart
        self.cpu_s = 0.0
        self.inline_s = 0.0

    async def ready(self) -> None:
        """At once."""

    async def analyze(self, page: Page) -> Reading:
        """What the page says; nothing else happens meanwhile."""
        start = perf_counter()
        reading, cpu_s = measured(self._heart, page)
        self.inline_s += perf_counter() - start
        self.cpu_s += cpu_s
        return reading

    async def aclose(self) -> None:
        """Nothing is held."""
