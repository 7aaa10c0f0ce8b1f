"""After every ending: no process, no temporary file, no lock, no half-written file; by counting."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from crawler.store.lock import FolderLock
from tests.survival.family import is_in_memory, memory_of, session_of
from tests.survival.killing import Arena, environment

Eventually = Callable[[Callable[[], bool]], None]
_WAIT_S = 100
_FULL_DISK_BYTES = 400_000
RAISES = """
import sys
from crawler.cli.main import run_command
from crawler.frontier.state import Frontier
well, calls = Frontier.settle, []
def settle(*arguments):
    calls.append(1)
    assert len(calls) < 40, "a bug of ours"
    return well(*arguments)
Frontier.settle = settle
sys.exit(run_command(sys.argv[1:]))
"""


class Ended(NamedTuple):
    pid: int
    code: int
    err: str


class Ending:
    """One crawl and the ways to bring it to its end; every process of it is in its session."""

    def __init__(self, brisk: Arena, out: Path) -> None:
        self.arena = brisk
        self.out = out
        self.memory: set[str] = set()

    def start(self, *flags: str, before: str = "", script: str = "") -> "subprocess.Popen[str]":
        """A crawl; `before` is what a shell does first, `script` the program that takes the place of ours."""
        command = self.arena.command(self.out, "--per-host", "2", *flags)
        if script:
            command[1:3] = ["-c", script]
        if before:
            command = ["bash", "-c", f'{before}; exec "$@"', "-", *command]
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True
        )
        threading.Thread(target=self._watch_memory, args=(process.pid,)).start()
        return process

    def _watch_memory(self, leader: int) -> None:
        while session_of(leader):
            self.memory |= memory_of(leader)
            time.sleep(0.05)

    def until_killed_by(self, *signals: signal.Signals, whom: str = "parent", flags: tuple[str, ...] = ()) -> Ended:
        delay = "1s" if whom == "parent" else "250ms"  # or a busy machine would come too late to kill it
        process = self.start("--delay", delay, *flags)
        self.arena.wait_for_request(process)
        wait_for_pages(process, self.out, 20)
        if os.environ.get("CRAWLER_SHARDS") is None:
            wait_until(process, lambda: bool(self.memory))  # workers are seen with theirs
        for which in signals:
            os.kill(process.pid if whom == "parent" else self.worker_of(process.pid), which)
            if whom == "parent" and len(signals) > 1:
                wait_for_line(process)
        return self.wait(process)

    @staticmethod
    def worker_of(parent: int) -> int:
        """One of the processes that the fork server made."""
        for pid in session_of(parent):
            with suppress(FileNotFoundError):  # it has ended meanwhile
                above = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                if above != parent and above in session_of(parent):
                    return pid
        raise AssertionError("no worker")

    @staticmethod
    def wait(process: "subprocess.Popen[str]") -> Ended:
        with process:
            _, err = process.communicate(timeout=_WAIT_S)
        return Ended(process.pid, process.returncode, err)


def wait_for_pages(process: "subprocess.Popen[str]", out: Path, count: int) -> None:
    path = out / "pages.jsonl"
    wait_until(process, lambda: path.exists() and path.read_bytes().count(b"\n") >= count)


def wait_until(process: "subprocess.Popen[str]", holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WAIT_S
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_line(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    process.stderr.readline()


def finished(ending: Ending) -> Ended:
    return ending.wait(ending.start())


def interrupted(ending: Ending) -> Ended:
    return ending.until_killed_by(signal.SIGINT)


def interrupted_twice(ending: Ending) -> Ended:
    return ending.until_killed_by(signal.SIGINT, signal.SIGINT)


def terminated(ending: Ending) -> Ended:
    return ending.until_killed_by(signal.SIGTERM)


def killed(ending: Ending) -> Ended:
    return ending.until_killed_by(signal.SIGKILL)


def out_of_time(ending: Ending) -> Ended:
    return ending.wait(ending.start("--deadline", "500ms"))


def refused(ending: Ending) -> Ended:
    ending.out.mkdir()
    (ending.out / "crawl.db").write_bytes(b"not a database at all" * 100)
    return ending.wait(ending.start())


def out_of_disk(ending: Ending) -> Ended:
    return ending.wait(ending.start(before=f"trap '' XFSZ; ulimit -f {_FULL_DISK_BYTES // 1024}"))


def worker_killed(ending: Ending) -> Ended:
    return ending.until_killed_by(signal.SIGKILL, whom="worker")


def crashed(ending: Ending) -> Ended:
    return ending.wait(ending.start(script=RAISES))


BOTH = ("async", "threads")
ALL = (*BOTH, "shards")
ENDINGS: list[tuple[Callable[[Ending], Ended], int, tuple[str, ...]]] = [
    (finished, 0, BOTH),
    (interrupted, 130, ("threads", "shards")),
    (interrupted_twice, 130, BOTH),
    (terminated, 143, ("async",)),
    (killed, -9, ALL),
    (out_of_time, 4, ("threads",)),
    (refused, 2, ("async",)),
    (out_of_disk, 74, BOTH),
    (worker_killed, 0, ("async", "shards")),
    (crashed, 70, ALL),
]
CASES = [
    pytest.param(bring_about, code, room, id=f"{bring_about.__name__}-{room}")
    for bring_about, code, rooms in ENDINGS
    for room in rooms
]


@pytest.fixture
def scratch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for temporary files, that of the crawl alone; its path is short, as sockets need it."""
    with TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.fixture
