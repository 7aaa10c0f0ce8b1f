"""What a run finds again of an earlier session: its URLs and how they stand, robots.txt, its own numbers."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Redirect, Robots, RobotsRule
from crawler.orders import Ended, Learned, Moved, Reopened, Row, Settled
from crawler.store import changes as changes_module
from crawler.store import database as database_module
from crawler.store.database import Run as StoredRun
from crawler.store.folder import Folder
from tests.conftest import Run
from tests.store.steps import ask, conclude, found, record, session, text, visited

A, B, C, D = (f"http://{name}.test/" for name in "abcd")


async def begin(path: Path, digest: bytes = b"digest", *, finish: bool = False) -> StoredRun:
    folder = await Folder.open(path, "seeds")
    try:
        begun = await folder.database.begin_run(digest, 4711)
        if finish:
            await folder.database.finish_run(begun.id)
    finally:
        await folder.aclose()
    return begun


async def met(path: Path, number: int = 1) -> list[Row]:
    folder = await Folder.open(path, "seeds")
    try:
        return [row async for rows in folder.database.urls(number) for row in rows]
    finally:
        await folder.aclose()


async def robots(path: Path) -> list[tuple[str, Robots, float]]:
    folder = await Folder.open(path, "seeds")
    try:
        return await folder.database.robots()
    finally:
        await folder.aclose()


def test_an_unfinished_run_is_carried_on_and_a_finished_one_is_not(tmp_path: Path, run: Run[Any]) -> None:
    assert run(begin(tmp_path)) == StoredRun(1, is_resumed=False, first_id=1)
    assert run(begin(tmp_path)) == StoredRun(1, is_resumed=True, first_id=1)
    assert run(begin(tmp_path, finish=True)) == StoredRun(1, is_resumed=True, first_id=1)
    assert run(begin(tmp_path)) == StoredRun(2, is_resumed=False, first_id=1)


def test_other_seeds_are_another_run_which_is_the_last_then(tmp_path: Path, run: Run[Any]) -> None:
    assert run(begin(tmp_path)).id == 1
    assert run(begin(tmp_path, b"other")) == StoredRun(2, is_resumed=False, first_id=1)
    assert run(begin(tmp_path)) == StoredRun(3, is_resumed=False, first_id=1)


def test_a_run_knows_when_it_began_and_ended_and_who_runs_it(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, []))
    ((began, ended, _),) = ask(tmp_path, "SELECT started_at, finished_at, pid FROM runs")
    assert ended is None
    run(begin(tmp_path, finish=True))
    ((same, ended, pid),) = ask(tmp_path, "SELECT started_at, finished_at, pid FROM runs")
    assert (same, pid) == (began, 4711)
    assert datetime.fromisoformat(began) <= datetime.fromisoformat(ended) <= datetime.now(UTC)


def test_new_urls_are_numbered_after_those_of_every_run(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [Settled(None, [found(7, A), found(3, B)])]))
    assert run(begin(tmp_path, finish=True)) == StoredRun(1, is_resumed=True, first_id=8)
    assert run(begin(tmp_path)) == StoredRun(2, is_resumed=False, first_id=8)


def test_every_url_is_met_again_as_it_stood(tmp_path: Path, run: Run[Any]) -> None:
    steps = [
        Settled(None, [found(1, A), found(2, B, 1), found(3, C, 2, 1, "out_of_scope"), found(4, D, 3)]),
        visited(5, f"{A}moved", Redirect(B)),
        visited(6, f"{A}far", Redirect(C), depth=2),
        visited(7, f"{A}read", text({"a": 1}, links=[B])),
        Settled(None, [Ended(2, "robots", "forbidden"), Moved(7, 0, 0, must_reopen=True)]),
        Settled(None, [Moved(6, 1, 0, must_reopen=True), Reopened(6), Moved(4, 2, 1, must_reopen=False)]),
    ]
    run(record(tmp_path, steps))
    assert run(met(tmp_path)) == [
        Row(1, A, 0, 0),
        Row(2, B, 1, 0, "robots"),
        Row(3, C, 2, 1, "out_of_scope"),
        Row(4, D, 2, 1),
        Row(5, f"{A}moved", 0, 0, "redirected", B),
        Row(6, f"{A}far", 1, 0, "redirected"),
        Row(7, f"{A}read", 0, 0, "analysed", must_reopen=True),
    ]
    assert run(met(tmp_path, 2)) == []


def test_a_seed_that_redirects_tells_where_to_even_when_that_failed(tmp_path: Path, run: Run[Any]) -> None:
    """Its target stands for the scope in the next session as in this one, whatever has been derived in between."""
    steps = [
        visited(1, A, Redirect(B)),
        visited(2, B, Redirect(A), hops=1),
        visited(3, C, Redirect(D)),
        visited(4, f"{A}link", Redirect(f"{A}link"), depth=1),
    ]
    run(record(tmp_path, steps))
    before = run(met(tmp_path))
    assert [(row.state, row.redirect) for row in before[:3]] == [("redirected", url) for url in (B, A, D)]
    run(conclude(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM urls WHERE state = 'failed'") == [(3,)], "they lead in circles"
    assert run(met(tmp_path))[:3] == before[:3]


def test_many_urls_come_in_chunks(tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_ROWS_A_CHUNK", 10)
    run(record(tmp_path, [Settled(None, [found(n, f"{A}{n}") for n in range(1, 26)])]))

    async def chunks() -> list[int]:
        async with session(tmp_path) as (folder, begun, _):
            return [len(rows) async for rows in folder.database.urls(begun.id)]

    assert run(chunks()) == [10, 10, 5]
    assert [row.id for row in run(met(tmp_path))] == list(range(1, 26))


class _Clock(datetime):
    """A time of day that passes only when it is told to."""

    at = 1_700_000_000

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Clock":
        return cls.fromtimestamp(cls.at, tz)


def test_robots_txt_holds_for_the_rest_of_its_time(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the next session and in the next run; what was learned last counts."""
    monkeypatch.setattr(changes_module, "datetime", _Clock)
    monkeypatch.setattr(database_module, "datetime", _Clock)
    monkeypatch.setattr(_Clock, "at", _Clock.at)
    said = Robots((RobotsRule(allow=False, pattern="/private", line=3),), 2.5, ("http://a.test/map.xml",))
    learned = [
        Learned("http://a.test", Robots(), 9_000.0),
        Learned("http://b.test", Robots(), 600.0),
        Learned("http://a.test", said, 1_000.0),
        Learned("http://over.test", Robots(), 0.0),
    ]
    run(record(tmp_path, [Settled(None, [change]) for change in learned]))
    assert sorted(run(robots(tmp_path))) == [("http://a.test", said, 1_000.0), ("http://b.test", Robots(), 600.0)]
    run(begin(tmp_path, finish=True))
    _Clock.at += 600
    assert run(robots(tmp_path)) == [("http://a.test", said, 400.0)]
    run(record(tmp_path, [Settled(None, [Learned("http://b.test", said, 1.5)])]))
    assert sorted(run(robots(tmp_path))) == [("http://a.test", said, 400.0), ("http://b.test", said, 1.5)]
