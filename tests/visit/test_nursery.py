"""Where shards come from: what was started is ended."""

import asyncio
import signal
from typing import Any

import pytest

from crawler.shard import recipe_of
from crawler.visit.nursery import Nursery
from crawler.visit.shard import Shard, Tally
from crawler.wall.faults import WorkerCannotStart
from tests.conftest import Run
from tests.visit.sharding import Spoken, changed
from tests.workers.hearts import count


def test_a_shard_that_never_gets_to_its_start_holds_up_no_end(run: Run[Any]) -> None:
    async def start_and_end() -> None:
        stuck: Any = signal.pause
        nursery = Nursery(recipe_of(changed(), count, __name__, Spoken)._replace(open_rooms=stuck))
        opening = asyncio.ensure_future(nursery.open())
        while not any(shard._process for shard in nursery._starting):
            await asyncio.sleep(0.01)
        async with asyncio.timeout(50):  # a start has a minute
            await nursery.aclose()
        with pytest.raises(WorkerCannotStart):
            await opening

    run(start_and_end())


def test_a_shard_that_is_killed_before_there_is_a_process_ends_as_soon_as_there_is(run: Run[Any]) -> None:
    async def start() -> None:
        stuck: Any = signal.pause
        recipe = recipe_of(changed(), count, __name__, Spoken)._replace(open_rooms=stuck)
        shard = Shard(recipe, Tally(), lambda _: None)
        shard.kill()
        with pytest.raises(
            WorkerCannotStart, match=r"died of signal 9 \(SIGKILL\)"
        ):  # it would be late after a minute
            await shard.start()

    run(start())
