"""Whether the advice at the end of a crawl is right: crawls built to be bounded by one thing, with and without it.

    python -m benchmarks.bounded --runs 3

Each crawl is a real `crawler` command; what it says to change is what is changed. The order of the two alternates.
"""

import argparse
import json
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from crawler.site.process import start_site
from crawler.site.settings import SiteSettings

_RUDE = "--robots ignore --delay 0"


class Work(NamedTuple):
    """What is crawled, and the flags that make it be bounded by `by`; `site` is None for a host that is spared."""

    by: str
    site: SiteSettings | None
    flags: str


WORKS = {
    "delay": Work("politeness", None, "--robots ignore --delay 400ms"),
    "concurrency": Work("latency", SiteSettings(pages=400, max_kb=4, latency="fixed:200ms"), "--concurrency 8"),
    "sequential": Work("latency", SiteSettings(pages=40, max_kb=4, latency="fixed:50ms"), "--fetch sequential"),
    "one worker": Work("analysis", SiteSettings(pages=300, min_kb=150, max_kb=200), "--workers 1"),
    "threads": Work("analysis", SiteSettings(pages=300, min_kb=150, max_kb=200), "--analyze threads"),
    "inline": Work("loop", SiteSettings(pages=300, min_kb=150, max_kb=200), "--analyze inline"),
}


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.bounded", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--works", default=",".join(WORKS), help="some of: %(default)s")
    options = parser.parse_args()
    for name in options.works.split(","):
        work = WORKS[name]
        with tempfile.TemporaryDirectory(prefix="crawler-bounded-") as folder, _served(work, Path(folder)) as place:
            told = _crawl(place, work.flags)
            bounded = told["bounded"]
            change = _change(bounded["advice"])
            print(f"{name}: expected {work.by}; {bounded['by']} {bounded['share']:.0%}; {bounded['advice']}")
            if change is None:
                continue
            times = {work.flags: list[float](), _changed(work.flags, change): list[float]()}
            for n in range(options.runs):
                for flags in list(times)[:: 1 if n % 2 else -1]:
                    times[flags].append(_crawl(place, flags)["session"]["seconds"])
            before, after = (statistics.median(those) for those in times.values())
            print(f"    {before:.2f} s, and {after:.2f} s with {change}: {before / after:.2f} times as fast")


def _change(advice: str) -> str | None:
    """The flags that an advice names."""
    found = re.match(r"(--[a-z-]+ \S+) (?:might|takes)", advice)
    return found[1] if found else None


def _changed(flags: str, change: str) -> str:
    """The flags with one of them set otherwise; shards take the place of workers."""
    name = change.split(maxsplit=1)[0]
    kept = re.sub(rf"{name} \S+", "", flags)
    return f"{kept} {change}".strip()


def _crawl(place: list[str], flags: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="crawler-bounded-") as out:
        command = [sys.executable, "-m", "crawler", *place, *shlex.split(flags), "--json", "--quiet", "--out", out]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout))


@contextmanager
def _served(work: Work, folder: Path) -> Iterator[list[str]]:
    """The arguments that name the seeds, and lead to them."""
    seeds = folder / "urls.txt"
    if work.site is None:
        with ThreadingHTTPServer(("127.0.0.1", 0), _Plain) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            seeds.write_text("".join(f"http://{'ab'[n % 5 == 0]}.example/{n}\n" for n in range(15)))
            yield [str(seeds), "--allow-private", "--connect-to", f".example::127.0.0.1:{server.server_port}"]
            server.shutdown()
        return
    with start_site(work.site) as site:
        there = [part for rule in site.connect_to for part in ("--connect-to", rule)]
        with urllib.request.urlopen(f"http://{site.host}:{site.port}/seeds.txt") as answer:
            seeds.write_bytes(answer.read())
        place = [str(seeds), *there, *_RUDE.split()]
        _crawl(place, "")  # the site's pages are made once, before the clock
        yield place


class _Plain(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", "4")
        self.end_headers()
        self.wfile.write(b"word")

    def log_message(self, *_: object) -> None:
        """Nothing is said of each request."""


if __name__ == "__main__":
    main()
