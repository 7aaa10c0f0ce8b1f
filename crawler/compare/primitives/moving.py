"""Row 2: bytes are handed to a worker, which looks at the last of them and answers."""

import asyncio
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.shared_memory import SharedMemory
from typing import Any, TypeAlias

from crawler.compare.primitives import receiving
from crawler.compare.primitives.findings import Moving, reading
from crawler.compare.primitives.staff import finish, interpreter
from crawler.compare.primitives.ways import has_interpreters, interpreters, sturdy_method

SIZES = (1_000, 64_000, 1_000_000, 10_000_000)
_TURNS = 8
_BURST = 6
"""Hand-overs by one way before it is the next way's turn; the first of them, which finds cold caches, is not kept."""

Burst: TypeAlias = Callable[[bytes], list[float]]
"""Hands a payload over _BURST times, each time waiting for the receiver's answer; what each took in microseconds."""


def measure() -> Moving:
    """Each way with each size in turn, so that a disturbance falls on all of them."""
    with ExitStack() as stack:
        ways: dict[str, Burst] = {
            "task": stack.enter_context(_to_task()),
            "thread": stack.enter_context(_to_thread()),
        }
        ways["pickle"], ways["shared"] = stack.enter_context(_to_process())
        if has_interpreters():
            ways["interpreter"] = stack.enter_context(_to_interpreter())
        taken = {way: {size: list[float]() for size in SIZES} for way in ways}
        for _ in range(_TURNS):
            for size in SIZES:
                for way, burst in ways.items():
                    taken[way][size] += burst(bytes(size))[1:]
    return Moving({way: {size: reading(samples) for size, samples in sizes.items()} for way, sizes in taken.items()})


def _burst(hand_over: Callable[[bytes], None]) -> Burst:
    def burst(payload: bytes) -> list[float]:
        taken = []
        for _ in range(_BURST):
            start = time.perf_counter()
            hand_over(payload)
            taken.append((time.perf_counter() - start) * 1e6)
        return taken

    return burst


@contextmanager
def _to_task() -> Iterator[Burst]:
    inbox: asyncio.Queue[bytes] = asyncio.Queue()
    outbox: asyncio.Queue[int] = asyncio.Queue()

    async def receive() -> None:
        while payload := await inbox.get():
            await outbox.put(payload[-1])

    async def burst(payload: bytes) -> list[float]:
        taken = []
        for _ in range(_BURST):
            start = time.perf_counter()
            await inbox.put(payload)
            await outbox.get()
            taken.append((time.perf_counter() - start) * 1e6)
        return taken

    with asyncio.Runner() as runner:
        receiver = runner.get_loop().create_task(receive())
        yield lambda payload: runner.run(burst(payload))
        inbox.put_nowait(b"")
        runner.get_loop().run_until_complete(receiver)


@contextmanager
def _to_thread() -> Iterator[Burst]:
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    outbox: queue.SimpleQueue[int] = queue.SimpleQueue()

    def receive() -> None:
        while payload := inbox.get():
            outbox.put(payload[-1])

    def hand_over(payload: bytes) -> None:
        inbox.put(payload)
        outbox.get()

    thread = threading.Thread(target=receive)
    thread.start()
    try:
        yield _burst(hand_over)
    finally:
        inbox.put(b"")
        thread.join()


@contextmanager
def _to_process() -> Iterator[tuple[Burst, Burst]]:
    """By pickle and by shared memory, to one process, so that both find it on the same core.

    The memory has a name only while the two find each other, so that none is left behind by a kill.
    """
    context: Any = multiprocessing.get_context(sturdy_method())
    inbox, ours = context.Pipe(duplex=False)
    answers, outbox = context.Pipe(duplex=False)
    process = context.Process(target=receiving.receive, args=(inbox, outbox), daemon=True)
    process.start()
    answers.recv_bytes()
    memory = SharedMemory(create=True, size=max(SIZES))
    try:
        ours.send(memory.name)
        answers.recv_bytes()
    finally:
        memory.unlink()

    def hand_over(payload: bytes) -> None:
        ours.send(payload)
        answers.recv_bytes()

    def write(payload: bytes) -> None:
        assert memory.buf is not None
        memory.buf[: len(payload)] = payload
        ours.send(len(payload))
        answers.recv_bytes()

    try:
        yield _burst(hand_over), _burst(write)
    finally:
        ours.send(b"")
        finish(process)
        memory.close()


@contextmanager
def _to_interpreter() -> Iterator[Burst]:
    """Through a queue of interpreters; pipes tell that something is there, since the queue itself would be polled."""
    inbox = interpreters().create_queue()
    heard, told = os.pipe()
    answers, outbox = os.pipe()
    with interpreter() as made:
        made.prepare_main(inbox=inbox)
        code = (
            f"import os\nwhile os.read({heard}, 1) == b'+':\n"
            f"    payload = inbox.get_nowait()\n    os.write({outbox}, payload[-1:])"
        )
        thread = threading.Thread(target=made.exec, args=(code,))
        thread.start()

        def hand_over(payload: bytes) -> None:
            inbox.put(payload)
            os.write(told, b"+")
            os.read(answers, 1)

        try:
            yield _burst(hand_over)
        finally:
            os.write(told, b"-")
            thread.join()
            for descriptor in (heard, told, answers, outbox):
                os.close(descriptor)
