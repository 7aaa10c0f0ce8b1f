"""The event loop: where it is made (uvloop where it exists, else the standard one), what must not end half-way."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


def run(main: Coroutine[Any, Any, _T], name: str) -> _T:
    """Run a coroutine on a new loop of that name ("uvloop" or "asyncio")."""
    with asyncio.Runner(loop_factory=_factory(name)) as runner:
        return runner.run(main)


async def to_the_end(closing: Coroutine[None, None, None]) -> None:
    """Close, whoever cancels meanwhile: what were half closed would keep the folder's lock, threads and sockets."""
    task = asyncio.get_running_loop().create_task(closing)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


def _factory(name: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if name == "uvloop":
        try:
            import uvloop  # noqa: PLC0415 - only where it is asked for
        except ImportError:  # it has no wheels for this platform
            return None
        factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
        return factory
    return None
