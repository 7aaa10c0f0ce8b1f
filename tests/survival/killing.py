"""A real crawl, killed again and again, and what the server saw of it.

    two kills in ten       at a random moment from the start of the process to about its first request
    six                    at a random moment after its first request, which the server's log tells
    two                    while results are being written, which the run's log tells

The same command is given after every kill, at once, and a last time to the end.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import LANGUAGES, SiteSettings

ROOT = Path(__file__).parents[2]
START_S = 0.6
"""What a process takes until its first request, about."""
CRAWL_S = 0.7
RESULTS_S = 0.15
STARTING, RESULTS = 0.2, 0.2
"""The shares of kills before the first request, about, and while results are written."""
_PATIENCE_S = 300.0
_SETTLES_NOTHING = (499, 500)


class Asked(NamedTuple):
    """A line of the server's log: seconds since 1970, and the status or 499 for a client that went away."""

    at_s: float
    answered_s: float
    url: str
    status: int


class Again(NamedTuple):
    """A URL that was asked for again after a kill, and how long before the kill its answer had been sent.

    `since` is how many requests came between that and the kill: a process that was given no CPU has made none.
    """

    url: str
    status: int
    age_s: float
    since: int


class Killed(NamedTuple):
    """The moments of the kills (seconds since 1970), what the crawl took in all, and which attempts were undone."""

    kills: tuple[float, ...]
    seconds: float
    undone: tuple[tuple[float, float], ...]


class Arena:
    """The built-in site, slow enough to be met in the middle of a crawl, with its log."""

    def __init__(self, site: SiteProcess, folder: Path, flags: Sequence[str]) -> None:
        self.folder = folder
        self._flags = flags
        self.log = folder / "access.log"
        self.seeds = folder / "indexes.txt"
        self.seeds.write_text("".join(f"http://{code}.crawler.test/\n" for code in LANGUAGES), encoding="utf-8")
        self._there = f".crawler.test::{site.host}:{site.port}"

    def copy_of(self, out: Path, to: Path) -> Path:
        """What a crash would leave of a folder: every file but the memory that its database's users share."""
        return Path(shutil.copytree(out, to, ignore=shutil.ignore_patterns("*-shm")))

    def command(self, out: Path, *flags: str) -> list[str]:
        """A crawl that follows links from the ten indexes to every page."""
        whole = [sys.executable, "-m", "crawler", "crawl", str(self.seeds), "--depth", "10", "--delay", "0"]
        return [*whole, "--connect-to", self._there, "--out", str(out), "--quiet", *self._flags, *flags]

    def start(self, out: Path, *flags: str) -> "subprocess.Popen[str]":
        """Start a crawl; what it says on standard error can be read."""
        return subprocess.Popen(
            self.command(out, *flags), stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True
        )

    def to_end(self, out: Path, *flags: str) -> None:
        """Crawl to the end; it must end well."""
        done = subprocess.run(
            self.command(out, *flags), capture_output=True, text=True, env=environment(), timeout=300, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")

    def wait_for_request(self, process: "subprocess.Popen[str]") -> None:
        """Wait until the server has been asked something from now on, or the process has ended."""
        size = self.log.stat().st_size
        while self.log.stat().st_size == size and process.poll() is None:
            time.sleep(0.005)

    def asked(self) -> list[Asked]:
        """Every request so far, in the order of its answers."""
        rows = (line.split(" ") for line in self.log.read_text(encoding="latin-1").splitlines())
        return [
            Asked(int(at) / 1000, (int(at) + int(took)) / 1000, f"http://{host}{path}", int(status))
            for at, took, host, path, status in rows
        ]


@contextmanager
def arena(folder: Path, pages: int, latency: str, flags: Sequence[str] = ()) -> Iterator[Arena]:
    """A site of its own, since its log is read; every crawl of it has these flags."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = SiteSettings(pages=pages, min_kb=2, max_kb=6, latency=latency)
    with start_site(settings, access_log=folder / "access.log") as site:
        yield Arena(site, folder, flags)


def environment() -> dict[str, str]:
    """What a crawl runs with: this tree's modules."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def kill_often(arena: Arena, out: Path, kills: int, seed: int, flags: Sequence[str]) -> Killed:
    """Crawl with so many kills on the way, and a last time to the end."""
    begun = time.monotonic()
    rng = Random(seed)
    moments: list[float] = []
    undone: list[tuple[float, float]] = []
    out.mkdir()
    while len(moments) < kills:
        at_results = len(moments) >= kills - round(kills * RESULTS)
        before, told, started = _kept(out), _endings(out), time.time()
        with arena.start(out, *flags) as process:
            if at_results:
                _wait_for_results(process, out, told)
                after_s = rng.uniform(0.0, RESULTS_S)
            elif rng.random() < STARTING:
                after_s = rng.uniform(0.0, START_S)
            else:
                arena.wait_for_request(process)
                after_s = rng.uniform(0.0, CRAWL_S)
            with suppress(subprocess.TimeoutExpired):
                assert process.wait(after_s) == 0, "it ended by itself"
            moment = _kill(process)
        if _endings(out) > told and is_finished(out):  # it was faster than we: the same command would be a new run
            shutil.rmtree(out)
            before.rename(out)
            undone.append((started, moment))
        else:
            moments.append(moment)
    arena.to_end(out, *flags)
    return Killed(tuple(moments), time.monotonic() - begun, tuple(undone))


def _kept(out: Path) -> Path:
    """A copy of the folder as it is."""
    before = out.with_name(f"{out.name}-before")
    shutil.rmtree(before, ignore_errors=True)
    return Path(shutil.copytree(out, before))


def _kill(process: "subprocess.Popen[str]") -> float:
    """Kill a process; the moment from which on it did nothing."""
    process.kill()
    process.wait()
    return time.time()


def _wait_for_results(process: "subprocess.Popen[str]", out: Path, told: int) -> None:
    """Wait until a crawl has said once more that it has ended, which is when it begins to write results."""
    deadline = time.monotonic() + _PATIENCE_S
    while _endings(out) == told:
        assert time.monotonic() < deadline, f"no results after {_PATIENCE_S:g} s"
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.005)


