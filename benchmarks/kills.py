"""A real crawl killed (`kill -9`) at random moments, many times: whether it ends in the same bytes, and what is lost.

python -m benchmarks.kills                       fifty kills under async, and fifty under threads
python -m benchmarks.kills --kills 200 --pages 4000 --seed 7
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.survival.killing import arena, asked_again, kill_often, pages_without_times


def main() -> None:
    options = _parser().parse_args()
    print("| fetch | kills | requests | asked for again | oldest answer lost, s | the end | seconds |")
    print("|---|---:|---:|---:|---:|---|---:|")
    with (
        tempfile.TemporaryDirectory(prefix="crawler-kills-") as scratch,
        arena(Path(scratch), options.pages, "fixed:100ms") as slow,
    ):
        whole = slow.folder / "whole"
        slow.to_end(whole, "--per-host", "8")
        for room in ("async", "threads"):
            before = len(slow.asked())
            out = slow.folder / room
            flags = ("--fetch", room, "--per-host", "1", "--workers", "1")
            killed = kill_often(slow, out, options.kills, options.seed, flags)
            asked = slow.asked()[before:]
            again = asked_again(asked, killed)
            is_same = (out / "words.csv").read_bytes() == (whole / "words.csv").read_bytes()
            is_same = is_same and pages_without_times(out) == pages_without_times(whole)
            if not is_same:
                sys.exit(
                    f"{room}: killed {options.kills} times, the crawl ended in other results; seed {options.seed}"
                )
            oldest = max((one.age_s for one in again), default=0.0)
            row = (room, len(killed.kills), len(asked), len(again), f"{oldest:.2f}", "same", f"{killed.seconds:.0f}")
            print("|", " | ".join(map(str, row)), "|", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("benchmarks.kills", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=1_400, help="enough for the kills to come before the end")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    main()
