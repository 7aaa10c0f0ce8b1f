"""Where the event loop is made: uvloop where it exists, else the standard one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


def run(main: Coroutine[Any, Any, _T], name: str) -> _T:
    """Run a coroutine on a new loop of that name ("uvloop" or "asyncio")."""
    with asyncio.Runner(loop_factory=_factory(name)) as runner:
        return runner.run(main)


def _factory(name: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if name == "uvloop":
        try:
            import uvloop  # noqa: PLC0415 - only where it is asked for
        except ImportError:  # it has no wheels for this platform
            return None
        factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
        return factory
    return None
