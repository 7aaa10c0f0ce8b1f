"""Steps as a frontier takes them, and a run on real files that they can be handed to."""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, closing, suppress
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.model import Analysis, Answer, Job, Outcome, Timings, Visit, pack
from crawler.orders import WAITING, Ended, Found, Settled, state_of
from crawler.store import beginning, changes, expiry
from crawler.store.beginning import Run
from crawler.store.closing import close
from crawler.store.faults import OutputError
from crawler.store.files import write_whole
from crawler.store.folder import Folder
from crawler.store.recorder import Recorder
from crawler.store.results import CLOSED, page_lines
from crawler.store.wordlist import WordList
from crawler.urls import host

ANSWER = Answer(200, "text/html", 1234, Timings(0.001, 0.002, 0.003, 0.004))
MAX_REDIRECTS = 3


def text(
    words: Mapping[str, int], *, links: Iterable[str] = (), digest: bytes = b"", is_noindex: bool = False
) -> Analysis:
    """What a page says that holds these words."""
    top = tuple(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:2])
    told = ("utf-8", "A title", "ja", sum(words.values()), len(words), top)
    return Analysis(*told, pack(dict(words)), pack(list(links)), digest, is_noindex)


def found(number: int, url: str, depth: int = 0, hops: int = 0, state: str = WAITING) -> Found:
    reason = None if state == WAITING else f"it is {state}"
    return Found(number, url, host(url), depth, hops, state, reason, None, None)


def ended(
    number: int, url: str, outcome: Outcome, depth: int = 0, hops: int = 0, answer: Answer | None = ANSWER
) -> Settled:
    """The visit in which a known URL ends."""
    visit = Visit(Job(url, depth, hops, id=number), answer, outcome, 0.25)
    return Settled(visit, [Ended(number, *state_of(visit))])


def visited(
    number: int, url: str, outcome: Outcome, depth: int = 0, hops: int = 0, answer: Answer | None = ANSWER
) -> Settled:
    """A URL found and visited in one step."""
    settled = ended(number, url, outcome, depth, hops, answer)
    return Settled(settled.visit, [found(number, url, depth, hops), *settled.changes])


class Clock(datetime):
    """A time of day that passes only when it is told to."""

    at = 1_700_000_000

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Clock":
        return cls.fromtimestamp(cls.at, tz)

    @classmethod
    def set(cls, patch: pytest.MonkeyPatch) -> None:
        """Let the store go by this clock."""
        patch.setattr(changes, "datetime", cls)
        patch.setattr(beginning, "datetime", cls)
        patch.setattr(expiry, "datetime", cls)
        patch.setattr(cls, "at", cls.at)


class Session(NamedTuple):
    """One start of the program within a run."""

    folder: Folder
    run: Run
    recorder: Recorder


@asynccontextmanager
async def session(path: Path, *, interval_s: float = 0.001, is_doomed: bool = False) -> AsyncIterator[Session]:
    """A session, open; the disk of a doomed one fails, so that its end says nothing new."""
    folder = await Folder.open(path, "seeds")
    try:
        run = await folder.database.begin_run(b"digest")
        recorder = Recorder(folder.database, path, run.id, interval_s)
        await recorder.begin()
        try:
            yield Session(folder, run, recorder)
        finally:
            with suppress(*[OutputError] * is_doomed):
                await recorder.aclose()
    finally:
        await folder.aclose()


async def record(path: Path, steps: Iterable[Settled]) -> None:
    """One session that takes these steps and ends before its run does."""
    async with session(path) as (_, _, recorder):
        for step in steps:
            await recorder.keep(step)


async def conclude(path: Path, *, finish: bool = False) -> WordList:
    """Derive the results of the last run."""
    folder = await Folder.open(path, "seeds")
    try:
        stored = folder.database
        number = await stored.call(lambda connection: connection.execute("SELECT max(id) FROM runs").fetchone()[0])
        await stored.call(lambda connection: close(connection, number, MAX_REDIRECTS))
        lines = stored.stream(lambda connection: page_lines(connection, number, CLOSED))
        await write_whole(path / "pages.jsonl", lines)
        words = WordList(number, 2)
        await write_whole(path / "words.csv", stored.stream(words.lines))
        if finish:
            await stored.finish_run(number)
    finally:
        await folder.aclose()
    return words


def ask(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the folder's database, as another program reads them."""
    with closing(sqlite3.connect(path / "crawl.db")) as connection:
        return connection.execute(query, values).fetchall()
