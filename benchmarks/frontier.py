"""What the frontier and its database cost, with so many URLs known before.

    python -m benchmarks.frontier                    a thousand and a million known URLs
    python -m benchmarks.frontier --known 2000000    and the memory that two million take

No network, no parsing: visits are made up and settled, and all that they change is written to a real crawl.db. The
CPU is that of the whole process, the database's thread included, each size in a fresh process. A new URL is paid for
when it is found and when it is brought back from disk; a page, for settling it and keeping 9 KB of packed words. The
peak is that of a main process with all of its modules loaded.
"""

import argparse
import asyncio
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import crawler.compose
import crawler.fetch.aio
import crawler.workers.processes  # noqa: F401 - so that the peak is the main process's
from crawler.frontier.state import Frontier
from crawler.model import Analysis, Answer, Job, Timings, Visit, pack
from crawler.orders import Drained, Load, Recall, Reopen, Row, Settled, Wait
from crawler.settings import FrontierSettings
from crawler.store.database import Database
from crawler.store.recorder import Recorder

HOST = "http://www.crawler.test"
PAGES = 4_000
KNOWN_LINKS = 100
NEW_LINKS = 20
CHUNK = 10_000
WORDS = pack({f"word{n}": n for n in range(900)})


def main() -> None:
    options = _parser().parse_args()
    if options.sample is not None:
        print(json.dumps(asyncio.run(_sample(options.sample))))
        return
    print("| known URLs | µs a page | µs a link already known | µs a new URL | peak MB | bytes a known URL |")
    print("|---:|---:|---:|---:|---:|---:|")
    for known in options.known or (1_000, 1_000_000):
        command = [sys.executable, "-m", "benchmarks.frontier", "--sample", str(known)]
        taken = [
            json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            for _ in range(options.runs)
        ]
        row = [sorted(sample[name] for sample in taken)[len(taken) // 2] for name in taken[0]]
        print(f"| {known:,} | " + " | ".join(f"{value:,.2f}" for value in row) + " |", flush=True)


async def _sample(known: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return await _Sample(Path(folder)).take(known)


class _Sample:
    """One frontier and its database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = Database(folder / "crawl.db")
        self._numbers = itertools.count()

    async def take(self, known: int) -> dict[str, float]:
        await self._database.open("benchmark")
        run = await self._database.begin_run(b"")
        settings = FrontierSettings(depth=100, robots="ignore")
        self._frontier = Frontier(settings)
        before_kib = _peak_kib()
        for start in range(0, known, CHUNK):
            await self._know(range(start, min(start + CHUNK, known)))
        held = max(0, _peak_kib() - before_kib) * 1024 / known
        self._recorder = Recorder(self._database, self._folder, run.id, 0.5)
        await self._recorder.begin()
        first = [Job(_url(f"seed/{n}")) for n in range(3 * PAGES)]
        await self._recorder.keep(self._frontier.offer(first, time.monotonic()))
        await self._settle_all(PAGES, ())  # warm
        plain = await self._settle_all(PAGES, ())
        old = (_url(f"known/{n % known}") for n in itertools.count(7, 7919))
        linking = await self._settle_all(PAGES // 2, old, KNOWN_LINKS)
        new = (_url(f"new/{next(self._numbers)}") for _ in itertools.repeat(None))
        finding = await self._settle_all(PAGES // 2, new, NEW_LINKS)
        bringing = await self._settle_all(NEW_LINKS * PAGES // 4, ())
        await self._recorder.aclose()
        await self._database.aclose()
        return {
            "page": plain * 1e6,
            "link": (linking - plain) / KNOWN_LINKS * 1e6,
            "new": ((finding - plain) / NEW_LINKS + max(0.0, bringing - plain)) * 1e6,
            "peak_mb": _peak_kib() * 1024 / 1e6,
            "bytes": held,
        }

    async def _know(self, numbers: Iterable[int]) -> None:
        rows = [(_url(f"known/{n}"), "www.crawler.test") for n in numbers]
        await self._database.call(
            lambda connection: connection.executemany(
                "INSERT INTO urls (run, url, host, depth, hops, state) VALUES (1, ?, ?, 0, 0, 'analysed')", rows
            )
        )
        top = await self._database.call(
            lambda connection: connection.execute("SELECT max(id) FROM urls").fetchone()[0]
        )
        first = top - len(rows) + 1
        self._frontier.restore(Row(first + n, url, 0, 0, "analysed") for n, (url, _) in enumerate(rows))

    async def _settle_all(self, pages: int, links: Iterable[str], links_a_page: int = 0) -> float:
        """CPU seconds a page of visiting so many pages, each with so many of the links."""
        supply = iter(links)
        bodies = [_analysis(supply, links_a_page) for _ in range(pages)]
        start = time.process_time()
        for analysis in bodies:
            job = await self._next()
            answer = Answer(200, "text/html", 30_000, Timings(0.0, 0.0, 0.01, 0.01))
            visit = Visit(job, answer, analysis)
            await self._recorder.keep(self._frontier.settle(visit, time.monotonic()))
        await self._recorder.bring(Load("nowhere.test", 1))  # all is on disk
        return (time.process_time() - start) / pages

    async def _next(self) -> Job:
        while True:
            order = self._frontier.next(time.monotonic())
            match order:
                case Job():
                    return order
                case Load() | Reopen() | Recall():
                    rows = await self._recorder.bring(order)
                    await self._recorder.keep(self._frontier.take(order, rows, time.monotonic()))
                case Settled() | Wait() | Drained():
                    raise AssertionError(order)


def _url(path: str) -> str:
    return f"{HOST}/some/section/of/the/site/{path}.html"


def _analysis(supply: Iterator[str], links: int) -> Analysis:
    packed = pack(list(itertools.islice(supply, links)))
    return Analysis("utf-8", "A title", "en", 3_000, 900, (("the", 99),) * 10, WORDS, packed, os.urandom(16))


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", type=int, action="append", metavar="N", help="URLs known before")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="samples of each (%(default)s)")
    parser.add_argument("--sample", type=int, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()
