"""The access log: every request, when it came, what came of it, and those that nobody waited for."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.site.access import MOST_WAITING, AccessLog
from crawler.site.process import ROOT, SiteStartError, start_site
from crawler.site.settings import SiteSettings
from tests.site.asking import ask, raw

Eventually = Callable[[Callable[[], bool]], None]
SLOW = SiteSettings(pages=10, max_kb=3, latency="fixed:40ms")


def lines(path: Path) -> list[list[str]]:
    return [line.split(" ") for line in path.read_text(encoding="latin-1").splitlines()]


def test_every_request_is_one_line_with_its_times_and_what_came_of_it(tmp_path: Path, eventually: Eventually) -> None:
    path = tmp_path / "access.log"
    before = time.time()
    with start_site(SLOW, access_log=path) as site:
        client = http.client.HTTPConnection(site.host, site.port, timeout=60)
        for url in ("http://en.crawler.test/", "http://ja.crawler.test/gone/0", "http://nowhere.test/x"):
            ask(client, url)
        client.close()
        raw(site, b"nonsense\r\n\r\n")
        eventually(lambda: len(lines(path)) == 4)
    told = lines(path)
    assert [line[2:] for line in told] == [
        ["en.crawler.test", "/", "200"],
        ["ja.crawler.test", "/gone/0", "500"],
        ["nowhere.test", "/x", "404"],
        ["-", "/", "400"],
    ]
    assert before * 1000 - 1 <= int(told[0][0]) <= int(told[-1][0]) <= time.time() * 1000 + 1
    assert int(told[0][1]) >= 39, "asked and answered are two times"


def test_who_went_away_before_the_answer_is_told(tmp_path: Path, eventually: Eventually) -> None:
    path = tmp_path / "access.log"
    with start_site(replace(SLOW, latency="fixed:60s"), access_log=path) as site:
        with socket.create_connection((site.host, site.port), timeout=60) as plug:
            plug.sendall(b"GET /?gone HTTP/1.1\r\nHost: de.crawler.test\r\n\r\n")
        eventually(lambda: len(lines(path)) == 1)
    assert [line[2:] for line in lines(path)] == [["de.crawler.test", "/?gone", "499"]]


def test_the_log_is_carried_on_and_the_command_line_has_it(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text("1 2 a / 200\n")
    command = [sys.executable, "-m", "crawler", "site", "--port", "0", "--access-log", str(path), "--pages", "10"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split("/")[2]
        client = http.client.HTTPConnection(address, timeout=60)
        ask(client, "http://en.crawler.test/seeds.txt")
        client.close()
        process.terminate()
    assert process.returncode == 0
    assert [line[2:] for line in lines(path)] == [["a", "/", "200"], ["en.crawler.test", "/seeds.txt", "200"]]


def test_a_log_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(SiteStartError, match=r"the site cannot start: .*Is a directory"):
        start_site(SLOW, access_log=tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "site", "--port", "0", "--access-log", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (2, f"crawler: {tmp_path}: Is a directory; give another --access-log\n")


def test_a_disk_that_is_full_is_said_at_the_end_and_lines_do_not_pile_up() -> None:
    async def fill() -> None:
        async with AccessLog(Path("/dev/full")) as log:
            for _ in range(MOST_WAITING + 5):
                log.note("en.crawler.test", "/", 200, time.time())
            assert len(log._lines) == MOST_WAITING

    async def overflow() -> None:
        with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
            await fill()

    asyncio.run(overflow())


def test_lines_that_were_lost_are_counted(tmp_path: Path) -> None:
    async def overflow() -> None:
        async with await asyncio.to_thread(AccessLog, tmp_path / "log") as log:
            for _ in range(MOST_WAITING + 5):
                log.note("en.crawler.test", "/", 200, time.time())

    asyncio.run(overflow())
    *kept, last = (tmp_path / "log").read_text().splitlines()
    assert (len(kept), last) == (MOST_WAITING, "# 5 requests are missing here")
