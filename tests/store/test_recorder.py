"""From a step to the disk: in order, whole, bounded, and seen by whoever asks for what was said before."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Failure, Fault, Redirect, Robots, RobotsRule, pack
from crawler.orders import (
    Asked,
    Change,
    Ended,
    Learned,
    Load,
    Moved,
    Note,
    Recall,
    Reopen,
    Reopened,
    Row,
    Settled,
)
from crawler.store.changes import Step
from crawler.store.database import Database
from tests.conftest import Run
from tests.store.steps import ask, ended, found, record, session, text, visited

TABLES = ("urls", "pages", "words", "links", "robots", "hosts")
A, B, C = (f"http://a.test/{name}" for name in "abc")


def test_every_change_has_its_place_in_the_database(tmp_path: Path, run: Run[Any]) -> None:
    robots = Robots((RobotsRule(allow=False, pattern="/x", line=2),), 1.5, ("http://a.test/map.xml",))
    run(
        record(
            tmp_path,
            [
                Settled(None, [found(1, A), found(2, B, 2)._replace(parent=1, lastmod="2024-01-01")]),
                Settled(None, [found(3, "http://b.test/", 1, 1, "out_of_scope"), Asked("a.test", None, 1.0)]),
                Settled(None, [Moved(2, 1, 0, must_reopen=True), Learned("http://a.test", robots, 60.0)]),
                ended(1, A, text({"a": 1}, links=[B])),
                Settled(None, [Ended(3, "waiting", None), Ended(3, "trap", "it is a trap")]),
                Settled(None, [Note("sitemap", "a.test", "for the log only")]),
            ],
        )
    )
    columns = "id, run, url, host, depth, hops, state, reason, parent, lastmod, must_reopen"
    assert ask(tmp_path, f"SELECT {columns} FROM urls ORDER BY id") == [
        (1, 1, A, "a.test", 0, 0, "analysed", None, None, None, 0),
        (2, 1, B, "a.test", 1, 0, "waiting", None, 1, "2024-01-01", 1),
        (3, 1, "http://b.test/", "b.test", 1, 1, "trap", "it is a trap", None, None, 0),
    ]
    assert ask(tmp_path, "SELECT page, packed FROM words") == [(1, pack({"a": 1}))]
    assert ask(tmp_path, "SELECT page, packed FROM links") == [(1, pack([B]))]
    assert ask(tmp_path, "SELECT origin, run, packed FROM robots") == [("http://a.test", 1, pack(robots))]


def test_the_views_answer_what_people_ask(tmp_path: Path, run: Run[Any]) -> None:
    steps = [visited(1, A, Failure(Fault.DNS, "no such host"), answer=None), visited(2, B, Redirect(C))]
    run(record(tmp_path, steps))
    assert ask(tmp_path, "SELECT * FROM failures") == [(1, A, "dns", "no such host", "fetch", None)]
    assert ask(tmp_path, "SELECT * FROM redirects") == [(1, B, C, 200)]
    assert ask(tmp_path, "SELECT * FROM states") == [(1, "failed", 1), (1, "redirected", 1)]


def test_steps_are_kept_as_handed_in_even_while_room_is_waited_for(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,500 steps are handed in at once, which is more than may be pending, and one more as soon as there is room."""

    def numbered(n: int) -> Settled:
        return Settled(None, [Ended(1, f"state {n}", None), Note("n", "a.test", str(n))])

    keep = Database.keep

    async def hand_in() -> None:
        async with session(tmp_path) as (_, _, recorder):
            all_are_in = asyncio.Event()

            async def keep_late(self: Database, number: int, batch: list[Step]) -> bytes:
                is_first = not all_are_in.is_set()
                await all_are_in.wait()
                if not is_first and not late:
                    late.append(1_500)
                    await recorder.keep(numbered(1_500))
                return await keep(self, number, batch)

            late: list[int] = []
            monkeypatch.setattr(Database, "keep", keep_late)
            await recorder.keep(Settled(None, [found(1, A)]))
            async with asyncio.TaskGroup() as tasks:
                for n in range(1_500):
                    tasks.create_task(recorder.keep(numbered(n)))
                tasks.create_task(_set(all_are_in))  # tasks begin in the order of their making

    run(hand_in())
    log = (tmp_path / "runs" / "1" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition('"text":"')[2] for line in log] == [f'{n}"}}' for n in range(1_501)]
    assert ask(tmp_path, "SELECT state FROM urls") == [("state 1500",)]


