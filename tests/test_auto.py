"""`auto` from end to end: a real crawl that changes over in the middle, also one that is killed as it does so."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler import AnalyzeSettings, FetchSettings, Settings, StoreSettings, crawl
from crawler.calibrate import Choice
from crawler.model import Visit
from crawler.orders import Note
from crawler.protocols import Rooms
from crawler.report.opening import Opening
from crawler.report.summary import Summary
from crawler.strategy import Strategy
from crawler.visit import calibrating
from crawler.visit.succession import Succession
from tests.conftest import Run
from tests.sites import Site

ROOT = Path(__file__).parents[1]
SHARDS = Strategy("async", "inline", 0, 2)


@pytest.fixture
def settings(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})  # on one core there is nothing to choose
    return Settings(
        fetch=FetchSettings(room="auto", concurrency=4, connect_to=(site.connect_to,)),
        analyze=AnalyzeSettings(room="auto"),
        store=StoreSettings(out=tmp_path / "out"),
    )


@pytest.fixture
def _shards_after_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is chosen after ten pages, whatever was measured."""
    monkeypatch.setattr(calibrating, "PAGES", 6)
    monkeypatch.setattr(calibrating, "LEAST_S", 0.0)
    monkeypatch.setattr(calibrating, "choose", lambda *_: Choice(SHARDS, 2.0, "the test says so"))


def notes(out: Path) -> list[dict[str, Any]]:
    (log,) = out.glob("runs/*/log.jsonl")
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


class Watched(Succession):
    """Says when it has handed over."""

    def __init__(self, first: Rooms) -> None:
        super().__init__(first)
        self.has_handed_over = asyncio.Event()
        _made.append(self)

    async def hand_over(self, open_next: Callable[[], Awaitable[Rooms]]) -> None:
        await super().hand_over(open_next)
        self.has_handed_over.set()


_made: list[Watched] = []


@pytest.mark.usefixtures("_shards_after_ten")
def test_a_change_in_the_middle_changes_no_word(
    site: Site, settings: Settings, run: Run[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrating, "Succession", Watched)
    openings: list[Opening] = []
    told: list[Note | Visit] = []

    async def visits_after_the_change() -> int:
        visits = 0
        async for _ in crawl(site.seeds, settings, announce=openings.append, tell=told.append):
            if any(isinstance(event, Note) and event.event == "chosen" for event in told):
                await _made[-1].has_handed_over.wait()
                visits += 1
        return visits

    assert run(visits_after_the_change()) > len(site.urls) / 2
    assert (tmp_path / "out" / "words.csv").read_bytes() == site.true_words()
    assert "; begins with async + processes (" in str(openings[0])
    assert str(openings[0]).endswith("), and measures what suits it best")
    session = json.loads((tmp_path / "out" / "summary.json").read_bytes())["session"]
    assert (session["strategy"], session["chosen_because"]) == ("2 x (async + inline)", "the test says so")
    (note,) = [note for note in notes(tmp_path / "out") if note["event"] == "chosen"]
    assert note["text"] == "2 x (async + inline), because the test says so"


def test_where_a_number_was_asked_for_there_is_nothing_to_choose(
    site: Site, settings: Settings, run: Run[Any], tmp_path: Path
) -> None:
    one = replace(settings, analyze=AnalyzeSettings(room="auto", workers=1))

    async def main() -> Summary:
        return await crawl(site.seeds, one)

    summary = run(main())
    assert summary.session.strategy == "async + processes (1)"
    assert summary.session.chosen_because.startswith("what was asked for")
    assert (tmp_path / "out" / "words.csv").read_bytes() == site.true_words()


def test_a_crawl_that_ends_before_it_could_choose_says_so(settings: Settings, run: Run[Any], tmp_path: Path) -> None:
    told: list[Note | Visit] = []

    async def main() -> Summary:
        return await crawl(["http://en.crawler.test/"], settings, tell=told.append)

    session = run(main()).session
    assert session.strategy.startswith("async + processes (")
    assert session.chosen_because == "the crawl ended before enough of it could be measured"
    (said,) = [event.text for event in told if isinstance(event, Note) and event.event == "chosen"]
    (kept,) = [note["text"] for note in notes(tmp_path / "out") if note["event"] == "chosen"]
    assert said == kept == f"{session.strategy}, because {session.chosen_because}"


_CHANGING = """
import os
import signal
import sys

from crawler.__main__ import main
from crawler.calibrate import Choice
from crawler.strategy import Strategy
from crawler.visit import calibrating
from crawler.visit.shards import Shards


async def die(self):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    os.sched_getaffinity = lambda _: {0, 1}
    calibrating.PAGES, calibrating.LEAST_S = 6, 0.0
    calibrating.choose = lambda *_: Choice(Strategy("async", "inline", 0, 2), 2.0, "the test says so")
    if sys.argv.pop() == "die":
        Shards.ready = die
    sys.exit(main())
"""


def test_a_crawl_killed_as_it_changes_over_is_carried_on(site: Site, tmp_path: Path) -> None:
    """While shards open, and workers are still at it; then it changes over once more, and is not killed."""
    (tmp_path / "changing.py").write_text(_CHANGING, encoding="utf-8")
    out = tmp_path / "out"
    there = f".crawler.test::{site.process.host}:{site.process.port}"
    command = [sys.executable, str(tmp_path / "changing.py"), str(site.seeds), "--fetch", "auto", "--analyze", "auto"]
    command += ["--concurrency", "2", "--connect-to", there, "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([*command, "die"], env=environment, capture_output=True, timeout=100, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert killed.stderr.startswith(b"crawler: 2 x (async + inline), because the test says so\n")
    assert not (out / "words.csv").exists()
    done = subprocess.run([*command, "live"], env=environment, capture_output=True, timeout=100, check=True)
    assert b"Resuming run 1" in done.stdout
    assert (out / "words.csv").read_bytes() == site.true_words()
