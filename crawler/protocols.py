"""The shapes of the rooms: one in, one out, close. Rooms satisfy them by shape; mypy proves it in each catalog."""

from typing import NamedTuple, Protocol

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

    @property
    def slots(self) -> int:
        """How many pages can be computed on at the same moment, by as many threads or processes."""
        ...

    @property
    def cpu_s(self) -> float:
        """CPU seconds that analysis has taken since the room opened, in whatever thread or process."""
        ...

    @property
    def inline_s(self) -> float:
        """Seconds, by the clock, that analysis has kept the loop to itself; 0 where it runs beside it."""
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


class Burden(NamedTuple):
    """What a visitor's rooms have to do at this moment, and what analysis has cost since they opened.

    Jobs that wait for neither bytes nor analysis are in neither count.
    """

    fetching: int
    """Visits that wait for bytes, or for a thread or a connection to fetch them by."""
    analyzing: int
    """Visits that wait for analysis or are in it."""
    analyze_slots: int
    """Pages that can be analysed at the same moment: the workers, 1 inline, the number of shards."""
    analyze_cpu_s: float
    """CPU seconds that analysis has taken, in whatever process."""
    analyzed: int
    """Pages that came out of it."""
    inline_s: float = 0.0
    """Seconds, by the clock, that analysis has kept loops to itself: the caller's, or those of shards."""
    shards_cpu_s: float = 0.0
    """CPU seconds, fetching and all, of processes that do both (shards); without them nothing."""


class Rooms(Visitor, Protocol):
    """A visitor that takes a while to open, and can be asked what it is at."""

    def burden(self) -> Burden:
        """What there is to do now; costs next to nothing."""
        ...

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
