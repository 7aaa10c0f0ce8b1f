"""One slow site for all, with its log, and what an unkilled crawl of it says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.once import once
from tests.survival.killing import Arena, arena


@pytest.fixture(scope="package")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Fourteen hundred pages at a tenth of a second each: fifty kills happen before they are done."""
    with arena(tmp_path_factory.mktemp("arena"), pages=1_400, latency="fixed:100ms") as made:
        yield made


@pytest.fixture(scope="package")
def unkilled(slow: Arena, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a crawl that nobody disturbed."""

    def make(folder: Path) -> Path:
        slow.to_end(folder / "out", "--per-host", "8")
        return folder / "out"

    return once(tmp_path_factory, "unkilled", make)


@pytest.fixture(scope="package")
def brisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Two hundred pages, of which a crawl makes short work; without `/gone/`, which is tried again after 5 s."""
    with arena(
        tmp_path_factory.mktemp("brisk"), pages=200, latency="fixed:60ms", flags=["--exclude", "/gone/"]
    ) as made:
        yield made


@pytest.fixture(scope="package")
def undisturbed(brisk: Arena, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a crawl of the brisk site that nobody disturbed."""

    def make(folder: Path) -> Path:
        brisk.to_end(folder / "out")
        return folder / "out"

    return once(tmp_path_factory, "undisturbed", make)
