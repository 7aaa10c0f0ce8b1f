"""The shapes of the rooms: one in, one out, close. Rooms satisfy them by shape; mypy proves it in each catalog."""

from typing import Protocol

from crawler.model import Failure, Job, Page, Reading, Traits, Visit
from crawler.orders import Brought, Row, Settled


class Fetcher(Protocol):
    """Turns a job into a page with exactly one attempt: no redirects, no retries, no politeness."""

    traits: Traits

    @property
    def capacity(self) -> int:
        """How many fetches may be under way at once."""
        ...

    async def fetch(self, job: Job) -> Page | Failure:
        """One attempt at the job's URL."""
        ...

    async def aclose(self) -> None:
        """Release connections and threads; no fetch may be under way."""
        ...


class Analyzer(Protocol):
    """Turns a page into what it says, wherever the room runs it."""

    traits: Traits

    @property
    def capacity(self) -> int:
        """How many pages the room works on at once; more may wait."""
        ...

    async def ready(self) -> None:
        """Return once the room can work; what is fetched before would only wait, and a kill would lose it."""
        ...

    async def analyze(self, page: Page) -> Reading:
        """What the page says, or the fault that kept it from saying it."""
        ...

    async def aclose(self) -> None:
        """End the room's threads or processes."""
        ...


class Visitor(Protocol):
    """Turns a job into its visit."""

    @property
    def capacity(self) -> int:
        """How many visits may be under way at once; the engine creates no more."""
        ...

    async def visit(self, job: Job) -> Visit:
        """The one visit in which the job ends."""
        ...

    async def aclose(self) -> None:
        """Close the rooms behind it."""
        ...


class Rooms(Visitor, Protocol):
    """A visitor that takes a while to open."""

    async def ready(self) -> None:
        """Return once a page that is fetched can be analysed."""
        ...


class Store(Protocol):
    """Keeps what the frontier says, and brings back what it asks for."""

    async def keep(self, settled: Settled) -> None:
        """Take one step; returns when there is room, not when it is on disk."""
        ...

    async def bring(self, order: Brought) -> list[Row]:
        """The rows that an order asks for, as they are after every step taken so far."""
        ...

    async def aclose(self) -> None:
        """Write everything that was taken."""
        ...
