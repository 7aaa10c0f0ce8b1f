"""The Python API: await it or iterate over it, from a script or from a notebook's running loop."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crawler import FetchSettings, FrontierSettings, Settings, StoreSettings, crawl
from crawler.canonical import canonicalizer
from crawler.fetch.canned import CannedFetcher
from crawler.model import Analysis, Failure, Fault, Page, Redirect, Visit
from crawler.orders import Note
from crawler.report.opening import Opening
from crawler.rooms import open_rooms
from crawler.seeds import UnusableSeeds
from crawler.settings import DEFAULT_STRIPPED
from crawler.store.faults import FolderInUse, UnusableFolder
from tests.conftest import Run
from tests.sites import Site


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> Settings:
    return Settings(fetch=FetchSettings(connect_to=(site.connect_to,)), store=StoreSettings(out=tmp_path / "out"))


def test_a_crawl_is_awaited_for_its_summary(site: Site, settings: Settings, run: Run[Any], tmp_path: Path) -> None:
    said: list[Opening] = []

    async def main() -> None:
        job = crawl(site.urls[:5], settings, announce=said.append)
        summary = await job
        assert summary == job.summary
        assert (summary.totals.urls, summary.totals.analyzed, summary.is_complete) == (5, 5, True)

    run(main())
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["totals"]["urls"] == 5
    assert said[0].left == 5
    assert str(said[0]).startswith("Run 1: 5 URLs, from the given list to ")


def test_visits_come_as_they_end(site: Site, settings: Settings, run: Run[Any]) -> None:
    truth = site.truth()
    canonical = canonicalizer(DEFAULT_STRIPPED)

    async def main() -> None:
        visits = {visit.job.url: visit async for visit in crawl(site.seeds, settings)}
        assert set(visits) == set(site.urls)
        for url, page in truth["pages"].items():
            outcome = visits[url].outcome
            assert isinstance(outcome, Analysis)
            assert outcome.words == page["words"]
            followed = [canonical(link) for link in page["links"] if link not in page["nofollow"]]
            assert set(outcome.links) == set(followed)
        for url, target in truth["redirects"].items():
            assert visits[url].outcome == Redirect(target)
        for url in truth["errors"]:
            outcome = visits[url].outcome
            assert isinstance(outcome, Failure) and outcome.fault is Fault.STATUS

    run(main())


def test_who_opens_the_rooms_can_be_given_and_the_end_is_told_once_all_is_stored(
    site: Site, settings: Settings, run: Run[Any], tmp_path: Path
) -> None:
    rude = replace(settings, frontier=FrontierSettings(robots="ignore", delay_s=0.0))

    class Ended(Exception):
        pass

    def tell(event: Note | Visit) -> None:
        if isinstance(event, Note) and event.event == "end":
            raise Ended

    async def main() -> None:
        canned = {url: Page(url, 200, (), b"canned") for url in site.urls[:5]}
        rooms = partial(open_rooms, fetcher=lambda _settings: CannedFetcher(canned))
        with pytest.raises(Ended):
            await crawl(site.urls[:5], rude, tell=tell, rooms=rooms)

    run(main())
    with closing(sqlite3.connect(tmp_path / "out" / "crawl.db")) as connection:
        assert connection.execute("SELECT count(*) FROM pages WHERE tokens = 1").fetchone() == (5,)


def test_leaving_the_loop_early_ends_the_crawl_and_lets_go_of_the_folder(
    site: Site, settings: Settings, run: Run[Any]
) -> None:
    async def main() -> None:
        visits = aiter(crawl(site.seeds, settings))
        first = await anext(visits)
        assert isinstance(visits, AsyncGenerator)
        await visits.aclose()
        rest = [visit.job.url async for visit in crawl(site.seeds, settings)]
        assert len(rest) < len(site.urls)
        assert first.job.url not in rest, "the second crawl carries on"

    run(main())


def test_a_crawl_can_be_stopped_and_carried_on(site: Site, settings: Settings, run: Run[Any]) -> None:
    async def main() -> None:
        job = crawl(site.seeds, settings)
        async for _ in job:
            job.stop()
        assert job.summary is not None
        assert (job.summary.is_complete, job.summary.session.stopped_by) == (False, "caller")
        assert job.summary.exit_code == 0
        summary = await crawl(site.seeds, settings)
        assert summary.is_complete
        assert summary.totals.urls == len(site.urls)

    run(main())


def test_two_crawls_at_once_need_two_folders(site: Site, settings: Settings, run: Run[Any]) -> None:
    async def main() -> None:
        results = await asyncio.gather(*(crawl(site.seeds, settings) for _ in range(2)), return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["FolderInUse", "Summary"]
        assert any(isinstance(result, FolderInUse) for result in results)

    run(main())


def test_what_cannot_be_crawled_is_an_exception(settings: Settings, run: Run[Any], tmp_path: Path) -> None:
    async def main() -> None:
        with pytest.raises(UnusableSeeds, match="No such file or directory"):
            await crawl(tmp_path / "none.txt", settings)
        with pytest.raises(UnusableSeeds, match="no URLs in it"):
            await crawl([], settings)
        with pytest.raises(UnusableSeeds, match="the scheme 'ftp'"):
            await crawl("ftp://a.test/", settings)
        nowhere = Settings(store=StoreSettings(out=tmp_path / "file" / "out"))
        with pytest.raises(UnusableFolder, match="Not a directory"):
            await crawl(["http://a.test/"], nowhere)

    (tmp_path / "file").touch()
    run(main())


def test_a_header_in_no_charset_costs_nothing(run: Run[Any], tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        kind = b"text/html" if b"GET /page" in asked else b"text/\xff\xfe"
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nX: caf\xe9\r\nContent-Length: 2\r\n\r\nhi" % kind)
        await writer.drain()
        writer.close()

    async def main(room: str) -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            settings = Settings(fetch=FetchSettings(room=room), store=StoreSettings(out=tmp_path / room))
            summary = await crawl([f"http://127.0.0.1:{port}/page", f"http://127.0.0.1:{port}/odd"], settings)
        assert (summary.totals.analyzed, summary.totals.faults) == (1, {"content_type": 1})

    for room in ("async", "threads"):
        run(main(room))
