"""Room: analysis in a pool of threads, which share memory and the GIL with the loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from crawler.model import Page, Reading, Traits
from crawler.workers.guarded import Heart, measured


class ThreadRoom:
    """Calls the heart in one of `workers` threads."""

    traits = Traits(isolates=False, blocks_loop=True, reason="threads share one GIL and one memory with the loop")

    def __init__(self, heart: Heart, workers: int) -> None:
        self._heart = heart
        self.capacity = self.slots = workers
        self.cpu_s = self.inline_s = 0.0
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="analyze")

    async def ready(self) -> None:
        """At once: threads start when they are needed."""

    async def analyze(self, page: Page) -> Reading:
        """What the page says; waits for a free thread."""
        loop = asyncio.get_running_loop()
        reading, cpu_s = await loop.run_in_executor(self._pool, measured, self._heart, page)
        self.cpu_s += cpu_s
        return reading

    async def aclose(self) -> None:
        """End the threads; analyses under way are waited for, since a thread cannot be killed."""
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
