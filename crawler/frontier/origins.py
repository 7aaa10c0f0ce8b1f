"""What each origin's robots.txt allows (RFC 9309): asked once, kept for a day, and obeyed."""

from typing import NamedTuple

from crawler.frontier.robots import verdict
from crawler.model import Failure, Fault, Robots
from crawler.orders import NO_ROBOTS

ALLOW_ALL = Robots()
MAX_REDIRECTS = 5
"""RFC 9309, 2.3.1.2; after that a robots.txt counts as unavailable, and everything is allowed."""


class _Origin(NamedTuple):
    robots: Robots | Failure
    expires_at: float


def robots_url(origin: str) -> str:
    """Where an origin's robots.txt is."""
    return f"{origin}/robots.txt"


class Origins:
    """The verdicts; an origin whose robots.txt could not be had at all is closed (2.3.1.4)."""

    def __init__(self) -> None:
        self._origins: dict[str, _Origin] = {}

    def knows(self, origin: str, now: float) -> bool:
        """Whether what its robots.txt says is known and fresh."""
        known = self._origins.get(origin)
        return known is not None and now < known.expires_at

    def learn(self, origin: str, robots: Robots | Failure, expires_at: float) -> None:
        """Take in what a robots.txt says, or why it could not be had."""
        self._origins[origin] = _Origin(robots, expires_at)

    def robots(self, origin: str) -> Robots | None:
        """What the robots.txt of a known origin says, or None if it could not be had."""
        robots = self._origins[origin].robots
        return robots if isinstance(robots, Robots) else None

    def expires_at(self, origin: str) -> float:
        """Until when that holds."""
        return self._origins[origin].expires_at

    def refusal(self, origin: str, url: str) -> Failure | None:
        """Why `url` may not be fetched, or None; its origin must be known."""
        robots = self._origins[origin].robots
        if isinstance(robots, Failure):
            if robots.fault is Fault.STATUS:
                return Failure(Fault.ROBOTS, f"{NO_ROBOTS} ({robots.text}), which closes the host")
            return Failure(robots.fault, f"robots.txt: {robots.text}")
        rule = verdict(robots, url)
        if rule is None:
            return None
        return Failure(Fault.ROBOTS, f"robots.txt line {rule.line}: Disallow: {rule.pattern}")
