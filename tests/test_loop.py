"""What is closed is closed to its end, whoever cancels meanwhile."""

import asyncio
import threading
import time
from typing import Any

import pytest
from blockbuster import BlockingError

from crawler.loop import to_the_end
from tests.conftest import Run


def test_closing_goes_on_under_those_who_cancel_it_and_they_are_told_then(run: Run[Any]) -> None:
    closed = []

    async def main() -> None:
        begun, let_go = asyncio.Event(), asyncio.Event()

        async def close() -> None:
            begun.set()
            await let_go.wait()
            closed.append("all of it")

        task = asyncio.ensure_future(to_the_end(close()))
        await begun.wait()
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
            assert not task.done()
        let_go.set()
        await task

    with pytest.raises(asyncio.CancelledError):
        run(main())
    assert closed == ["all of it"]


def test_what_goes_wrong_in_closing_is_told(run: Run[Any]) -> None:
    async def fail() -> None:
        raise ValueError("the door is stuck")

    with pytest.raises(ValueError, match="the door is stuck"):
        run(to_the_end(fail()))


def test_the_guard_lets_a_loop_join_its_threads_at_its_end(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that is through may take a while to end where other processes want the cores."""
    end = threading.Thread._bootstrap_inner  # type: ignore[attr-defined]

    def end_late(thread: threading.Thread) -> None:
        end(thread)
        time.sleep(0.01)

    monkeypatch.setattr(threading.Thread, "_bootstrap_inner", end_late)
    assert run(asyncio.to_thread(lambda: 1)) == 1


def test_the_guard_lets_nobody_else_wait_for_a_lock(run: Run[Any]) -> None:
    async def wait() -> None:
        lock = threading.Lock()
        with lock:
            lock.acquire(timeout=1)

    with pytest.raises(BlockingError):
        run(wait())
