"""Suspects: each is visited again alone, in a process that nobody will miss."""

import asyncio
import gc
import multiprocessing
from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault, Job, Visit
from crawler.visit.shard import Shard
from crawler.wall.faults import WorkerCannotStart
from tests.conftest import Run
from tests.visit.sharding import changed, opened


def test_a_disposable_shard_that_ends_as_soon_as_it_has_opened_is_replaced(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1)) as (shards, _):
            nursery, started = shards._nursery, []
            open_shard = nursery.open

            async def open_and_end() -> Shard:
                shard = await open_shard()
                started.append(shard)
                if len(started) == 1:
                    shard.kill()
                    await shard.how_it_ended
                return shard

            nursery.open = open_and_end  # type: ignore[method-assign, assignment]
            job = Job("http://a.test/x")
            shards._alone.suspect(job)
            async with asyncio.timeout(100):
                assert isinstance((await shards.visit(job)).outcome, Analysis)
            assert len(started) == 2

    run(visit())


@pytest.mark.parametrize("kills", [1, 2])
def test_who_is_killed_from_outside_while_alone_is_heard_once_more(
    kills: int, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[Shard] = []
    visit_in = Shard.visit

    async def visit_in_killed(shard: Shard, job: Job) -> Visit:
        if len(killed) < kills:
            shard.kill()  # what has happened to it is seen after it was given its visit
            killed.append(shard)
        return await visit_in(shard, job)

    async def visit() -> None:
        killed.clear()
        async with opened(changed(shards=1)) as (shards, _):
            job = Job("http://a.test/x")
            shards._alone.suspect(job)
            async with asyncio.timeout(100):
                first, second = [(await shards.visit(job)).outcome for _ in range(2)]
            assert isinstance(first, Failure)
            assert first.fault is Fault.LOST
            assert isinstance(second, Analysis if kills == 1 else Failure)
            assert len(set(killed)) == kills
            assert job not in shards._alone

    monkeypatch.setattr(Shard, "visit", visit_in_killed)
    run(visit())


def test_the_shard_opens_when_somebody_is_suspected_and_closes_when_nobody_is(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1)) as (shards, _):
            before, alone = set(shards._nursery._shards), shards._alone
            jobs = [Job(f"http://a.test/{number}") for number in range(2)]
            for job in jobs:
                alone.suspect(job)
            async with asyncio.timeout(100):
                while shards._nursery._shards == before:  # nothing has been visited
                    await asyncio.sleep(0.01)
                (shard,) = shards._nursery._shards - before
                assert isinstance((await shards.visit(jobs[0])).outcome, Analysis)
                assert shard.is_open
                assert isinstance((await shards.visit(jobs[1])).outcome, Analysis)
            assert shard.how_it_ended.done()
            assert shards._nursery._shards == before
            assert alone._shard is None

    run(visit())


def test_a_suspect_that_is_never_visited_again_leaves_no_process(run: Run[Any]) -> None:
    async def leave(*, is_open: bool) -> None:
        async with opened(changed(shards=1)) as (shards, _):
            shards._alone.suspect(Job("http://a.test/x"))
            async with asyncio.timeout(100):
                while is_open and len(shards._nursery._shards) < 2:
                    await asyncio.sleep(0.01)
        assert not multiprocessing.active_children()
        shards._alone.suspect(Job("http://a.test/y"))  # by what was under way when they were closed
        await asyncio.gather(*shards._nursery._tasks, return_exceptions=True)
        assert not multiprocessing.active_children()

    run(leave(is_open=True))
    run(leave(is_open=False))


def test_a_shard_that_could_not_be_opened_beforehand_is_tried_again_with_the_visit(run: Run[Any]) -> None:
    async def visit() -> None:
        unseen: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(context))
        async with opened(changed(shards=1)) as (shards, _):
            nursery, refused = shards._nursery, asyncio.Event()
            open_shard = nursery.open

            async def refuse_once() -> Shard:
                if not refused.is_set():
                    refused.set()
                    raise WorkerCannotStart("no process to be had")
                return await open_shard()

            nursery.open = refuse_once  # type: ignore[method-assign, assignment]
            job = Job("http://a.test/x")
            shards._alone.suspect(job)
            await refused.wait()
            while nursery._tasks:
                await asyncio.sleep(0.01)
            gc.collect()
            async with asyncio.timeout(100):
                assert isinstance((await shards.visit(job)).outcome, Analysis)
        assert not unseen

    run(visit())


def test_no_more_suspects_are_remembered_than_fit(run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.visit.alone._MAX_SUSPECTS", 2)

    async def remember() -> None:
        async with opened(changed(shards=1)) as (shards, _):
            jobs = [Job(f"http://a.test/{number}") for number in range(3)]
            for job in jobs:
                shards._alone.suspect(job)
            assert [job in shards._alone for job in jobs] == [False, True, True]
            assert Job(jobs[1].url, kind="robots") not in shards._alone

    run(remember())
