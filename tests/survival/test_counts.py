"""A process that crawls holds afterwards what it held before, in every room and however the crawl ended."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sites import Site
from tests.survival.killing import environment

ROOMS = [f"{fetch}+{analyze}" for fetch in ("async", "threads", "sequential") for analyze in ("processes", "inline")]


@pytest.mark.parametrize("room", [*ROOMS, "async+threads", "threads+threads"])
def test_descriptors_threads_and_children_are_as_many_as_before(room: str, site: Site, tmp_path: Path) -> None:
    """As after the first crawl, that is: the fork server that multiprocessing starts then ends with the process."""
    command = [sys.executable, "-m", "tests.survival.counting"]
    done = subprocess.run(
        [*command, str(site.seeds), str(site.connect_to), str(tmp_path), room],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env=environment(),
    )
    first, *others = [json.loads(line) for line in done.stdout.splitlines()]
    for other in others:
        assert other | {"ending": ""} == first | {"ending": ""}, other["ending"]
    assert first["threads"] == 1
    assert first["children"] == (2 if "processes" in room else 0), "the fork server and multiprocessing's tracker"
    assert done.stderr == ""