def _endings(out: Path) -> int:
    return sum(log.read_bytes().count(b'"event":"end"') for log in out.glob("runs/*/log.jsonl"))


def is_finished(out: Path) -> bool:
    with tempfile.TemporaryDirectory() as scratch:  # opening the database itself would mend what the next start must
        for path in out.glob("crawl.db*"):
            shutil.copy(path, scratch)
        with closing(sqlite3.connect(Path(scratch) / "crawl.db")) as connection:
            (unfinished,) = connection.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchone()
    return not unfinished


def asked_again(asked: list[Asked], killed: Killed) -> list[Again]:
    """What was asked for again after a kill, against the first kill after its answer.

    Left out is what settles nothing: answers that are to be tried again (500), those that nobody received, and those
    to attempts that were undone.
    """
    kills = killed.kills
    found = []
    last: dict[str, Asked] = {}
    for one in sorted(asked):
        if one.status in _SETTLES_NOTHING or any(begun <= one.at_s <= ended for begun, ended in killed.undone):
            continue
        before = last.get(one.url)
        if before is not None:
            kill = next(kill for kill in kills if kill > before.at_s)
            assert kill < one.at_s, f"{one.url} was fetched twice by one process"
            since = sum(before.answered_s < other.at_s < kill for other in asked)
            found.append(Again(one.url, one.status, kill - before.answered_s, since))
        last[one.url] = one
    return found


def pages_without_times(folder: Path) -> list[dict[str, Any]]:
    """What pages.jsonl says about each URL, by URL, without the moments that no two runs share."""
    pages = [json.loads(line) for line in (folder / "pages.jsonl").read_bytes().splitlines()]
    for page in pages:
        del page["visited_at"], page["timings"]
    return sorted(pages, key=lambda page: str(page["url"]))
