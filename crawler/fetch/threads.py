"""One thread a page: the blocking client in a pool of `concurrency` threads."""

from crawler.fetch.crew import Crew
from crawler.model import Failure, Job, Page, Traits
from crawler.settings import FetchSettings


class ThreadsFetcher:
    """Fetches `concurrency` pages at once, each in a thread of its own."""

    traits = Traits(isolates=True, blocks_loop=False, reason="bytes are bounded, and curl waits in other threads")

    def __init__(self, settings: FetchSettings) -> None:
        self.capacity = settings.concurrency
        self._crew = Crew(settings, self.capacity)

    async def fetch(self, job: Job) -> Page | Failure:
        """One GET of the job's URL; faults of the world come back as a Failure."""
        return await self._crew.fetch(job)

    async def aclose(self) -> None:
        """End the threads and close their connections."""
        await self._crew.aclose()
