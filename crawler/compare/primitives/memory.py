"""Row 1: each worker writes to a variable, and the one who started it looks there."""

import asyncio
import os
import threading

from crawler.compare.primitives import inside
from crawler.compare.primitives.findings import Memory
from crawler.compare.primitives.inside import CELL
from crawler.compare.primitives.staff import interpreter, worker
from crawler.compare.primitives.ways import has_interpreters, start_methods


def measure() -> Memory:
    """Start one worker of each kind; every one of them reads back what it wrote, so the write did happen."""
    seen = {"task": _is_seen(_by_task()), "thread": _is_seen(_by_thread())}
    if has_interpreters():
        seen["interpreter"] = _is_seen(_by_interpreter())
    return Memory(seen | {method: _is_seen(_by_process(method)) for method in start_methods()})


def _is_seen(written: int) -> bool:
    """Whether the variable, 0 before, holds here what the worker wrote."""
    assert written == 1
    found, CELL[0] = CELL[0], 0
    return found == written


def _write(written: list[int]) -> None:
    CELL[0] += 1
    written.append(CELL[0])


def _by_task() -> int:
    written: list[int] = []

    async def write() -> None:
        _write(written)

    async def main() -> None:
        await asyncio.create_task(write())

    asyncio.run(main())
    return written[0]


def _by_thread() -> int:
    written: list[int] = []
    thread = threading.Thread(target=_write, args=(written,))
    thread.start()
    thread.join()
    return written[0]


def _by_interpreter() -> int:
    reader, writer = os.pipe()
    with interpreter() as made, open(reader, "rb") as told, open(writer, "wb"):  # noqa: PTH123 - descriptors
        made.exec(f"import os; inside.CELL[0] += 1; os.write({writer}, bytes(inside.CELL))")
        return told.read(1)[0]


def _by_process(method: str) -> int:
    with worker(method, inside.write_and_tell) as (_, wire):
        return int(wire.recv())
