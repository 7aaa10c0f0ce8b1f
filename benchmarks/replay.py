"""How true a replay is: what pages took when they were recorded, and what they take each strategy's fetcher since.

    python -m benchmarks.replay
    python -m benchmarks.replay --pages 200 --latency lognormal:200ms,0.7

The built-in site, with delays of its own for each page, is crawled and recorded as `crawler compare SEEDS` does it;
then the recording is replayed, as it is to every arm. One more recording is made up: its bodies take their time,
which those of a site on the same machine do not. Compared is the time from a request (connecting left out) to its
last byte. Exit code 1 if a median is off by more than 10 % and 5 ms.
"""

import argparse
import sys
import tempfile
import urllib.request
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from crawler import FetchSettings, Settings, crawl, loop
from crawler.compare.recording.reading import read_recording
from crawler.compare.recording.replayed import replayed
from crawler.compare.recording.taking import take
from crawler.compare.recording.warc import WarcFile
from crawler.compare.recording.workload import Recorded
from crawler.compare.workloads import Served
from crawler.compose import Crawl
from crawler.model import Page, Timings
from crawler.readers import ConnectTo
from crawler.report.summary import Summary
from crawler.settings import AnalyzeSettings, FrontierSettings, StoreSettings
from crawler.site.process import start_site
from crawler.site.settings import SiteSettings

MOST_SHARE = 0.10
MOST_S = 0.005


class Row(NamedTuple):
    """One line of the table: pages of a recording, fetched by a room with so many in the air."""

    what: str
    room: str
    concurrency: int
    recorded_s: dict[str, float]
    replayed_s: dict[str, float]

    @property
    def off_s(self) -> float:
        """How much later the median page comes."""
        return median(self.replayed_s.values()) - median(self.recorded_s.values())

    @property
    def is_true(self) -> bool:
        """Whether that is as little as promised."""
        return abs(self.off_s) <= max(MOST_S, MOST_SHARE * median(self.recorded_s.values()))

    def __str__(self) -> str:
        pairs = [(self.recorded_s[url], self.replayed_s[url]) for url in self.recorded_s]
        middle = [f"{median(side) * 1000:.1f}" for side in zip(*pairs, strict=True)]
        late = [f"{percentile(side, 95) * 1000:.1f}" for side in zip(*pairs, strict=True)]
        page_off_ms = median(abs(after - before) for before, after in pairs) * 1000
        share = self.off_s / median(self.recorded_s.values())
        cells = (self.what, f"{self.room}, {self.concurrency}", *middle, f"{self.off_s * 1000:+.1f} ({share:+.1%})")
        return "| " + " | ".join((*cells, *late, f"{page_off_ms:.1f}")) + " |"


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.replay", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--latency", default="lognormal:80ms")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crawler-replay-") as folder:
        site = Path(folder) / "site.warc.gz"
        record_site(SiteSettings(pages=options.pages, min_kb=4, max_kb=40, latency=options.latency), site)
        made_up = Path(folder) / "made-up.warc.gz"
        make_up(options.pages, made_up)
        names = {f"built-in site, {options.latency}": site, "made up, 120 ms and 60 ms of body": made_up}
        rows = [row for name, path in names.items() for row in rows_of(name, path, Path(folder))]
    print("| recording | fetcher, in the air | recorded ms | replayed | off by | p95 | p95 replayed | a page |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    print(*rows, sep="\n")
    return 0 if all(row.is_true for row in rows) else 1


def record_site(settings: SiteSettings, path: Path) -> None:
    with start_site(settings) as site, tempfile.TemporaryDirectory() as scratch:
        seeds = path.with_suffix(".txt")
        with urllib.request.urlopen(f"http://{site.host}:{site.port}/seeds.txt") as answer:
            seeds.write_bytes(answer.read())
        rules = tuple(map(ConnectTo.read, site.connect_to))

        async def watch(job: Crawl) -> Summary:
            return await job

        async def taken() -> None:
            await take(
                str(seeds), Settings(fetch=FetchSettings(connect_to=rules)), path, Path(scratch),
                announce=lambda _opening: None, tell=lambda _event: None, watch=watch,
            )  # fmt: skip

        loop.run(taken(), "uvloop")


def make_up(pages: int, path: Path) -> None:
    random = Random(1)
    file = WarcFile(path, {"software": "benchmarks.replay"})
    for number in range(pages):
        timings = Timings(0.0, 0.0, 0.12 * random.lognormvariate(0, 0.5), 0.06 * random.lognormvariate(0, 0.5))
        body = f"<p>page {number} ".encode() + b"word " * 6_000
        file.add(
            Page(f"https://h{number % 4}.example/{number}", 200, (("content-type", "text/html"),), body, timings)
        )
    file.close()


def rows_of(what: str, path: Path, folder: Path) -> Iterable[Row]:
    recorded_s = {
        one.page.url: one.timings.first_byte_s + one.timings.body_s
        for one in read_recording(path).pages
        if one.timings
    }
    with replayed(Recorded(path), folder) as served:
        for room in ("async", "threads"):
            for concurrency in (8, 32):
                seconds = loop.run(timed(served, room, concurrency), "uvloop")
                yield Row(what, room, concurrency, recorded_s, seconds)


async def timed(served: Served, room: str, concurrency: int) -> dict[str, float]:
    """What each page takes now, in a crawl as the lab's arms do it."""
    with tempfile.TemporaryDirectory() as out:
        rules = tuple(map(ConnectTo.read, served.connect_to))
        settings = Settings(
            fetch=FetchSettings(room=room, concurrency=concurrency, connect_to=rules),
            analyze=AnalyzeSettings(),
            frontier=FrontierSettings(robots="ignore", delay_s=0.0, per_host=concurrency),
            store=StoreSettings(out=Path(out)),
        )
        found = {}
        async for visit in crawl(str(served.seeds), settings):
            if visit.answer is None:
                raise RuntimeError(f"{visit.job.url}: {visit.outcome}")
            found[visit.job.url] = visit.answer.timings.first_byte_s + visit.answer.timings.body_s
        return found


def percentile(values: Iterable[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[ceil(len(ordered) * percent / 100) - 1]


if __name__ == "__main__":
    sys.exit(main())
