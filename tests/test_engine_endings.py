"""How the engine ends: at its limit, when it is told to, or because something failed; never leaving a task behind."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import pytest

from crawler.engine import Engine
from crawler.model import Job
from crawler.orders import Load, Settled
from tests.conftest import Run
from tests.engine_parts import GONE, Gate, Memory, Script, begin, job, look_away, no_task_is_left, noted


def test_only_pages_count_towards_the_most_that_may_be_given_out(run: Run[Any]) -> None:
    async def crawl() -> None:
        errands = [
            Job("http://a.test/robots.txt", kind="robots", id=8),
            Job("http://a.test/map", kind="sitemap", id=9),
        ]
        script, gate, memory = Script(*errands, *map(job, range(5))), Gate(8), Memory()
        engine = Engine(script, gate, memory, look_away, max_pages=3)
        assert not engine.has_reached_its_limit
        running = begin(engine)
        for n in (8, 9, 0, 1, 2):
            assert await gate.next_started() == n
        for each in list(gate.under_way.values()):
            each.set_result(GONE)
        await running
        assert engine.has_reached_its_limit
        assert len(memory.urls) == 5, "what is in flight lands"
        assert len(script.orders) == 2
        unlimited = Engine(Script(), gate, memory, look_away)
        await unlimited.run()
        assert not unlimited.has_reached_its_limit

    run(crawl())


def test_a_stop_lets_what_is_in_flight_land_and_starts_nothing(run: Run[Any]) -> None:
    async def crawl() -> None:
        script, gate, memory = Script(*map(job, range(5))), Gate(2), Memory()
        engine = Engine(script, gate, memory, look_away)
        running = begin(engine)
        for _ in range(2):
            await gate.next_started()
        engine.stop()
        gate.release(1)
        gate.release(0)
        await running
        assert sorted(memory.urls) == [job(0).url, job(1).url]
        assert len(script.asked_at) == 2
        early = Engine(script, gate, memory, look_away)
        early.stop()
        await early.run()
        assert len(script.asked_at) == 2, "stopped before it began"
        assert await no_task_is_left()

    run(crawl())


def test_a_stop_is_heard_among_thousands_that_end_without_a_visit(run: Run[Any]) -> None:
    async def crawl() -> None:
        script = Script(*(noted(str(n)) for n in range(1_000)))
        engine = Engine(script, Gate(1), Memory(), look_away)
        running = begin(engine)
        await script.asked.get()
        engine.stop()
        await running
        assert len(script.asked_at) < 10

    run(crawl())


async def _fail(*_: object) -> None:
    raise OSError("disk full")


def _fail_at_once(*_: object) -> NoReturn:
    raise OSError("disk full")


def failing(does: Callable[[Any], Awaitable[Any]], when: Callable[[Any], bool]) -> Callable[[Any], Awaitable[Any]]:
    """What `does` does, but for what it fails with."""

    async def do(what: object) -> object:
        if when(what):
            await _fail()
        return await does(what)

    return do


def spoil(patch: pytest.MonkeyPatch, what: str, script: Script, gate: Gate, memory: Memory) -> None:
    ask = script.next
    match what:
        case "visit":
            patch.setattr(gate, "visit", failing(gate.visit, lambda job: job.id == 0))
        case "next":
            patch.setattr(script, "next", lambda now: _fail_at_once() if script.visits else ask(now))
        case "settle" | "take":
            patch.setattr(script, what, _fail_at_once)
        case "keep" | "bring":
            patch.setattr(memory, what, _fail)
        case "keep what ended without a visit":
            patch.setattr(memory, "keep", failing(memory.keep, lambda settled: settled.visit is None))


@pytest.mark.parametrize(
    "what", ["visit", "next", "settle", "take", "keep", "bring", "keep what ended without a visit"]
)
def test_whatever_fails_ends_the_run_with_its_own_error(
    run: Run[Any], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """While another visit is under way, and as soon as it happens."""

    async def crawl() -> None:
        script, gate, memory = Script(job(0), job(1), noted("ended"), Load("a.test", 9)), Gate(2), Memory()
        if what in ("take", "bring"):
            script.orders.remove(noted("ended"))
        spoil(monkeypatch, what, script, gate, memory)
        running = begin(Engine(script, gate, memory, look_away))
        while await gate.next_started() != 1:
            gate.release(0)
        with pytest.raises(OSError, match="disk full"):
            await running
        assert not gate.under_way, "no visit is left behind"
        assert await no_task_is_left()

    run(crawl())


def test_an_observer_that_fails_ends_the_run_too(run: Run[Any]) -> None:
    async def observe(_settled: Settled) -> None:
        await _fail()

    async def crawl() -> None:
        gate, memory = Gate(2), Memory()
        running = begin(Engine(Script(job(0), job(1)), gate, memory, observe))
        await gate.started.get()
        gate.release(0)
        with pytest.raises(OSError, match="disk full"):
            await running
        assert memory.urls == [job(0).url], "what was told had been kept"
        assert not gate.under_way and await no_task_is_left()

    run(crawl())


def test_a_run_that_is_cancelled_takes_its_visits_with_it(run: Run[Any]) -> None:
    async def crawl() -> None:
        gate, memory = Gate(2), Memory()
        running = begin(Engine(Script(job(0), job(1), Load("a.test", 9)), gate, memory, look_away))
        await gate.started.get()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not gate.under_way and await no_task_is_left()

    run(crawl())
