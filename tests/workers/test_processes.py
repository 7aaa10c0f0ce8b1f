"""The processes room among real deaths: a page harms only itself, and nothing is left behind."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault, Page, Reading
from crawler.settings import AnalyzeSettings
from crawler.wall.faults import WorkerCannotStart
from crawler.workers.processes import ProcessRoom
from crawler.workers.slot import Slot
from tests.conftest import Run
from tests.lives import Life
from tests.workers.hearts import count, obey

SETTINGS = AnalyzeSettings(workers=2, max_growth_bytes=2**28, deadline_s=60.0)
LONG_BYTES = 20_000
IMPATIENT = replace(SETTINGS, deadline_s=1.0, deadline_s_per_mib=60.0 * 2**20 / LONG_BYTES)
"""A minute for a long page, however busy the machine, and a second for a short one, which only `hang` is."""


def page(number: int, body: bytes = b"x" * LONG_BYTES) -> Page:
    return Page(f"http://a.test/{number}", 200, (), body)


def at_leisure(deed: bytes) -> bytes:
    """The page of a deed, so long that it has a minute for it."""
    return deed.ljust(LONG_BYTES, b"\0")


async def among_innocents(room: ProcessRoom, *culprits: bytes) -> tuple[list[Reading], list[Failure]]:
    """Forty innocent pages and the culprits in their midst, all in flight together."""
    pages = [page(n) for n in range(40)]
    for n, culprit in enumerate(culprits):
        pages.insert(17 + 2 * n, page(1_000 + n, culprit))
    results = await asyncio.gather(*map(room.analyze, pages))
    innocent = [result for result, one in zip(results, pages, strict=True) if one.body not in culprits]
    return innocent, [
        r for r, one in zip(results, pages, strict=True) if one.body in culprits and isinstance(r, Failure)
    ]


@pytest.mark.parametrize(
    ("culprit", "fault", "text"),
    [
        (b"segfault", Fault.CRASHED, "the worker process died of signal 11 (SIGSEGV) during analysis"),
        (b"hang", Fault.HUNG, "analysis was not done after 1.0 s and was ended"),
        (b"balloon", Fault.MEMORY, "analysis ran out of the memory it may use"),
        (b"kill -9", Fault.CRASHED, "the worker process died of signal 9 (SIGKILL) during analysis"),
        (b"torn result", Fault.CRASHED, "the worker process died of signal 9 (SIGKILL) during analysis"),
        (b"exit", Fault.CRASHED, "the worker process died of exit status 7 during analysis"),
        (b"lost exit code", Fault.CRASHED, "the worker process died of exit status 255 during analysis"),
    ],
)
def test_of_forty_innocents_in_flight_forty_are_analysed(
    culprit: bytes, fault: Fault, text: str, run: Run[Any]
) -> None:
    async def analyze() -> None:
        room = ProcessRoom(obey, IMPATIENT if fault is Fault.HUNG else SETTINGS)
        innocent, guilty = await among_innocents(room, culprit)
        assert all(isinstance(result, Analysis) for result in innocent)
        assert len(innocent) == 40
        assert guilty == [Failure(fault, text, "analyze")]
        again, nobody = await among_innocents(room)
        assert len(again) == 40 and not nobody, "the room is as good as new"
        await room.aclose()

    run(analyze())


def test_several_culprits_at_once_are_each_named(run: Run[Any]) -> None:
    async def analyze() -> None:
        room = ProcessRoom(obey, IMPATIENT)
        innocent, guilty = await among_innocents(
            room, at_leisure(b"segfault"), b"hang", at_leisure(b"exit"), at_leisure(b"balloon")
        )
        assert sum(isinstance(result, Analysis) for result in innocent) == 40
        assert sorted(failure.fault for failure in guilty) == [Fault.CRASHED, Fault.CRASHED, Fault.HUNG, Fault.MEMORY]
        await room.aclose()

    run(analyze())


def test_a_worker_killed_from_outside_costs_no_page(run: Run[Any]) -> None:
    async def analyze() -> None:
        room = ProcessRoom(count, SETTINGS)
        await room.analyze(page(0))
        work = [asyncio.create_task(room.analyze(page(n, b"x" * 100_000))) for n in range(60)]
        await asyncio.sleep(0)
        for worker in multiprocessing.active_children():
            worker.kill()
        results = await asyncio.gather(*work)
        assert all(isinstance(result, Analysis) for result in results)
        await room.aclose()

    run(analyze())


@pytest.mark.parametrize(
    ("company", "deaths", "is_culprit"), [(0, 1, False), (0, 2, True), (3, 1, False), (3, 2, False), (3, 3, True)]
)
def test_who_is_killed_from_outside_while_alone_is_heard_once_more(
    company: int, deaths: int, is_culprit: bool, run: Run[Any], tmp_path: Path
) -> None:
    tickets = tickets_in(tmp_path, "kill", deaths)

    async def analyze() -> None:
        room = ProcessRoom(end_for_a_ticket, replace(SETTINGS, workers=1))
        # All are waiting when the worker has started, so they are its first batch.
        pages = [page(0, tickets), *(page(n, b"x") for n in range(company))]
        unlucky, *others = await asyncio.gather(*map(room.analyze, pages))
        await room.aclose()
        assert all(isinstance(result, Analysis) for result in others)
        if is_culprit:
            text = "the worker process died of signal 9 (SIGKILL) during analysis"
            assert unlucky == Failure(Fault.CRASHED, text, "analyze")
        else:
            assert isinstance(unlucky, Analysis)

    run(analyze())
    assert not list(tmp_path.iterdir())


def test_an_exit_code_that_nobody_can_say_blames_nobody(run: Run[Any], tmp_path: Path) -> None:
    """As when the fork server is killed: multiprocessing then says 255 of all its children."""
    tickets = tickets_in(tmp_path, "lose the exit code", 1)

    async def analyze() -> None:
        room = ProcessRoom(end_for_a_ticket, replace(SETTINGS, workers=1))
        assert isinstance(await room.analyze(page(0, tickets)), Analysis)
        await room.aclose()

    run(analyze())
    assert not list(tmp_path.iterdir())


def tickets_in(folder: Path, deed: str, number: int) -> bytes:
    """A page that does a deed so many times."""
    for n in range(number):
        (folder / f"{n}").write_text(deed)
    return os.fsencode(folder)


def end_for_a_ticket(page: Page) -> Reading:
    """A heart that ends processes while the folder that the page names has tickets."""
    tickets = list(Path(os.fsdecode(page.body)).glob("*"))
    if not tickets:
        return count(page)
    deed = tickets[0].read_text()
    tickets[0].unlink()
    if deed == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(255)


def test_deaths_leave_no_process_no_thread_and_no_descriptor_behind() -> None:
    async def analyze() -> None:
        room = ProcessRoom(obey, SETTINGS)
        for _ in range(5):
            await among_innocents(room, b"segfault", b"exit")
        await room.aclose()

    def held() -> tuple[int, int]:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    asyncio.run(analyze())  # the fork server and its pipes stay for the next room
    before = held()
    asyncio.run(analyze())
    assert not multiprocessing.active_children()
    assert held() == before


def test_a_room_closed_in_the_middle_of_work_ends_its_workers(run: Run[Any]) -> None:
    async def abandon() -> None:
        room = ProcessRoom(obey, SETTINGS)
        await asyncio.gather(room.analyze(page(0)), room.analyze(page(1)))
        hanging = [asyncio.create_task(room.analyze(page(n, b"hang"))) for n in range(4)]
        await asyncio.sleep(0)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await room.aclose()
        assert not multiprocessing.active_children()

    start = time.monotonic()
    run(abandon())
    assert time.monotonic() - start < SETTINGS.deadline_s, "the hanging page was not waited for"


def broken_start() -> None:
    """A worker that cannot be: unpickling it fails in the worker process."""
    raise ImportError("no such thing in the worker")


class Unloadable:
    """A heart that can be pickled but not unpickled."""

    def __call__(self, page: Page) -> Reading:
        raise AssertionError

    def __reduce__(self) -> Any:
        return broken_start, ()


def test_workers_that_cannot_start_are_an_error_and_not_an_endless_wait(
    run: Run[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    async def analyze() -> None:
        room = ProcessRoom(Unloadable(), SETTINGS)
        with pytest.raises(WorkerCannotStart):
            await room.analyze(page(1))
        with pytest.raises(WorkerCannotStart):
            await room.analyze(page(2))
        await room.aclose()

    run(analyze())
    capfd.readouterr()


class Stuck:
    """A heart that a worker never gets to: unpickling it has no end."""

    def __call__(self, page: Page) -> Reading:
        raise AssertionError

    def __reduce__(self) -> Any:
        return signal.pause, ()


@pytest.mark.parametrize("is_there", [True, False], ids=["it is there", "nothing has happened yet"])
def test_a_worker_that_never_gets_to_its_start_holds_up_no_end(is_there: bool, run: Run[Any]) -> None:
    async def start_and_end() -> None:
        async with asyncio.timeout(50):  # a start has a minute
            room = ProcessRoom(Stuck(), SETTINGS)
            while is_there and not (room._slots and all(slot._process for slot in room._slots)):
                await asyncio.sleep(0.01)
            await room.aclose()
        assert not multiprocessing.active_children()

    run(start_and_end())


def test_a_worker_that_is_killed_before_there_is_a_process_ends_as_soon_as_there_is() -> None:
    slot = Slot(Stuck(), 2**28, ())
    slot.kill()
    with pytest.raises(WorkerCannotStart, match="terminated abruptly"):  # it would be late after a minute
        slot.start()
    assert not multiprocessing.active_children()


def test_a_worker_that_is_late_at_its_start_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.workers.slot._START_TIMEOUT_S", 0.1)
    with pytest.raises(WorkerCannotStart, match="no worker process could be started: TimeoutError"):
        Slot(Stuck(), 2**28, ()).start()
    assert not multiprocessing.active_children()


def test_what_is_left_of_a_worker_that_could_not_be_forked_is_cleared_up_beside_the_loop(
    run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its semaphores are told off at the resource tracker's pipe, which may block."""

    def refuse(_descriptors: object) -> None:
        raise ConnectionRefusedError("no fork server")

    async def analyze() -> None:
        room = ProcessRoom(count, SETTINGS)
        with pytest.raises(WorkerCannotStart, match="no worker process could be started: no fork server"):
            await room.analyze(page(1))
        await room.aclose()

    monkeypatch.setattr("multiprocessing.forkserver.connect_to_new_process", refuse)
    run(analyze())


