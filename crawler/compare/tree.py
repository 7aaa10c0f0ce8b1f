"""A process and all that it started: who they are, what they have taken, how to end them. The doorman of psutil.

What a look costs, in µs of CPU (on Linux, at a contestant of 41 threads and 96 MiB): the list of a process's children
400, the memory of one process 540, its CPU clock 1.
"""

import ctypes
import os
import resource
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import psutil

PR_SET_CHILD_SUBREAPER: Final = 36
_CPU_CLOCK: Final = 2
_FORK_SERVER: Final = "multiprocessing.forkserver"
_TRACKER: Final = "multiprocessing.resource_tracker"
_TIDY_S: Final = 10.0
_MIB: Final = 2**20
_POLL_S: Final = 0.002
_ENDED = (psutil.Error, OSError)


class Usage(NamedTuple):
    """What the children of this process, and theirs, took in their whole life, once all have ended."""

    cpu_s: float
    voluntary_switches: int
    involuntary_switches: int


class Memory(NamedTuple):
    """The memory of some processes at one moment; `pss_mib` is the sum, None where the system knows no such thing."""

    pss_mib: float | None
    uss_mib: dict[int, float]

    @property
    def mib(self) -> float:
        """What moments are compared by: the sum of the proportional sizes, or else of the unique ones."""
        return sum(self.uss_mib.values()) if self.pss_mib is None else self.pss_mib


def adopt_orphans() -> bool:
    """Make this process the parent of orphans below it, so that none is lost; False where only init can be that."""
    if sys.platform != "linux":
        return False
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return True


def family(pid: int) -> dict[int, int]:
    """A process and everything it started, as they are now: each with its parent, from the eldest on."""
    found = {pid: 0}
    waiting = [pid]
    for parent in waiting:
        children = [child for child in _children(parent) if child not in found]
        found.update(dict.fromkeys(children, parent))
        waiting += children
    return found


def _children(pid: int) -> list[int]:
    try:  # the kernel's own list, where psutil would look at every process there is
        lists = [path / "children" for path in Path(f"/proc/{pid}/task").iterdir()]
        return [int(child) for each in lists for child in each.read_text(encoding="ascii").split()]
    except OSError:
        with suppress(*_ENDED):
            return [child.pid for child in psutil.Process(pid).children()]
    return []


def names(members: dict[int, int], main: int, forked: str = "worker") -> dict[int, str]:
    """What each of a family is: `main`, `fork server`, and what that forked, `worker 1`."""
    found: dict[int, str] = {}
    workers = others = 0
    for pid, parent in members.items():
        command = _command(pid)
        if pid == main:
            found[pid] = "main"
        elif found.get(parent) == "fork server":
            workers += 1
            found[pid] = f"{forked} {workers}"
        elif _FORK_SERVER in command:
            found[pid] = "fork server"
        elif _TRACKER in command:
            found[pid] = "resource tracker"
        else:
            others += 1
            found[pid] = f"other {others}"
    return found


def _command(pid: int) -> str:
    with suppress(*_ENDED):
        return " ".join(psutil.Process(pid).cmdline())
    return ""


def cpu_s(pids: Iterable[int]) -> float:
    """The CPU that these processes have taken, and those that they have started and outlived.

    To the nanosecond for the living; the dead are told in ticks of 10 ms.
    """
    return sum((own_cpu_s(pid) or 0.0) + _of_the_dead_s(pid) for pid in pids)


def own_cpu_s(pid: int) -> float | None:
    """The CPU that one process has taken; None if it is no more."""
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime(~pid << 3 | _CPU_CLOCK)  # what clock_getcpuclockid(3) makes of a pid
    with suppress(*_ENDED):
        times = psutil.Process(pid).cpu_times()
        return times.user + times.system
    return None


def _of_the_dead_s(pid: int) -> float:
    with suppress(*_ENDED):
        times = psutil.Process(pid).cpu_times()
        return times.children_user + times.children_system
    return 0.0


def memory(pids: Iterable[int]) -> Memory:
    """What these processes hold now: proportional set sizes (PSS) summed, unique ones (USS) each."""
    pss: list[float] = []
    uss_mib = {}
    for pid in pids:
        with suppress(*_ENDED):
            info = psutil.Process(pid).memory_full_info()
            uss_mib[pid] = info.uss / _MIB
            pss += [info.pss / _MIB] if hasattr(info, "pss") else []
    return Memory(sum(pss) if pss else None, uss_mib)


def end_family(grace_s: float) -> None:
    """Wait so long for all that this process started to end, then kill what is left, and wait for that.

    The trackers of multiprocessing end last, by themselves, once they have removed the others' semaphores.
    """
    deadline = time.monotonic() + grace_s
    while _has_children():
        late_s = time.monotonic() - deadline
        for pid in family(os.getpid()) if late_s >= 0 else ():
            if pid != os.getpid() and (late_s >= _TIDY_S or _TRACKER not in _command(pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL_S)


def _has_children() -> bool:
    """Whether this process has any, once those that have ended are waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return False
    return True


def usage_of_the_ended() -> Usage:
    """What all children that this process has waited for took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Usage(used.ru_utime + used.ru_stime, used.ru_nvcsw, used.ru_nivcsw)
