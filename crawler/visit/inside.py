"""What runs in a shard's process: one loop, one pair of rooms, jobs in, visits out, until the parent lets go."""

import asyncio
import socket
import traceback
from collections.abc import Callable
from time import process_time
from typing import NamedTuple, cast

from crawler import loop
from crawler.heap import return_large_blocks, share_one_arena
from crawler.model import Failure, Fault, Job, Visit
from crawler.protocols import Rooms
from crawler.visit.frames import Bug, Done, Frames, Opened, Order, Report, framed, read_order
from crawler.wall.confined import confine


class Recipe(NamedTuple):
    """What a shard is made of; all of it can be pickled.

    `open_rooms` is called in the shard, `capacity` is how many visits it takes at once, and `patience_s` the most
    that can pass until one of them ends. The fork server loads the modules in `preload` once for all.
    """

    open_rooms: Callable[[], Rooms]
    capacity: int
    loop: str
    max_growth_bytes: int
    patience_s: float
    preload: tuple[str, ...]


def main(ours: socket.socket, recipe: Recipe) -> None:
    """Be a shard until the other end of `ours` is closed."""
    return_large_blocks()
    share_one_arena()
    confine(recipe.max_growth_bytes)
    loop.run(serve(ours, recipe.open_rooms()), recipe.loop)


async def serve(ours: socket.socket, rooms: Rooms) -> None:
    """Visit whatever is ordered at the socket until it is closed, then close the rooms."""
    await rooms.ready()
    service = _Service(rooms)
    await asyncio.get_running_loop().create_unix_connection(lambda: service, sock=ours)
    await service.end
    await service.stop()
    await rooms.aclose()


class _Service(asyncio.Protocol):
    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._frames = Frames()
        self._visits: set[asyncio.Task[None]] = set()
        self._told = rooms.burden()
        self._told_cpu_s = process_time()
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._send(Opened())

    def data_received(self, data: bytes) -> None:
        for packed in self._frames.feed(data):
            task = asyncio.get_running_loop().create_task(self._obey(read_order(packed)))
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - theirs
        self.end.set_result(None)

    async def stop(self) -> None:
        """Nobody waits for what is under way."""
        for task in self._visits:
            task.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _obey(self, order: Order) -> None:
        try:
            visit = await self._visit(order.job)
            self._send(self._done(order.number, visit))
        except Exception:  # noqa: BLE001 - the parent raises it
            self._send(Bug(order.number, traceback.format_exc()))

    def _done(self, number: int, visit: Visit) -> Done:
        now, told = self._rooms.burden(), self._told
        cpu_s, told_cpu_s = process_time(), self._told_cpu_s
        self._told, self._told_cpu_s = now, cpu_s
        return Done(
            number,
            visit,
            analyzed=now.analyzed - told.analyzed,
            cpu_s=now.analyze_cpu_s - told.analyze_cpu_s,
            inline_s=now.inline_s - told.inline_s,
            shard_cpu_s=cpu_s - told_cpu_s,
        )

    async def _visit(self, job: Job) -> Visit:
        try:
            return await self._rooms.visit(job)
        except MemoryError:
            return Visit(job, None, Failure(Fault.MEMORY, "fetching ran out of the memory it may use"))

    def _send(self, report: Report) -> None:
        if not self.end.done():
            self._transport.write(framed(report))
