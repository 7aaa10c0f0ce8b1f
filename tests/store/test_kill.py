"""A writer that is killed in the middle of its commits leaves whole batches, and the next one carries on."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.steps import ask, conclude
from tests.store.writer import PAGE

ROOT = Path(__file__).parents[2]
COUNTS = {
    "urls": "SELECT count(*) FROM urls",
    "numbers": "SELECT coalesce(max(id), 0) FROM urls",
    "ended": "SELECT count(*) FROM urls WHERE state = 'analysed'",
    "moved": "SELECT count(*) FROM urls WHERE depth = 1",
    "pages": "SELECT count(*) FROM pages JOIN urls USING (id)",
    "words": "SELECT count(*) FROM words JOIN pages ON page = id",
    "links": "SELECT count(*) FROM links JOIN pages ON page = id",
    "robots": "SELECT count(*) FROM robots",
    "requests": "SELECT coalesce(sum(requests), 0) FROM hosts",
}
STATEMENTS_A_STEP = 7


def steps_on_disk(folder: Path) -> int:
    """How many steps are there, which every table must say alike."""
    counts = {name: ask(folder, query)[0][0] for name, query in COUNTS.items()}
    assert len(set(counts.values())) == 1, counts
    return int(counts["urls"])


def start(folder: Path, *arguments: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.store.writer", str(folder), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def kill_after(folder: Path, batches: int) -> int:
    """Kill a writer once it has told so many batches; the last number it told."""
    with start(folder, 50) as writer:
        assert writer.stdout is not None
        try:
            lines = [writer.stdout.readline() for _ in range(batches)]
        finally:
            writer.kill()
    return int(lines[-1])


def test_a_kill_leaves_whole_batches_and_nothing_told_is_lost(tmp_path: Path) -> None:
    before = 0
    for batches in (1, 2, 3, 5, 8, 13):
        told = kill_after(tmp_path, batches)
        kept = steps_on_disk(tmp_path)
        assert kept % 50 == 0
        assert told == before + batches * 50, "it carried on with the number after the last"
        assert told <= kept
        before = kept
    assert ask(tmp_path, "SELECT count(*) FROM runs") == [(1,)]
    asyncio.run(conclude(tmp_path))
    expected = "".join(f"{word},{before},{before}\n" for word in sorted(PAGE.words))
    assert (tmp_path / "words.csv").read_text(encoding="utf-8") == f"word,count,pages\n{expected}"
    assert (tmp_path / "pages.jsonl").read_bytes().count(b"\n") == before


@pytest.mark.parametrize("statement", [0, 1, *range(3, STATEMENTS_A_STEP * 4 + 4, 3)])
def test_a_kill_between_any_two_statements_leaves_the_batch_before(tmp_path: Path, statement: int) -> None:
    """Of the second batch of four steps: BEGIN, seven statements a step, one for the host, COMMIT."""
    a_batch = STATEMENTS_A_STEP * 4 + 3
    bring = 1
    with start(tmp_path, 4, a_batch + bring + statement) as writer:
        assert writer.stdout is not None
        told = writer.stdout.read().split()
    assert writer.returncode == -9
    assert told == [b"4"]
    assert steps_on_disk(tmp_path) == 4
