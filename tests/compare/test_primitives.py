"""The tutorial's claims, each measured as an ordering with a wide margin: never a time."""

import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from crawler.compare.environment import usable_cores
from crawler.compare.primitives import (
    crashes,
    creation,
    footprint,
    gil,
    inside,
    loops,
    memory,
    mixture,
    moving,
    waiting,
)
from crawler.compare.primitives.fresh import ExperimentBroke, answer_of, fresh
from crawler.compare.primitives.ways import has_gil, has_interpreters, missing, start_methods

T = TypeVar("T")
DEADLINE_S = 90.0
SHARED = Path("/dev/shm")


def measured(experiment: Callable[[], T]) -> T:
    """As the tour measures it, with more patience."""
    return answer_of(experiment, DEADLINE_S)


def test_a_write_is_seen_by_tasks_and_threads_and_never_by_another_process() -> None:
    seen = measured(memory.measure).seen
    assert seen["task"] and seen["thread"]
    assert {method: seen[method] for method in start_methods()} == dict.fromkeys(start_methods(), False)
    assert seen.get("interpreter", False) is False


def test_a_reference_costs_the_less_the_larger_the_data() -> None:
    cost = measured(moving.measure).cost_us
    thread, pickle, shared = (
        {size: found.median for size, found in cost[way].items()} for way in ("thread", "pickle", "shared")
    )
    assert pickle[10_000_000] > 5 * thread[10_000_000]
    assert pickle[10_000_000] > 2 * shared[10_000_000]
    assert pickle[10_000_000] > 20 * pickle[1_000]
    assert shared[10_000_000] > shared[1_000]


def test_tasks_are_created_before_threads_and_threads_before_processes() -> None:
    start = {way: found.median for way, found in measured(creation.measure).start_us.items()}
    assert start["task"] < start["thread"]
    for method in start_methods():
        assert start[method] > 3 * start["thread"], method
    assert start["spawn"] > 20 * start["thread"]
    assert start["forkserver first"] > 2 * start["forkserver"]
    assert start["spawn"] > 2 * start["fork"]
    if has_interpreters():
        assert start["thread"] < start["interpreter"] < start["spawn"]


def test_a_process_needs_more_memory_than_a_thread_and_a_thread_more_than_a_task() -> None:
    found = measured(footprint.measure)
    own = {way: kib.median for way, kib in found.own_kib.items()}
    assert own["task"] * 3 < own["thread"]
    assert own["thread"] * 20 < min(own[method] for method in start_methods())
    assert own["fork"] < own["spawn"]
    assert found.share_kib["fork"].median > own["fork"], "much of a forked child is its parent's"
    assert found.reserved_kib is not None and found.reserved_kib > 20 * own["thread"]
    assert found.touched_kib is not None
    assert found.touched_kib - own["fork"] > found.heap_kib / 2, "reading is writing"


@pytest.mark.usefixtures("nothing_left_behind")
def test_only_a_process_fails_alone() -> None:
    found = measured(crashes.measure)
    inner = {"task", "thread"} | ({"interpreter"} if has_interpreters() else set())
    assert found.after_segfault == dict.fromkeys(inner, False) | {"process": True}
    assert found.stopped == dict.fromkeys(inner, False) | {"process": True}
    assert found.after_exception == dict.fromkeys(inner, True) | {"process": True}
    assert found.pace["task"] < 0.01 < found.pace["thread"]
    assert not found.pool_survives


def test_threads_do_not_speed_computing_up_under_the_gil_and_processes_do() -> None:
    found = measured(gil.measure).speed_up
    if has_gil():
        assert max(found["thread"][4].q1, found["task"][4].q1) < 1.5, "most rounds, on a machine with other work"
    if usable_cores() < 2 or min(found["process"][2].q3, found["thread in C"][2].q3) < 1.2:
        pytest.skip("there was no second core to be had, so nothing could be sped up")
    assert found["process"][2].q3 > found["task"][2].median


