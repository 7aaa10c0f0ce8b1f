"""Cheap doors: what is not needed is not loaded."""

import subprocess
import sys
import time

import pytest

HEAVY = {
    "aiohttp",
    "aiofiles",
    "bs4",
    "icu4py",
    "msgspec",
    "multiprocessing",
    "psutil",
    "pycurl",
    "rich",
    "sqlite3",
    "turbohtml",
    "uvloop",
    "warcio",
}


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import crawler") & (HEAVY | {"asyncio"})


def test_the_settings_are_cheap_and_the_crawl_is_there() -> None:
    assert not loaded_by("from crawler import Settings; Settings()") & HEAVY
    assert "multiprocessing" not in loaded_by("import crawler.__main__")
    assert "aiofiles" in loaded_by("from crawler import crawl")


@pytest.mark.parametrize("command", [["--help"], ["crawl", "--help"], ["site", "--help"], ["compare", "--help"]])
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    code = f"import crawler.cli.main as m\ntry: m.run_command({command!r})\nexcept SystemExit: pass"
    assert not loaded_by(code) & HEAVY


def test_a_worker_loads_only_what_analysis_needs() -> None:
    loaded = loaded_by("import crawler.workers.child, crawler.analyze.page, crawler.analyze.turbo")
    assert not loaded & {"aiohttp", "aiofiles", "asyncio", "bs4", "pycurl", "rich", "sqlite3", "uvloop"}


def test_a_shard_loads_only_what_fetching_and_analysis_need() -> None:
    loaded = loaded_by("import crawler.shard, crawler.visit.inside, crawler.fetch.threads, crawler.analyze.page")
    assert not loaded & {"aiohttp", "aiofiles", "bs4", "psutil", "rich", "sqlite3", "uvloop", "warcio"}


def test_the_command_line_loads_only_the_chosen_fetch_room() -> None:
    loaded = loaded_by("from crawler.rooms import open_fetcher\nfrom crawler import FetchSettings\n"
                       "open_fetcher(FetchSettings(room='threads'))")  # fmt: skip
    assert "aiohttp" not in loaded
    assert "pycurl" in loaded


def test_help_comes_at_once() -> None:
    """A bound against accidents (a heavy import costs more), far above what it takes: some 60 ms of CPU."""
    start = time.process_time_ns()
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "crawler", "--help"], capture_output=True, check=True
    )
    assert done.stderr.count(b"\n") < 250, "modules imported"
    assert time.process_time_ns() >= start


def test_only_known_names_are_there() -> None:
    import crawler

    with pytest.raises(AttributeError, match="module 'crawler' has no attribute 'crawll'"):
        crawler.crawll  # noqa: B018
    assert all(hasattr(crawler, name) for name in crawler.__all__)
