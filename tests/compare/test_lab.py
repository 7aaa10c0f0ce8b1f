"""The lab for real: a small site, processes that crawl it, and contestants that misbehave."""

import os
import shutil
import signal
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
import psutil
import pytest

from crawler.compare import lineup, scratch
from crawler.compare.arms import Arm
from crawler.compare.lab import compare
from crawler.compare.order import Order, Step
from crawler.compare.result import Result, to_json
from tests.compare.contestants import interrupting

RIGHT, OTHER, UNABLE = "async+inline", "threads+inline", "async+interpreters@soup"
SMALL = Order(
    strategies=(RIGHT, OTHER, UNABLE),
    workloads=("io",),
    reference=RIGHT,
    pages=8,
    latency="fixed:5ms",
    command="compare --pages 8",
)


def contestant(name: str) -> str:
    return f"tests.compare.contestants.{name}"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_MEMORY", tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def small_lineup(monkeypatch: pytest.MonkeyPatch) -> None:
    def why_not(arm: Arm) -> str | None:
        return "needs CPython 3.14" if arm.analyze == "interpreters" else None

    monkeypatch.setattr(lineup, "why_not", why_not)
    monkeypatch.setattr(lineup, "WANTED", 1)
    monkeypatch.setattr(lineup, "BESIDES", {False: ()})


def roles(result: Result, arm: str) -> Counter[str]:
    return Counter(sample.role for sample in result.samples if sample.arm == arm)


def test_a_comparison_has_every_arm_that_can_run_and_the_words_of_one_that_miscounts(
    own_temporary_folder: Path,
) -> None:
    steps: list[Step] = []
    result = compare(SMALL, steps.append, contestants={OTHER: contestant("miscounting")})
    [work] = result.works
    assert result.arms == (OTHER, RIGHT)
    assert {skip.arm: skip.why for skip in result.skipped} == {UNABLE: "needs CPython 3.14"}
    assert roles(result, RIGHT) == {"warm-up": 1, "measured": 1, "control": 1}
    assert roles(result, OTHER) == {"warm-up": 1, "measured": 1}
    words = {arm: {sample.words for sample in result.samples if sample.arm == arm} for arm in result.arms}
    assert words[RIGHT] == {work.words}
    assert len(words[OTHER]) == 1
    assert words[OTHER] != words[RIGHT]
    for sample in result.samples:
        assert sample.failure == ""
        assert (sample.pages, sample.lost, sample.concurrency) == (8, 0, 32)
        assert sample.wall_s > 0.004  # nobody is faster than one page, by a clock of whole milliseconds
        assert bool(sample.timeline) == (sample.role == "measured")
    assert msgspec.json.decode(to_json(result), type=Result) == result
    assert (result.command, result.stopped_by) == ("compare --pages 8", "")

    taken = [step for step in steps if step.planned]
    assert [step.done for step in taken] == list(range(6))
    assert {step.planned for step in taken} == {5}
    assert (taken[-1].now, taken[-1].left_s) == ("", 0.0)
    assert taken[-1].last == result.samples[-1]
    assert steps[0].now.startswith("io: ")
    assert list(own_temporary_folder.iterdir()) == []


def test_a_sweep_is_taken_with_each_of_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineup, "_SWEPT", 1)
    order = msgspec.structs.replace(SMALL, strategies=(RIGHT,), sweep=(1, 4))
    taken = compare(order, lambda _step: None).samples
    assert {one.concurrency for one in taken if one.role != "sweep"} == {32}
    slow, fast = (next(one for one in taken if (one.role, one.concurrency) == ("sweep", limit)) for limit in (1, 4))
    assert slow.wall_s > 0.032  # eight pages of 5 ms, by that clock, one after another
    assert {slow.words, fast.words} == {taken[0].words}


def test_an_arm_that_dies_is_kept_with_its_failure_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineup, "WANTED", 3)
    result = compare(SMALL, lambda _: None, contestants={OTHER: contestant("dying")})
    dead = [sample for sample in result.samples if sample.arm == OTHER]
    assert [sample.failure for sample in dead] == ["ended with exit code 1: no page will ever be mine"] * 3
    assert {sample.lost for sample in dead} == {8}
    assert roles(result, RIGHT) == {"warm-up": 1, "measured": 3, "control": 3}
    assert (
        "io: threads+inline failed 3 times in a row and was not run again:"
        " ended with exit code 1: no page will ever be mine" in result.notes
    )


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_ends_all_that_runs_and_keeps_what_was_measured(
    name: str, own_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(interrupting.LAB, str(os.getpid()))
    monkeypatch.setenv(interrupting.SIGNAL, name)
    handler = signal.getsignal(signal.Signals[name])
    before = psutil.Process().children(recursive=True)
    result = compare(SMALL, lambda _: None, contestants={OTHER: contestant("interrupting")})
    assert result.stopped_by == name
    assert signal.getsignal(signal.Signals[name]) == handler
    assert {sample.arm for sample in result.samples} <= {RIGHT}
    assert len(result.works) == 1
    assert psutil.Process().children(recursive=True) == before
    assert list(own_temporary_folder.iterdir()) == []


def test_an_interrupt_while_a_sample_is_cleared_away_leaves_nothing_behind(
    own_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = shutil.rmtree

    def interrupted(path: str | Path) -> None:
        monkeypatch.setattr(shutil, "rmtree", remove)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    result = compare(SMALL, lambda _: None)
    assert result.stopped_by == "SIGINT"
    assert "io: 0 rounds instead of 1, stopped by SIGINT" in result.notes
    assert list(own_temporary_folder.iterdir()) == []
