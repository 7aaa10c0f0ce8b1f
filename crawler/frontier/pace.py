"""How fast one host is asked: the delay between the starts of two requests, and what makes it grow and shrink."""

from crawler.bounds import Why
from crawler.model import Visit

_LATENCY_SHARE = 0.2
_MAX_LATENCY_DELAY_S = 30.0
_FIRST_PENALTY_S = 1.0
_MAX_PENALTY_S = 60.0
_RECOVERY = 0.9
_NO_PENALTY_S = 0.05
BUSY = frozenset((429, 503))
"""Too Many Requests (RFC 6585) and Service Unavailable: the host asks to be left alone for a while."""


class Pace:
    """The pace of one host; an unpaced one is slowed only by what it says itself."""

    __slots__ = (
        "_base_s", "_is_paced", "_latency_s", "_penalty_s", "_started_at", "asked_s", "not_before", "refusals",
    )  # fmt: skip

    def __init__(self, base_s: float, *, is_paced: bool) -> None:
        self._base_s = base_s if is_paced else 0.0
        self._is_paced = is_paced
        self._latency_s = 0.0
        self._penalty_s = 0.0
        self._started_at: float | None = None
        self.asked_s = 0.0
        self.not_before = 0.0
        self.refusals = 0

    @property
    def is_paced(self) -> bool:
        """Whether this host is slowed by more than what it says itself."""
        return self._is_paced

    @property
    def delay_s(self) -> float:
        """From the start of one request to the next: what we owe, what was asked, what the host can take."""
        latency_s = min(self._latency_s, _MAX_LATENCY_DELAY_S) if self._is_paced else 0.0
        return max(self._base_s, self.asked_s, latency_s) + self._penalty_s

    def why(self, now: float) -> Why:
        """What makes most of the delay."""
        latency_s = self._latency_s if self._is_paced else 0.0
        most_s = max(self._base_s, self.asked_s, latency_s)
        if self.refusals or self._penalty_s > most_s or self.not_before - now > self.delay_s:
            return "refused"
        if self.asked_s == most_s > self._base_s:
            return "crawl-delay"
        return "slow" if latency_s > self._base_s else "delay"

    def ask(self, delay_s: float) -> None:
        """Grant a delay that was asked for; it counts from the last request."""
        self.asked_s = max(self.asked_s, delay_s)
        if self._started_at is not None:
            self.not_before = max(self.not_before, self._started_at + self.delay_s)

    def start(self, now: float) -> float | None:
        """Note that a request starts; the seconds since the one before."""
        gap_s = None if self._started_at is None else now - self._started_at
        self._started_at = now
        self.not_before = max(self.not_before, now + self.delay_s)
        return gap_s

    def note(self, visit: Visit, now: float, *, is_echo: bool = False) -> bool:
        """Learn from an answer; whether it was a plea to be left alone, which an echo of one does not make louder."""
        answer = visit.answer
        if answer is None:
            return False
        if answer.status in BUSY:
            if not is_echo:
                self.refusals += 1
                self._penalty_s = min(_MAX_PENALTY_S, max(_FIRST_PENALTY_S, 2 * self._penalty_s))
            self.not_before = max(self.not_before, now + max(answer.retry_after_s or 0.0, self._penalty_s))
            return True
        self.refusals = 0
        self._latency_s += _LATENCY_SHARE * (answer.timings.first_byte_s + answer.timings.body_s - self._latency_s)
        self._penalty_s = self._penalty_s * _RECOVERY if self._penalty_s > _NO_PENALTY_S else 0.0
        return False
