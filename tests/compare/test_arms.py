"""The contestants: what they are called, and why one cannot run."""

import asyncio
import multiprocessing
import sys
from pathlib import Path

import pytest

from crawler.compare import arms
from crawler.compare.arms import (
    ARMS,
    REFERENCE,
    SHARDS,
    Arm,
    arm_called,
    arm_of,
    find_arm,
    spelled,
    why_not,
)
from crawler.compare.contestant import Contest, Unequal
from crawler.settings import MOST_SHARDS
from crawler.strategy import Strategy
from tests.compare.test_contestant import a_trial


def test_an_arm_is_called_by_what_is_not_the_default() -> None:
    assert all(name == arm.name for name, arm in ARMS.items())
    assert REFERENCE in ARMS
    assert {name for name, arm in ARMS.items() if not arm.is_ranked} == {
        "async+interpreters@soup",
        "async+processes@soup",
    }


def test_an_arm_that_can_run_has_no_reason_against_it() -> None:
    assert why_not(ARMS[REFERENCE]) is None
    assert why_not(ARMS["sequential+inline"]) is None


@pytest.mark.skipif(
    sys.version_info >= (3, 14), reason="this Python has interpreters, so there is no reason against them"
)
@pytest.mark.parametrize("name", [name for name in ARMS if "interpreters" in name])
def test_interpreters_need_a_python_that_has_them(name: str) -> None:
    assert why_not(ARMS[name]) == "needs CPython 3.14"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arms, "find_spec", lambda name: None if name == "uvloop" else object())
    assert why_not(ARMS["async+processes"]) == "needs uvloop, which is not installed"
    assert why_not(ARMS["async+processes@asyncio"]) is None


def test_without_uvloop_threads_fetch_beside_another_loop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(arms, "find_spec", lambda name: None if name == "uvloop" else object())
    unable = {
        name for name, arm in ARMS.items() if arm.is_ranked and why_not(arm) == "needs uvloop, which is not installed"
    }
    assert {"async+processes", f"{SHARDS}×(async+inline)"} <= unable
    assert not any(name.startswith(("threads", "sequential", f"{SHARDS}×(threads")) for name in unable)

    async def check(name: str) -> None:
        contestant = Contest(a_trial(concurrency=1, arm=name), tmp_path)
        contestant._check_loop()

    asyncio.run(check("threads+threads"))
    with pytest.raises(Unequal, match="the loop is asyncio's"):
        asyncio.run(check("async+threads"))


def test_without_a_fork_server_there_are_no_worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert why_not(ARMS["threads+processes"]) == "needs a fork server, which this system has not"
    assert why_not(ARMS["threads+threads"]) is None


def test_shards_take_part_with_as_many_as_there_are_cores_and_two_at_least() -> None:
    assert 2 <= SHARDS <= MOST_SHARDS
    assert {f"{SHARDS}×(threads+inline)", f"{SHARDS}×(async+inline)"} <= set(ARMS)


@pytest.mark.parametrize("written", ["3×(async+inline)", "3x(async+inline)", "03x(async+inline)"])
def test_any_number_of_shards_can_be_named_and_typed(written: str) -> None:
    assert find_arm(written) == Arm("async", "inline", shards=3)
    assert spelled(written) == arm_called(written).name == "3×(async+inline)"


@pytest.mark.parametrize(
    "name", ["1x(async+inline)", "65x(async+inline)", "3x(async+processes)", "3x async+inline", "x(async+inline)", ""]
)
def test_what_no_shards_can_be_is_no_arm(name: str) -> None:
    assert find_arm(name) is None
    assert spelled(name) == name
    with pytest.raises(KeyError):
        arm_called(name)


def test_a_shard_is_a_process_and_so_needs_a_fork_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert why_not(arm_called("2×(async+inline)")) == "needs a fork server, which this system has not"


def test_only_what_is_inline_in_one_process_computes_in_one() -> None:
    assert {name for name, arm in ARMS.items() if arm.computes_in_one} == {
        "sequential+inline", "threads+inline", "async+inline", "async+inline@asyncio",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "arm"),
    [
        (Strategy("async", "processes", 2), "async+processes"),
        (Strategy("threads", "inline", 0), "threads+inline"),
        (Strategy("async", "inline", 0, 12), "12×(async+inline)"),
    ],
)
def test_what_a_crawl_calls_its_strategy_is_an_arm(strategy: Strategy, arm: str) -> None:
    assert arm_of(str(strategy)) == arm
    assert find_arm(arm) is not None
