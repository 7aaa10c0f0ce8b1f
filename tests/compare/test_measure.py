"""The process between: all that a contestant starts is counted, and ended, whatever the contestant does."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest
from msgspec import structs

from crawler.compare.measure import ABANDONED
from crawler.compare.result import Sample
from crawler.compare.sampling import MEASURE, run_trial
from crawler.compare.trial import Trial
from tests.compare.deeds import BEGUN, BURNT_S, HOARDED_MIB
from tests.survival.family import is_in_memory

A_LITTLE_S = 0.35
"""More CPU than a Python that does nothing takes, with everything around it, and less than is burnt."""
TICKS_S = 0.04
"""What a system that counts the CPU of the dead in ticks of 10 ms may leave out, for two of them and both kinds."""


def a_trial(deed: str, *, deadline_s: float = 60.0, has_probes: bool = True) -> Trial:
    return Trial(
        workload=deed,
        arm="async+processes",
        role="measured",
        round=1,
        concurrency=1,
        seeds="",
        expected=3,
        connect_to=(),
        deadline_s=deadline_s,
        has_probes=has_probes,
        contestant="tests.compare.deeds",
    )


def sample_of(deed: str, *, has_probes: bool = True) -> Sample:
    return run_trial(a_trial(deed, has_probes=has_probes))


@pytest.mark.parametrize(
    ("deed", "failure"),
    [
        ("die at once", "ended with exit code 1: nothing to crawl here"),
        ("die of a signal", "died of signal 11 (SIGSEGV)"),
        ("die in the middle of a line", "died of signal 9 (SIGKILL)"),
        ("say nothing", "ended before its crawl did"),
    ],
)
def test_a_contestant_that_dies_is_a_sample_that_says_how(deed: str, failure: str) -> None:
    sample = sample_of(deed)
    assert sample.failure == failure
    assert (sample.lost, sample.words, sample.phases, sample.lag_p99_ms) == (3, "", {}, None)
    assert (sample.start_s > 0) == (deed == "die of a signal"), "only that one had begun"
    assert sample.total_cpu_s


def test_a_measuring_process_that_dies_costs_its_sample_and_no_other() -> None:
    sample = sample_of("kill who measures")
    assert sample.failure == "was measured by a process that died of signal 9"
    assert (sample.lost, sample.wall_s, sample.total_cpu_s, sample.peak_pss_mib) == (3, 0, None, None)


def test_the_cpu_of_grandchildren_that_have_ended_is_of_the_crawl() -> None:
    sample = sample_of("burn below")
    assert not sample.failure
    assert sample.cpu_s >= BURNT_S - TICKS_S
    assert sample.wall_s >= BURNT_S
    assert sample.total_cpu_s and sample.total_cpu_s >= sample.cpu_s


def test_the_cpu_of_an_orphan_that_lives_on_is_of_the_crawl_and_the_orphan_is_ended() -> None:
    sample = sample_of("orphan")
    assert not sample.failure
    assert sample.cpu_s >= BURNT_S - TICKS_S
    assert sample.total_cpu_s and sample.total_cpu_s >= sample.cpu_s


def test_what_is_burnt_before_and_after_the_crawl_is_not_of_it() -> None:
    sample = sample_of("burn before and after")
    assert sample.cpu_s < A_LITTLE_S
    assert sample.start_s >= BURNT_S
    assert sample.total_cpu_s and sample.total_cpu_s >= 2 * BURNT_S


def test_the_memory_of_a_child_is_seen_and_named() -> None:
    sample = sample_of("hoard below")
    assert sample.peak_pss_mib and HOARDED_MIB < sample.peak_pss_mib < 2 * HOARDED_MIB
    assert set(sample.uss_mib) == {"main", "other 1"}
    assert sample.uss_mib["main"] < HOARDED_MIB < sample.uss_mib["other 1"]


def test_without_probes_memory_is_not_measured_rather_than_0() -> None:
    sample = sample_of("hoard below", has_probes=False)
    assert (sample.peak_pss_mib, sample.uss_mib) == (None, {})
    assert sample.wall_s > 0


def test_switches_are_counted() -> None:
    sample = sample_of("burn below")
    assert sample.voluntary_switches and sample.involuntary_switches is not None


def ended(deed: str, seeds: Path, done: Path) -> Sample:
    """The sample of a deed without end, whose deadline came when `done` was there: a busy machine starts late."""
    deadline_s = 3.0
    while True:
        sample = run_trial(structs.replace(a_trial(deed, deadline_s=deadline_s), seeds=str(seeds)))
        assert sample.failure == f"was ended after {deadline_s:g} s, when its time was up"
        if done.exists() and done.read_text():
            return sample
        shutil.rmtree(seeds, ignore_errors=True)
        deadline_s *= 2


def test_a_contestant_ends_at_its_deadline_with_all_that_it_started(tmp_path: Path) -> None:
    begun = tmp_path / "out" / BEGUN
    sample = ended("sleep for ever", begun.parent, begun)
    assert sample.lost == 3
    assert not psutil.pid_exists(int(begun.read_text()))


def test_what_is_ended_at_its_deadline_leaves_no_semaphore_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    note = tmp_path / "note"
    ended("hold a semaphore", note, note)
    assert note.read_text().startswith("/mp-")
    assert not is_in_memory(f"sem.{note.read_text().lstrip('/')}")
    assert list(tmp_path.iterdir()) == [note]


def test_whoever_measures_ends_with_whoever_started_it_and_leaves_nothing(
    tmp_path: Path, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    trial = msgspec.json.encode(a_trial("sleep for ever")).decode()
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-m", MEASURE, trial, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        eventually(lambda: (out / BEGUN).exists() and (out / BEGUN).read_text() != "")
        sleeper = int((out / BEGUN).read_text())
        assert psutil.pid_exists(sleeper)
        assert process.stdin and process.stdout
        process.stdin.close()
        assert process.stdout.read() == b"", ABANDONED
    assert process.returncode == 0
    assert not psutil.pid_exists(sleeper)
    assert not out.exists()
