"""What bounded a crawl is named right: crawls that are built to be bounded by one thing, and far from any other.

What is waited for takes long beside the work, so that a machine that others keep busy does not change the answer.
"""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crawler import AnalyzeSettings, FetchSettings, FrontierSettings, Settings, StoreSettings, crawl
from crawler.analyze.page import analyze
from crawler.bounds import BOUNDS
from crawler.readers import ConnectTo
from crawler.report.bounded import Bounded
from crawler.rooms import OpenRooms, Reader, open_rooms
from crawler.settings import VisitSettings
from crawler.store.changes import Step, keep
from tests.bounding import canned, compute, selfish

Answer = Callable[[str, int], tuple[bytes, float]]
"""What a server says to a path, of which so many were asked before, and after how long."""
QUIET = FrontierSettings(robots="ignore", delay_s=0.0)


def page_of(text: str, status: str = "200 OK", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {len(text)}\r\n{headers}\r\n"
    return (head + text).encode()


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[ConnectTo]:
    """A real server for every host below `.example`."""
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            said, after_s = answer(request.split()[1].decode(), asked)
            asked += 1
            await asyncio.sleep(after_s)
            writer.write(said)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as running:
        host, port = running.sockets[0].getsockname()
        yield ConnectTo(".example", None, host, port)


def crawled(
    tmp_path: Path, urls: list[str], answer: Answer, frontier: FrontierSettings, *, concurrency: int = 32
) -> Bounded:
    async def main() -> Bounded:
        async with server(answer) as there:
            settings = Settings(
                fetch=FetchSettings(connect_to=(there,), allow_private=True, concurrency=concurrency),
                analyze=AnalyzeSettings(room="inline"),
                frontier=frontier,
                store=StoreSettings(out=tmp_path / "out"),
            )
            return (await crawl(urls, settings)).bounded

    return checked(asyncio.run(main()))


def checked(bounded: Bounded) -> Bounded:
    """What holds whatever the bound is."""
    assert set(bounded.shares) == set(BOUNDS)
    assert sum(bounded.shares.values()) == pytest.approx(1.0, abs=0.01)
    assert bounded.share == max(bounded.shares.values()) == bounded.shares[bounded.by]
    assert bounded.reason and bounded.advice
    return bounded


def on(host: str, count: int) -> list[str]:
    return [f"http://{host}.example/{n}" for n in range(count)]


def plain(_path: str, _asked: int) -> tuple[bytes, float]:
    return page_of("word"), 0.0


def test_politeness_names_the_host_that_was_waited_for_longest(tmp_path: Path) -> None:
    told = crawled(tmp_path, on("brief", 2) + on("long", 7), plain, FrontierSettings(robots="ignore", delay_s=0.6))
    assert (told.by, told.hosts[0].host, told.hosts[0].why) == ("politeness", "long.example", "delay")
    assert told.hosts[0].share > 0.5
    assert {each.host for each in told.hosts} == {"brief.example", "long.example"}
    assert "jobs waited for the delay of long.example (and 1 more)" in str(told)
    assert told.advice.startswith("--delay 300ms might be up to ")
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["bounded"]["by"] == "politeness"
    assert summary["bounded"]["hosts"][0]["host"] == "long.example"
    log = [json.loads(line) for line in (tmp_path / "out/runs/1/log.jsonl").read_text().splitlines()]
    assert [line["text"] for line in log if line["event"] == "bounded"] == [str(told)]


def test_a_crawl_delay_is_its_owners(tmp_path: Path) -> None:
    def answer(path: str, _asked: int) -> tuple[bytes, float]:
        return page_of("User-agent: *\nCrawl-delay: 1" if path == "/robots.txt" else "word"), 0.0

    told = crawled(tmp_path, on("slow", 5), answer, FrontierSettings(delay_s=0.0))
    assert (told.by, told.hosts[0].host, told.hosts[0].why) == ("politeness", "slow.example", "crawl-delay")
    assert told.times_as_fast is None, "nobody advises to disobey"


def test_a_host_that_asks_to_be_left_alone_is_named(tmp_path: Path) -> None:
    def answer(_path: str, asked: int) -> tuple[bytes, float]:
        return (page_of("", "429 Too Many Requests", "retry-after: 4\r\n") if not asked else page_of("word")), 0.0

    told = crawled(tmp_path, on("busy", 2), answer, QUIET)
    assert (told.by, told.hosts[0].host, told.hosts[0].why) == ("politeness", "busy.example", "refused")


def test_latency_is_bounded_by_what_may_be_in_the_air(tmp_path: Path) -> None:
    urls = [url for n in range(16) for url in on(f"h{n}", 2)]
    told = crawled(tmp_path, urls, lambda _path, _asked: (page_of("word"), 0.5), QUIET, concurrency=4)
    assert told.by == "latency"
    assert "all 4 pages in the air waited for bytes" in told.reason
    assert told.advice.startswith("--concurrency 8 might be up to ")
    assert told.times_as_fast is not None and told.times_as_fast > 1.4


def test_a_page_that_is_all_there_is_bounds_nothing(tmp_path: Path) -> None:
    told = crawled(tmp_path, on("only", 1), lambda _path, _asked: (page_of("word"), 3.0), QUIET)
    assert (told.by, told.hosts, told.times_as_fast) == ("end", (), None)


def at_once(
    out: Path, pages: int, reader: Reader, room: str, *, shards: int = 0, workers: int = 0
) -> tuple[list[str], Settings, OpenRooms]:
    """What to crawl, how, and in which rooms, when all pages come at once."""
    urls = [url for n in range(20) for url in on(f"h{n}", pages // 20)]
    settings = Settings(
        fetch=FetchSettings(concurrency=8),
        analyze=AnalyzeSettings(room=room, workers=workers),
        visit=VisitSettings(shards=shards),
        frontier=replace(QUIET, per_host=8),
        store=StoreSettings(out=out),
    )
    return urls, settings, partial(open_rooms, reader=reader, fetcher=partial(canned, urls))


@pytest.mark.parametrize(
    ("room", "shards", "by", "advice"),
    [
        ("processes", 0, "analysis", ""),
        ("threads", 0, "analysis", "--analyze processes"),
        ("inline", 0, "loop", "--analyze processes"),
        ("processes", 2, "analysis", ""),
    ],
)
def test_pages_that_take_their_time_to_be_analysed(
    room: str, shards: int, by: str, advice: str, tmp_path: Path
) -> None:
    urls, settings, rooms = at_once(
        tmp_path / "out", 20 * (shards or 1), compute, room, shards=shards, workers=0 if shards else 1
    )

    async def main() -> Bounded:
        return (await crawl(urls, settings, rooms=rooms)).bounded

    told = checked(asyncio.run(main()))
    assert told.by == by, told
    assert told.advice.startswith(advice), told


def test_a_fetcher_that_keeps_the_loop_to_itself(tmp_path: Path) -> None:
    urls, settings, _ = at_once(tmp_path / "out", 20, analyze, "threads", workers=1)
    rooms = partial(open_rooms, fetcher=partial(selfish, urls))

    async def main() -> Bounded:
        return (await crawl(urls, settings, rooms=rooms)).bounded

    told = checked(asyncio.run(main()))
    assert told.by == "loop", told
    assert "for analysis" not in told.reason


def test_a_disk_that_takes_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound on what waits for the disk is lowered, or it would take thousands of pages to get there."""
    monkeypatch.setattr("crawler.store.recorder._MAX_PENDING", 16)
    monkeypatch.setattr("crawler.store.database.keep", keep_slowly)
    urls, settings, rooms = at_once(tmp_path / "out", 80, analyze, "inline")

    async def main() -> Bounded:
        return (await crawl(urls, settings, rooms=rooms)).bounded

    told = checked(asyncio.run(main()))
    assert told.by == "disk", told


def keep_slowly(connection: sqlite3.Connection, run: int, batch: list[Step]) -> bytes:
    """In the database's thread, within its transaction."""
    time.sleep(0.3)
    return keep(connection, run, batch)


def test_whoever_takes_the_visits_may_take_their_time(tmp_path: Path) -> None:
    urls, settings, rooms = at_once(tmp_path / "out", 40, analyze, "inline")

    async def main() -> Bounded:
        job = crawl(urls, settings, rooms=rooms)
        async for _ in job:
            await asyncio.sleep(0.1)
        assert job.summary is not None
        return job.summary.bounded

    assert checked(asyncio.run(main())).by == "caller"
