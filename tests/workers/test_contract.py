"""What every worker room promises; a room cannot be added to the catalog without being tested here."""

import asyncio
from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault, Kind, Page
from crawler.protocols import Analyzer
from crawler.settings import AnalyzeSettings
from crawler.workers.catalog import ROOMS, load_room
from crawler.workers.guarded import Heart
from tests.conftest import Run
from tests.workers.deeds import COMPUTE_S
from tests.workers.hearts import count, obey, read_by_kind
from tests.workers.rooms import HERE


def settings(room: str, **changes: Any) -> AnalyzeSettings:
    return AnalyzeSettings(room=room, **{"workers": 2, **changes})


def open_room(heart: Heart, settings: AnalyzeSettings) -> Analyzer:
    return load_room(settings.room)(heart, settings, ())


def page(number: int, body: bytes = b"x" * 500, kind: Kind = "page") -> Page:
    return Page(f"http://a.test/{number}", 200, (("content-type", "text/html"),), body, kind=kind)


ALL = [pytest.param(name, marks=[] if name in HERE else pytest.mark.skip("needs CPython 3.14")) for name in ROOMS]


@pytest.fixture(params=ALL)
def room(request: pytest.FixtureRequest) -> str:
    load_room(request.param)  # imports block, so not on a test's loop
    return str(request.param)


def test_a_room_gives_what_the_heart_says_to_each_page_its_own(room: str, run: Run[Any]) -> None:
    async def analyze_many() -> None:
        analyzer = open_room(count, settings(room))
        pages = [page(n, b"x" * n) for n in range(60)]
        results = await asyncio.gather(*map(analyzer.analyze, pages))
        await analyzer.aclose()
        assert results == [count(p) for p in pages]

    run(analyze_many())


def test_whatever_kind_of_page_it_is_what_is_read_comes_back_whole(room: str, run: Run[Any]) -> None:
    async def analyze_kinds() -> None:
        analyzer = open_room(read_by_kind, settings(room))
        pages = [page(1), page(2, kind="robots"), page(3, kind="sitemap")]
        results = await asyncio.gather(*map(analyzer.analyze, pages))
        await analyzer.aclose()
        assert results == [read_by_kind(p) for p in pages]

    run(analyze_kinds())


def test_a_bug_met_on_one_page_is_that_pages_failure(room: str, run: Run[Any]) -> None:
    async def analyze_bug() -> None:
        analyzer = open_room(obey, settings(room))
        good, bad = await asyncio.gather(analyzer.analyze(page(1)), analyzer.analyze(page(2, b"bug")))
        await analyzer.aclose()
        assert isinstance(good, Analysis)
        assert isinstance(bad, Failure)
        assert (bad.fault, bad.stage) == (Fault.CRASHED, "analyze")
        assert bad.text.startswith("ZeroDivisionError: a bug of ours (in obey, line ")

    run(analyze_bug())


def test_a_page_that_runs_out_of_memory_says_so(room: str, run: Run[Any]) -> None:
    async def analyze_balloon() -> None:
        analyzer = open_room(obey, settings(room, max_growth_bytes=2**28))
        good, bad = await asyncio.gather(analyzer.analyze(page(1)), analyzer.analyze(page(2, b"no memory")))
        await analyzer.aclose()
        assert isinstance(good, Analysis)
        assert isinstance(bad, Failure)
        assert (bad.fault, bad.stage) == (Fault.MEMORY, "analyze")

    run(analyze_balloon())


def test_a_room_counts_its_cpu_wherever_it_is_spent(room: str, run: Run[Any]) -> None:
    async def analyze_busily() -> None:
        analyzer = open_room(obey, settings(room))
        assert analyzer.cpu_s == 0.0
        results = await asyncio.gather(*(analyzer.analyze(page(n, b"compute")) for n in range(4)))
        spent_s = sum(result.tokens for result in results if isinstance(result, Analysis)) / 1_000_000
        assert spent_s >= 4 * COMPUTE_S - 0.001
        assert spent_s - 0.001 <= analyzer.cpu_s < 2 * spent_s
        assert analyzer.inline_s >= 4 * COMPUTE_S if room == "inline" else analyzer.inline_s == 0.0
        assert analyzer.slots == (1 if room == "inline" else 2)
        await analyzer.aclose()

    run(analyze_busily())


def test_a_room_closes_without_having_worked(room: str, run: Run[Any]) -> None:
    async def open_and_close() -> None:
        await open_room(count, settings(room)).aclose()

    run(open_and_close())


def test_only_processes_promise_isolation() -> None:
    async def traits() -> dict[str, tuple[bool, bool]]:
        rooms = {name: open_room(count, settings(name)) for name in HERE}
        for analyzer in rooms.values():
            await analyzer.aclose()
        return {name: (room.traits.isolates, room.traits.blocks_loop) for name, room in rooms.items()}

    assert asyncio.run(traits()) == {name: (True, False) if name == "processes" else (False, True) for name in HERE}
