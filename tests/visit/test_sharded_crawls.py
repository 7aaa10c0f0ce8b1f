"""Whole crawls by shards, seen from outside: the same words, the same manners, and each secret to its own host."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Coroutine
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

HOLD_S, DELAY_S = 0.5, 0.2


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
        self._here = self._came = self.most = 0

    def pass_through(self, _connection: socket.socket) -> None:
        with self._change:
            self._came += 1
            self._here += 1
            self.most = max(self.most, self._here)
            self._change.notify_all()
            assert self._change.wait_for(lambda: self.most > 1, PATIENCE_S), "one after the other"
            is_of_the_first = self._came == 2
        if is_of_the_first:
            time.sleep(HOLD_S)
        with self._change:
            self._here -= 1


def paths_asked(step: Callable[[socket.socket], None], out: Path, delay_s: float) -> list[bytes]:
    """What four shards ask one host for, two requests at once at most; this step comes before each answer."""
    pages = {str(number): (step, ok("Content-Length: 1", body=b"x")) for number in range(8)}
    robots = (step, ok("Content-Type: text/plain", "Content-Length: 0"))
    with Wire({**pages, "robots.txt": robots}) as wire:
        there = ConnectTo(".example", None, "127.0.0.1", wire.port)
        settings = Settings(
            fetch=FetchSettings(concurrency=4, timeout_s=PATIENCE_S, connect_to=(there,)),
            visit=VisitSettings(4),
            frontier=FrontierSettings(delay_s=delay_s, per_host=2),
            store=StoreSettings(out=out),
        )
        to_the_end(whole([f"http://a.example/{number}" for number in pages], settings))
        paths = [request.split(b" ", 2)[1] for request in wire.requests]
        assert wire.connections > 1
    assert paths[0] == b"/robots.txt" and len(set(paths)) == len(paths) == 9
    return paths


def test_a_host_sees_no_more_requests_at_once_however_many_shards_there_are(tmp_path: Path) -> None:
    """Two may be in the air and a shard takes one, so every other request comes from another process."""
    door = Door()
    at_robots = iter([True])

    def come(connection: socket.socket) -> None:
        if not next(at_robots, False):
            door.pass_through(connection)

    paths_asked(come, tmp_path, delay_s=0.0)
    assert door.most == 2


def test_a_host_sees_one_delay_however_many_shards_there_are(tmp_path: Path) -> None:
    """The first page is answered last, so that the others are asked for by other shards than its own."""
    came_at: list[float] = []
    change = threading.Condition()

    def come(_connection: socket.socket) -> None:
        with change:
            came_at.append(time.monotonic())
            change.notify_all()
            if len(came_at) == 2:
                assert change.wait_for(lambda: len(came_at) == 9, PATIENCE_S)

    pauses = len(paths_asked(come, tmp_path, DELAY_S)) - 2
    assert came_at[-1] - came_at[0] >= pauses * DELAY_S, "from the answer to robots.txt to the last page"


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
