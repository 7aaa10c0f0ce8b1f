"""The way from a step of the frontier to the disk: steps gather for a moment, then become one transaction."""

import asyncio
from contextlib import suppress
from pathlib import Path

import msgspec

from crawler.model import Analysis
from crawler.orders import Brought, Note, Row, Settled
from crawler.plain import visible_json
from crawler.store.beginning import now
from crawler.store.changes import Step
from crawler.store.database import Database
from crawler.store.files import LinesFile
from crawler.store.layout import LOG_FILE, PAGES_FILE, RUNS_FOLDER
from crawler.store.results import VISITED, page_lines

_MAX_PENDING = 512
_MAX_PENDING_BYTES = 32 * 2**20
_CHANGE_BYTES = 400


class Recorder:
    """Keeps the steps of one run; `keep` waits only when the disk falls behind.

    A failure of the disk surfaces as OutputError in the next `keep` or `bring`, or in `aclose`.
    """

    def __init__(self, database: Database, folder: Path, run: int, interval_s: float) -> None:
        self._database = database
        self._pages = LinesFile(folder / PAGES_FILE)
        self._log = LinesFile(folder / RUNS_FOLDER / str(run) / LOG_FILE)
        self._run = run
        self._interval_s = interval_s
        self._pending: list[Step] = []
        self._pending_bytes = 0
        self._taken = 0
        self._kept = 0
        self._urgent = asyncio.Event()
        self._written = asyncio.Event()
        self._is_closing = False
        self._writer: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start pages.jsonl, with what earlier sessions of the run have visited, and carry on log.jsonl."""
        lines = self._database.stream(lambda connection: page_lines(connection, self._run, VISITED))
        try:
            await self._pages.begin(lines)
            await self._log.carry_on()
        except BaseException:
            await self._close_files()
            raise
        self._writer = asyncio.get_running_loop().create_task(self._write())

    async def keep(self, settled: Settled) -> None:
        """Take a step; it is on disk within the commit interval. Steps are kept in the order they are handed in."""
        self._check()
        self._pending.append(Step(settled, now()))
        self._pending_bytes += _weight(settled)
        self._taken += 1
        while len(self._pending) >= _MAX_PENDING or self._pending_bytes >= _MAX_PENDING_BYTES:
            await self._wait_for_disk()

    async def bring(self, order: Brought) -> list[Row]:
        """The rows that the frontier asks for, once all that it has said so far is on disk."""
        so_far = self._taken
        while self._kept < so_far:
            await self._wait_for_disk()
        return await self._database.bring(self._run, order)

    async def aclose(self) -> None:
        """Write what is pending."""
        self._is_closing = True
        self._urgent.set()
        try:
            if self._writer is not None:
                await self._writer
        finally:
            await self._close_files()

    async def _close_files(self) -> None:
        await self._pages.aclose()
        await self._log.aclose()

    async def _wait_for_disk(self) -> None:
        self._check()
        self._urgent.set()
        self._written.clear()
        await self._written.wait()
        self._check()

    def _check(self) -> None:
        assert self._writer is not None
        if self._writer.done():
            self._writer.result()

    async def _write(self) -> None:
        clock = asyncio.get_running_loop().time
        due = clock() + self._interval_s
        try:
            while not self._is_closing or self._pending:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(due):
                        await self._urgent.wait()
                due = clock() + self._interval_s  # from the beginning of a write, however long it takes
                self._urgent.clear()
                batch, self._pending, self._pending_bytes = self._pending, [], 0
                if batch:
                    await self._pages.append(await self._database.keep(self._run, batch))
                    await self._log.append(_log_lines(batch))
                self._kept += len(batch)
                self._written.set()
        finally:
            self._written.set()


def _weight(settled: Settled) -> int:
    outcome = settled.visit.outcome if settled.visit is not None else None
    size = len(outcome.packed_words) + len(outcome.packed_links) if isinstance(outcome, Analysis) else 0
    return size + _CHANGE_BYTES * len(settled.changes)


def _log_lines(batch: list[Step]) -> bytes:
    notes = ((step.at, change) for step in batch for change in step.settled.changes if isinstance(change, Note))
    return b"".join(visible_json(msgspec.json.encode({"at": at, **note._asdict()})) + b"\n" for at, note in notes)
