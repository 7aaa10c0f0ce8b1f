"""Where samples are taken, as far as it can be told."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import crawler
from crawler.compare import environment as module
from crawler.compare.environment import environment, load
from crawler.compare.scratch import place


def test_an_environment_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (1.234, 9.0, 9.0))
    known = environment()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", known.started)
    assert known.cpu and known.system and known.build and known.machine
    assert 0 < known.usable_cores <= known.cores
    assert known.memory_mib > 100
    assert known.crawler == crawler.__version__
    assert known.packages["aiohttp"].count(".") >= 1
    assert known.load_before == load() == 1.23
    assert known.file_system not in ("", "unknown")


def test_samples_are_written_to_memory_only_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("crawler.compare.scratch._MEMORY", tmp_path)
    assert place() == tmp_path
    monkeypatch.setattr("crawler.compare.scratch._NEEDED_BYTES", shutil.disk_usage(tmp_path).total + 1)
    assert place() != tmp_path
    monkeypatch.setattr("crawler.compare.scratch._MEMORY", tmp_path / "missing")
    assert place() != tmp_path


def test_a_quota_of_any_group_above_counts(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "cpu.max").write_text("max 100000\n")
    (tmp_path / "outer" / "cpu.max").write_text("150000 100000\n")
    groups = tmp_path / "groups"
    groups.write_text("0::/outer/inner\n")
    assert module._quotas(tmp_path, str(groups)) == [1.5]


def test_a_quota_of_the_first_version_counts(tmp_path: Path) -> None:
    (tmp_path / "cpu" / "box").mkdir(parents=True)
    (tmp_path / "cpu" / "box" / "cpu.cfs_quota_us").write_text("50000\n")
    (tmp_path / "cpu" / "box" / "cpu.cfs_period_us").write_text("100000\n")
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    groups = tmp_path / "groups"
    groups.write_text("7:memory:/box\n4:cpu,cpuacct:/box\n")
    assert module._quotas(tmp_path, str(groups)) == [0.5]
    assert module._quotas(tmp_path, str(tmp_path / "missing")) == []


def test_a_commit_says_whether_the_source_was_changed_since(tmp_path: Path) -> None:
    assert module._commit(tmp_path) == ""
    source = tmp_path / "source.py"
    source.write_text("1\n")
    for command in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@a.test", "commit", "-qm", "a"),
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    commit = module._commit(tmp_path)
    assert re.fullmatch("[0-9a-f]{7,}", commit)
    source.write_text("2\n")
    assert module._commit(tmp_path) == commit + "+"
