"""Rooms that record what goes through them: each page that could be analysed, before its visit counts as made."""

import asyncio
from collections.abc import Callable
from typing import Final

from crawler.compare.recording.reading import MOST_BYTES
from crawler.compare.recording.warc import WarcFile
from crawler.fetch.catalog import open_fetcher
from crawler.model import Analysis, Failure, Job, Page, Traits, Visit
from crawler.orders import Note
from crawler.protocols import Fetcher, Rooms
from crawler.rooms import open_rooms
from crawler.settings import FetchSettings, Settings
from crawler.store.faults import OutputError

_OK: Final = 200


class Recorder:
    """Opens the usual rooms, and writes to a file what they fetch; `when_full` is told once that nothing more fits.

    A page is held as long as its visit is under way, so memory is bounded as the rooms bound it; a disk that is slow
    slows the visits.
    """

    def __init__(self, file: WarcFile, when_full: Callable[[], None]) -> None:
        self.pages = 0
        self.body_bytes = 0
        self.is_full = False
        self._file = file
        self._when_full = when_full
        self._writing = asyncio.Lock()

    async def open(
        self, settings: Settings, tell: Callable[[Note], None], left: Callable[[], int]
    ) -> tuple[Rooms, Traits]:
        """The rooms that record."""
        held: dict[str, Page] = {}

        def fetcher(fetch_settings: FetchSettings) -> Fetcher:
            return _Holding(open_fetcher(fetch_settings), held)

        rooms, traits = await open_rooms(settings, tell, left, fetcher=fetcher)
        return _Recording(rooms, self, held), traits

    async def keep(self, page: Page) -> None:
        """Write a page, in a thread, after those that came before it.

        Raises OutputError.
        """
        async with self._writing:
            if self.is_full or self.body_bytes + len(page.body) > MOST_BYTES:
                self.is_full = True
                self._when_full()
                return
            try:
                await asyncio.to_thread(self._file.add, page)
            except OSError as error:
                raise OutputError(f"the recording: {error.strerror}") from error
            self.pages += 1
            self.body_bytes += len(page.body)


class _Holding:
    """A fetcher whose pages are held until they are asked for."""

    def __init__(self, fetcher: Fetcher, held: dict[str, Page]) -> None:
        self.traits = fetcher.traits
        self.aclose = fetcher.aclose
        self._fetcher = fetcher
        self._held = held

    @property
    def capacity(self) -> int:
        """That of the fetcher."""
        return self._fetcher.capacity

    async def fetch(self, job: Job) -> Page | Failure:
        """What the fetcher makes of the job."""
        page = await self._fetcher.fetch(job)
        if isinstance(page, Page) and job.kind == "page" and page.status == _OK:
            self._held[job.url] = page
        return page


class _Recording:
    """Rooms whose visits end once their page is written."""

    def __init__(self, rooms: Rooms, recorder: Recorder, held: dict[str, Page]) -> None:
        self.capacity = rooms.capacity
        self.burden = rooms.burden
        self.ready = rooms.ready
        self.aclose = rooms.aclose
        self._rooms = rooms
        self._recorder = recorder
        self._held = held

    async def visit(self, job: Job) -> Visit:
        """The visit that the rooms make of it."""
        try:
            visit = await self._rooms.visit(job)
        finally:
            page = self._held.pop(job.url, None)
        if page is not None and isinstance(visit.outcome, Analysis):
            await self._recorder.keep(page)
        return visit
