"""Disks that fail: the error has a name, what was committed stays, and no file is half written in silence."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.orders import Load, Note, Reopen, Settled
from crawler.store.database import Database
from crawler.store.faults import FolderGone, OutputError
from crawler.store.files import LinesFile, read_lines, write_whole
from crawler.store.recorder import Recorder
from tests.conftest import Run
from tests.store.steps import ask, conclude, found, record, session, text, visited

A = "http://a.test/"


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """A limit on the size of files fails writes as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_an_output_error_and_what_was_committed_stays(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [visited(1, "http://kept.test/", text({"kept": 1}))]))

    async def fill(recorder: Recorder, first: int) -> None:
        for n in range(first, first + 3_000):
            await recorder.keep(visited(n, f"{A}{n}", text({f"word{n}{k}": 1 for k in range(500)})))

    async def overflow() -> None:
        async with session(tmp_path, is_doomed=True) as (_, begun, recorder):
            with full_disk(2**18):
                with pytest.raises(OutputError, match=r"crawl\.db: |pages\.jsonl: "):
                    await fill(recorder, begun.first_id)
                with pytest.raises(OutputError):
                    await recorder.keep(Settled())
                with pytest.raises(OutputError):
                    await recorder.bring(Load("a.test", 1))
                with pytest.raises(OutputError):
                    await recorder.aclose()

    run(overflow())
    (last,) = ask(tmp_path, "SELECT max(id) FROM urls")[0]
    assert ask(tmp_path, "SELECT count(*) FROM urls JOIN pages USING (id) JOIN words ON page = id") == [(last,)]
    run(record(tmp_path, [visited(last + 1, "http://after.test/", text({"after": 1}))]))
    run(conclude(tmp_path))
    words = (tmp_path / "words.csv").read_text(encoding="utf-8")
    assert "\nkept,1,1\n" in words and "\nafter,1,1\n" in words


def test_a_disk_that_fails_is_seen_by_whoever_waits_for_it(tmp_path: Path, run: Run[Any]) -> None:
    """`bring` is what waits here: the interval is too long for the writer to wake by itself."""

    async def ask_for_rows() -> None:
        async with session(tmp_path, interval_s=3_600, is_doomed=True) as (_, _, recorder):
            await recorder.keep(Settled(None, [found(1, A)]))
            await recorder.bring(Load("a.test", 1))
            with full_disk(2**18):
                await recorder.keep(Settled(None, [Note("event", "a.test", "x" * 2**19)]))
                with pytest.raises(OutputError, match=r"log\.jsonl: File too large"):
                    await recorder.bring(Load("a.test", 1))

    run(ask_for_rows())


def test_a_failure_at_the_very_end_is_raised_by_closing(tmp_path: Path, run: Run[Any]) -> None:
    async def close() -> None:
        async with session(tmp_path, interval_s=3_600, is_doomed=True) as (_, _, recorder):
            await recorder.keep(Settled(None, [Note("event", "a.test", "x" * 2**19)]))
            with full_disk(2**18), pytest.raises(OutputError, match=r"log\.jsonl: File too large"):
                await recorder.aclose()

    run(close())


def test_a_database_that_is_damaged_is_an_output_error(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [visited(n, f"{A}{n}", text({"a": 1})) for n in range(1, 500)]))
    path = tmp_path / "crawl.db"
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'urls'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    async def read() -> None:
        database = Database(path)
        await database.open("seeds")
        try:
            with pytest.raises(OutputError, match=r"crawl.db is damaged .database disk image is malformed.; save "):
                await database.bring(1, Reopen((1,)))
            with pytest.raises(OutputError, match=r"crawl.db is damaged .database disk image is malformed.; save "):
                async for _ in database.urls(1):
                    pass
        finally:
            await database.aclose()

    run(read())


def test_lines_are_never_cut_in_silence(tmp_path: Path, run: Run[Any]) -> None:
    """The system takes what there is room for and says so; only the next write fails."""

    async def append() -> None:
        file = LinesFile(tmp_path / "lines")
        await file.carry_on()
        try:
            with full_disk(10):
                await file.append(b"1234\n")
                with pytest.raises(OutputError, match="lines: File too large"):
                    await file.append(b"56789012345\n")
        finally:
            await file.aclose()

    run(append())


def test_a_file_that_is_written_whole_is_never_seen_in_part(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes(b"old")

    async def chunks() -> AsyncGenerator[bytes, None]:
        for _ in range(4):
            yield b"x" * 2**16
            seen.add(await asyncio.to_thread(path.read_bytes))

    async def fail() -> None:
        with full_disk(2**17), pytest.raises(OutputError, match=r"words\.csv: File too large"):
            await write_whole(path, chunks())

    seen: set[bytes] = set()
    run(fail())
    assert path.read_bytes() == b"old"
    run(write_whole(path, chunks()))
    assert seen == {b"old"}
    assert path.read_bytes() == b"x" * 2**18


def test_a_folder_for_the_log_that_cannot_be_made_is_an_output_error(tmp_path: Path, run: Run[Any]) -> None:
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(OutputError, match=r"log\.jsonl: Not a directory"):
        run(record(tmp_path, []))


def test_lines_are_read_from_a_file_whatever_its_line_ends(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(b"a\r\nb\nc")
    assert run(read_lines(path)) == [b"a", b"b", b"c"]


@pytest.mark.parametrize("take", ["delete", "replace", "move the folder"])
def test_a_database_that_is_taken_away_is_noticed_at_the_next_batch(take: str, tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "out"

    async def lose_it() -> None:
        async with session(path, is_doomed=True) as (_, _, recorder):
            await recorder.keep(visited(1, f"{A}1", text({"a": 1})))
            await recorder.bring(Reopen((1,)))
            match take:
                case "delete":
                    await asyncio.to_thread((path / "crawl.db").unlink)
                case "replace":
                    await asyncio.to_thread((path / "crawl.db").rename, path / "old.db")
                    await asyncio.to_thread((path / "crawl.db").touch)
                case _:
                    await asyncio.to_thread(path.rename, tmp_path / "elsewhere")
            await recorder.keep(visited(2, f"{A}2", text({"a": 1})))
            with pytest.raises(FolderGone, match=r"crawl.db was deleted, moved or replaced during the run"):
                await recorder.bring(Reopen((1,)))

    run(lose_it())
