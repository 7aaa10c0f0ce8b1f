"""The disk that the other tests use answers as the store does."""

import sqlite3

from hypothesis import HealthCheck, given, settings

from crawler.model import Robots
from crawler.orders import ANALYSED, Brought, Change, Found, Moved, Reopened, Row, Settled
from crawler.settings import FrontierSettings
from crawler.store import database, expiry, schema
from crawler.store.changes import Step, keep
from tests.frontier import webs
from tests.frontier.disk import Disk
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.world import Web

AT = "2025-01-01T00:00:00.000+00:00"


class Double(Disk):
    """Does everything twice, and compares."""

    def __init__(self) -> None:
        super().__init__()
        self._connection = sqlite3.connect(":memory:")
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(schema.TABLES)
        self._connection.execute("INSERT INTO runs VALUES (1, x'', '', NULL, '')")

    def write(self, now: float) -> None:
        keep(self._connection, 1, [Step(settled, AT) for settled in self._pending])
        super().write(now)

    def bring(self, order: Brought) -> list[Row]:
        rows = super().bring(order)
        real = database._bring(self._connection, 1, order)
        assert sorted(real) == sorted(rows)
        assert real == rows or type(order).__name__ == "Reopen"
        return rows

    def met(self) -> list[Row]:
        rows = super().met()
        assert sorted(row for chunk in database._urls(self._connection, 1) for row in chunk) == sorted(rows)
        return rows

    def check(self) -> None:
        rows = self._connection.execute("SELECT url, state, reason, depth, hops, must_reopen FROM urls ORDER BY id")
        assert [tuple(row) for row in rows] == [
            (url.url, url.state, url.reason, url.depth, url.hops, url.must_reopen) for url in self.urls.values()
        ]
        learned = {origin: robots for origin, robots, _ in expiry.robots(self._connection, "", 1e9)}
        assert learned == {origin: robots for origin, (robots, _) in self.robots.items()}
        assert all(isinstance(robots, Robots) for robots in learned.values())
        self._connection.close()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_it_answers_as_the_store_does(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    disk = Double()
    Crawl(web, seeds, setting, schedule, disk=disk).run()
    disk.check()


def test_of_what_is_said_in_one_batch_of_reading_links_again_the_last_word_counts() -> None:
    found = [
        Found(number, f"http://a.test/{number}", "a.test", 5, 0, ANALYSED, None, None, None) for number in (1, 2, 3)
    ]
    nearer = [Moved(number, 1, 0, must_reopen=True) for number in (1, 2, 3)]
    batches: list[list[Change]] = [
        [*found, *nearer],
        [Reopened(1), Moved(1, 0, 0, must_reopen=True), Moved(2, 0, 0, must_reopen=True), Reopened(2)],
    ]
    disk = Double()
    for changes in batches:
        for change in changes:
            disk.keep(Settled(changes=[change]))
        disk.write(0.0)
    assert [url.must_reopen for url in disk.urls.values()] == [True, False, True]
    disk.check()


def test_what_is_not_yet_written_is_lost() -> None:
    disk = Disk()
    disk.keep(Settled())
    disk.lose()
    disk.write(0.0)
    assert not disk.urls
