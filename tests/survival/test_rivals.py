"""Two runs at once, and a folder that is deleted under its run."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lives import halt
from tests.survival.family import session_of
from tests.survival.killing import Arena

Eventually = Callable[[Callable[[], bool]], None]
ROUNDS = 10
LASTING = ("--delay", "2s")
"""However late whoever watches a crawl comes, it goes on."""
_IN_USE = re.compile(r"crawler: \S+ is in use by another run( \(process \d+, since \S+\))?; wait for it, or [^\n]+\n")


def test_of_two_runs_begun_at_once_on_a_new_folder_one_works(
    brisk: Arena, undisturbed: Path, tmp_path: Path, eventually: Eventually
) -> None:
    for number in range(ROUNDS):
        out = tmp_path / str(number)
        rivals = [brisk.start(out, "--per-host", "1", *LASTING) for _ in range(2)]
        try:
            eventually(lambda: any(rival.poll() is not None for rival in rivals))  # noqa: B023 - called at once
            (loser,) = [rival for rival in rivals if rival.poll() is not None]
            (winner,) = [rival for rival in rivals if rival is not loser]
            assert loser.returncode == 75
            assert loser.stderr is not None
            assert _IN_USE.fullmatch(loser.stderr.read())
            if number == ROUNDS - 1:
                brisk.wait_for_request(winner)
                winner.kill()
            else:
                winner.send_signal(signal.SIGTERM)
            assert winner.wait(100) in (-9, 143, -15), "it went on as if nothing had been"
        finally:
            for rival in rivals:
                rival.kill()
                rival.communicate()
    brisk.to_end(out)
    assert (out / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()


@pytest.mark.parametrize("room", ["async", "threads"])
def test_a_folder_that_is_deleted_under_its_run_ends_it_in_one_line(
    room: str, brisk: Arena, undisturbed: Path, tmp_path: Path, eventually: Eventually
) -> None:
    out = tmp_path / "out"
    with brisk.start(out, "--fetch", room, "--per-host", "1", *LASTING) as process:
        brisk.wait_for_request(process)
        eventually(lambda: (out / "pages.jsonl").exists() and (out / "pages.jsonl").stat().st_size > 0)
        halt(process.pid)  # or it might make a file in the folder that is being deleted
        shutil.rmtree(out)
        process.send_signal(signal.SIGCONT)
        try:
            _, err = process.communicate(timeout=100)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 74, err
    gone = f"{out / 'crawl.db'} was deleted, moved or replaced during the run, and what it held is gone"
    assert err == f"crawler: {gone}\n"
    eventually(lambda: session_of(process.pid) == [])
    brisk.to_end(out)
    assert (out / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()
