"""A disk that fills up at any moment: one line, exit 74, and with room again the same command ends in the same bytes.

A limit on the size of files stands for the disk, since tests may not mount one: writes fail in the same places.
"""

import subprocess
from pathlib import Path

import pytest

from tests.survival.killing import Arena, environment, pages_without_times
from tests.survival.test_kills import check_whole

_BLOCK = 1024


def crawl_within(arena: Arena, out: Path, most_bytes: int, *flags: str) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-c", f'ulimit -f {most_bytes // _BLOCK}; exec "$@"', "-", *arena.command(out, *flags)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=110, check=False)


def test_a_disk_that_fills_up_at_any_moment_costs_nothing_but_time(
    brisk: Arena, undisturbed: Path, tmp_path: Path
) -> None:
    """The first has no room for the tables; each of the others comes a little further with what is there already."""
    out = tmp_path / "out"
    for number, most_bytes in enumerate((8_192, 70_000, 160_000, 300_000, 500_000)):
        done = crawl_within(brisk, out, most_bytes, "--fetch", ("async", "threads")[number % 2])
        assert done.returncode == (74 if number else 2), done.stderr
        assert done.stderr.startswith(f"crawler: {out}") and done.stderr.count("\n") == 1, done.stderr
    brisk.to_end(out)
    assert (out / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()
    assert pages_without_times(out) == pages_without_times(undisturbed)
    check_whole(out)


@pytest.mark.parametrize("result", ["words.csv", "summary.json"])
def test_a_result_that_cannot_be_written_ends_the_run_and_is_made_by_the_next(
    result: str, brisk: Arena, undisturbed: Path, tmp_path: Path
) -> None:
    """A full disk as /dev/full has it, in the place of the file that is being made."""
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{result}.part").symlink_to("/dev/full")
    done = subprocess.run(
        brisk.command(out), capture_output=True, text=True, env=environment(), timeout=110, check=False
    )
    assert done.returncode == 74, done.stderr
    assert done.stderr.startswith(f"crawler: {out / result}: No space left on device; ")
    assert done.stderr.count("\n") == 1
    (out / f"{result}.part").unlink(missing_ok=True)
    brisk.to_end(out)
    assert (out / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()
    check_whole(out)
