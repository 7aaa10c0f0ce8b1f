"""The engine: every job one visit, never more under way than the visitor can take, a clean stop."""

import asyncio
from typing import Any

import pytest

from crawler.engine import Engine
from crawler.frontier.state import Frontier
from crawler.model import Answer, Failure, Fault, Job, Redirect, Timings, Visit
from crawler.settings import FrontierSettings
from tests.conftest import Run

ANSWER = Answer(302, "", 0, Timings())


class Gate:
    """A visitor whose visits end only when the test lets them."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.under_way: dict[str, asyncio.Future[Visit]] = {}
        self.peak = 0

    async def visit(self, job: Job) -> Visit:
        self.under_way[job.url] = asyncio.get_running_loop().create_future()
        self.peak = max(self.peak, len(self.under_way))
        try:
            return await self.under_way[job.url]
        finally:
            del self.under_way[job.url]

    async def release(self, url: str, outcome: Failure | Redirect) -> None:
        while url not in self.under_way:
            await asyncio.sleep(0)
        self.under_way[url].set_result(Visit(Job(url), ANSWER, outcome))

    async def aclose(self) -> None: ...


class Memory:
    """A store that remembers."""

    def __init__(self) -> None:
        self.kept: list[Visit] = []

    async def keep(self, visit: Visit) -> None:
        self.kept.append(visit)

    async def aclose(self) -> None: ...


async def look_away(_visit: Visit) -> None: ...


DONE = Failure(Fault.STATUS, "404")


def test_every_job_ends_in_one_visit_and_redirects_are_followed(run: Run[Any]) -> None:
    async def crawl() -> None:
        frontier, gate, memory = Frontier(FrontierSettings()), Gate(3), Memory()
        frontier.offer(Job(f"http://a.test/{n}") for n in range(7))
        running = asyncio.create_task(Engine(frontier, gate, memory, look_away).run())
        for n in range(6):
            await gate.release(f"http://a.test/{n}", DONE)
        await gate.release("http://a.test/6", Redirect("http://a.test/new"))
        await gate.release("http://a.test/new", DONE)
        await running
        assert [visit.job.url for visit in memory.kept] == [
            *(f"http://a.test/{n}" for n in range(7)),
            "http://a.test/new",
        ]
        assert gate.peak == 3
        assert frontier.is_drained

    run(crawl())


def test_a_stop_lets_what_is_in_flight_land_and_starts_nothing(run: Run[Any]) -> None:
    async def crawl() -> None:
        frontier, gate, memory = Frontier(FrontierSettings()), Gate(2), Memory()
        frontier.offer(Job(f"http://a.test/{n}") for n in range(5))
        engine = Engine(frontier, gate, memory, look_away)
        running = asyncio.create_task(engine.run())
        await gate.release("http://a.test/0", DONE)
        while "http://a.test/2" not in gate.under_way:
            await asyncio.sleep(0)
        engine.stop()
        await gate.release("http://a.test/1", DONE)
        await gate.release("http://a.test/2", DONE)
        await running
        assert sorted(visit.job.url[-1] for visit in memory.kept) == ["0", "1", "2"]
        assert (frontier.waiting, frontier.in_flight) == (2, 0)

    run(crawl())


def test_lanes_without_work_wait_for_what_others_bring_and_end_with_them(run: Run[Any]) -> None:
    async def crawl() -> None:
        frontier, gate, memory = Frontier(FrontierSettings()), Gate(8), Memory()
        frontier.offer([Job("http://a.test/")])
        running = asyncio.create_task(Engine(frontier, gate, memory, look_away).run())
        await gate.release("http://a.test/", Redirect("http://a.test/1"))
        await gate.release("http://a.test/1", DONE)
        await asyncio.wait_for(running, 5)
        assert len(memory.kept) == 2

    run(crawl())


def test_a_store_that_fails_ends_the_run_with_its_own_error(run: Run[Any]) -> None:
    class Full(Memory):
        async def keep(self, visit: Visit) -> None:
            raise OSError("disk full")

    async def crawl() -> None:
        frontier, gate = Frontier(FrontierSettings()), Gate(2)
        frontier.offer(Job(f"http://a.test/{n}") for n in range(5))
        running = asyncio.create_task(Engine(frontier, gate, Full(), look_away).run())
        await gate.release("http://a.test/0", DONE)
        with pytest.raises(OSError, match="disk full"):
            await running
        assert not gate.under_way, "no visit is left behind"

    run(crawl())
