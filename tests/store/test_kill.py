"""A writer that is killed in the middle of its commits leaves whole batches, and the next one carries on."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.store.steps import ask, conclude
from tests.store.writer import STEPS_A_BATCH, WORDS

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


def kill_after(folder: Path, batches: int) -> int:
    """Start a writer and kill it once it has said so often that a batch is on disk; the last number it told."""
    command = [sys.executable, "-m", "tests.store.writer", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as writer:
        assert writer.stdout is not None
        try:
            lines = [writer.stdout.readline() for _ in range(batches)]
        finally:
            writer.kill()
    return int(lines[-1]) - 1


def test_a_kill_leaves_whole_batches_and_nothing_told_is_lost(tmp_path: Path) -> None:
    before = 0
    for batches in (1, 2, 3, 5, 8, 13):
        told = kill_after(tmp_path, batches)
        counts = {name: ask(tmp_path, query)[0][0] for name, query in COUNTS.items()}
        (kept,) = set(counts.values())
        assert kept % STEPS_A_BATCH == 0, counts
        assert told == before + batches * STEPS_A_BATCH, "it carried on with the number after the last"
        assert told <= kept
        before = kept
    assert ask(tmp_path, "SELECT count(*) FROM runs") == [(1,)]
    asyncio.run(conclude(tmp_path))
    expected = "".join(f"{word},{before},{before}\n" for word in sorted(WORDS))
    assert (tmp_path / "words.csv").read_text(encoding="utf-8") == f"word,count,pages\n{expected}"
    assert (tmp_path / "pages.jsonl").read_bytes().count(b"\n") == before
