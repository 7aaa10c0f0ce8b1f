"""A family of processes, where the kernel lists it and where only psutil can."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace

import psutil
import pytest

from crawler.compare import tree

TICK_S = 0.01
"""What psutil counts in, for user and system each."""
_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(flush=True); input()'])"


@pytest.fixture
def child() -> Iterator[int]:
    """A process that has one of its own, both of which wait."""
    with subprocess.Popen([sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid


@pytest.fixture
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that is not Linux: nothing in /proc, no clocks of others, no proportional sizes."""

    def only_unique(process: psutil.Process) -> SimpleNamespace:
        return SimpleNamespace(uss=process.memory_info().rss)

    monkeypatch.setattr(tree, "Path", lambda _path: SimpleNamespace(iterdir=_nothing))
    monkeypatch.setattr(tree, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(psutil.Process, "memory_full_info", only_unique)


def _nothing() -> None:
    raise FileNotFoundError


def test_a_family_is_known_with_its_parents(child: int) -> None:
    family = tree.family(child)
    assert len(family) == 2
    assert list(family.values()) == [0, child]


@pytest.mark.usefixtures("_elsewhere")
def test_elsewhere_psutil_gives_what_it_can_and_nothing_is_made_up(child: int) -> None:
    assert not tree.adopt_orphans()
    family = tree.family(child)
    assert list(family.values()) == [0, child]
    held = tree.memory(family)
    assert held.pss_mib is None
    assert held.mib == sum(held.uss_mib.values()) > 5
    knows_least_s = time.process_time()
    known = tree.own_cpu_s(os.getpid())
    assert known is not None
    assert knows_least_s - 2 * TICK_S <= known <= time.process_time() + 2 * TICK_S


def test_the_clock_of_a_process_is_the_one_that_it_knows_itself() -> None:
    earlier_s = time.process_time()
    known = tree.own_cpu_s(os.getpid())
    assert known is not None
    assert earlier_s <= known <= time.process_time()


def test_of_who_is_no_more_nothing_is_known() -> None:
    with subprocess.Popen(["/bin/true"]) as gone:
        pass
    assert tree.own_cpu_s(gone.pid) is None
    assert tree.memory([gone.pid]) == tree.Memory(None, {})
    assert tree.family(gone.pid) == {gone.pid: 0}
    assert tree.cpu_s([gone.pid]) == 0