def ending(brisk: Arena, undisturbed: Path, tmp_path: Path) -> Ending:
    return Ending(brisk, tmp_path / "out")


@pytest.mark.parametrize(("bring_about", "code", "room"), CASES)
def test_nothing_is_left_behind(
    bring_about: Callable[[Ending], Ended],
    code: int,
    room: str,
    ending: Ending,
    undisturbed: Path,
    scratch: Path,
    monkeypatch: pytest.MonkeyPatch,
    eventually: Eventually,
) -> None:
    monkeypatch.setenv(*("CRAWLER_SHARDS", "2") if room == "shards" else ("CRAWLER_FETCH", room))
    ended = bring_about(ending)
    assert ended.code == code, ended.err
    eventually(lambda: session_of(ended.pid) == [])
    eventually(lambda: list(scratch.iterdir()) == [])
    eventually(lambda: not any(map(is_in_memory, ending.memory)))
    FolderLock(ending.out).release()
    if code not in (0, 2):
        ending.arena.to_end(ending.out)
    if code != 2:
        assert (ending.out / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()
    assert not list(ending.out.rglob("*.part"))
    assert list(scratch.iterdir()) == []


def test_a_socket_that_whoever_started_it_listens_at_is_left_alone(ending: Ending, scratch: Path) -> None:
    """As inetd and systemd hand one over on standard input; the fork server removes only its own."""
    address = scratch / "theirs"
    with socket.socket(socket.AF_UNIX) as theirs:
        theirs.bind(str(address))
        theirs.listen()
        command = ending.arena.command(ending.out, "--max-pages", "20")
        done = subprocess.run(command, stdin=theirs.fileno(), env=environment(), timeout=_WAIT_S, check=False)
    assert done.returncode == 4
    assert list(scratch.iterdir()) == [address]


@pytest.mark.parametrize(
    ("flags", "whom", "instead"),
    [((), "worker process", "with --analyze threads"), (("--shards", "2"), "shard", "without --shards")],
)
def test_a_temporary_folder_with_too_long_a_name_is_said_in_one_line(
    flags: tuple[str, ...], whom: str, instead: str, ending: Ending, tmp_path: Path
) -> None:
    far = tmp_path / ("x" * 100)
    far.mkdir()
    command = ending.arena.command(ending.out, *flags)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**environment(), "TMPDIR": str(far)},
        timeout=_WAIT_S,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"crawler: no {whom} could be started: AF_UNIX path too long; free ")
    assert f"or crawl {instead}; " in done.stderr
    assert done.stderr.count("\n") == 1
    ending.arena.to_end(ending.out)
