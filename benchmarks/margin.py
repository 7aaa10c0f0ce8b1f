"""What a URL of the whole main job costs at the margin: what more of them took more, a URL.

    python -m benchmarks.margin --kb 30 --languages en,de,fr
    python -m benchmarks.margin --between 500,2000 --kb 30 --languages ja,zh,th -- --fetch threads

CPU of all processes of a real `crawler` command, results written and robots.txt obeyed; what it takes to start and to
end is in both sizes, and so in neither. The site is another process, whose work is not counted, as the web's would
not be. Which strategy is the fastest is for `python -m crawler compare` to say.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

from crawler.compare.tree import adopt_orphans, end_family, usage_of_the_ended
from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import LANGUAGES, SiteSettings

_GRACE_S = 10.0


class Sample(NamedTuple):
    """How many URLs, and the CPU of all processes from their beginning to their end."""

    urls: int
    cpu_s: float


def main() -> None:
    if sys.argv[1] == "--measure":
        print(json.dumps(_measure(sys.argv[2:])))
        return
    options = _parser().parse_args()
    few, many = sorted(int(size) for size in options.between.split(","))
    samples: dict[int, list[Sample]] = {few: [], many: []}
    for size, those in samples.items():
        settings = SiteSettings(
            pages=size,
            languages=tuple(options.languages.split(",")),
            min_kb=options.kb or SiteSettings().min_kb,
            max_kb=options.kb or SiteSettings().max_kb,
        )
        with start_site(settings) as site:
            _crawl(site, options.flags)  # the site's pages are made once, before the clock
            those += [_crawl(site, options.flags) for _ in range(options.runs)]
    pairs = zip(samples[few], samples[many], strict=True)
    costs = sorted((b.cpu_s - a.cpu_s) * 1000 / (b.urls - a.urls) for a, b in pairs)
    print(f"CPU ms a URL between {few:,} and {many:,} pages: {statistics.median(costs):.2f}", end="")
    print(f" ({costs[0]:.2f} to {costs[-1]:.2f}, {options.runs} runs)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("benchmarks.margin", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--between", metavar="A,B", default="1000,5000", help="two numbers of pages (%(default)s)")
    parser.add_argument("--kb", type=float, help="all pages of about this size, in KB")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("flags", nargs="*", metavar="-- FLAGS", help="further options of the crawl")
    return parser


def _crawl(site: SiteProcess, flags: list[str]) -> Sample:
    """One crawl of all pages."""
    with tempfile.TemporaryDirectory(prefix="crawler-margin-") as folder:
        seeds = Path(folder) / "urls.txt"
        with urllib.request.urlopen(f"http://{site.host}:{site.port}/seeds.txt") as answer:
            seeds.write_bytes(answer.read())
        there = [part for rule in site.connect_to for part in ("--connect-to", rule)]
        command = [sys.executable, "-m", "crawler", str(seeds), "--quiet", "--out", f"{folder}/out", *there, *flags]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.margin", "--measure", *command], check=True, stdout=subprocess.PIPE
        )
        return Sample(seeds.read_bytes().count(b"\n"), json.loads(done.stdout))


def _measure(command: list[str]) -> float:
    """In a process of its own, as whoever adopts a command's orphans must have no other children to wait for."""
    adopt_orphans()
    if code := subprocess.run(command, check=False).returncode:
        sys.exit(f"exit code {code} from {' '.join(command)}")
    end_family(_GRACE_S)
    return usage_of_the_ended().cpu_s


if __name__ == "__main__":
    main()
