"""The room of interpreters: what each keeps to itself, what all share, and what an older Python says."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler import AnalyzeSettings, FetchSettings, Settings, crawl
from crawler.model import Page
from crawler.settings import INTERPRETERS_SINCE, StoreSettings
from crawler.wall.faults import WorkerCannotStart
from crawler.workers.guarded import Halves
from crawler.workers.interpreters import InterpreterRoom
from tests.conftest import Run
from tests.sites import Site
from tests.workers.hearts import count

HAS_THEM = sys.version_info >= INTERPRETERS_SINCE
HERE = pytest.mark.skipif(not HAS_THEM, reason="needs CPython 3.14")
OLDER = pytest.mark.skipif(HAS_THEM, reason="for an older Python")
PAGE = Page("http://a.test/", 200, (), b"x")


def test_a_heart_in_one_piece_is_refused() -> None:
    with pytest.raises(TypeError, match="is not in halves"):
        InterpreterRoom(count.__call__, 1)


@OLDER
def test_an_older_python_is_told_of() -> None:
    with pytest.raises(WorkerCannotStart, match=r"^analysis in interpreters needs CPython 3\.14; this is 3\.\d+$"):
        InterpreterRoom(count, 1)


@HERE
def test_interpreters_that_cannot_start_are_an_error_and_not_an_endless_wait(
    run: Run[Any], caplog: pytest.LogCaptureFixture
) -> None:

    async def analyze() -> None:
        room = InterpreterRoom(Halves(count.begin, count.complete), 2, ("no.such.module",))
        await room.ready()
        for _ in range(2):
            with pytest.raises(WorkerCannotStart, match="no interpreter could be started"):
                await room.analyze(PAGE)
        await room.aclose()

    run(analyze())
    assert "No module named 'no'" in caplog.text


HANGING = """
import asyncio, os
from crawler.model import Page
from crawler.workers.interpreters import InterpreterRoom
from tests.workers.hearts import obey

async def main():
    room = InterpreterRoom(obey, 2)
    hanging = asyncio.create_task(room.analyze(Page("http://a.test/", 200, (), b"hang")))
    pages = [Page(f"http://a.test/{n}", 200, (), b"x") for n in range(20)]
    results = await asyncio.gather(*map(room.analyze, pages))
    print(len(results), hanging.done(), flush=True)
    os._exit(0)  # nothing else ends an endless loop in another thread

asyncio.run(main())
"""


@HERE
def test_one_that_never_lets_go_of_its_gil_holds_up_neither_the_loop_nor_another() -> None:
    root = Path(__file__).parents[2]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", HANGING],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "20 False\n", done.stderr


@HERE
@pytest.mark.parametrize("parser", ["turbo", "soup"])
def test_a_crawl_with_interpreters_has_the_right_words(
    parser: str, site: Site, tmp_path: Path, run: Run[Any]
) -> None:
    settings = Settings(
        fetch=FetchSettings(connect_to=(site.connect_to,)),
        analyze=AnalyzeSettings(room="interpreters", parser=parser, workers=2),
        store=StoreSettings(out=tmp_path / "out"),
    )

    async def crawl_it() -> None:
        await crawl(str(site.seeds), settings)

    run(crawl_it())
    assert (tmp_path / "out" / "words.csv").read_bytes() == site.true_words()
