"""Answers from memory: the null room, for tests, for examples, and as the floor of a comparison."""

from collections.abc import Mapping

from crawler.model import Failure, Fault, Job, Page, Traits

NOTHING_THERE = Failure(Fault.CONNECT, "nothing is canned for this URL")


class CannedFetcher:
    """Answers each URL with what `answers` holds for it, else with `otherwise`."""

    traits = Traits(isolates=True, blocks_loop=False, reason="it looks into a mapping")

    def __init__(
        self, answers: Mapping[str, Page | Failure], *, otherwise: Failure = NOTHING_THERE, capacity: int = 32
    ) -> None:
        self._answers = answers
        self._otherwise = otherwise
        self.capacity = capacity

    async def fetch(self, job: Job) -> Page | Failure:
        """What is canned for the job's URL."""
        return self._answers.get(job.url, self._otherwise)

    async def aclose(self) -> None:
        """Nothing is held."""
