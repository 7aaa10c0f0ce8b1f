"""A process of its own for an experiment: nothing carries over from the one before, and nothing outlives it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, get_type_hints

import msgspec

ROOT = Path(__file__).parents[3]
LINGER_S = 1.5
"""How long a process that has given its answer may take to end."""

_SCRATCH = "PRIMITIVES_SCRATCH"
_POLL_S = 0.01
_TIDY_S = 10.0
_TRACKER = "resource tracker"
"""What removes a killed process's semaphores and shared memory."""
_T = TypeVar("_T")


class ExperimentBroke(Exception):
    """A part of an experiment came to no result; the message says what it complained of."""


class Ended(NamedTuple, Generic[_T]):
    """What a process answered (None: nothing), its exit status (None: it had to be killed), and its complaint."""

    answer: _T | None
    status: int | None
    complaint: str


def fresh(function: Callable[[], _T], deadline_s: float) -> Ended[_T]:
    """Call a function of this package in a new process and session; kill all of it when it outlives `deadline_s`."""
    module, name = function.__module__.rpartition(".")[2], function.__name__
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with (
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
        _scratch() as folder,
    ):
        process = subprocess.Popen(  # noqa: S603  # our own interpreter, and no shell
            [sys.executable, "-m", f"{__package__}.bench", module, name, str(deadline_s + LINGER_S)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            env=os.environ | {"PYTHONPATH": path, "TMPDIR": folder, _SCRATCH: folder},
            start_new_session=True,
        )
        try:
            status = _wait(process, deadline_s, output.fileno())
        finally:
            _end(process)
        output.seek(0)
        errors.seek(0)
        said = output.read()
        complaint = errors.read().decode(errors="replace").strip()
    answer = msgspec.json.decode(said, type=get_type_hints(function)["return"]) if said else None
    return Ended(answer, status, complaint)


def _scratch() -> AbstractContextManager[str]:
    """A folder for temporary files (fork servers' sockets) that goes with them; those within share the outermost.

    Its name is short, since that of a socket must be.
    """
    if within := os.environ.get(_SCRATCH):
        return nullcontext(within)
    return tempfile.TemporaryDirectory(prefix="p", ignore_cleanup_errors=True)


def answer_of(function: Callable[[], _T], deadline_s: float) -> _T:
    """What the function answers in a new process. Raises ExperimentBroke."""
    ended = fresh(function, deadline_s)
    if ended.answer is None:
        raise ExperimentBroke(ended.complaint or f"no answer within {deadline_s:g} s")
    return ended.answer


def _wait(process: "subprocess.Popen[bytes]", deadline_s: float, output: int) -> int | None:
    """The exit status, or None when the deadline passed, or LINGER_S after an answer."""
    deadline, has_answered = time.monotonic() + deadline_s, False
    while (now := time.monotonic()) < deadline:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_POLL_S)
        if not has_answered and os.fstat(output).st_size:
            deadline, has_answered = min(deadline, now + LINGER_S), True
    return process.poll()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill what still runs, children first found and then killed together; trackers end last, having cleared up."""
    if process.returncode is not None:
        return
    from crawler.compare.tree import family, names  # noqa: PLC0415 - experiments need not carry it

    found = names(family(process.pid), process.pid)
    trackers = [pid for pid, name in found.items() if name == _TRACKER]
    _kill(pid for pid in found if pid not in trackers)
    process.kill()
    process.wait()
    deadline = time.monotonic() + _TIDY_S
    while time.monotonic() < deadline and _TRACKER in names(dict.fromkeys(trackers, 0), 0).values():
        time.sleep(_POLL_S)


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
