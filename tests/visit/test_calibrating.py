"""The visitor that chooses: when it measures and what, that it changes over once, and that no page pays for it."""

import asyncio
from collections.abc import Sequence
from itertools import count as counting
from typing import Any

import pytest

from crawler.calibrate import Choice, Measured
from crawler.fetch.canned import CannedFetcher
from crawler.model import Analysis, Answer, Failure, Fault, Job, Page, Timings, Visit
from crawler.orders import Note
from crawler.protocols import Burden, Rooms
from crawler.settings import AnalyzeSettings
from crawler.strategy import Strategy
from crawler.visit import calibrating
from crawler.visit.calibrating import Calibrating
from crawler.visit.pipeline import Pipeline
from crawler.wall.faults import WorkerCannotStart
from crawler.workers.processes import ProcessRoom
from tests.conftest import Run
from tests.visit.sharding import IMPATIENT, LONG_BYTES
from tests.workers.hearts import obey

BEGUN = Strategy("async", "processes", 2)
SHARDS = Strategy("async", "inline", 0, 2)
SLOTS, PAGES = 4, 8
WARM_S, ANALYZE_S = 0.25, 0.01
HTML = (("content-type", "text/html"),)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choices come after a few pages."""
    monkeypatch.setattr(calibrating, "PAGES", PAGES)
    monkeypatch.setattr(calibrating, "LEAST_S", 0.0)


class Desk:
    """Rooms that end each visit at once; every page takes them the same, by their own account."""

    capacity = SLOTS

    def __init__(self, *, refuses: bool = False) -> None:
        self.visited: list[str] = []
        self.is_closed = False
        self._refuses = refuses

    async def ready(self) -> None:
        if self._refuses:
            raise WorkerCannotStart("no process to be had")

    def burden(self) -> Burden:
        return Burden(0, 0, 2, ANALYZE_S * len(self.visited), len(self.visited))

    async def visit(self, job: Job) -> Visit:
        await asyncio.sleep(0)
        self.visited.append(job.url)
        answer = Answer(200, "text/html", 1, Timings(first_byte_s=WARM_S))
        return Visit(job, answer, Failure(Fault.DECODE, "x", "analyze"), 0.001 if "page" in job.url else 0.0)

    async def aclose(self) -> None:
        assert not self.is_closed
        self.is_closed = True


class Judge:
    """Chooses what it was told to, one after the other, and remembers what it was asked."""

    def __init__(self, *choices: Choice) -> None:
        self._choices = iter(choices)
        self.asked: list[tuple[Measured, Strategy, list[Strategy], int]] = []

    def __call__(self, *asked: Any) -> Choice:
        self.asked.append(asked)
        return next(self._choices)


class Opened:
    """A visitor that calibrates, and what came of it."""

    def __init__(self, others: Sequence[Strategy] = (SHARDS,), then: Rooms | None = None) -> None:
        self.first, self.next = Desk(), then or Desk()
        self.opened: list[Strategy] = []
        self.told: list[Note] = []
        self._urls = (f"http://a.test/page{n}" for n in counting())
        self.rooms = Calibrating(
            self.first, (BEGUN, *others), self._open, cores=2, left=lambda: 1_000, tell=self.told.append
        )

    async def _open(self, strategy: Strategy) -> Rooms:
        self.opened.append(strategy)
        return self.next

    async def visit(self, pages: int) -> None:
        for _ in range(pages):
            await self.rooms.visit(Job(next(self._urls)))
        for _ in range(10):
            await asyncio.sleep(0)


def judge(monkeypatch: pytest.MonkeyPatch, *choices: Choice) -> Judge:
    made = Judge(*choices)
    monkeypatch.setattr(calibrating, "choose", made)
    return made


def test_it_measures_when_it_is_warm_and_changes_over_once(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    choice = Choice(SHARDS, 1.5, "they are faster")
    judged = judge(monkeypatch, choice)

    async def crawl() -> None:
        opened = Opened()
        await opened.rooms.ready()
        for n in range(50):
            await opened.rooms.visit(Job(f"http://a.test/elsewhere{n}"))
        await opened.visit(SLOTS + PAGES - 1)
        assert not judged.asked, "what is not analysed is no page"
        await opened.visit(1)
        ((measured, now, others, left),) = judged.asked
        assert (now, others, left) == (BEGUN, [SHARDS], 1_000)
        assert (measured.slots, measured.cores) == (SLOTS, 2)
        assert measured.analyze_cpu_s == pytest.approx(ANALYZE_S)
        assert 0 <= measured.latency_s <= WARM_S
        assert measured.wall_s > 0 and measured.loop_cpu_s > 0 and measured.aside_cpu_s >= 0
        assert opened.told == [Note("chosen", "", "2 x (async + inline), because they are faster")]
        assert opened.opened == [SHARDS]
        assert opened.first.is_closed
        await opened.visit(200)
        assert len(judged.asked) == len(opened.opened) == 1
        assert isinstance(opened.next, Desk)
        assert len(opened.first.visited) == 50 + SLOTS + PAGES
        assert len(opened.next.visited) == 200
        assert opened.rooms.burden().analyzed == 250 + SLOTS + PAGES
        await opened.rooms.aclose()
        assert opened.next.is_closed

    run(crawl())


def test_a_choice_that_hangs_on_what_is_left_is_made_again(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    few = Choice(BEGUN, 1.0, "few are left", is_final=False)
    judged = judge(monkeypatch, few, few, Choice(BEGUN, 1.0, "it is the best"))

    async def crawl() -> None:
        opened = Opened()
        await opened.rooms.ready()
        for pages, times in ((SLOTS + PAGES, 1), (PAGES - 1, 1), (1, 2), (2 * PAGES - 1, 2), (1, 3), (100, 3)):
            await opened.visit(pages)
            assert len(judged.asked) == times
        assert opened.told == [Note("chosen", "", "async + processes (2), because it is the best")]
        assert not opened.opened
        await opened.rooms.aclose()

    run(crawl())


def test_what_cannot_be_opened_leaves_everything_as_it_was(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    judge(monkeypatch, Choice(SHARDS, 1.5, "they are faster"))

    async def crawl() -> None:
        refusing = Desk(refuses=True)
        opened = Opened(then=refusing)
        await opened.rooms.ready()
        await opened.visit(100)
        assert refusing.is_closed and not refusing.visited
        assert len(opened.first.visited) == 100
        assert opened.told[-1] == Note(
            "chosen",
            "",
            "async + processes (2), because 2 x (async + inline) could not be opened (no process to be had)",
        )
        await opened.rooms.aclose()
        assert opened.first.is_closed

    run(crawl())


def test_where_there_is_no_choice_none_is_measured(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    judge(monkeypatch)

    async def crawl() -> None:
        opened = Opened(others=())
        await opened.rooms.ready()
        await opened.visit(100)
        (note,) = opened.told
        assert note.text.startswith("async + processes (2), because what was asked for")
        await opened.rooms.aclose()

    run(crawl())


def test_a_bug_in_calibration_comes_out(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    judge(monkeypatch)

    async def crawl() -> None:
        opened = Opened()
        await opened.rooms.ready()
        await opened.visit(100)
        with pytest.raises(RuntimeError):  # of the judge's, that has no choice to give
            await opened.rooms.aclose()
        assert opened.first.is_closed

    run(crawl())


def test_it_may_be_closed_before_it_is_ready(run: Run[Any]) -> None:
    async def crawl() -> None:
        opened = Opened()
        await opened.rooms.aclose()
        assert opened.first.is_closed

    run(crawl())


def test_pages_that_crash_or_hang_while_it_changes_over_harm_only_themselves(
    run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rooms before and after have one worker each; the bad pages are everywhere."""
    judged = judge(monkeypatch, Choice(SHARDS, 1.5, "they are faster"))
    bad = {0: b"segfault", 5: b"segfault", 13: b"hang", 14: b"kill -9", 30: b"segfault"}
    bodies = [bad.get(n, b"fine") for n in range(48)]
    pages = {
        url: Page(url, 200, HTML, body if body == b"hang" else body.ljust(LONG_BYTES, b"\0"))
        for url, body in ((f"http://a.test/{n}", body) for n, body in enumerate(bodies))
    }

    def rooms() -> Rooms:
        settings = AnalyzeSettings(workers=1, **IMPATIENT)
        return Pipeline(CannedFetcher(pages, capacity=8), ProcessRoom(obey, settings))

    async def open_next(_strategy: Strategy) -> Rooms:
        return rooms()

    async def crawl() -> list[Visit]:
        told: list[Note] = []
        visitor = Calibrating(rooms(), (BEGUN, SHARDS), open_next, cores=2, left=lambda: 99, tell=told.append)
        await visitor.ready()
        gate = asyncio.Semaphore(visitor.capacity)

        async def visit(url: str) -> Visit:
            async with gate:
                return await visitor.visit(Job(url))

        visits = await asyncio.gather(*map(visit, pages))
        assert told == [Note("chosen", "", "2 x (async + inline), because they are faster")]
        assert judged.asked[0][0].casualties > 0
        await visitor.aclose()
        return visits

    for n, visit in enumerate(run(crawl())):
        if n in bad:
            assert isinstance(visit.outcome, Failure), n
            assert visit.outcome.fault is (Fault.HUNG if bad[n] == b"hang" else Fault.CRASHED)
        else:
            assert isinstance(visit.outcome, Analysis), n
