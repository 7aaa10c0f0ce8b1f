"""The engine: orders in, never more under way than the visitor can take, woken by time and by what happens."""

import asyncio
from typing import Any

import pytest

from crawler.engine import Engine
from crawler.frontier.state import Frontier
from crawler.model import Job, Redirect, Visit
from crawler.orders import Brought, Drained, Ended, Load, Recall, Reopen, Settled, Wait
from crawler.settings import FrontierSettings
from tests.conftest import Run
from tests.engine_parts import GONE, ROWS, Clock, Gate, Memory, Script, begin, job, look_away, noted


def test_no_more_is_asked_for_than_can_be_started(run: Run[Any]) -> None:
    async def crawl() -> None:
        script, gate, memory = Script(*map(job, range(5))), Gate(2), Memory()
        running = begin(Engine(script, gate, memory, look_away))
        for n in range(5):
            assert await gate.next_started() == n
            if n:
                assert len(script.asked_at) == n + 1, "asked only when there was room"
                gate.release(n - 1)
        gate.release(4)
        await running
        assert memory.urls == [job(n).url for n in range(5)]
        assert [visit.outcome for visit in script.visits] == [GONE] * 5

    run(crawl())


def test_a_visit_is_under_way_until_the_store_has_taken_it(run: Run[Any]) -> None:
    async def crawl() -> None:
        script, gate, memory = Script(*map(job, range(4))), Gate(2), Memory()
        memory.door.clear()
        running = begin(Engine(script, gate, memory, look_away))
        assert [await gate.next_started(), await gate.next_started()] == [0, 1]
        for n in range(2):
            gate.release(n)
            await memory.entered.get()
        assert len(script.asked_at) == 2
        memory.door.set()
        for n in (2, 3):
            assert await gate.next_started() == n
            gate.release(n)
        await running

    run(crawl())


def test_what_ended_without_a_visit_is_kept_and_observed(run: Run[Any]) -> None:
    async def crawl() -> None:
        orders = [Settled(None, [Ended(n, "robots", "forbidden")]) for n in range(3)]
        memory, seen = Memory(), list[Settled]()

        async def observe(settled: Settled) -> None:
            assert settled in memory.kept, "nobody hears of what the store does not have"
            seen.append(settled)

        await Engine(Script(orders[0], Settled(), *orders[1:]), Gate(1), memory, observe).run()
        assert memory.kept == seen == orders

    run(crawl())


@pytest.mark.parametrize("order", [Load("a.test", 9), Reopen((1, 2)), Recall(0, 9)])
def test_rows_are_brought_by_the_store_and_what_came_of_them_is_kept(run: Run[Any], order: Brought) -> None:
    async def crawl() -> None:
        script, memory = Script(order), Memory()
        await Engine(script, Gate(1), memory, look_away).run()
        assert memory.brought == [order]
        assert script.taken == [(order, ROWS)]
        assert memory.kept == [noted(f"took {type(order).__name__}")]
        assert len(script.asked_at) == 3, "once for the order, once to be told to wait, once when the rows were there"

    run(crawl())


def test_what_is_being_brought_holds_up_no_visit_and_takes_no_room_from_one(run: Run[Any]) -> None:
    async def crawl() -> None:
        script, gate, memory = Script(Load("a.test", 9), job(1), job(2)), Gate(2), Memory()
        memory.door.clear()
        running = begin(Engine(script, gate, memory, look_away))
        assert await memory.entered.get() == Load("a.test", 9)
        assert [await gate.next_started(), await gate.next_started()] == [1, 2]
        for n in (1, 2):
            gate.release(n)
        memory.door.set()
        await running

    run(crawl())


def test_no_more_is_brought_at_once_than_there_is_a_bound_for(run: Run[Any]) -> None:
    """However many hosts have URLs on disk, and without holding up the loop until all were asked for."""

    async def crawl() -> None:
        loads = [Load(f"{n}.test", 9) for n in range(1_000)]
        script, memory = Script(*loads), Memory()
        memory.door.clear()
        running = begin(Engine(script, Gate(1), memory, look_away))
        await memory.entered.get()
        assert len(script.asked_at) <= 64
        memory.door.set()
        await running
        assert sorted(memory.brought) == sorted(loads)

    run(crawl())


def test_a_wait_ends_at_its_time() -> None:
    clock = Clock()
    script = Script(Wait(60.0), Wait(3_600.0), Wait(3_600.5), job(1))

    class Quick(Gate):
        async def visit(self, job: Job) -> Visit:
            return Visit(job, None, GONE)

    clock.run(Engine(script, Quick(1), Memory(), look_away).run())
    assert script.asked_at[:4] == pytest.approx([0.0, 60.0, 3_600.0, 3_600.5])
    assert script.visits
    assert clock.now == pytest.approx(3_600.5)


def test_a_wait_ends_when_something_changes() -> None:
    """A visit that lands, rows that arrive: each is worth another look, long before the time is over."""
    clock, gate, memory = Clock(), Gate(3), Memory()
    script = Script(job(1), job(2), Load("a.test", 9), Wait(3_600.0))
    engine = Engine(script, gate, memory, look_away)

    async def crawl() -> None:
        memory.door.clear()
        running = begin(engine)
        assert [await gate.next_started(), await gate.next_started()] == [1, 2]
        assert [await script.asked.get() for _ in range(4)] == [0.0] * 4
        memory.door.set()
        assert await script.asked.get() == 0.0
        assert script.taken
        gate.release(1)
        assert await script.asked.get() == 0.0
        assert script.visits
        engine.stop()
        gate.release(2)
        await running
        assert clock.now == 0.0
        assert script.asked.empty()

    clock.run(crawl())


def test_a_wait_ends_with_a_stop() -> None:
    clock = Clock()
    script = Script(Wait(3_600.0))
    engine = Engine(script, Gate(1), Memory(), look_away)

    async def crawl() -> None:
        running = begin(engine)
        await script.asked.get()
        engine.stop()
        await running
        assert clock.now == 0.0

    clock.run(crawl())


def test_seeds_of_a_real_frontier_are_visited_and_their_redirects_followed(run: Run[Any]) -> None:
    async def crawl() -> None:
        frontier, gate, memory = Frontier(FrontierSettings(delay_s=0.0, robots="ignore")), Gate(8), Memory()
        seeds = [Job(f"http://en.crawler.test/{n}") for n in range(3)]
        await memory.keep(frontier.offer(seeds, asyncio.get_running_loop().time()))
        running = begin(Engine(frontier, gate, memory, look_away))
        urls = [(await gate.started.get()).url for _ in seeds]
        assert urls == [seed.url for seed in seeds]
        gate.under_way[urls[0]].set_result(GONE)
        gate.under_way[urls[1]].set_result(Redirect("http://en.crawler.test/new"))
        moved = await gate.started.get()
        assert moved.url == "http://en.crawler.test/new"
        for url in (moved.url, urls[2]):
            gate.under_way[url].set_result(GONE)
        await running
        assert sorted(memory.urls) == sorted([*urls, moved.url])
        assert isinstance(frontier.next(asyncio.get_running_loop().time()), Drained)
        assert (frontier.in_flight, frontier.waiting, frontier.settled) == (0, 0, 4)

    run(crawl())
