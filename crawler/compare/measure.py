"""The process between the lab and a contestant: starts it, reads its clocks at its marks, ends it, counts it whole.

    python -m crawler.compare.measure TRIAL FOLDER     writes one line of JSON, `account.Measured`

It adopts whatever the contestant leaves behind, so that the CPU of fork servers and their workers is counted to the
end. It ends with whoever started it: when its standard input is closed, so is everything below it.

Memory is sampled from outside. A sample takes some 3 ms of CPU for four processes, and the next one is put off until
that is SHARE of one core; so a peak that lasts for less than some 150 ms may go unseen. One more is taken at the end
of the crawl, while the contestant waits. All of it took 0.05 s of CPU beside a crawl of 4 s in five processes and
0.16 s beside one of 10 s in one, and 0.08 s before it (`Measured.sampler_cpu_s`). Without probes there are none.
The contestant's own probes take 3 µs a page by themselves; what they cost a crawl, each comparison measures anew.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter, process_time
from typing import IO, Final

import msgspec

from crawler.compare import tree
from crawler.compare.account import Line, Mark, Measured, Told
from crawler.compare.arms import arm_called
from crawler.compare.trial import Trial

SHARE: Final = 0.02
SAMPLE_S: Final = 0.05
"""The least time between two samples of memory."""
ABANDONED: Final = "was ended with whoever started it"
_GRACE_S: Final = 5.0
_READ_BYTES: Final = 2**16


def main() -> None:
    """Measure the trial that the command line holds."""
    trial = msgspec.json.decode(sys.argv[1], type=Trial)
    folder = Path(sys.argv[2])
    measured = measure(trial, folder, sys.stdin.fileno())
    if measured.failure == ABANDONED:  # nobody is left to look into it, and it may lie in memory
        shutil.rmtree(folder, ignore_errors=True)
    else:
        sys.stdout.buffer.write(msgspec.json.encode(measured) + b"\n")


def measure(trial: Trial, folder: Path, lifeline: int) -> Measured:
    """One crawl, from the creation of its process until nothing of it is left; ends at once when `lifeline` does."""
    adopts = tree.adopt_orphans()
    command = [sys.executable, "-c", f"from {trial.contestant} import main; main()"]
    with tempfile.TemporaryFile() as errors:
        started = perf_counter()
        process = subprocess.Popen(  # noqa: S603  # our own interpreter, and no shell
            [*command, msgspec.json.encode(trial).decode(), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=0,
        )
        contest = _Contest(trial, process, started)
        with process:
            ending = contest.watch(lifeline)
        tree.end_family(0.0 if ending or process.returncode else _GRACE_S)
        return contest.account(adopts=adopts, failure=ending or _failure(process.returncode, errors))


class _Contest:
    """A contestant under observation."""

    def __init__(self, trial: Trial, process: "subprocess.Popen[bytes]", started: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._trial = trial
        self._process = process
        self._started = started
        self._answers: IO[bytes] = process.stdin
        self._lines: IO[bytes] = process.stdout
        self._torn = b""
        self._marks: dict[str, tuple[float, float, float | None]] = {}
        self._ended = 0.0
        self._told: Told | None = None
        self._peak: tree.Memory | None = None
        self._uss_mib: dict[str, float] = {}

    def watch(self, lifeline: int) -> str:
        """Until it ends; says in words why it had to be ended, if so."""
        deadline = self._started + self._trial.deadline_s
        sample_at = self._started + SAMPLE_S
        watched = [self._lines.fileno(), lifeline]
        ending = ""
        while not ending and self._process.poll() is None:
            now = perf_counter()
            if now >= deadline:
                ending = f"was ended after {self._trial.deadline_s:g} s, when its time was up"
                break
            if now >= sample_at:
                self._sample()
                taken_s = perf_counter() - now
                sample_at = now + max(SAMPLE_S, taken_s / SHARE)
            wait_s = max(0.0, min(deadline, sample_at) - perf_counter())
            readable, _, _ = select.select(watched, [], [], wait_s)
            if lifeline in readable:
                ending = ABANDONED
            elif readable and not self._hear():
                watched.remove(self._lines.fileno())
        self._ended = perf_counter()
        if ending:
            self._process.kill()
        self._process.wait()
        while select.select([self._lines], [], [], 0.0)[0] and self._hear():  # whoever is left may hold it open
            continue
        return ending

    def account(self, *, adopts: bool, failure: str) -> Measured:
        """What was seen, once nothing is left of it."""
        ended = tree.usage_of_the_ended()
        used = ended if adopts else None  # or what became of orphans is not known
        begin, end = self._marks.get("begin"), self._marks.get("end")
        start_s = wall_s = cpu_s = 0.0
        site_cpu_s = None
        if begin is not None:
            if end is None:
                end = (self._ended, ended.cpu_s, self._site_cpu_s())
            start_s = begin[0] - self._started
            wall_s, cpu_s = end[0] - begin[0], end[1] - begin[1]
            site_cpu_s = None if begin[2] is None or end[2] is None else end[2] - begin[2]
        return Measured(
            start_s=start_s,
            wall_s=self._told.wall_s if self._told else wall_s,
            cpu_s=cpu_s,
            total_cpu_s=used.cpu_s if used else None,
            peak_pss_mib=self._peak.pss_mib if self._peak else None,
            uss_mib=self._uss_mib,
            voluntary_switches=used.voluntary_switches if used else None,
            involuntary_switches=used.involuntary_switches if used else None,
            site_cpu_s=site_cpu_s,
            sampler_cpu_s=process_time(),
            failure=failure or ("" if self._told else "ended before its crawl did"),
            told=self._told,
        )

    def _hear(self) -> bool:
        """Take what the contestant says; False at its end."""
        some = os.read(self._lines.fileno(), _READ_BYTES)
        *lines, self._torn = (self._torn + some).split(b"\n")
        for line in lines:
            with suppress(msgspec.DecodeError):  # a library may print, too
                self._take(msgspec.json.decode(line, type=Line))
        return bool(some)

    def _take(self, line: Line) -> None:
        if isinstance(line, Told):
            self._told = line
            return
        self._note(line)
        if line.name == "end" and self._trial.has_probes:
            self._sample()
        with suppress(BrokenPipeError):  # it has died at its mark
            self._answers.write(b"\n")

    def _note(self, mark: Mark) -> None:
        members = tree.family(os.getpid())
        del members[os.getpid()]
        cpu_s = tree.cpu_s(members) + tree.usage_of_the_ended().cpu_s
        self._marks[mark.name] = (mark.at, cpu_s, self._site_cpu_s())

    def _site_cpu_s(self) -> float | None:
        return tree.own_cpu_s(self._trial.site_pid) if self._trial.site_pid else None

    def _sample(self) -> None:
        if not self._trial.has_probes:
            return
        members = tree.family(os.getpid())
        del members[os.getpid()]
        now = tree.memory(members)
        if self._peak is None or now.mib > self._peak.mib:
            called = tree.names(members, self._process.pid, arm_called(self._trial.arm).worker)
            self._peak = now
            self._uss_mib = {called[pid]: round(mib, 1) for pid, mib in now.uss_mib.items() if mib}


def _failure(code: int, errors: IO[bytes]) -> str:
    """How a contestant ended, in words; "" if it ended well."""
    if code == 0:
        return ""
    if code < 0:
        return f"died of signal {-code} ({signal.Signals(-code).name})"
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
    return f"ended with exit code {code}" + (f": {said}" if said else "")


if __name__ == "__main__":
    main()
