"""What others did meanwhile is what all did without what we did."""

import os
from pathlib import Path

import pytest

from crawler.compare import disturbance
from crawler.compare.disturbance import Disturbance

SECONDS = 100


class Machine:
    """Two cores that count in hundredths of a second, as Linux does; its clock stands until it is set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stat = folder / "stat"
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(disturbance, "_STAT", self._stat)
        monkeypatch.setattr(os, "sysconf", lambda _: 100)
        self.at(0, all_s=0, ours_s=0)

    def at(self, now: float, *, all_s: int, ours_s: float) -> None:
        idle = 5 + int(now) * 200
        self._stat.write_text(
            f"cpu  {all_s * 50} 0 {all_s * 50} {idle} 7 0 0 0 {all_s * 9} 0\ncpu0 1\ncpu1 1\nctxt 9\n"
        )
        times = os.times_result((1.0, 1.0, ours_s / 2, ours_s / 2, now))
        self._monkeypatch.setattr(os, "times", lambda: times)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_others_that_take_a_core_are_told(machine: Machine) -> None:
    watching = Disturbance()
    machine.at(SECONDS, all_s=180, ours_s=80)
    assert list(watching.told()) == ["other processes used 1.0 of 2 cores; results may be unstable"]


def test_what_we_take_ourselves_is_no_disturbance(machine: Machine) -> None:
    watching = Disturbance()
    machine.at(SECONDS, all_s=200, ours_s=190)
    assert list(watching.told()) == []


def test_nothing_is_said_where_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disturbance, "_STAT", tmp_path / "none")
    assert list(Disturbance().told()) == []
