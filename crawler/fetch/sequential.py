"""One page after the other: what the other rooms are measured against."""

from crawler.fetch.crew import Crew
from crawler.model import Failure, Job, Page, Traits
from crawler.settings import FetchSettings


class SequentialFetcher:
    """Fetches one page at a time; in a thread, so that the loop can serve the other stages meanwhile."""

    traits = Traits(isolates=True, blocks_loop=False, reason="bytes are bounded, and curl waits in another thread")
    capacity = 1

    def __init__(self, settings: FetchSettings) -> None:
        self._crew = Crew(settings, self.capacity)

    async def fetch(self, job: Job) -> Page | Failure:
        """One GET of the job's URL; faults of the world come back as a Failure."""
        return await self._crew.fetch(job)

    async def aclose(self) -> None:
        """End the thread and close its connections."""
        await self._crew.aclose()
