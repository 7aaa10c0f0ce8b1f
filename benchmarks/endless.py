"""A website without end, crawled for a long time, to see whether anything grows that should not (Linux only).

    python -m benchmarks.endless                                   100,000 pages, async
    python -m benchmarks.endless --pages 20000 --fetch threads
    python -m benchmarks.endless --bodies                          pages as large as they may be

Every page of the site links to ten new ones and to ten old ones, on twenty hosts. The crawl is looked at each second:
resident memory of its main process and of its largest worker, descriptors and threads of the main process. A row is
printed for every tenth of the pages. With `--bodies` a page is as large as may be read by default, so that the main
process holds as many bodies as it ever will.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from crawler.compare.tree import family
from crawler.settings import FetchSettings

HOSTS = 20
LINKS = 10
WORDS = [f"{a}{b}{n}" for a in ("ka", "mo", "ri", "ta", "ne") for b in ("lun", "ber", "sol") for n in range(400)]
WORDS_A_PAGE = 1_500
LOOK_EVERY_S = 1.0
LARGEST = FetchSettings().max_body_bytes
CONCURRENCY = FetchSettings().concurrency


class Look(NamedTuple):
    """The crawl at a moment; memory is resident."""

    pages: int
    main_mb: float
    worker_mb: float
    descriptors: int
    threads: int


def main() -> None:
    options = _parser().parse_args()
    if options.serve:
        asyncio.run(_serve(LARGEST if options.bodies else 0))
        return
    pages = 2 * CONCURRENCY if options.bodies else options.pages
    start = time.perf_counter()
    looks, summary = _crawl(pages, options.fetch, ["--bodies"] * options.bodies)
    seconds = time.perf_counter() - start
    print("    pages   main MB   largest worker MB   descriptors   threads")
    for look in _tenths(looks, pages):
        print(
            f"{look.pages:>9,}   {look.main_mb:>7.0f}   {look.worker_mb:>17.0f}"
            f"   {look.descriptors:>11}   {look.threads:>7}"
        )
    peak = max(look.main_mb for look in looks)
    print(f"peak of the main process {peak:.0f} MB; {summary['discovered']:,} URLs known; {seconds:.0f} s")
    if options.bodies:
        print(f"{CONCURRENCY} bodies of {LARGEST / 1e6:.1f} MB are {CONCURRENCY * LARGEST / 1e6:.0f} MB")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.endless")
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--fetch", default="async")
    parser.add_argument("--bodies", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    return parser


def _tenths(looks: list[Look], pages: int) -> Iterator[Look]:
    due = 0
    for look in looks:
        if look.pages * 10 >= due * pages:
            yield look
            due = look.pages * 10 // pages + 1


def _crawl(pages: int, fetch: str, flags: list[str]) -> tuple[list[Look], dict[str, Any]]:
    with _served(flags) as port, tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "crawler", "http://h0.crawler.test/0", "--out", folder, "--json"),
            *("--connect-to", f".crawler.test::127.0.0.1:{port}", "--scope", "any", "--depth", "500"),
            *("--max-pages", str(pages), "--fetch", fetch),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        looks = []
        while process.poll() is None:
            time.sleep(LOOK_EVERY_S)
            looks += _look(process.pid, Path(folder) / "crawl.db")
        stdout, _ = process.communicate()
    return looks, json.loads(stdout)


def _look(pid: int, database: Path) -> list[Look]:
    """How the crawl stands, or nothing if it has not begun or has just ended."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            pages = connection.execute("SELECT count(*) FROM pages").fetchone()[0]
        status = Path(f"/proc/{pid}/status").read_text()
        threads = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:"))
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        workers = max((_resident_mb(child) for child in family(pid) if child != pid), default=0.0)
        return [Look(pages, _resident_mb(pid), workers, descriptors, threads)]
    except (OSError, sqlite3.OperationalError):
        return []


def _resident_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmRSS:")), 0.0)


@contextmanager
def _served(flags: list[str]) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.endless", "--serve", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as site:
        assert site.stdout is not None
        try:
            yield int(site.stdout.readline())
        finally:
            site.terminate()


class _Endless(asyncio.Protocol):
    def __init__(self, least_bytes: int) -> None:
        self._least_bytes = least_bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        path = data.partition(b" ")[2].partition(b" ")[0].decode()
        if path == "/robots.txt":
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        body = _page(int(path.removeprefix("/")))
        body += b"<!--" + b"x" * max(0, self._least_bytes - len(body) - len("<!---->")) + b"-->"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _page(number: int) -> bytes:
    rng = Random(number)
    known = [number * LINKS + n for n in range(1, LINKS + 1)] + [rng.randrange(number + 1) for _ in range(LINKS)]
    links = "".join(f'<a href="http://h{n % HOSTS}.crawler.test/{n}">{n}</a> ' for n in known)
    start = rng.randrange(len(WORDS) - WORDS_A_PAGE)
    text = " ".join(WORDS[start : start + WORDS_A_PAGE])
    return f"<!DOCTYPE html><title>{number}</title>{links}<p>{text}</p>".encode()


async def _serve(least_bytes: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Endless(least_bytes), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    main()
