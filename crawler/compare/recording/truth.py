"""The right words of a recording, and which of its pages can be read: known before any arm has seen one.

They come from the same pure analysis that every arm runs, once over each page, and not from a crawl; in worker
processes, because a recording from elsewhere may hold a page that brings its reader down.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from crawler import loop
from crawler.analyze.page import analyze
from crawler.model import Analysis, Page, Reading
from crawler.settings import AnalyzeSettings
from crawler.store.wordlist import WordList
from crawler.workers.catalog import load_room


class Truth(NamedTuple):
    """For each page whether it can be read, and the digest of the words.csv that those give which can."""

    readable: tuple[bool, ...]
    words: str


def truth_of(pages: Sequence[Page]) -> Truth:
    """Read all pages. Raises WorkerCannotStart."""
    readings = loop.run(_read(pages), "asyncio")
    digest = sha256()
    for some in WordList(run=0, top=0).lines_of(_words(readings)):
        digest.update(some)
    return Truth(tuple(isinstance(reading, Analysis) for reading in readings), digest.hexdigest())


async def _read(pages: Sequence[Page]) -> list[Reading]:
    settings = AnalyzeSettings()
    open_room = await asyncio.to_thread(load_room, settings.room)
    room = open_room(
        partial(analyze, settings=settings), settings, (analyze.__module__, f"crawler.analyze.{settings.parser}")
    )
    try:
        await room.ready()
        return await asyncio.gather(*map(room.analyze, pages))
    finally:
        await room.aclose()


def _words(readings: Iterable[Reading]) -> Iterator[dict[str, int]]:
    """The words that count: a text counts once, and not where the page asks for that."""
    seen: set[bytes] = set()
    for reading in readings:
        if isinstance(reading, Analysis) and not reading.is_noindex and reading.digest not in seen:
            seen.update(filter(None, [reading.digest]))
            yield reading.words
