"""A tiny server in a process of its own, which takes a fixed time over each answer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.compare.primitives.inside import Wire
from crawler.compare.primitives.mortal import mortal
from crawler.compare.primitives.staff import worker
from crawler.compare.primitives.ways import sturdy_method

HOST = "127.0.0.1"
_BACKLOG = 1024


@contextmanager
def answering(wait_s: float) -> Iterator[int]:
    """The port at which the server listens while the context is open."""
    with worker(sturdy_method(), serve, wait_s) as (_, wire):
        yield int(wire.recv())


def serve(wire: Wire, wait_s: float) -> None:
    """Answer each connection's first byte after `wait_s`, until told to end."""
    mortal()
    asyncio.run(_serve(wire, wait_s))


async def _serve(wire: Wire, wait_s: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await asyncio.sleep(wait_s)
        writer.write(b"!")
        await writer.drain()
        writer.close()

    told = asyncio.Event()
    server = await asyncio.start_server(answer, HOST, 0, backlog=_BACKLOG)
    asyncio.get_running_loop().add_reader(wire.fileno(), told.set)
    wire.send(server.sockets[0].getsockname()[1])
    await told.wait()
    server.close()


async def ask_as_task(port: int) -> None:
    """Ask once on an event loop, and wait for the answer."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"?")
    assert await reader.read(1) == b"!"
    writer.close()
