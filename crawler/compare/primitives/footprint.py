"""Row 4: what one idle worker adds to memory."""

import asyncio
import os
import resource
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from crawler.compare.primitives import inside
from crawler.compare.primitives.findings import Footprint, reading
from crawler.compare.primitives.fresh import answer_of
from crawler.compare.primitives.staff import interpreter, worker
from crawler.compare.primitives.ways import has_interpreters, start_methods
from crawler.compare.tree import memory

_KIB = 1024
_WORKERS = 3
_THREADS = 64
_TASKS = 10_000
_INTERPRETERS = 6
_ROUNDS = 3
_HEAP_OBJECTS = 200_000
_DEADLINE_S = 15.0


class Size(NamedTuple):
    """In KiB: memory that nobody else has (USS), with a share of the rest (PSS), and addresses reserved."""

    own: float
    share: float | None
    reserved: float | None


def measure() -> Footprint:
    """Processes of each start method, then what grows inside of one, each in a fresh process a round."""
    found = {method: _of_processes(method) for method in start_methods()}
    inner: dict[str, Callable[[], Size]] = {"task": of_tasks, "thread": of_threads}
    if has_interpreters():
        inner["interpreter"] = of_interpreters
    for kind, function in inner.items():
        found[kind] = [answer_of(function, _DEADLINE_S) for _ in range(_ROUNDS)]
    shares = {way: [size.share for size in sizes if size.share is not None] for way, sizes in found.items()}
    reserved_kib = [size.reserved for size in found["thread"] if size.reserved is not None]
    heap_kib, touched_kib = answer_of(of_a_child_that_reads, _DEADLINE_S) if "fork" in found else (0.0, None)
    return Footprint(
        own_kib={way: reading([size.own for size in sizes]) for way, sizes in found.items()},
        share_kib={way: reading(share) for way, share in shares.items() if share},
        reserved_kib=reading(reserved_kib).median if reserved_kib else None,
        heap_kib=heap_kib,
        touched_kib=touched_kib,
    )


def of_tasks() -> Size:
    """Growth of own, shared and reserved memory by a task that waits, in KiB."""

    async def grow() -> Size:
        end = asyncio.Event()
        before = _size()
        tasks = [asyncio.create_task(end.wait()) for _ in range(_TASKS)]
        await asyncio.sleep(0)
        after = _size()
        end.set()
        await asyncio.gather(*tasks)
        return _growth(before, after, _TASKS)

    return asyncio.run(grow())


def of_threads() -> Size:
    """The same by a thread that waits."""
    end, running = threading.Event(), threading.Barrier(_THREADS + 1)

    def wait() -> None:
        running.wait()
        end.wait()

    threads = [threading.Thread(target=wait) for _ in range(_THREADS)]
    before = _size()
    for thread in threads:
        thread.start()
    running.wait()
    after = _size()
    end.set()
    for thread in threads:
        thread.join()
    return _growth(before, after, _THREADS)


def of_interpreters() -> Size:
    """The same by an interpreter that has imported what a worker process has."""
    before = _size()
    with ExitStack() as stack:
        for _ in range(_INTERPRETERS):
            stack.enter_context(interpreter())
        return _growth(before, _size(), _INTERPRETERS)


def of_a_child_that_reads() -> tuple[float, float]:
    """The size of a heap of small objects, and the own memory of a forked child that has read them all, in KiB."""
    before = _size()
    heap = [str(number) for number in range(_HEAP_OBJECTS)]
    heap_kib = _growth(before, _size(), 1).own
    with worker("fork", inside.stay_having_read, heap) as (process, wire):
        wire.recv()
        assert process.pid
        return heap_kib, _size(process.pid).own


def _of_processes(method: str) -> list[Size]:
    with ExitStack() as stack:
        found = [stack.enter_context(worker(method, inside.stay)) for _ in range(_WORKERS)]
        for _, wire in found:
            wire.recv()
        return [_size(process.pid) for process, _ in found]


def _size(pid: int | None = None) -> Size:
    """A process's memory now; this one's if none is named."""
    pid = os.getpid() if pid is None else pid
    found = memory([pid])
    return Size(
        found.uss_mib[pid] * _KIB, None if found.pss_mib is None else found.pss_mib * _KIB, _reserved_kib(pid)
    )


def _reserved_kib(pid: int) -> float | None:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # not Linux
        return None
    return pages * resource.getpagesize() / _KIB


def _growth(before: Size, after: Size, workers: int) -> Size:
    grown = (
        None if early is None or late is None else (late - early) / workers
        for early, late in zip(before, after, strict=True)
    )
    own, share, reserved = grown
    assert own is not None
    return Size(own, share, reserved)
