"""The output folder: one run at a time, one job for ever, and a refusal that says what to do."""

import asyncio
import fcntl
import gc
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.store import folder as folder_module
from crawler.store.database import Database
from crawler.store.faults import FolderInUse, UnusableFolder
from crawler.store.folder import Folder
from crawler.store.lock import FolderLock
from crawler.store.looking import is_held
from tests.conftest import Run
from tests.store.steps import ask


async def open_and_close(path: Path, seeds: str = "seeds") -> None:
    folder = await Folder.open(path, seeds)
    await folder.aclose()


def is_locked(path: Path) -> bool:
    try:
        FolderLock(path).release()
    except FolderInUse:
        return True
    return False


def test_the_folder_is_held_by_one_run(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "made" / "with its parents"

    async def hold_twice() -> None:
        folder = await Folder.open(path, "seeds")
        with pytest.raises(FolderInUse, match=f"^{path} is in use by another run .process {os.getpid()}, since 2"):
            await Folder.open(path, "seeds")
        await folder.aclose()
        await open_and_close(path)

    run(hold_twice())


@pytest.mark.parametrize("step", ["_take", "forget", "open"])
def test_who_cancels_its_opening_leaves_nothing_open(
    step: str, tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def held_up(*arguments: Any) -> Any:
        done = work(*arguments)
        begun.set()
        assert may_end.wait(60)
        return done

    where: Any = Database if step == "open" else folder_module
    step = "_open" if step == "open" else step
    work = getattr(where, step)
    monkeypatch.setattr(where, step, held_up)

    async def cancelled() -> None:
        opening = asyncio.create_task(Folder.open(tmp_path, "seeds", fresh=True))
        await asyncio.to_thread(begun.wait, 60)
        for _ in range(2):
            opening.cancel()
            await asyncio.sleep(0)
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await opening

    gc.disable()  # which would come to close what nobody has closed
    try:
        run(cancelled())
        assert not is_locked(tmp_path)
        assert not [link for link in opened_files() if link.startswith(str(tmp_path))]
    finally:
        gc.enable()


def opened_files() -> list[str]:
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them
            links.append(str(descriptor.readlink()))
    return links


def test_the_folder_is_let_go_of_with_its_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from crawler.store.lock import FolderLock\n"
        f"lock = FolderLock(Path({str(tmp_path)!r})); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse):
            asyncio.run(open_and_close(tmp_path))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    asyncio.run(open_and_close(tmp_path))


def _foreign(path: Path) -> None:
    (path / "crawl.db").write_bytes(b"not a database at all" * 100)


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path / "crawl.db")) as connection:
        connection.execute("CREATE TABLE folder (y)")
        connection.execute("PRAGMA user_version = 99")


def _of_others(path: Path) -> None:
    asyncio.run(open_and_close(path))


def _in_the_way(path: Path) -> None:
    (path / "crawl.db").mkdir()


def _damaged(path: Path) -> None:
    asyncio.run(open_and_close(path, "others"))
    ((page, size),) = ask(
        path, "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'folder'"
    )
    with (path / "crawl.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_foreign, "crawl.db: file is not a database; move it away, or give another folder with --out"),
        (
            _newer,
            "made by another version of crawler .format 99, this one writes [0-9]+.; .* start over with --fresh",
        ),
        (_of_others, "holds the results of seeds, not of others; give another folder with --out"),
        (_in_the_way, "crawl.db: unable to open database file; give another folder with --out"),
        (_damaged, "crawl.db is damaged .database disk image is malformed.; save .* and start over with --fresh"),
    ],
)
def test_a_folder_that_is_none_of_ours_is_refused_and_let_go_of(tmp_path: Path, spoil: Any, message: str) -> None:
    spoil(tmp_path)
    with pytest.raises(UnusableFolder, match=message) as refusal:
        asyncio.run(Folder.open(tmp_path, "others"))
    assert not is_locked(tmp_path)
    for thread in threading.enumerate():
        if thread.name.startswith("database"):
            thread.join(60)
            assert not thread.is_alive(), f"{refusal.value!r} leaves a thread behind"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnusableFolder, match="file/out: Not a directory; give another folder with --out"):
        asyncio.run(Folder.open(tmp_path / "file" / "out", "seeds"))


def test_a_folder_killed_while_it_was_made_is_carried_on(tmp_path: Path, run: Run[Any]) -> None:
    """Every file that the first start leaves if it is killed between two of its transactions."""
    run(open_and_close(tmp_path))
    with closing(sqlite3.connect(tmp_path / "crawl.db")) as connection, connection:
        connection.execute("DELETE FROM folder")
    run(open_and_close(tmp_path))
    assert ask(tmp_path, "SELECT seeds FROM folder") == [("seeds",)]
    (tmp_path / "crawl.db").unlink()
    (tmp_path / "crawl.db").touch()
    run(open_and_close(tmp_path))
    assert ask(tmp_path, "SELECT seeds FROM folder") == [("seeds",)]
    run(open_and_close(tmp_path))
    assert ask(tmp_path, "SELECT count(*) FROM folder") == [(1,)]


def test_whoever_only_looks_keeps_no_run_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr("crawler.store.lock.time", SimpleNamespace(sleep=lambda _: os.close(looking)))
    assert is_held(tmp_path) is False, "by one who looks as well"
    lock = FolderLock(tmp_path)
    assert is_held(tmp_path) is True
    lock.release()