async def _set(event: asyncio.Event) -> None:
    event.set()


def test_a_slow_disk_slows_the_keeper(tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No more steps wait in memory than the bounds say, in number and in bytes."""
    batches: list[int] = []
    keep = Database.keep

    async def watched(self: Database, number: int, batch: list[Step]) -> bytes:
        batches.append(len(batch))
        return await keep(self, number, batch)

    monkeypatch.setattr(Database, "keep", watched)
    run(record(tmp_path / "many", (visited(n, f"{A}{n}", text({"a": 1})) for n in range(1, 2_001))))
    assert sum(batches) == 2_000
    assert max(batches) <= 512
    batches.clear()
    heavy = text({"x" * 2**22: 1})
    run(record(tmp_path / "large", (visited(n, f"{A}{n}", heavy) for n in range(1, 17))))
    assert sum(batches) == 16
    assert max(batches) <= 8


def test_steps_gather_until_the_interval_is_over_or_someone_asks(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    keep = Database.keep

    async def watched(self: Database, number: int, batch: list[Step]) -> bytes:
        batches.append(len(batch))
        return await keep(self, number, batch)

    async def hand_in() -> None:
        async with session(tmp_path, interval_s=3_600) as (folder, _, recorder):
            for n in range(1, 21):
                await recorder.keep(Settled(None, [found(n, f"{A}{n}")]))
                await folder.database.robots()  # which takes the loop a few turns
                if n % 10 == 0:
                    await recorder.bring(Load("a.test", 1))
            await recorder.keep(Settled(None, [found(21, A)]))

    monkeypatch.setattr(Database, "keep", watched)
    run(hand_in())
    assert batches == [10, 10, 1]


def test_a_batch_is_one_transaction(tmp_path: Path, run: Run[Any]) -> None:
    statements: list[str] = []

    async def keep_a_batch() -> None:
        async with session(tmp_path) as (folder, begun, _):
            batch = [Step(visited(n, f"{A}{n}", text({"a": 1}, links=[B])), "now") for n in range(1, 20)]
            changes: list[Change] = [Asked("a.test", None, 1.0), Learned("http://a.test", Robots(), 9)]
            batch.append(Step(Settled(None, changes), "now"))
            await folder.database.call_in_thread(lambda: _trace(folder.database, statements))
            await folder.database.keep(begun.id, batch)
            await folder.database.call_in_thread(lambda: _trace(folder.database, []))

    run(keep_a_batch())
    assert [word for word in statements if word in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    assert (statements[0], statements[-1], statements.count("INSERT")) == ("BEGIN", "COMMIT", 4 * 19 + 2)


def _trace(database: Database, statements: list[str]) -> None:
    assert database._connection is not None
    database._connection.set_trace_callback(lambda statement: statements.append(statement.split()[0]))


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path: Path, run: Run[Any]) -> None:
    async def keep_twice() -> None:
        async with session(tmp_path) as (folder, begun, _):
            everything: list[Change] = [
                found(2, B),
                Asked("a.test", None, 1.0),
                Learned("http://a.test", Robots(), 9.0),
            ]
            good, again = visited(1, A, text({"a": 1})), ended(1, A, text({"a": 1}))
            batch = [Step(step, "now") for step in (Settled(None, everything), good, again)]
            with pytest.raises(sqlite3.IntegrityError):
                await folder.database.keep(begun.id, batch)

    run(keep_twice())
    assert [ask(tmp_path, f"SELECT count(*) FROM {table}") for table in TABLES] == [[(0,)]] * len(TABLES)


@pytest.mark.parametrize(
    ("changes", "must_reopen"),
    [
        ([Moved(1, 1, 0, must_reopen=True)], 1),
        ([Moved(1, 1, 0, must_reopen=True), Reopened(1)], 0),
        ([Moved(1, 2, 0, must_reopen=True), Reopened(1), Moved(1, 1, 0, must_reopen=True)], 1),
        ([Moved(1, 1, 0, must_reopen=True), Moved(1, 1, 0, must_reopen=False)], 1),
    ],
    ids=["moved", "reopened", "moved again", "moved while it waits to be reopened"],
)
def test_what_must_be_reopened_is_known_until_it_was(
    tmp_path: Path, run: Run[Any], changes: list[Any], must_reopen: int
) -> None:
    """Also when all of it is in one batch: a kill after it must not lose the shorter way."""
    run(record(tmp_path, [visited(1, A, text({"a": 1}), depth=3), Settled(None, changes)]))
    assert ask(tmp_path, "SELECT depth, must_reopen FROM urls") == [(1, must_reopen)]


def test_what_is_brought_is_as_after_every_step_before_it(tmp_path: Path, run: Run[Any]) -> None:
    """The commit interval would not be over before the test is, so bringing must bring the disk up to date."""

    async def bring() -> None:
        async with session(tmp_path, interval_s=3_600) as (_, _, recorder):
            other = found(3, "http://b.test/")
            await recorder.keep(Settled(None, [found(1, A, 2), found(2, B, 3), other, found(4, C, 2)]))
            assert await recorder.bring(Load("a.test", 9)) == [Row(1, A, 2, 0), Row(4, C, 2, 0), Row(2, B, 3, 0)]
            await recorder.keep(Settled(None, [Moved(2, 1, 1, must_reopen=False)]))
            assert await recorder.bring(Load("a.test", 2)) == [Row(2, B, 1, 1), Row(1, A, 2, 0)]
            await recorder.keep(ended(1, A, text({"a": 1}, links=[B]), depth=2))
            assert await recorder.bring(Load("a.test", 9)) == [Row(2, B, 1, 1), Row(4, C, 2, 0)]
            await recorder.keep(ended(4, C, Redirect(A), depth=2))
            await recorder.keep(Settled(None, [Moved(4, 0, 0, must_reopen=True)]))
            assert sorted(await recorder.bring(Reopen((4, 1)))) == [
                Row(1, A, 2, 0, "analysed", None, pack([B]), must_reopen=False),
                Row(4, C, 0, 0, "redirected", A, None, must_reopen=True),
            ]

    run(bring())


def test_recalling_goes_through_what_was_out_of_scope_by_number(tmp_path: Path, run: Run[Any]) -> None:
    async def recall() -> None:
        async with session(tmp_path, interval_s=3_600) as (_, _, recorder):
            outside = [found(n, f"http://b.test/{n}", 1, 0, "out_of_scope") for n in range(1, 6)]
            await recorder.keep(Settled(None, [*outside, found(6, A), found(7, B, 1, 0, "trap")]))
            await recorder.keep(Settled(None, [Ended(2, "waiting", None)]))
            brought = [await recorder.bring(Recall(after, 2)) for after in (0, 3, 5)]
            assert [[row.id for row in rows] for rows in brought] == [[1, 3], [4, 5], []]
            assert brought[0][0] == Row(1, "http://b.test/1", 1, 0, "out_of_scope")

    run(recall())


def test_only_what_the_run_met_is_brought(tmp_path: Path, run: Run[Any]) -> None:
    async def bring() -> None:
        async with session(tmp_path) as (folder, begun, recorder):
            await recorder.keep(Settled(None, [found(1, A), found(2, B, 0, 0, "out_of_scope")]))
            await recorder.bring(Load("a.test", 9))
            await folder.database.finish_run(begun.id)
        async with session(tmp_path) as (_, begun, recorder):
            assert begun.id == 2
            assert await recorder.bring(Load("a.test", 9)) == []
            assert await recorder.bring(Recall(0, 9)) == []

    run(bring())
