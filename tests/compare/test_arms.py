"""The contestants: what they are called, and why one cannot run."""

import multiprocessing
import sys

import pytest

from crawler.compare import arms
from crawler.compare.arms import ARMS, REFERENCE, why_not


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


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="it can run here")
@pytest.mark.parametrize("name", [name for name in ARMS if "interpreters" in name])
def test_interpreters_need_a_python_that_has_them(name: str) -> None:
    assert why_not(ARMS[name]) == "needs CPython 3.14"


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arms, "find_spec", lambda name: None if name == "uvloop" else object())
    assert why_not(ARMS["async+processes"]) == "needs uvloop, which is not installed"
    assert why_not(ARMS["async+processes@asyncio"]) is None


def test_without_a_fork_server_there_are_no_worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert why_not(ARMS["threads+processes"]) == "needs a fork server, which this system has not"
    assert why_not(ARMS["threads+threads"]) is None
