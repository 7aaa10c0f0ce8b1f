"""A row of the table: a fault on a host of its own, how a crawl of it must end, and what it may cost at most.

The bounds hold for a crawl with TIMEOUT_S, DEPTH and MAX_PER_HOST; everything else is at its default.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from crawler.site.hostile.exchange import Exchange

DOMAIN: Final = "hostile.test"
"""RFC 6761 keeps `test` out of the DNS."""

TIMEOUT_S: Final = 5
DEPTH: Final = 30
MAX_PER_HOST: Final = 150
SLACK_S: Final = 3.0
"""What a busy machine may add to a time-out."""

Play: TypeAlias = Callable[[Exchange], Awaitable[None]]
"""What a server does once it has read a request; the connection is closed when it returns."""

ANALYSED: Final = ("analysed",)
BLOCKED: Final = ("failed: blocked",)
CONTENT_TYPE: Final = ("failed: content_type",)
DECODE: Final = ("failed: decode",)
PROTOCOL: Final = ("failed: protocol",)
REDIRECT: Final = ("failed: redirect",)
RESET: Final = ("failed: reset",)
TIMEOUT: Final = ("failed: timeout",)
TLS: Final = ("failed: tls",)
TOO_LARGE: Final = ("failed: too_large",)
TRAP: Final = ("trap",)
MIB: Final = 2**20


async def no_robots(exchange: Exchange) -> None:
    """There is no robots.txt."""
    await exchange.answer(status="404 Not Found")


@dataclass(frozen=True, slots=True)
class Hazard:
    """What `name`.hostile.test does to whoever asks for `path`, and the bounds that a crawler must show.

    `ends` has the ends that the URL may come to, each as a state (`analysed`) or a state and a fault
    (`failed: timeout`); more than one where HTTP clients may differ. `then` has the same for URLs that it leads to,
    by path, or in full where they lie elsewhere. `requests` counts robots.txt and every new attempt; `sent_bytes` is
    what the server got rid of, buffers of the kernel included; `held_s` is the longest time that one connection was
    kept.
    """

    name: str
    does: str
    play: Play
    ends: tuple[str, ...] = ANALYSED
    path: str = "/"
    scheme: str = "http"
    then: tuple[tuple[str, tuple[str, ...]], ...] = ()
    requests: int = 2
    sent_bytes: int = 64 * 2**10
    held_s: float = TIMEOUT_S + SLACK_S
    robots: Play = no_robots

    @property
    def url(self) -> str:
        """What a crawl begins with."""
        return self.at(self.path)

    def at(self, place: str) -> str:
        """The URL of a path on this host; a URL stays as it is."""
        return f"{self.scheme}://{self.name}.{DOMAIN}{place}" if place.startswith("/") else place

    def expected(self) -> dict[str, tuple[str, ...]]:
        """The URLs that must have come to an end, and the ends that each may have."""
        return {self.url: self.ends} | {self.at(place): ends for place, ends in self.then}
