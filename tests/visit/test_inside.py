"""What runs in a shard, here in this process: jobs in, visits out, and whatever goes wrong is told."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from crawler.fetch.canned import CannedFetcher
from crawler.model import Analysis, Failure, Fault, Job, Visit
from crawler.shard import open_pipeline, recipe_of
from crawler.visit.frames import Bug, Done, Frames, Opened, Order, Report, TornFrame, framed, read_order, read_report
from crawler.visit.inside import serve
from tests.conftest import Run
from tests.visit.sharding import SETTINGS, Strange
from tests.workers.hearts import count


async def converse(orders: list[Order], until: Callable[[list[Report]], bool]) -> list[Report]:
    """What a shard reports to these orders; at the end it is let go."""
    ours, theirs = socket.socketpair()
    rooms = open_pipeline(Strange, SETTINGS.fetch, count, SETTINGS.analyze)
    shard = asyncio.get_running_loop().create_task(serve(theirs, rooms))
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    frames = Frames()
    reports: list[Report] = []
    writer.write(b"".join(map(framed, orders)))
    while not until(reports):
        reports += map(read_report, frames.feed(await reader.read(1)))
    writer.close()
    await writer.wait_closed()
    await shard
    return reports


def test_jobs_end_in_visits_and_bugs_are_told(run: Run[Any]) -> None:
    urls = [f"http://a.test/{name}" for name in ("x", "bug", "memory", "endless")]

    async def main() -> None:
        orders = [Order(number, Job(url)) for number, url in enumerate(urls)]
        opened, *reports = await converse(orders, lambda reports: len(reports) == 4)
        assert opened == Opened()
        told = {report.number: report for report in reports if isinstance(report, Done | Bug)}
        good, bug, memory = told[0], told[1], told[2]
        assert isinstance(good, Done) and isinstance(good.visit.outcome, Analysis)
        assert good.analyzed == 1 and good.cpu_s > 0
        assert isinstance(bug, Bug) and bug.text.endswith("ZeroDivisionError: a bug of ours\n")
        assert isinstance(memory, Done)
        assert memory.visit == Visit(
            Job(urls[2]), None, Failure(Fault.MEMORY, "fetching ran out of the memory it may use")
        )

    run(main())


def test_a_shard_that_nobody_wants_any_more_ends(run: Run[Any]) -> None:
    run(converse([Order(1, Job("http://a.test/endless"))], lambda reports: len(reports) == 1))


def test_frames_are_found_however_the_stream_is_cut() -> None:
    orders = [Order(number, Job("http://a.test/" + "x" * 30 * number)) for number in range(20)]
    stream = b"".join(map(framed, orders))
    for size in (1, 3, 4, 7, 64, len(stream)):
        frames = Frames()
        found = [
            read_order(packed) for at in range(0, len(stream), size) for packed in frames.feed(stream[at : at + size])
        ]
        assert found == orders
    with pytest.raises(TornFrame, match="a message of 4,294,967,295 bytes"):
        list(Frames().feed(b"\xff" * 4))


def test_each_shard_has_its_share_of_the_concurrency_and_of_the_memory() -> None:
    def recipe(**changes: Any) -> Any:
        settings = SETTINGS.fetch.__class__(**changes)
        return recipe_of(SETTINGS.__class__(fetch=settings, visit=SETTINGS.visit), count, "tests", CannedFetcher)  # type: ignore[arg-type]

    assert [recipe(concurrency=n).capacity for n in (1, 2, 3, 32)] == [1, 1, 2, 16]
    assert recipe(room="sequential").capacity == 1
    small, large = recipe(max_body_bytes=2**20), recipe(max_body_bytes=2**24)
    assert large.max_growth_bytes - small.max_growth_bytes == 16 * 2 * (2**24 - 2**20)
    assert large.patience_s > small.patience_s > 30 + 10
