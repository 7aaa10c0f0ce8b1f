"""What a run finds again of an earlier session: its URLs and how they stand, robots.txt, its own numbers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Failure, Fault, Redirect, Robots, RobotsRule
from crawler.orders import NO_ROBOTS, Answered, Asked, Change, Ended, Learned, Moved, Reopened, Row, Settled
from crawler.store import database as database_module
from crawler.store.beginning import Run as StoredRun
from crawler.store.changes import Step
from crawler.store.faults import UnusableFolder
from crawler.store.folder import Folder
from tests.conftest import Run
from tests.store.steps import Clock, ask, conclude, found, record, session, text, visited

A, B, C, D = (f"http://{name}.test/" for name in "abcd")


async def begin(
    path: Path, digest: bytes = b"digest", agent: str = "", *, finish: bool = False, retry_failed: bool = False
) -> StoredRun:
    folder = await Folder.open(path, "seeds")
    try:
        begun = await folder.database.begin_run(digest, agent, retry_failed=retry_failed)
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


async def robots(path: Path, agent: str = "") -> list[tuple[str, Robots, float]]:
    folder = await Folder.open(path, "seeds")
    try:
        return await folder.database.robots(agent)
    finally:
        await folder.aclose()


def test_an_unfinished_run_is_carried_on_and_a_finished_one_is_not(tmp_path: Path, run: Run[Any]) -> None:
    assert run(begin(tmp_path)) == StoredRun(1, is_resumed=False, first_id=1)
    assert run(begin(tmp_path)) == StoredRun(1, is_resumed=True, first_id=1)
    assert run(begin(tmp_path, finish=True)) == StoredRun(1, is_resumed=True, first_id=1)
    assert run(begin(tmp_path)) == StoredRun(2, is_resumed=False, first_id=1, previous=1)


def test_other_seeds_are_another_run_which_is_the_last_then(tmp_path: Path, run: Run[Any]) -> None:
    assert run(begin(tmp_path)).id == 1
    assert run(begin(tmp_path, b"other")) == StoredRun(2, is_resumed=False, first_id=1, previous=1)
    assert run(begin(tmp_path)) == StoredRun(3, is_resumed=False, first_id=1, previous=2)


def test_what_a_run_with_other_seeds_leaves_behind_is_told(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [Settled(None, [found(1, A), found(2, B), found(3, C, 1, 0, "trap")])]))
    assert run(begin(tmp_path)).abandoned == 0, "it is carried on"
    assert run(begin(tmp_path, b"other", finish=True)).abandoned == 2
    assert run(begin(tmp_path)).abandoned == 0, "the last one was finished"


def test_a_run_knows_when_it_began_and_ended(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, []))
    ((began, ended),) = ask(tmp_path, "SELECT started_at, finished_at FROM runs")
    assert ended is None
    run(begin(tmp_path, finish=True))
    ((same, ended),) = ask(tmp_path, "SELECT started_at, finished_at FROM runs")
    assert same == began
    assert datetime.fromisoformat(began) <= datetime.fromisoformat(ended) <= datetime.now(UTC)


def test_new_urls_are_numbered_after_those_of_every_run(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [Settled(None, [found(7, A), found(3, B)])]))
    assert run(begin(tmp_path, finish=True)) == StoredRun(1, is_resumed=True, first_id=8)
    assert run(begin(tmp_path)) == StoredRun(2, is_resumed=False, first_id=8, previous=1)


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


def test_robots_txt_holds_for_the_rest_of_its_time(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the next session and in the next run; what was learned last counts."""
    Clock.set(monkeypatch)
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
    Clock.at += 600
    assert run(robots(tmp_path)) == [("http://a.test", said, 400.0)]
    run(record(tmp_path, [Settled(None, [Learned("http://b.test", said, 1.5)])]))
    assert sorted(run(robots(tmp_path))) == [("http://a.test", said, 400.0), ("http://b.test", said, 1.5)]


def test_robots_txt_is_what_it_says_to_the_one_who_asked(tmp_path: Path, run: Run[Any]) -> None:
    """Another agent is told nothing, and what it takes over of a run is not what the first was told."""
    run(record(tmp_path, [Settled(None, [Learned("http://a.test", Robots(), 3_600.0)])]))
    assert [origin for origin, _, _ in run(robots(tmp_path))] == ["http://a.test"]
    assert run(robots(tmp_path, "other")) == []
    run(begin(tmp_path))
    assert [origin for origin, _, _ in run(robots(tmp_path))] == ["http://a.test"]
    run(begin(tmp_path, agent="other"))
    assert run(robots(tmp_path)) == run(robots(tmp_path, "other")) == []
    assert ask(tmp_path, "SELECT agent FROM runs") == [("other",)]


