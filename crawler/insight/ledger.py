"""The politeness ledger: what was asked of each host, how fast, and how the host took it."""

import sqlite3
from datetime import datetime

import msgspec

from crawler.model import Robots
from crawler.urls import host as host_of

_SELECT = """
SELECT host, requests, refusals, bytes, first_at, last_at, delay_s, least_gap_s
FROM hosts WHERE run = ? ORDER BY requests DESC, host
"""
_SECONDS_A_MINUTE = 60
_robots_decoder = msgspec.msgpack.Decoder(Robots)


class HostDealings(msgspec.Struct, frozen=True):
    """One host of one run; `refusals` are answers 429 and 503, `asked_s` is the Crawl-delay of its robots.txt.

    `delay_s` is the delay that it came to in the end, `least_gap_s` the least time between the starts of two requests
    within one session.
    """

    host: str
    requests: int
    refusals: int
    bytes: int
    first_at: str
    last_at: str
    delay_s: float
    least_gap_s: float | None
    asked_s: float | None

    @property
    def per_minute(self) -> float | None:
        """Requests a minute from the first to the last, or None where there is no span to divide by."""
        span = datetime.fromisoformat(self.last_at) - datetime.fromisoformat(self.first_at)
        seconds = span.total_seconds()
        return (self.requests - 1) * _SECONDS_A_MINUTE / seconds if seconds else None


class Ledger(msgspec.Struct, frozen=True):
    """All hosts of one run, those asked most first; `agent` is the name under which they were asked."""

    run: int
    agent: str
    hosts: list[HostDealings]


def ledger(connection: sqlite3.Connection, run: int) -> Ledger:
    """The ledger of one run."""
    agent = connection.execute("SELECT agent FROM runs WHERE id = ?", (run,)).fetchone()[0]
    learned = connection.execute("SELECT origin, packed FROM robots WHERE run = ?", (run,))
    asked = {host_of(f"{origin}/"): _robots_decoder.decode(packed).delay_s for origin, packed in learned}
    rows = connection.execute(_SELECT, (run,))
    return Ledger(run, agent, [HostDealings(**dict(row), asked_s=asked.get(row["host"])) for row in rows])
