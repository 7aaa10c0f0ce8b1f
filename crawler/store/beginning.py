"""Which run a start begins, carries on or tries again."""

import sqlite3
from datetime import UTC, datetime
from typing import NamedTuple

from crawler.orders import NO_ROBOTS
from crawler.store.faults import UnusableFolder

_RETRIED = """
UPDATE urls SET state = 'waiting', reason = NULL
WHERE run = :run AND (state IN ('failed', 'given_up') OR (state = 'robots' AND reason GLOB :no_robots || '*'))
    AND NOT EXISTS (SELECT * FROM pages WHERE pages.id = urls.id AND redirect IS NOT NULL)
"""
"""A redirect that leads nowhere is no failure of its own: it ends where its target does."""
_WITHOUT_PAGE = """
DELETE FROM pages WHERE id IN (SELECT id FROM urls WHERE run = :run AND state = 'waiting')
"""


class Run(NamedTuple):
    """A run of the folder; `first_id` is the number that its next new URL gets.

    `previous` is the number of the run before a new one (0 if there was none), and `abandoned` the URLs left to it,
    when its seeds or rules were others and it will not go on. `retried` are the failures to be tried again, or None
    where nobody asked for that; then they are all that there is to do. `must_finish_first` is a wish to try failures
    again that has to wait, since tries and pages that wait would never come to an end otherwise.
    """

    id: int
    is_resumed: bool
    first_id: int
    previous: int = 0
    abandoned: int = 0
    retried: int | None = None
    must_finish_first: bool = False


def begin(connection: sqlite3.Connection, seeds_digest: bytes, agent: str, *, retry_failed: bool = False) -> Run:
    """Carry on the last run if it is unfinished and had the same seeds and rules, else start a new one.

    With `retry_failed` the last run is carried on if it is finished, and its failures are tried again.
    Raises UnusableFolder when there is no such run.
    """
    first_id = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM urls").fetchone()[0]
    last = connection.execute("SELECT * FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    is_same = last is not None and last["seeds_digest"] == seeds_digest
    if retry_failed:
        if not is_same:
            why = "no run is here yet" if last is None else f"run {last['id']} had other seeds or rules"
            raise UnusableFolder(f"--retry-failed: {why}; crawl without it first")
        if last["finished_at"] is not None:
            retried = connection.execute(_RETRIED, {"run": last["id"], "no_robots": NO_ROBOTS}).rowcount
            connection.execute(_WITHOUT_PAGE, {"run": last["id"]})
            if retried:
                _carry_on(connection, last, agent)
            return Run(last["id"], is_resumed=True, first_id=first_id, retried=retried)
    is_unfinished = last is not None and last["finished_at"] is None
    if is_unfinished and is_same:
        _carry_on(connection, last, agent)
        return Run(last["id"], is_resumed=True, first_id=first_id, must_finish_first=retry_failed)
    made = connection.execute(
        "INSERT INTO runs (seeds_digest, started_at, agent) VALUES (?, ?, ?)", (seeds_digest, now(), agent)
    )
    assert made.lastrowid is not None
    left = "SELECT count(*) FROM urls WHERE run = ? AND state = 'waiting'"
    abandoned = connection.execute(left, (last["id"],)).fetchone()[0] if is_unfinished else 0
    previous = last["id"] if last is not None else 0
    return Run(made.lastrowid, is_resumed=False, first_id=first_id, previous=previous, abandoned=abandoned)


def now() -> str:
    """The time of day in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _carry_on(connection: sqlite3.Connection, last: sqlite3.Row, agent: str) -> None:
    if last["agent"] != agent:  # a robots.txt may say something else to another
        connection.execute("DELETE FROM robots WHERE run = ?", (last["id"],))
    connection.execute("UPDATE runs SET finished_at = NULL, agent = ? WHERE id = ?", (agent, last["id"]))