def test_what_a_robots_txt_says_to_one_agent_is_not_taken_for_what_it_says_to_another(
    tmp_path: Path, run: Run[Any]
) -> None:
    async def known_to(agent: str, learns: bool) -> list[str]:
        folder = await Folder.open(tmp_path, "seeds")
        try:
            begun = await folder.database.begin_run(b"digest", agent)
            if learns:
                step = Step(Settled(changes=[Learned("http://a.test", Robots(), 60.0)]), "now")
                await folder.database.keep(begun.id, [step])
            return [origin for origin, _, _ in await folder.database.robots(agent)]
        finally:
            await folder.aclose()

    assert run(known_to("one/1.0", True)) == ["http://a.test"]
    assert run(known_to("one/1.0", False)) == ["http://a.test"]
    assert run(known_to("two/1.0", False)) == []
    assert run(known_to("one/1.0", False)) == []


def test_hosts_that_asked_for_a_pause_are_known_until_it_is_over(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock.set(monkeypatch)

    async def holds() -> dict[str, float]:
        folder = await Folder.open(tmp_path, "seeds")
        try:
            begun = await folder.database.begin_run(b"digest")
            changes: list[Change] = [
                Asked("paced.test", None, 30.0, ago_s=10.0),
                Asked("over.test", None, 1.0, ago_s=5.0),
                Answered("busy.test", 0, is_refusal=True, hold_s=600.0),
                Answered("busy.test", 0, is_refusal=False, hold_s=0.0),
            ]
            await folder.database.keep(begun.id, [Step(Settled(changes=changes), Clock.now(UTC).isoformat())])
            return dict(await folder.database.holds())
        finally:
            await folder.aclose()

    assert run(holds()) == {"paced.test": pytest.approx(20.0, abs=0.01), "busy.test": pytest.approx(600.0, abs=0.01)}


def test_a_run_of_other_rules_knows_how_much_it_leaves_behind(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [Settled(changes=[found(1, A), found(2, B), Ended(2, "failed", None)])]))
    assert run(begin(tmp_path, b"other")).abandoned == 1
    assert run(begin(tmp_path, b"other")).abandoned == 0


def test_only_failures_are_tried_again_of_a_finished_run(tmp_path: Path, run: Run[Any]) -> None:
    refused = Failure(Fault.ROBOTS, "robots.txt line 2: Disallow: /x")
    closed = Failure(Fault.ROBOTS, f"{NO_ROBOTS} (503 Service Unavailable), which closes the host")
    steps = [
        visited(1, f"{A}read", text({"a": 1})),
        visited(2, f"{A}gone", Failure(Fault.STATUS, "404 Not Found")),
        visited(3, f"{A}late", Failure(Fault.GIVEN_UP, "the host was given up"), answer=None),
        visited(4, f"{A}refused", refused, answer=None),
        visited(5, f"{A}closed", closed, answer=None),
        visited(6, f"{A}moved", Redirect(f"{A}gone")),
        visited(7, f"{A}round", Redirect(f"{A}round")),
        Settled(None, [found(8, f"{A}outside", 1, 0, "out_of_scope")]),
    ]
    run(record(tmp_path, steps))
    run(conclude(tmp_path, finish=True))
    begun = run(begin(tmp_path, retry_failed=True))
    assert begun == StoredRun(1, is_resumed=True, first_id=9, retried=3)
    waiting = "SELECT url FROM urls WHERE state = 'waiting' AND reason IS NULL ORDER BY id"
    assert ask(tmp_path, waiting) == [(f"{A}gone",), (f"{A}late",), (f"{A}closed",)]
    assert ask(tmp_path, "SELECT id FROM pages ORDER BY id") == [(1,), (4,), (6,), (7,)], "they may be visited again"
    assert ask(tmp_path, "SELECT finished_at FROM runs") == [(None,)]
    waits = StoredRun(1, is_resumed=True, first_id=9, must_finish_first=True)
    assert run(begin(tmp_path, retry_failed=True)) == waits, "or those left would never have their turn"
    assert run(begin(tmp_path, finish=True)) == StoredRun(1, is_resumed=True, first_id=9)
    assert run(begin(tmp_path, retry_failed=True)).retried == 0, "what waits is no failure"
    assert ask(tmp_path, "SELECT finished_at IS NULL FROM runs") == [(False,)], "a kill now would leave nothing to do"


def test_there_must_be_a_run_to_retry(tmp_path: Path, run: Run[Any]) -> None:
    with pytest.raises(UnusableFolder, match=r"^--retry-failed: no run is here yet; crawl without it first$"):
        run(begin(tmp_path, retry_failed=True))
    run(begin(tmp_path, finish=True))
    with pytest.raises(UnusableFolder, match=r"^--retry-failed: run 1 had other seeds or rules; crawl without it"):
        run(begin(tmp_path, b"other", retry_failed=True))
    assert ask(tmp_path, "SELECT count(*) FROM runs") == [(1,)]
