"""Rooms that take over from others: no visit notices, nothing stays open, and what fails changes nothing."""

import asyncio
from typing import Any

import pytest

from crawler.model import Failure, Fault, Job, Visit
from crawler.protocols import Burden, Rooms
from crawler.visit.succession import Succession
from tests.conftest import Run

GONE = Failure(Fault.STATUS, "404")


class Hall:
    """Rooms whose visits end when the test says so."""

    def __init__(self, capacity: int = 4, *, refuses: bool = False, is_slow: bool = False) -> None:
        self.capacity = capacity
        self.under_way: dict[str, asyncio.Future[None]] = {}
        self.done = 0
        self.is_closed = False
        self.is_asked = asyncio.Event()
        self._refuses = refuses
        self._is_slow = is_slow

    async def ready(self) -> None:
        self.is_asked.set()
        if self._refuses:
            raise OSError("no process to be had")
        if self._is_slow:
            await asyncio.get_running_loop().create_future()

    def burden(self) -> Burden:
        return Burden(len(self.under_way), 1, self.capacity, 0.5 * self.done, self.done)

    async def visit(self, job: Job) -> Visit:
        assert not self.is_closed
        future = self.under_way[job.url] = asyncio.get_running_loop().create_future()
        try:
            await future
        finally:
            del self.under_way[job.url]
        self.done += 1
        return Visit(job, None, GONE)

    def release(self, *urls: str) -> None:
        for url in urls:
            self.under_way[url].set_result(None)

    async def aclose(self) -> None:
        assert not self.under_way
        assert not self.is_closed
        self.is_closed = True


def begin(rooms: Rooms, url: str) -> "asyncio.Task[Visit]":
    return asyncio.get_running_loop().create_task(rooms.visit(Job(url)))


async def a_moment() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def opener(hall: Hall) -> Any:
    async def open_next() -> Hall:
        await asyncio.sleep(0)
        return hall

    return open_next


def test_the_old_finish_what_they_have_and_the_new_get_the_rest(run: Run[Any]) -> None:
    async def change() -> None:
        old, new = Hall(4), Hall(6)
        rooms = Succession(old)
        first = [begin(rooms, url) for url in "ab"]
        await a_moment()
        change = asyncio.get_running_loop().create_task(rooms.hand_over(opener(new)))
        await a_moment()
        assert rooms.capacity == 6
        later = begin(rooms, "c")
        await a_moment()
        assert (set(old.under_way), set(new.under_way)) == ({"a", "b"}, {"c"})
        assert rooms.burden() == Burden(3, 2, 6, 0.0, 0), "of both"
        old.release("a")
        await a_moment()
        assert not old.is_closed and not change.done()
        old.release("b")
        await change
        assert old.is_closed
        new.release("c")
        assert [(await task).job.url for task in (*first, later)] == ["a", "b", "c"]
        assert rooms.burden() == Burden(0, 1, 6, 1.5, 3), "what was spent in the old is spent"
        await rooms.aclose()
        assert new.is_closed

    run(change())


def test_idle_rooms_are_closed_at_once(run: Run[Any]) -> None:
    async def change() -> None:
        old, new = Hall(), Hall()
        rooms = Succession(old)
        await rooms.hand_over(opener(new))
        assert old.is_closed and not new.is_closed
        await rooms.aclose()
        assert new.is_closed

    run(change())


def test_rooms_that_cannot_be_opened_change_nothing(run: Run[Any]) -> None:
    async def change() -> None:
        old, refusing = Hall(4), Hall(6, refuses=True)
        rooms = Succession(old)
        task = begin(rooms, "a")
        with pytest.raises(OSError, match="no process"):
            await rooms.hand_over(opener(refusing))

        async def not_even_that() -> Rooms:
            raise OSError("no descriptor")

        with pytest.raises(OSError, match="no descriptor"):
            await rooms.hand_over(not_even_that)
        assert refusing.is_closed and not old.is_closed
        assert rooms.capacity == 4
        old.release("a")
        assert (await task).job.url == "a"
        await rooms.aclose()
        assert old.is_closed

    run(change())


def test_whoever_leaves_in_the_middle_of_a_change_leaves_nothing_open(run: Run[Any]) -> None:
    async def leave(stage: str) -> None:
        old, new = Hall(), Hall(is_slow=stage == "ready")
        rooms = Succession(old)
        visit = begin(rooms, "a")
        await a_moment()
        door = asyncio.Event()

        async def open_next() -> Rooms:
            await door.wait()
            return new

        change = asyncio.get_running_loop().create_task(rooms.hand_over(open_next))
        await a_moment()
        if stage != "open":
            door.set()
            await new.is_asked.wait()
            await a_moment()
        for task in (change, visit):
            task.cancel()
        await asyncio.wait([change, visit])
        closing = asyncio.get_running_loop().create_task(rooms.aclose())
        await a_moment()
        door.set()
        await closing
        assert old.is_closed and new.is_closed

    for stage in ("open", "ready", "drain"):
        run(leave(stage))
