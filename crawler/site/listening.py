"""A socket that listens until it is told to stop, whoever answers at it."""

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from crawler.site.place import Place, bracketed

_BACKLOG = 1024


class Connection(Protocol):
    """A connection that can be dropped."""

    def abort(self) -> None:
        """Drop it."""
        ...


async def listen(
    answer: Callable[[], asyncio.Protocol],
    connections: Collection[Connection],
    host: str,
    port: int,
    *,
    names: str,
    on_ready: Callable[[Place], None],
    stop: asyncio.Event,
) -> None:
    """Listen until `stop` is set, then drop the connections that are left; `on_ready` is told where.

    The one rule of the place leads `names` there: a domain with its dot, or all names if it is empty.
    Raises OSError where nobody can listen.
    """
    server = await asyncio.get_running_loop().create_server(answer, host, port, backlog=_BACKLOG)
    try:
        address, number = server.sockets[0].getsockname()[:2]
        on_ready(Place(address, number, (f"{names}::{bracketed(address)}:{number}",)))
        await stop.wait()
    finally:
        server.close()
        for connection in tuple(connections):
            connection.abort()
        await server.wait_closed()
