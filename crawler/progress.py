"""Where a run stands, for whoever shows it."""

from time import perf_counter

from crawler.frontier.hosts import Outlook
from crawler.frontier.state import Frontier
from crawler.model import Failure, Fault, Visit


class Progress:
    """Counters of one session; reading them costs the crawl nothing."""

    def __init__(self) -> None:
        self._frontier: Frontier | None = None
        self._started = perf_counter()
        self._max_pages = 0
        self.capacity = 0
        self.visits = 0
        self.failed = 0
        self.bytes = 0
        self.outlook: Outlook | None = None

    def begin(self, frontier: Frontier, capacity: int, max_pages: int) -> None:
        """Watch this frontier from now on; so many visits may be under way, so many made in all (0: any number)."""
        self._max_pages = max_pages
        self.capacity = capacity
        self._frontier = frontier
        self._started = perf_counter()

    def count(self, visit: Visit) -> None:
        """Take note of one visit."""
        self.visits += 1
        self.failed += isinstance(visit.outcome, Failure) and visit.outcome.fault is not Fault.ROBOTS
        self.bytes += visit.answer.body_bytes if visit.answer else 0

    @property
    def seconds(self) -> float:
        """Seconds since the first job could go out."""
        return perf_counter() - self._started

    @property
    def settled(self) -> int:
        """URLs of the run that have come to their end, those of earlier sessions included."""
        return self._frontier.settled if self._frontier else 0

    @property
    def in_flight(self) -> int:
        """URLs being fetched or analysed now."""
        return self._frontier.in_flight if self._frontier else 0

    def look(self, now: float) -> None:
        """See why the crawl is not faster; call it where the frontier lives, now and then."""
        if self._frontier is not None:
            self.outlook = self._frontier.outlook(now)

    @property
    def left(self) -> int:
        """How many URLs are still to come in this session, as far as is known."""
        left = self.known - self.settled
        return min(left, max(0, self._max_pages - self.visits)) if self._max_pages else left

    @property
    def known(self) -> int:
        """All URLs known so far."""
        return self.settled + self.in_flight + (self._frontier.waiting if self._frontier else 0)