def test_all_processes_have_their_work_before_any_is_waited_for() -> None:
    calls: list[str] = []

    class Wire:
        def send(self, steps: int) -> None:
            calls.append(f"send {steps}")

        def recv(self) -> None:
            calls.append("recv")

    gil.by_processes([Wire(), Wire()], 7)  # type: ignore[list-item]
    assert calls == ["send 7", "send 7", "recv", "recv"]


def test_waits_overlap_in_threads_and_tasks_for_less_than_in_processes() -> None:
    found = measured(waiting.measure)
    took = {way: spent.median for way, spent in found.took_ms.items()}
    assert took["alone"] >= found.waits * found.wait_ms
    assert 3 * max(took["thread"], took["task"]) < took["alone"]
    assert min(took["thread"], took["task"]) > found.wait_ms
    assert took["process"] > 2 * max(took["thread"], took["task"]), "processes are created before they wait"


def test_threads_overlap_the_waits_and_processes_the_computing() -> None:
    shapes = {shape.name: shape.took_ms.median for shape in measured(mixture.measure).shapes}
    alone, threads, processes, both = shapes.values()
    assert list(shapes)[:2] == ["1×1", "1×8"]
    assert 2 * threads < alone
    assert 1.3 * processes < alone
    assert 2 * both < alone and 1.3 * both < processes


def test_an_experiment_that_outlives_its_deadline_is_killed() -> None:
    ended = fresh(inside.loop_for_ever, 0.5)
    assert (ended.answer, ended.status) == (None, None)


def test_an_experiment_that_answers_and_cannot_end_is_killed_and_its_answer_kept() -> None:
    ended = fresh(loops.loop_in_a_thread, DEADLINE_S)
    assert ended.status is None
    assert ended.answer is not None


def test_an_experiment_that_breaks_says_why() -> None:
    with pytest.raises(ExperimentBroke, match="ValueError: on purpose"):
        answer_of(inside.fail, DEADLINE_S)
    assert fresh(crashes.segfault_of_a_thread, DEADLINE_S).status == -11


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder whose name is short, as that of a socket must be."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


@pytest.fixture
def nothing_left_behind(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, eventually: Callable[[Callable[[], bool]], None]
) -> Iterator[None]:
    """No process, no temporary file and no shared memory of what the test measures is there afterwards."""
    mark = uuid.uuid4().hex
    monkeypatch.setenv("MARK_OF_THE_TEST", mark)
    before = _shared()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    yield
    eventually(lambda: not _with_mark(mark))
    assert not list(scratch.iterdir())
    eventually(lambda: _shared() <= before)  # other test processes measure too


def _shared() -> set[str]:
    """Where shared memory has names at all."""
    return {path.name for path in SHARED.glob("psm_*")}


@pytest.mark.usefixtures("nothing_left_behind")
def test_what_is_killed_in_the_middle_leaves_nothing() -> None:
    assert fresh(moving.measure, 0.3).answer is None
    for deadline_s in (0.5, 0.7):  # in the middle of it, unless the machine is quick
        fresh(moving.measure, deadline_s)
    assert fresh(gil.measure, 2.0).answer is None


def test_the_trackers_of_what_is_killed_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[str] = []
    kill = os.kill

    def noted(pid: int, how: int) -> None:
        with suppress(psutil.Error):  # killed already, with the fork server above it
            killed.append(" ".join(psutil.Process(pid).cmdline()))
        kill(pid, how)

    monkeypatch.setattr(os, "kill", noted)
    assert fresh(gil.measure, 2.0).status is None
    assert any("forkserver" in command for command in killed)
    assert not [command for command in killed if "resource_tracker" in command]


def _with_mark(mark: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("MARK_OF_THE_TEST") == mark:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_what_is_missing_here_is_told() -> None:
    assert missing().get("interpreter") == (None if sys.version_info >= (3, 14) else "needs 3.14")
