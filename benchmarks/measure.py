"""Runs one command and measures it whole: wall time, CPU and memory of all its processes (Linux only).

    python -m benchmarks.measure COMMAND ...     prints one line of JSON

A program of its own, because whoever adopts a command's orphans must have no other children to wait for.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_S = 0.1


class Measured(NamedTuple):
    """What a command took; memory is the peak of the summed proportional set sizes of its processes."""

    exit_code: int
    stdout: str
    wall_s: float
    cpu_s: float
    peak_mib: float


def adopt_orphans() -> None:
    """Make this process the parent of orphans, so that the CPU of fork servers and their workers is counted."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def measure(command: list[str]) -> Measured:
    """Run a command to its end, and to the end of everything it started."""
    adopt_orphans()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = _Peak(process.pid)
    stdout, _ = process.communicate()
    wall_s = time.perf_counter() - start
    peak.stop()
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(process.returncode, stdout, wall_s, cpu_s, peak.mib)


class _Peak:
    """Samples the memory of a process and its descendants in a thread of its own."""

    def __init__(self, pid: int) -> None:
        self.mib = 0.0
        self._pid = pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._end.wait(SAMPLE_S):
            self.mib = max(self.mib, sum(map(_pss_kib, family(self._pid))) / 1024)


def family(pid: int) -> list[int]:
    """A process and everything it started, as they are now."""
    found = [pid]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it ended meanwhile
            continue
    return found


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])._asdict()))
