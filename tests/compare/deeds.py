"""Contestants that do what a contestant may do besides crawling; the trial's workload says which deed it is."""

import multiprocessing
import multiprocessing.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from crawler.compare.account import Told, mark, say
from crawler.compare.trial import Trial

BURNT_S = 0.5
HOARDED_MIB = 100
BEGUN = "begun"
"""The file that `sleep for ever` makes, with the id of the process that it has started."""

_BURN = f"""
import sys, time
while time.process_time() < {BURNT_S}: pass
"""
_BURN_BELOW = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BURN!r}], check=True)"
_BURN_AND_LIVE = _BURN + "print(flush=True); time.sleep(3600)"
_ORPHAN = f"""
import subprocess, sys
burning = subprocess.Popen([sys.executable, "-c", {_BURN_AND_LIVE!r}], stdout=subprocess.PIPE)
burning.stdout.readline()
"""
_HOARD = f"hoard = b'x' * {HOARDED_MIB * 2**20}; print(flush=True); input()"


def main() -> None:
    trial = msgspec.json.decode(sys.argv[1], type=Trial)
    DEEDS[trial.workload](Path(trial.seeds or sys.argv[2]))


def _crawl(deed: Callable[[], None]) -> None:
    began = time.perf_counter()
    mark("begin", began)
    deed()
    ended = time.perf_counter()
    mark("end", ended)
    say(Told(wall_s=ended - began))


def _python(source: str) -> None:
    subprocess.run([sys.executable, "-c", source], check=True)


def _die_at_once(_folder: Path) -> None:
    sys.exit("nothing to crawl here")


def _kill_who_measures(_folder: Path) -> None:
    os.kill(os.getppid(), signal.SIGKILL)


def _die_of_a_signal(_folder: Path) -> None:
    mark("begin", time.perf_counter())
    signal.raise_signal(signal.SIGSEGV)


def _die_in_the_middle_of_a_line(_folder: Path) -> None:
    os.write(1, b'{"type":"mark","name":"be')
    os.kill(os.getpid(), signal.SIGKILL)


def _say_nothing(_folder: Path) -> None:
    sys.stdout.write("a library's word\n")


def _sleep_for_ever(folder: Path) -> None:
    asleep = subprocess.Popen(["/bin/sh", "-c", "trap '' TERM INT; sleep 3600; sleep 3600"], start_new_session=True)
    mark("begin", time.perf_counter())
    folder.mkdir()
    (folder / BEGUN).write_text(str(asleep.pid))
    re.compile("(a+)+$").search("a" * 64 + "!")


def _hold_a_semaphore(note: Path) -> None:
    held = multiprocessing.get_context("spawn").Semaphore()
    note.write_text(held._semlock.name)  # type: ignore[attr-defined]
    multiprocessing.util.get_temp_dir()  # where a fork server has its socket
    mark("begin", time.perf_counter())
    time.sleep(3_600)


def _burn_below(_folder: Path) -> None:
    _crawl(lambda: _python(_BURN_BELOW))


def _burn_before_and_after(_folder: Path) -> None:
    _python(_BURN)
    _crawl(lambda: time.sleep(0.05))
    _python(_BURN)


def _orphan(_folder: Path) -> None:
    _crawl(lambda: _python(_ORPHAN))


def _hoard_below(_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        _crawl(lambda: None)


DEEDS: dict[str, Callable[[Path], None]] = {
    "die at once": _die_at_once,
    "kill who measures": _kill_who_measures,
    "die of a signal": _die_of_a_signal,
    "die in the middle of a line": _die_in_the_middle_of_a_line,
    "say nothing": _say_nothing,
    "sleep for ever": _sleep_for_ever,
    "hold a semaphore": _hold_a_semaphore,
    "burn below": _burn_below,
    "burn before and after": _burn_before_and_after,
    "orphan": _orphan,
    "hoard below": _hoard_below,
}
