"""What all tests share: a loop of either kind to run on, a guard against blocking it, and a clean environment."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
import uvloop
from blockbuster import BlockBuster, blockbuster_ctx

_T = TypeVar("_T")
Run = Callable[[Coroutine[Any, Any, _T]], _T]

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("CRAWLER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_blocking_call() -> Iterator[BlockBuster]:
    """Fail any test whose event loop makes a call that blocks."""
    with blockbuster_ctx() as guard:
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
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, "waited 20 s in vain"
            time.sleep(0.01)

    return wait
