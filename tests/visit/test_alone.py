"""Suspects: each is visited again alone, in a process that nobody will miss."""

import asyncio
from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault, Job
from crawler.visit.shard import Shard
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
def test_who_is_killed_from_outside_while_alone_is_heard_once_more(kills: int, run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1)) as (shards, _):
            nursery, started = shards._nursery, []
            open_shard = nursery.open

            async def open_and_kill() -> Shard:
                shard = await open_shard()
                started.append(shard)
                if len(started) <= kills:
                    shard.kill()  # what has happened to it is seen after it was given its visit
                return shard

            nursery.open = open_and_kill  # type: ignore[method-assign, assignment]
            job = Job("http://a.test/x")
            shards._alone.suspect(job)
            async with asyncio.timeout(100):
                first, second = [(await shards.visit(job)).outcome for _ in range(2)]
            assert isinstance(first, Failure)
            assert first.fault is Fault.LOST
            assert isinstance(second, Analysis if kills == 1 else Failure)
            assert len(started) == 2
            assert job not in shards._alone

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
