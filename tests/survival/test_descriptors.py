"""`ulimit -n 64`: the crawl does with fewer connections and says so, or it says in one line why it cannot."""

import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.descriptors import TooFewDescriptors, fitted, raise_soft_limit
from crawler.settings import AnalyzeSettings, FetchSettings, Settings, VisitSettings
from crawler.strategy import alternatives
from tests.survival.killing import ROOT, Arena, environment


def crawl(arena: Arena, out: Path, limit: str, *flags: str) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-c", f'{limit}; exec "$@"', "-", *arena.command(out, "--per-host", "8", *flags)]
    command.remove("--quiet")
    return subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=100, check=False)


def shortages(out: Path) -> list[str]:
    lines = map(json.loads, (out / "runs" / "1" / "log.jsonl").read_bytes().splitlines())
    return [line["text"] for line in lines if line["event"] == "descriptors"]


@pytest.mark.parametrize("room", ["async", "threads"])
def test_sixty_four_are_enough(room: str, brisk: Arena, undisturbed: Path, tmp_path: Path) -> None:
    """Far fewer than 32 connections would take; unheeded, two pages in three fail."""
    done = crawl(brisk, tmp_path / "out", "ulimit -n 64", "--fetch", room, "--workers", "2")
    assert done.returncode == 0, done.stderr
    (said,) = shortages(tmp_path / "out")
    assert done.stderr == f"crawler: {said}\n"
    assert said.startswith("only 64 files may be open (ulimit -n), so workers: 2, pages in the air: ")
    assert (tmp_path / "out" / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()


def test_a_soft_limit_is_raised_as_far_as_is_needed(brisk: Arena, undisturbed: Path, tmp_path: Path) -> None:
    done = crawl(brisk, tmp_path / "out", "ulimit -Sn 64")
    assert (done.returncode, done.stderr) == (0, "")
    assert shortages(tmp_path / "out") == []
    assert (tmp_path / "out" / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()


def test_too_few_are_said_in_one_line(brisk: Arena, tmp_path: Path) -> None:
    done = crawl(brisk, tmp_path / "out", "ulimit -n 40")
    assert done.returncode == 2
    assert done.stderr.startswith("crawler: only 40 files may be open (ulimit -n), and a crawl needs ")
    assert done.stderr.endswith("; raise the limit\n") and done.stderr.count("\n") == 1


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The limits that the process has, the last of them in force."""
    held = [(100, 100)]

    def set_limits(_: int, wanted: tuple[int, int]) -> None:
        held.append(wanted)

    monkeypatch.setattr(resource, "getrlimit", lambda _: held[-1])
    monkeypatch.setattr(resource, "setrlimit", set_limits)
    return held


SETTINGS = Settings(FetchSettings(concurrency=32), AnalyzeSettings(workers=4))


def changed(fetch: str, **analyze: Any) -> Settings:
    return replace(SETTINGS, fetch=replace(SETTINGS.fetch, room=fetch), analyze=replace(SETTINGS.analyze, **analyze))


@pytest.mark.parametrize("room", ["async", "threads", "sequential"])
def test_the_more_may_be_open_the_more_is_done_at_once(room: str, limits: list[tuple[int, int]]) -> None:
    """First idle connections go, then pages in the air, then workers."""
    fits: list[tuple[int, int, int]] = []
    for limit in range(40, 500, 2):
        limits.append((limit, limit))
        try:
            found, said = fitted(changed(room))
        except TooFewDescriptors:
            assert not fits
            continue
        fits.append((found.analyze.workers, found.fetch.concurrency, found.fetch.idle_per_slot))
        is_whole = room == "sequential" or found.fetch.concurrency == 32
        assert (said is None) == (is_whole and found.analyze.workers == 4)
    assert fits[0][0] == 1
    assert [workers for workers, _, _ in fits] == sorted(workers for workers, _, _ in fits)
    whole = [idle for workers, concurrency, idle in fits if (workers, concurrency) == (4, 32)]
    assert whole == sorted(whole)
    assert whole[-1] == 4
    assert limits[-1] == (498, 498)


def test_only_a_program_raises_the_limit_and_by_no_more_than_may_be_had(
    limits: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.append((64, 120))
    _, said = fitted(SETTINGS)
    assert said is not None and said.startswith("only 64 files")
    assert limits[-1] == (64, 120), "a library leaves the limit alone"
    raise_soft_limit()
    assert limits[-1] == (120, 120)
    limits.append((64, resource.RLIM_INFINITY))
    raise_soft_limit()
    assert limits[-1] == (65_536, resource.RLIM_INFINITY)
    assert fitted(SETTINGS) == (SETTINGS, None)
    for enough in ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), (100_000, 200_000)):
        limits.append(enough)
        before = len(limits)
        raise_soft_limit()
        assert fitted(changed("threads", room="inline"))[1] is None
        assert len(limits) == before

    def refuse(_: int, __: tuple[int, int]) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    limits.append((64, resource.RLIM_INFINITY))
    raise_soft_limit()


@pytest.mark.parametrize("room", ["async", "threads", "sequential"])
def test_each_shard_holds_its_own_connections(room: str, limits: list[tuple[int, int]]) -> None:
    fits: list[tuple[int, int, int]] = []
    asked = Settings(FetchSettings(concurrency=32, room=room), visit=VisitSettings(8))
    for limit in range(30, 500, 2):
        limits.append((limit, limit))
        try:
            found, said = fitted(asked)
        except TooFewDescriptors:
            assert not fits
            continue
        fits.append((found.visit.shards, found.fetch.concurrency, found.fetch.idle_per_slot))
        is_whole = room == "sequential" or found.fetch.concurrency == 32
        assert (said is None) == (is_whole and found.visit.shards == 8)
    assert fits[0][0] == 1
    assert fits == sorted(fits, key=lambda fit: fit[0])
    assert fits[-1] == (8, 32, 4)


@pytest.mark.parametrize("room", ["async", "threads", "sequential"])
def test_shards_leave_a_site_of_ours_a_descriptor_for_each_connection(
    room: str, limits: list[tuple[int, int]]
) -> None:
    """It is a process under the same limit, which holds besides a few files all connections of all shards."""
    asked = Settings(FetchSettings(concurrency=32, room=room), visit=VisitSettings(8))
    fits: list[int] = []
    for limit in range(30, 500, 2):
        limits.append((limit, limit))
        try:
            found, said = fitted(asked, is_at_our_site=True)
        except TooFewDescriptors:
            assert not fits
            continue
        shards, fetch = found.visit.shards, found.fetch
        slots = 1 if room == "sequential" else -(-fetch.concurrency // shards)
        assert (shards + 1) * slots * (1 + fetch.idle_per_slot) <= limit - 10
        assert (said is None) == (shards == 8 and fetch.concurrency == 32)
        assert fetch.concurrency == 32 or fetch.idle_per_slot == 1, "connections that only wait go first"
        fits.append(shards)
    assert fits == sorted(fits)
    assert (found, said) == fitted(asked), "where there are enough, nothing changes"


def test_who_may_change_to_shards_keeps_room_for_them_or_does_not_change(limits: list[tuple[int, int]]) -> None:
    asked = Settings(FetchSettings(room="auto"), AnalyzeSettings(room="auto"))
    fixed = Settings()
    for limit in range(40, 500, 2):
        limits.append((limit, limit))
        try:
            (found, said), (plain, _) = fitted(asked), fitted(fixed)
        except TooFewDescriptors:
            continue
        assert found.visit.may_change
        assert bool(alternatives(found)) == (said is None)
        assert found.fetch.idle_per_slot <= plain.fetch.idle_per_slot
    assert not found.analyze.workers


def test_sixty_four_are_enough_for_shards(brisk: Arena, undisturbed: Path, tmp_path: Path) -> None:
    done = crawl(brisk, tmp_path / "out", "ulimit -n 64", "--shards", "2", "--concurrency", "64")
    assert done.returncode == 0, done.stderr
    (said,) = shortages(tmp_path / "out")
    assert done.stderr == f"crawler: {said}\n"
    assert said.startswith("only 64 files may be open (ulimit -n), so shards: 2, pages in the air: ")
    assert (tmp_path / "out" / "words.csv").read_bytes() == (undisturbed / "words.csv").read_bytes()


def test_a_crawl_of_the_built_in_site_leaves_it_enough(tmp_path: Path) -> None:
    """Eight shards may keep more than eighty connections open."""
    flags = ["--shards", "8", "--max-pages", "20", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-m", "crawler", str(ROOT / "seeds" / "urls.txt"), *flags]
    done = subprocess.run(
        ["bash", "-c", 'ulimit -n 80; exec "$@"', "-", *command],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    (said,) = shortages(tmp_path / "out")
    assert said.startswith("only 80 files may be open (ulimit -n), so shards: 8, pages in the air: ")
