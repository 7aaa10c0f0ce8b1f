"""Shards among real deaths: the culprit is named, the innocent come to their end, and nothing is left behind."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault, Job, Page, Reading, Visit
from crawler.orders import REFETCHED, SHARD_LOST
from crawler.shard import recipe_of
from crawler.visit.frames import Done, framed
from crawler.visit.shard import ShardBug
from crawler.visit.shards import Shards
from crawler.wall.faults import WorkerCannotStart
from tests.conftest import Run
from tests.lives import Life
from tests.visit.sharding import (
    IMPATIENT,
    Crowded,
    Held,
    Spoken,
    Strange,
    all_to_their_ends,
    changed,
    is_lost,
    opened,
    process_of,
    thirsty,
    to_its_end,
)
from tests.workers.hearts import count

Eventually = Callable[[Callable[[], bool]], None]
NOTHING = Visit(Job("http://a.test/x"), None, Failure(Fault.CONNECT, "refused"))
INNOCENT = [f"http://{host}.test/page-{number}" for number in range(10) for host in "abcd"]


@pytest.fixture
def door(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "door"


@pytest.mark.parametrize(
    ("deed", "fault", "text"),
    [
        ("segfault", Fault.CRASHED, "the shard that visited it alone died of signal 11 (SIGSEGV)"),
        ("hang", Fault.HUNG, "analysis was not done by its deadline and was ended"),
        ("balloon", Fault.MEMORY, "analysis ran out of the memory it may use"),
        ("kill%20-9", Fault.CRASHED, "the shard that visited it alone died of signal 9 (SIGKILL)"),
        ("exit", Fault.CRASHED, "the shard that visited it alone died of exit status 7"),
    ],
)
def test_of_forty_innocents_forty_are_analysed_and_the_culprit_is_named(
    deed: str, fault: Fault, text: str, run: Run[Any]
) -> None:
    async def visit() -> None:
        settings = changed(**IMPATIENT) if fault is Fault.HUNG else changed()
        async with opened(settings) as (shards, told):
            culprit = f"http://a.test/{deed}"
            visits = await all_to_their_ends(shards, [*INNOCENT[:17], culprit, *INNOCENT[17:]])
            assert visits.pop(culprit).outcome == Failure(fault, text, "analyze")
            assert all(isinstance(visit.outcome, Analysis) for visit in visits.values())
            assert len([note for note in told if note.event == SHARD_LOST]) == (fault is not Fault.MEMORY)
            again = [note for note in told if note.event == REFETCHED]
            assert len(again) == len(set(again)) <= settings.fetch.concurrency
            assert not any(culprit in note.text for note in again)

    run(visit())


def test_several_culprits_at_once_are_each_named(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(**IMPATIENT)) as (shards, _):
            culprits = [f"http://{host}.test/{deed}" for host in "ab" for deed in ("segfault", "hang", "no%20memory")]
            visits = await all_to_their_ends(shards, [*INNOCENT[:5], *culprits, *INNOCENT[5:]])
            faults = {url: visits.pop(url).outcome for url in culprits}
            assert [f.fault for f in faults.values() if isinstance(f, Failure)] == [
                Fault.CRASHED, Fault.HUNG, Fault.MEMORY,
            ] * 2  # fmt: skip
            assert all(isinstance(visit.outcome, Analysis) for visit in visits.values())

    run(visit())


def test_suspects_are_visited_one_by_one_in_one_process_beside_the_others(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened() as (shards, _):
            visit_alone, here = shards._alone._visit, 0

            async def counting(job: Job) -> Visit:
                nonlocal here
                here += 1
                try:
                    assert here == 1
                    return await visit_alone(job)
                finally:
                    here -= 1

            shards._alone._visit = counting  # type: ignore[method-assign]
            culprits = [f"http://{host}.test/segfault" for host in "abcdefgh"]
            visits = await all_to_their_ends(shards, [*culprits, *INNOCENT])
            assert sum(isinstance(visit.outcome, Analysis) for visit in visits.values()) == len(INNOCENT)

    run(visit())


def test_who_found_no_memory_left_is_heard_again_alone_and_the_shard_is_replaced(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1), heart=thirsty, fetcher=Crowded) as (shards, told):
            (first,) = shards._homes
            visits = await all_to_their_ends(shards, [*INNOCENT[:5], "http://a.test/thirsty", *INNOCENT[5:9]])
            assert all(isinstance(visit.outcome, Analysis) for visit in visits.values())
            assert [note.event for note in told] == [REFETCHED]
            assert shards._homes != [first]
            assert first is not None and not first.is_open, "it ended when nothing was in it any more"

    run(visit())


def test_shards_killed_from_outside_cost_no_page_and_are_deaf_to_the_terminal(run: Run[Any], door: Path) -> None:
    async def visit() -> None:
        async with opened(fetcher=partial(Held, door)) as (shards, told):
            work = asyncio.ensure_future(all_to_their_ends(shards, INNOCENT))
            while shards.burden().fetching < shards.capacity:
                await asyncio.sleep(0.001)
            for process in multiprocessing.active_children():
                process.kill()
            await asyncio.to_thread(door.touch)
            visits = await work
            assert all(isinstance(visit.outcome, Analysis) for visit in visits.values())
            assert [note.event for note in told].count(SHARD_LOST) == 2
            assert [note.event for note in told].count(REFETCHED) == shards.capacity
            for process in multiprocessing.active_children():
                for which in (signal.SIGINT, signal.SIGTERM):
                    os.kill(process.pid or 0, which)
            assert len(await all_to_their_ends(shards, INNOCENT)) == 40
            assert [note.event for note in told].count(SHARD_LOST) == 2

    run(visit())


def test_a_shard_that_says_nothing_for_too_long_is_killed(run: Run[Any]) -> None:
    """A stopped process (SIGSTOP) takes no SIGALRM, but SIGKILL it takes."""

    async def visit() -> None:
        recipe = recipe_of(changed(), stop_yourself, __name__, Spoken)._replace(patience_s=0.3)
        shards = Shards(recipe, 1, 1, lambda _: None)
        hung = await to_its_end(shards, Job("http://a.test/x"))
        await shards.aclose()
        assert hung.outcome == Failure(Fault.HUNG, "analysis was not done by its deadline and was ended", "analyze")

    run(visit())


def stop_yourself(page: Page) -> Reading:
    os.kill(os.getpid(), signal.SIGSTOP)
    return count(page)


def test_a_shard_that_talks_nonsense_is_replaced(run: Run[Any], door: Path) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1), fetcher=partial(Held, door)) as (shards, told):
            (shard,) = shards._homes
            assert shard is not None
            visit = asyncio.ensure_future(shards.visit(Job("http://a.test/x")))
            await asyncio.sleep(0)
            shard.data_received(framed(Done(1_000, NOTHING, 0, 0.0, 0.0, 0.0)))
            assert is_lost(await visit)
            await asyncio.to_thread(door.touch)
            assert isinstance((await to_its_end(shards, Job("http://a.test/x"))).outcome, Analysis)
            assert [note.event for note in told] == [SHARD_LOST, REFETCHED]

    run(visit())


def test_a_bug_of_ours_in_a_shard_is_raised_here(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(fetcher=Strange) as (shards, told):
            with pytest.raises(ShardBug, match="ZeroDivisionError: a bug of ours"):
                await shards.visit(Job("http://a.test/bug"))
            assert told == []

    run(visit())


def test_a_host_stays_at_home_until_that_is_full(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(heart=process_of, fetcher=Crowded) as (shards, _):

            async def processes(urls: list[str]) -> set[str]:
                visits = await asyncio.gather(*(shards.visit(Job(url)) for url in urls))
                return {visit.outcome.text for visit in visits if isinstance(visit.outcome, Failure)}

            homes = [await processes([f"http://{host}.test/{n}" for n in range(4)]) for host in "abcdefgh"]
            assert all(len(home) == 1 for home in homes)
            assert len(set.union(*homes)) == 2
            assert len(await processes([f"http://a.test/{n}" for n in range(8)])) == 2

    run(visit())


@pytest.mark.parametrize("how", ["exit", "raise"])
def test_shards_that_cannot_start_are_an_error_and_not_an_endless_wait(
    how: str, run: Run[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    async def visit() -> None:
        open_rooms: Any = partial(os._exit, 3) if how == "exit" else partial(int, "none")
        recipe = recipe_of(changed(), count, __name__, Spoken)._replace(open_rooms=open_rooms)
        shards = Shards(recipe, 2, 2, lambda _: None)
        how_it_ended = f"it died of exit status {3 if how == 'exit' else 1} as soon as it had started"
        said = f"^no shard could be started: {how_it_ended}"
        with pytest.raises(WorkerCannotStart, match=said):
            await shards.ready()
        with pytest.raises(WorkerCannotStart, match=said):
            await shards.visit(Job("http://a.test/"))
        await shards.aclose()

    run(visit())
    capfd.readouterr()


def test_shards_that_die_again_and_again_before_anything_is_visited_are_an_error(run: Run[Any]) -> None:
    async def visit() -> None:
        async with opened(changed(shards=1)) as (shards, told):
            async with asyncio.timeout(100):
                while shards._broken is None:
                    if (shard := shards._homes[0]) is not None:
                        shard.kill()
                    await asyncio.sleep(0.01)
            with pytest.raises(WorkerCannotStart, match=r"^11 shards in a row ended before anything was visited"):
                await shards.visit(Job("http://a.test/"))
            assert {note.event for note in told} == {SHARD_LOST}

    run(visit())


def test_deaths_leave_no_process_no_thread_and_no_descriptor_behind() -> None:
    async def visit() -> None:
        async with opened() as (shards, _):
            for number in range(4):
                culprits = [f"http://{number}.test/{deed}" for deed in ("segfault", "balloon")]
                await all_to_their_ends(shards, [*INNOCENT[:6], *culprits])

    def held() -> tuple[int, int]:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    asyncio.run(visit())
    before = held()
    asyncio.run(visit())
    assert held() == before
    assert multiprocessing.active_children() == []


ORPHANS = """
import asyncio, multiprocessing, sys
from crawler import loop
from crawler.model import Job
from tests.visit.sharding import changed, opened

async def main():
    async with opened(changed(deadline_s=3.0, deadline_s_per_mib=0.0)) as (shards, _):
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        work = [asyncio.create_task(shards.visit(Job(f"http://{host}.test/endless%20regex"))) for host in "abcdefgh"]
        await asyncio.sleep(1_000)

if __name__ == "__main__":
    loop.run(main(), "uvloop")
"""


def test_no_shard_outlives_a_killed_parent_even_in_an_endless_regex(tmp_path: Path, eventually: Eventually) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, text=True)
    with parent:
        assert parent.stdout is not None
        shards = [Life(int(pid)) for pid in parent.stdout.readline().split()]
        eventually(lambda: any(shard.has_computed_for(0.1) for shard in shards))
        parent.kill()
    assert len(shards) == 2
    eventually(lambda: not any(shard.lasts for shard in shards))