def test_closing_a_room_whose_tasks_have_just_ended_does_not_spin(run: Run[Any]) -> None:
    async def close() -> None:
        room = ProcessRoom(count, SETTINGS)
        await room.analyze(page(1))
        done = asyncio.get_running_loop().create_task(asyncio.sleep(0))
        while not done.done():
            await asyncio.sleep(0)
        room._tasks.add(done)  # done, and with no callback to come that would take it out
        await room.aclose()

    run(close())


def test_a_stuck_worker_that_no_alarm_reaches_is_killed_by_its_parent(
    run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopped process (SIGSTOP) takes no SIGALRM, but SIGKILL it takes."""
    monkeypatch.setattr("crawler.workers.slot._GRACE_S", 0.1)

    async def analyze() -> None:
        slot = Slot(stop_yourself, 2**28, ())
        await asyncio.to_thread(slot.start)
        with pytest.raises(Exception, match=r"was not done after 0\.2 s"):
            await slot.run([page(1)], [0.2])

    run(analyze())


def stop_yourself(page: Page) -> Reading:
    os.kill(os.getpid(), signal.SIGSTOP)
    return count(page)


ORPHANS = """
import asyncio, os, signal, sys
from crawler.model import Page
from crawler.settings import AnalyzeSettings
from crawler.workers.processes import ProcessRoom
from tests.workers.hearts import obey
import multiprocessing

async def main():
    room = ProcessRoom(obey, AnalyzeSettings(workers=2, deadline_s=3.0, deadline_s_per_mib=0.0))
    while len(room._idle) < 2:
        await asyncio.sleep(0.01)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    work = asyncio.create_task(room.analyze(Page("http://a.test/", 200, (), b"endless regex")))
    await asyncio.sleep(1_000)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_worker_outlives_a_killed_parent_even_in_an_endless_regex(
    tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    with parent:
        assert parent.stdout is not None
        workers = [Life(int(pid)) for pid in parent.stdout.readline().split()]
        eventually(lambda: any(worker.has_computed_for(0.1) for worker in workers))
        parent.kill()
        parent.stdout.close()
        parent.wait()
    assert len(workers) == 2
    eventually(lambda: not any(worker.lasts for worker in workers))


def test_the_fork_server_is_deaf_to_the_terminal_and_to_a_stop_of_the_whole_group(tmp_path: Path) -> None:
    """Ctrl-C and systemd's stop reach every process; the run must still be able to drain."""
    script = tmp_path / "group.py"
    script.write_text(
        """
import asyncio, os, signal
from crawler.model import Analysis, Page
from crawler.settings import AnalyzeSettings
from crawler.workers.processes import ProcessRoom
from tests.workers.hearts import count

async def main():
    stopped = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stopped.set)
    room = ProcessRoom(count, AnalyzeSettings(workers=2))
    await room.analyze(Page("http://a.test/", 200, (), b"x"))
    children = [int(pid) for pid in open(f"/proc/self/task/{os.getpid()}/children").read().split()]
    for which in (signal.SIGINT, signal.SIGTERM):
        os.killpg(0, which)
        for child in children:
            os.kill(child, which)
    await stopped.wait()
    results = await asyncio.gather(*(room.analyze(Page("http://a.test/", 200, (), b"x")) for _ in range(20)))
    await room.aclose()
    print(sum(isinstance(result, Analysis) for result in results))

if __name__ == "__main__":
    asyncio.run(main())
"""
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, str(script)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "20\n", "")


def test_a_room_is_ready_once_it_can_work_or_cannot_at_all(monkeypatch: pytest.MonkeyPatch, run: Run[Any]) -> None:
    """What is fetched before would only wait, and be lost with a kill."""

    async def start() -> None:
        room = ProcessRoom(count, SETTINGS)
        try:
            await room.ready()
            assert room._idle or room._broken
        finally:
            await room.aclose()

    run(start())
    monkeypatch.setattr(Slot, "start", _no_worker)
    run(start())


def _no_worker(_slot: Slot) -> None:
    raise WorkerCannotStart("no worker process could be started")
