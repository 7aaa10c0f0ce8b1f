"""The main job under each strategy, on the built-in site: the same pages, the same words, different ways to get them.

    python -m benchmarks.strategies                    300 pages as the site ships them
    python -m benchmarks.strategies --pages 5000 --kb 30 --languages en,de,fr
    python -m benchmarks.strategies --margin 1000,5000 --kb 30 --languages ja,zh,th --only async+processes

Each sample is a fresh process; the site is another, whose work is not counted, as the web's would not be. Samples
are interleaved, and a strategy whose words differ from the others' is an error, not a row. `--margin A,B` gives the
cost of a page at the margin: what B pages took more than A, divided by B - A.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import LANGUAGES, SiteSettings

FETCH = ("async", "threads", "sequential")
ANALYZE = ("processes", "threads", "inline")


class Sample(NamedTuple):
    """One crawl: how many pages, what it took, and a digest of its words."""

    pages: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    lag_p99_ms: float
    words: str


def main() -> None:
    options = _parser().parse_args()
    strategies = [(f, a) for f in FETCH for a in ANALYZE if options.only in (None, f"{f}+{a}")]
    sizes = [int(size) for size in options.margin.split(",")] if options.margin else [options.pages]
    samples: dict[tuple[str, str, int], list[Sample]] = {}
    for size in sizes:
        settings = SiteSettings(
            pages=size,
            languages=tuple(options.languages.split(",")),
            min_kb=options.kb or SiteSettings().min_kb,
            max_kb=options.kb or SiteSettings().max_kb,
            latency=options.latency,
        )
        with _served(settings) as (site, seeds):
            _crawl(site, seeds, "async", "inline", options.flags)  # the site's pages are made once, before the clock
            for _ in range(options.runs):
                for fetch, analyze in strategies:
                    sample = _crawl(site, seeds, fetch, analyze, options.flags)
                    samples.setdefault((fetch, analyze, size), []).append(sample)
                    print(".", end="", file=sys.stderr, flush=True)
        if len({s.words for key, those in samples.items() if key[2] == size for s in those}) > 1:
            sys.exit("strategies disagree about the words")
    print(file=sys.stderr)
    _print_table(samples, sizes[-1])
    if len(sizes) > 1:
        _print_margin(samples, strategies, sizes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("benchmarks.strategies", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--margin", metavar="A,B", help="two numbers of pages")
    parser.add_argument("--kb", type=float, help="all pages of about this size, in KB")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--latency", default="none", help="none, fixed:50ms, lognormal:80ms")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", metavar="FETCH+ANALYZE", help="only this strategy")
    parser.add_argument("flags", nargs="*", metavar="-- FLAGS", help="further options of the crawl")
    return parser


@contextmanager
def _served(settings: SiteSettings) -> Iterator[tuple[SiteProcess, Path]]:
    folder = Path(tempfile.mkdtemp(prefix="crawler-benchmark-"))
    try:
        with start_site(settings) as site:
            url = f"http://{site.host}:{site.port}/seeds.txt"
            with urllib.request.urlopen(url) as answer:
                (folder / "urls.txt").write_bytes(answer.read())
            yield site, folder / "urls.txt"
    finally:
        shutil.rmtree(folder)


def _crawl(site: SiteProcess, seeds: Path, fetch: str, analyze: str, flags: list[str]) -> Sample:
    out = seeds.parent / "out"
    there = f".crawler.test::{site.host}:{site.port}"
    command = [sys.executable, "-m", "crawler", str(seeds), "--json", "--out", str(out), "--connect-to", there]
    command += ["--fetch", fetch, "--analyze", analyze, *flags]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.measure", *command], check=True, stdout=subprocess.PIPE, text=True
    )
    measured = json.loads(done.stdout)
    if measured["exit_code"]:
        sys.exit(f"exit code {measured['exit_code']} from {' '.join(command)}")
    summary = json.loads(measured["stdout"])
    words = sha256((out / "words.csv").read_bytes()).hexdigest()
    shutil.rmtree(out)
    return Sample(
        summary["totals"]["urls"],
        measured["wall_s"],
        measured["cpu_s"],
        measured["peak_mib"],
        summary["session"]["loop_lag_p99_ms"],
        words,
    )


def _print_table(samples: dict[tuple[str, str, int], list[Sample]], size: int) -> None:
    print("| fetch + analyze | URLs/s | CPU ms a URL | peak MiB | loop lag p99 ms |")
    print("|---|---:|---:|---:|---:|")
    for (fetch, analyze, pages), those in samples.items():
        if pages == size:
            rate = statistics.median(s.pages / s.wall_s for s in those)
            cpu = statistics.median(s.cpu_s * 1000 / s.pages for s in those)
            peak = statistics.median(s.peak_mib for s in those)
            lag = statistics.median(s.lag_p99_ms for s in those)
            print(f"| {fetch} + {analyze} | {rate:.0f} | {cpu:.2f} | {peak:.0f} | {lag:.1f} |")


def _print_margin(
    samples: dict[tuple[str, str, int], list[Sample]], strategies: list[tuple[str, str]], sizes: list[int]
) -> None:
    print(
        f"\n| fetch + analyze | CPU ms a URL between {sizes[0]:,} and {sizes[-1]:,} pages (median, least to most) |"
    )
    print("|---|---:|")
    for fetch, analyze in strategies:
        pairs = zip(samples[fetch, analyze, sizes[0]], samples[fetch, analyze, sizes[-1]], strict=True)
        costs = sorted((b.cpu_s - a.cpu_s) * 1000 / (b.pages - a.pages) for a, b in pairs)
        middle = statistics.median(costs)
        print(f"| {fetch} + {analyze} | {middle:.2f} ({costs[0]:.2f} to {costs[-1]:.2f}) |")


if __name__ == "__main__":
    main()
