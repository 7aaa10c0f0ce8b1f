"""Runs one command and measures it whole: wall time, CPU and memory of all its processes (Linux only).

    python -m benchmarks.measure COMMAND ...     prints one line of JSON

A program of its own, because whoever adopts a command's orphans must have no other children to wait for.
"""

import json
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from crawler.compare import tree

SAMPLE_S = 0.1
GRACE_S = 60.0


class Measured(NamedTuple):
    """What a command took; memory is the peak of the summed proportional set sizes of its processes."""

    exit_code: int
    stdout: str
    wall_s: float
    cpu_s: float
    peak_mib: float


def measure(command: list[str]) -> Measured:
    """Run a command to its end, and to the end of everything it started."""
    tree.adopt_orphans()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = _Peak(process.pid)
    stdout, _ = process.communicate()
    wall_s = time.perf_counter() - start
    peak.stop()
    tree.end_family(GRACE_S)
    return Measured(process.returncode, stdout, wall_s, tree.usage_of_the_ended().cpu_s, peak.mib)


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
            self.mib = max(self.mib, tree.memory(tree.family(self._pid)).pss_mib or 0.0)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])._asdict()))
