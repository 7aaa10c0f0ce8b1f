"""The way from a visit to the disk: visits gather for a moment, then become one transaction and one write."""

import asyncio
from contextlib import suppress
from pathlib import Path

from crawler.model import Analysis, Redirect, Visit
from crawler.store.database import Database, StampedVisit, now
from crawler.store.files import LinesFile
from crawler.store.records import line_of_visit
from crawler.store.results import page_lines, redirect_lines

_MAX_PENDING = 512
_MAX_PENDING_BYTES = 32 * 2**20
PAGES_FILE = "pages.jsonl"


class Recorder:
    """Keeps the visits of one run; `keep` waits only when the disk falls behind.

    A failure of the disk surfaces as OutputError in the next `keep`, or in `aclose`.
    """

    def __init__(self, database: Database, folder: Path, run: int, interval_s: float, top: int) -> None:
        self._database = database
        self._pages = LinesFile(folder / PAGES_FILE)
        self._run = run
        self._interval_s = interval_s
        self._top = top
        self._pending: list[StampedVisit] = []
        self._pending_bytes = 0
        self._urgent = asyncio.Event()
        self._written = asyncio.Event()
        self._is_closing = False
        self._writer: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start pages.jsonl, with what earlier sessions of the run have visited."""
        await self._pages.begin(
            self._database.stream(lambda connection: page_lines(connection, self._run, self._top))
        )
        self._writer = asyncio.get_running_loop().create_task(self._write())

    async def keep(self, visit: Visit) -> None:
        """Take a visit; it is on disk within the commit interval."""
        assert self._writer is not None
        while self._is_full() and not self._writer.done():
            self._urgent.set()
            self._written.clear()
            await self._written.wait()
        if self._writer.done():
            self._writer.result()
        self._pending.append(StampedVisit(visit, now()))
        self._pending_bytes += _weight(visit)

    async def aclose(self) -> None:
        """Write what is pending, then the redirects with where they ended."""
        self._is_closing = True
        self._urgent.set()
        try:
            if self._writer is not None:
                await self._writer
                stream = self._database.stream(lambda connection: redirect_lines(connection, self._run))
                async for lines in stream:
                    await self._pages.append(lines)
        finally:
            await self._pages.aclose()

    def _is_full(self) -> bool:
        return len(self._pending) >= _MAX_PENDING or self._pending_bytes >= _MAX_PENDING_BYTES

    async def _write(self) -> None:
        try:
            while not self._is_closing or self._pending:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._urgent.wait(), self._interval_s)
                self._urgent.clear()
                batch, self._pending, self._pending_bytes = self._pending, [], 0
                self._written.set()
                if batch:
                    await self._database.keep(self._run, batch)
                    await self._pages.append(await asyncio.to_thread(_lines, batch))
        finally:
            self._written.set()


def _weight(visit: Visit) -> int:
    outcome = visit.outcome
    return len(outcome.packed_words) + len(outcome.packed_links) if isinstance(outcome, Analysis) else 0


def _lines(batch: list[StampedVisit]) -> bytes:
    return b"".join(
        line_of_visit(visit, visited_at) for visit, visited_at in batch if not isinstance(visit.outcome, Redirect)
    )
