"""A process seen from outside: whether it is there still, and what it has computed since it was first looked at."""

import os
import signal
import time
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_STATE, _USER_TICKS, _SYSTEM_TICKS, _STARTED = 0, 11, 12, 19
"""Fields of /proc/PID/stat (proc_pid_stat(5)), counted from behind the name."""
_STILL = ("T", "t", "Z", "X")
"""Stopped or ended."""


class Life:
    """One process, which a later one that was given its number is not mistaken for."""

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/stat")
        self._first = self._fields()

    @property
    def lasts(self) -> bool:
        """Whether it has not ended."""
        now = self._fields()
        return now is not None and self._first is not None and now[_STARTED] == self._first[_STARTED]

    def has_computed_for(self, seconds: float) -> bool:
        """Whether it has had so much CPU, or has ended."""
        now = self._fields()
        if now is None or self._first is None:
            return True
        return (_cpu_ticks(now) - _cpu_ticks(self._first)) / _TICKS_A_SECOND >= seconds

    def _fields(self) -> list[str] | None:
        fields = _fields_in(self._path)
        return None if not fields or fields[_STATE] == "Z" else fields


def halt(pid: int) -> None:
    """Stop a process, and return when each of its threads stands still: one in a system call finishes that first."""
    os.kill(pid, signal.SIGSTOP)
    while any(
        fields and fields[_STATE] not in _STILL
        for fields in map(_fields_in, list(Path(f"/proc/{pid}/task").glob("*/stat")))
    ):
        time.sleep(0.001)


def _fields_in(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _cpu_ticks(fields: list[str]) -> int:
    return int(fields[_USER_TICKS]) + int(fields[_SYSTEM_TICKS])
