"""Whole crawls by shards, seen from outside: the same words, the same manners, and each secret to its own host."""

import asyncio
import json
import math
import socket
import threading
import time
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crawler import FetchSettings, FrontierSettings, RunSettings, Settings, StoreSettings, VisitSettings, crawl, loop
from crawler.cli.main import run_command
from crawler.model import Failure, Job, Page, Reading
from crawler.readers import ConnectTo
from crawler.report.summary import Summary
from crawler.report.text import last_line
from crawler.rooms import open_rooms
from crawler.settings import AnalyzeSettings
from tests.fetch.answers import ok
from tests.fetch.wire import PATIENCE_S, Wire
from tests.sites import Site
from tests.visit.sharding import Spoken
from tests.workers.hearts import obey

HOLD_S, DELAY_S = 0.5, 0.1


def to_the_end(crawling: Coroutine[Any, Any, Summary], loop_name: str = "uvloop") -> Summary:
    return loop.run(crawling, loop_name)


async def whole(seeds: Any, settings: Settings, **more: Any) -> Summary:
    return await crawl(seeds, settings, **more)


@pytest.mark.parametrize(
    ("fetch", "loop_name", "shards"),
    [("async", "uvloop", 2), ("async", "asyncio", 3), ("threads", "uvloop", 2), ("sequential", "asyncio", 2)],
)
def test_the_words_are_true_whoever_fetches(
    fetch: str, loop_name: str, shards: int, site: Site, tmp_path: Path
) -> None:
    settings = Settings(
        fetch=FetchSettings(room=fetch, concurrency=16, connect_to=(site.connect_to,)),
        visit=VisitSettings(shards),
        run=RunSettings(loop=loop_name),
        store=StoreSettings(out=tmp_path),
    )
    summary = to_the_end(whole(site.seeds, settings), loop_name)
    assert summary.is_balanced and summary.session.refetched == 0
    assert (tmp_path / "words.csv").read_bytes() == site.true_words()


class InCompany(Spoken):
    """A fetcher that keeps innocents until a shard has fallen, and the page that fells it until one is beside it.

    So a shard never falls with nobody else in it, whichever of them comes to which shard first.
    """

    fallen: Path

    def __init__(self, fallen: Path, settings: FetchSettings) -> None:
        super().__init__(settings)
        InCompany.fallen = fallen
        self._innocents = 0

    async def fetch(self, job: Job) -> Page | Failure:
        is_innocent = not job.url.endswith(("segfault", "bug"))
        self._innocents += is_innocent
        while not self.fallen.exists() and (is_innocent or not self._innocents):
            await asyncio.sleep(0.005)
        self._innocents -= is_innocent
        return await super().fetch(job)


def read(page: Page, settings: AnalyzeSettings) -> Reading:
    """An analysis that does what the page says, and says so before it falls."""
    if page.body.startswith(b"segfault"):
        InCompany.fallen.touch()
    return obey(page)


def test_innocents_are_fetched_again_and_the_summary_the_last_line_and_the_log_say_so(tmp_path: Path) -> None:
    urls = [f"http://{host}.test/{page}" for host in "ab" for page in ("x", "segfault", "y", "z", "bug", "w")]
    settings = Settings(
        fetch=FetchSettings(concurrency=8),
        visit=VisitSettings(2),
        frontier=FrontierSettings(robots="ignore", delay_s=0.0, per_host=8),
        store=StoreSettings(out=tmp_path / "out"),
    )
    in_company = partial(InCompany, tmp_path / "fallen")
    summary = to_the_end(whole(urls, settings, rooms=partial(open_rooms, reader=read, fetcher=in_company)))
    assert summary.totals.states == {"analysed": 8, "failed": 4}
    assert summary.totals.faults == {"crashed": 4}
    assert summary.exit_code == 3
    notes = [json.loads(line) for line in (tmp_path / "out" / "runs" / "1" / "log.jsonl").read_bytes().splitlines()]
    lost = [note["text"] for note in notes if note["event"] == "shard-lost"]
    assert 1 <= len(lost) <= 2
    said = "a shard died of signal 11 (SIGSEGV); URLs in it, to be visited again alone: "
    assert all(text.startswith(said) for text in lost)
    again = [note for note in notes if note["event"] == "refetched"]
    assert not any("segfault" in note["text"] for note in again)
    assert summary.session.refetched == len(again) > 0
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["session"]["refetched"] == len(again)
    assert f", {len(again)} innocent pages fetched again in " in last_line(summary)


class Door:
    """Lets nobody through until two have come, and keeps these two until a third would have come too."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._here = 0
        self.most = 0
        self.came_at: list[float] = []
        self.opened_at = math.inf

    def pass_through(self, _connection: socket.socket) -> None:
        with self._change:
            self.came_at.append(time.monotonic())
            self._here += 1
            self.most = max(self.most, self._here)
            self._change.notify_all()
            assert self._change.wait_for(lambda: self.most > 1, PATIENCE_S), "one after the other"
            is_first = len(self.came_at) == 2
        if is_first:
            time.sleep(HOLD_S)
        with self._change:
            self.opened_at = min(self.opened_at, time.monotonic())
            self._here -= 1


def test_a_host_sees_one_polite_crawler_however_many_shards_there_are(tmp_path: Path) -> None:
    """Two may be in the air and a shard takes one, so every other request comes from another process."""
    door = Door()
    pages = {str(number): (door.pass_through, ok("Content-Length: 1", body=b"x")) for number in range(8)}
    robots = (ok("Content-Type: text/plain", "Content-Length: 0"),)
    with Wire({**pages, "robots.txt": robots}) as wire:
        settings = Settings(
            fetch=FetchSettings(
                concurrency=4, timeout_s=PATIENCE_S, connect_to=(ConnectTo(".example", None, "127.0.0.1", wire.port),)
            ),
            visit=VisitSettings(4),
            frontier=FrontierSettings(delay_s=DELAY_S, per_host=2),
            store=StoreSettings(out=tmp_path),
        )
        to_the_end(whole([f"http://a.example/{number}" for number in pages], settings))
        paths = [request.split(b" ", 2)[1] for request in wire.requests]
        assert wire.connections > 1
    assert paths[0] == b"/robots.txt" and len(set(paths)) == len(paths) == 9
    assert door.most == 2
    assert door.came_at[-1] - door.opened_at >= (len(pages) - 3) * DELAY_S, "the third may have been due by then"


def test_a_secret_reaches_the_host_it_is_for_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("".join(f"http://{host}.test/{number}\n" for host in ("own", "other") for number in range(6)))
    answer = (ok("Content-Type: text/plain", "Content-Length: 1", body=b"x"),)
    with Wire(dict.fromkeys([*map(str, range(6)), "robots.txt"], answer)) as wire:
        there = f".test::127.0.0.1:{wire.port}"
        code = run_command(
            [str(seeds), "--connect-to", there, "--shards", "2", "--delay", "0", "--header", "own.test X-Key: s3cret"]
        )
        requests = wire.requests
    assert code == 0
    assert len(requests) == 14
    for request in requests:
        assert (b"X-Key: s3cret" in request) == (b"Host: own.test" in request)
    out, err = capfd.readouterr()
    assert "2 x (async + inline)" in out
    assert "s3cret" not in out + err
    assert not any(b"s3cret" in path.read_bytes() for path in Path("output").rglob("*") if path.is_file())
