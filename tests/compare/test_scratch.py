"""Folders of comparisons: none stays, not even that of one that was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.compare import scratch

HOLD = """
import sys
from pathlib import Path
from crawler.compare import scratch
scratch._MEMORY = Path(sys.argv[1])
with scratch.scratch() as folder:
    (folder / "io.txt").touch()
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch, "_MEMORY", tmp_path)
    return tmp_path


def grow_old(path: Path, seconds: float = 120) -> None:
    """As if it had been there for so long."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_folder_whose_owner_was_killed_goes_with_the_next_comparison_and_others_stay(memory: Path) -> None:
    others = [memory / "crawler-lab-x", memory / "crawler-compare-new"]
    for other in others:
        other.mkdir()
    grow_old(others[0])
    grow_old(others[1], -3_600)  # it is new, and stays so
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(memory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        held = Path(process.stdout.readline().strip())
        grow_old(held)
        with scratch.scratch() as mine:
            assert sorted(memory.iterdir()) == sorted([*others, held, mine])
        process.send_signal(signal.SIGKILL)
    grow_old(held)
    with scratch.scratch() as mine:
        assert sorted(memory.iterdir()) == sorted([*others, mine])
    assert sorted(memory.iterdir()) == sorted(others)
