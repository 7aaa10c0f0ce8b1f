"""What all tests share: a loop of either kind to run on, a guard against blocking it, and a clean environment."""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import hypothesis
import pytest
import uvloop
from blockbuster import BlockBuster, blockbuster_ctx

from crawler.site.process import start_site
from crawler.site.settings import SiteSettings
from tests.sites import Site

hypothesis.settings.register_profile(  # a busy one is no fault of the code
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

_T = TypeVar("_T")
Run = Callable[[Coroutine[Any, Any, _T]], _T]

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


LONG = ("survival", "compare", "hostile", "cli")
"""Folders whose tests mostly wait for what they have started."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under xdist each test process begins with a part of the list: let each part begin with what takes long."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    folders = {folder: config.rootpath / "tests" / folder for folder in LONG}
    long = {name: [item for item in items if folder in item.path.parents] for name, folder in folders.items()}
    rest = [item for item in items if not any(folder in item.path.parents for folder in folders.values())]
    each = -(-len(items) // len(LONG))
    ordered: list[pytest.Item] = []
    for number, those in enumerate(long.values(), 1):
        ordered += those
        room = max(0, number * each - len(ordered))
        ordered, rest = ordered + rest[:room], rest[room:]
    items[:] = ordered + rest


def pytest_collection_finish() -> None:
    """Thousands of tests have been collected and stay: no garbage collection need look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CRAWLER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_blocking_call() -> Iterator[BlockBuster]:
    """Fail any test whose event loop makes a call that blocks."""
    with blockbuster_ctx() as guard:
        # A few bytes into the pipe that wakes an executor's thread, which does nothing but empty it.
        guard.functions["os.write"].can_block_in("concurrent/futures/process.py", {"wakeup"})
        for name in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
            guard.functions[name].can_block_in("coverage/collector.py", {"lock_data"})
            # A loop of uvloop joins the thread that ended its executor, as asyncio's does, when nothing else runs.
            guard.functions[name].can_block_in("asyncio/runners.py", {"close"})
        yield guard


@pytest.fixture(params=list(LOOPS))
def run(request: pytest.FixtureRequest) -> Run[Any]:
    """Run a coroutine on a new loop; the test runs once on each kind."""

    def run_on(main: Coroutine[Any, Any, _T]) -> _T:
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            return runner.run(main)

    return run_on


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until a condition of the outside world holds, or fail."""

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, "waited 60 s in vain"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of forty small pages in ten languages."""
    with start_site(SiteSettings(pages=40, min_kb=2, max_kb=8)) as process:
        yield Site(process, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as it ships: some three hundred pages."""
    with start_site(SiteSettings()) as process:
        yield Site(process, tmp_path_factory.mktemp("whole-site"))
