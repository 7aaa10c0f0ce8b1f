"""Power loss: what a crawl has on disk at any moment, its tail torn, is enough for the same command to carry on."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from crawler.store.files import write_whole
from tests.conftest import Run
from tests.lives import halt
from tests.survival.killing import Arena, is_finished, pages_without_times
from tests.survival.test_kills import check_whole

_SECTOR = 512
Tear = Callable[[Path, Random], None]


def cut(path: Path, rng: Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size + 1))


def cut_near_the_end(path: Path, rng: Random) -> None:
    size = path.stat().st_size
    os.truncate(path, size - min(size, rng.randrange(20_000)))


def zero_the_end(path: Path, rng: Random) -> None:
    """The length was on the disk already, the bytes were not."""
    size = path.stat().st_size
    lost = min(size, rng.randrange(20_000))
    os.truncate(path, size - lost)
    os.truncate(path, size)


def spoil_sectors(path: Path, rng: Random) -> None:
    """The disk wrote in an order of its own, so that earlier sectors are missing."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for _ in range(3):
            file.seek(max(0, size - rng.randrange(1, 60_000)) // _SECTOR * _SECTOR)
            file.write(rng.randbytes(_SECTOR))


@pytest.mark.parametrize(
    ("tear", "room"),
    [(cut, "async"), (cut_near_the_end, "threads"), (zero_the_end, "async"), (spoil_sectors, "threads")],
)
def test_a_torn_log_of_the_database_costs_its_end_and_no_more(
    tear: Tear, room: str, brisk: Arena, undisturbed: Path, tmp_path: Path
) -> None:
    rng = Random(f"{tear.__name__} {room}")
    copy = tmp_path / "copy"
    log = copy / "crawl.db-wal"
    while not log.exists() or not log.stat().st_size or is_finished(copy):  # it was faster than we, or had just begun
        for folder in (tmp_path / "run", copy):
            shutil.rmtree(folder, ignore_errors=True)
        with brisk.start(tmp_path / "run", "--fetch", room, "--per-host", "1") as process:
            brisk.wait_for_request(process)
            time.sleep(rng.uniform(0.0, 1.5))
            halt(process.pid)  # so that the copy is of one moment
            brisk.copy_of(tmp_path / "run", copy)
            process.kill()
    for path in (log, copy / "pages.jsonl", *copy.glob("runs/*/log.jsonl")):
        if path.exists():
            tear(path, rng)
    brisk.to_end(copy, "--fetch", room)
    assert (copy / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()
    assert pages_without_times(copy) == pages_without_times(undisturbed)
    check_whole(copy)


def test_a_result_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[tuple[str, str]] = []
    sync, replace = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        acts.append(("sync", str(Path(f"/proc/self/fd/{descriptor}").readlink())))
        sync(descriptor)

    def note_replace(source: Path, target: Path) -> None:
        acts.append(("name", str(target)))
        assert source.read_bytes() == b"new", "nothing is left in a buffer"
        replace(source, target)

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"new"

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr("aiofiles.os.replace", _in_a_thread(note_replace))
    path = tmp_path / "words.csv"
    path.write_bytes(b"old")
    run(write_whole(path, chunks()))
    assert acts == [("sync", f"{path}.part"), ("name", str(path)), ("sync", str(tmp_path))]


def _in_a_thread(work: Callable[..., None]) -> Any:
    async def call(*arguments: Any) -> None:
        await asyncio.to_thread(work, *arguments)

    return call
