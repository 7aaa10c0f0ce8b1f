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


def killed_in_between(path: Path) -> None:
    """A folder whose database has its last commits in its log alone."""
    fill(path)
    with closing(sqlite3.connect(path / "crawl.db")) as connection:
        connection.execute("UPDATE urls SET state = 'trap'")
        connection.commit()
        for name in ("crawl.db", "crawl.db-wal"):
            (path / f"{name}.copy").write_bytes((path / name).read_bytes())
    for name in ("crawl.db", "crawl.db-wal"):
        (path / f"{name}.copy").replace(path / name)
    assert (path / "crawl.db-wal").stat().st_size > 0


def test_what_a_killed_run_left_in_the_log_of_the_database_is_not_carried_into_the_new_one(tmp_path: Path) -> None:
    killed_in_between(tmp_path)
    asyncio.run(start_over(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(0,)]


def test_a_kill_while_it_forgets_leaves_nothing_to_carry_on(tmp_path: Path) -> None:
    killed_in_between(tmp_path)
    (tmp_path / "crawl.db").unlink()
    asyncio.run(record(tmp_path, []))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(0,)]


def test_what_lies_in_a_folder_without_a_database_is_not_ours(tmp_path: Path) -> None:
    theirs = [tmp_path / "runs" / "exp1" / "model.bin", tmp_path / "runs" / "1" / "log.jsonl", tmp_path / "words.csv"]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("theirs")
    asyncio.run(start_over(tmp_path))
    assert all(path.read_text() == "theirs" for path in theirs)
    asyncio.run(record(tmp_path, [visited(1, A, text({"a": 1}))]))
    asyncio.run(start_over(tmp_path))
    assert [path.exists() for path in theirs] == [True, False, False]


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


def damaged(path: Path, from_page: int) -> bytes:
    """A database that is full of nonsense from a page on, and a log of what came last."""
    content = (path / "crawl.db").read_bytes()
    content = content[: from_page * 4096].ljust(len(content), b"\xff")
    (path / "crawl.db").write_bytes(content)
    (path / "crawl.db-wal").write_bytes(b"what came last")
    return content


@pytest.mark.parametrize("from_page", [1, 5])
def test_a_damaged_database_is_put_aside_with_its_log_and_never_written_over(tmp_path: Path, from_page: int) -> None:
    fill(tmp_path)
    content = damaged(tmp_path, from_page)
    asyncio.run(start_over(tmp_path))
    assert (tmp_path / "crawl.db.damaged").read_bytes() == content
    assert (tmp_path / "crawl.db.damaged-wal").read_bytes() == b"what came last"
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(0,)]
    asyncio.run(record(tmp_path, [visited(1, A, text({"a": 1})), visited(2, f"{A}b", text({"b": 1}))]))
    assert ask(tmp_path, "SELECT count(*) FROM urls") == [(2,)]
    (tmp_path / "crawl.db.damaged").write_bytes(b"the first one")
    content = damaged(tmp_path, from_page)
    asyncio.run(start_over(tmp_path))
    assert (tmp_path / "crawl.db.damaged").read_bytes() == b"the first one"
    assert (tmp_path / "crawl.db.damaged1").read_bytes() == content


def test_what_is_no_database_at_all_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "crawl.db").write_bytes(b"the diary of somebody" * 500)
    with pytest.raises(UnusableFolder, match=r"is no database of ours .file is not a database.; --fresh leaves it"):
        asyncio.run(start_over(tmp_path))
    assert (tmp_path / "crawl.db").read_bytes().startswith(b"the diary")
