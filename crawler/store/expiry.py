"""What holds until a time of day only, read by a clock that may have jumped since it was written.

A clock that went forward ends it early, which harms nothing that the next answer does not mend. One that went back
would prolong it, by a year if the year was wrong; so nothing is believed to hold for longer than was asked for.
"""

import sqlite3
from datetime import UTC, datetime

import msgspec

from crawler.model import Robots

_robots_decoder = msgspec.msgpack.Decoder(Robots)

# What lies in the future was written by a clock that has gone back since: the pause begins anew, as long as it was.
_LAST_S = "((julianday(last_at) - 2440587.5) * 86400.0)"
_BEGIN_ANEW = f"""
UPDATE hosts SET resume_at = :at + (resume_at - {_LAST_S}), last_at = :now, first_at = min(first_at, :now)
WHERE resume_at > :at AND {_LAST_S} > :at + 1.0
"""  # noqa: S608
_HOLDS = "SELECT host, max(resume_at) - :at FROM hosts WHERE resume_at > :at GROUP BY host"

_ROBOTS = """
SELECT origin, packed, expires_at - :at FROM robots JOIN runs ON runs.id = run
WHERE agent = :agent AND expires_at > :at AND expires_at <= :at + :most_s
"""


def holds(connection: sqlite3.Connection) -> list[tuple[str, float]]:
    """The hosts that are still to be left alone, and for how many seconds."""
    moment = datetime.now(UTC)
    values = {"at": moment.timestamp(), "now": moment.isoformat(timespec="milliseconds")}
    connection.execute(_BEGIN_ANEW, values)
    return list(map(tuple, connection.execute(_HOLDS, values)))


def robots(connection: sqlite3.Connection, agent: str, most_s: float) -> list[tuple[str, Robots, float]]:
    """What robots.txt files say to `agent`: origin, what it says, and for how many seconds that still holds.

    One that would hold for more than `most_s` was learned in what is now the future, so it is asked for again.
    """
    values = {"at": datetime.now(UTC).timestamp(), "agent": agent, "most_s": most_s}
    rows = connection.execute(_ROBOTS, values)
    return [(origin, _robots_decoder.decode(packed), left_s) for origin, packed, left_s in rows]
