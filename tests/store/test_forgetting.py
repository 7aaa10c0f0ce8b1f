"""Starting over: what a folder forgets, and what it refuses to."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store.faults import UnusableFolder
from crawler.store.folder import Folder
from crawler.store.schema import VERSION
from tests.store.steps import ask, conclude, record, text, visited

A = "http://a.test/"


async def start_over(path: Path, seeds: str = "seeds") -> None:
    folder = await Folder.open(path, seeds, fresh=True)
    await folder.aclose()


def fill(path: Path) -> None:
    """A folder with everything that a run leaves, killed in the middle, and with something of the user's own."""
    asyncio.run(record(path, [visited(1, A, text({"a": 1}))]))
    asyncio.run(conclude(path))
    for name in ("words.csv.part", "summary.json", "mine.txt"):
        (path / name).touch()


def test_all_results_are_forgotten_and_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path)
    asyncio.run(start_over(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crawl.db", "mine.txt"]
    assert ask(tmp_path, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM urls)") == [(0, 0)]


def test_what_a_killed_run_left_in_the_log_of_the_database_is_not_carried_into_the_new_one(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / "crawl.db")) as connection:
        connection.execute("UPDATE urls SET state = 'trap'")
        connection.commit()
        for name in ("crawl.db", "crawl.db-wal"):
            (tmp_path / f"{name}.copy").write_bytes((tmp_path / name).read_bytes())
    for name in ("crawl.db", "crawl.db-wal"):
        (tmp_path / f"{name}.copy").replace(tmp_path / name)
    assert (tmp_path / "crawl.db-wal").stat().st_size > 0
    asyncio.run(start_over(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(0,)]


def test_a_new_folder_has_nothing_to_forget(tmp_path: Path) -> None:
    asyncio.run(start_over(tmp_path / "new"))
    assert ask(tmp_path / "new", "SELECT seeds FROM folder") == [("seeds",)]


def test_the_results_of_others_are_left_alone(tmp_path: Path) -> None:
    fill(tmp_path)
    with pytest.raises(UnusableFolder, match="holds the results of seeds, not of others; --fresh leaves them alone"):
        asyncio.run(start_over(tmp_path, "others"))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(1,)]
    assert (tmp_path / "words.csv").exists()
    asyncio.run(start_over(tmp_path))


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "crawl.db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(UnusableFolder, match=r"is no database of ours .* --fresh leaves it alone"):
        asyncio.run(start_over(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM theirs") == [(0,)]


def test_a_database_of_another_version_is_forgotten(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "crawl.db")) as connection:
        connection.execute("CREATE TABLE folder (seeds)")
        connection.execute("PRAGMA user_version = 1")
    asyncio.run(start_over(tmp_path))
    assert ask(tmp_path, "PRAGMA user_version") == [(VERSION,)]


def test_a_damaged_database_is_put_aside(tmp_path: Path) -> None:
    fill(tmp_path)
    damaged = b"\xff" * 10_000
    (tmp_path / "crawl.db").write_bytes(damaged)
    asyncio.run(start_over(tmp_path))
    assert (tmp_path / "crawl.db.damaged").read_bytes() == damaged
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(0,)]
    asyncio.run(record(tmp_path, [visited(1, A, text({"a": 1})), visited(2, f"{A}b", text({"b": 1}))]))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(2,)]
