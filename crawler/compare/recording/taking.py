"""Taking a recording: one polite crawl, by the crawler's own rules, of which the pages are kept and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from crawler import __version__
from crawler.compare.recording.options import ENDING
from crawler.compare.recording.recorder import Recorder
from crawler.compare.recording.warc import WarcFile
from crawler.compose import Crawl, crawl
from crawler.loop import to_the_end
from crawler.model import Visit
from crawler.orders import Note
from crawler.report.opening import Opening
from crawler.report.summary import Summary
from crawler.settings import AnalyzeSettings, FetchSettings, RunSettings, Settings, StoreSettings
from crawler.store.faults import OutputError
from crawler.store.layout import PART

AT_ONCE: Final = 8
"""Pages in the air while recording: with more, what is timed is this machine and not the site.

On two busy cores, pages that came after 60 ms were recorded with a median of 74 to 78 ms with 8 in the air, 108 to
134 with 16, and 162 to 173 with 32.
"""
_EARLIER: Final = ".earlier"


class Taken(NamedTuple):
    """What came of it: so many pages in the file; `is_full` if there were more than fit; the crawl's own summary."""

    pages: int
    body_bytes: int
    is_full: bool
    summary: Summary


async def take(
    seeds: str,
    settings: Settings,
    path: Path,
    scratch: Path,
    *,
    announce: Callable[[Opening], None],
    tell: Callable[[Note | Visit], None],
    watch: Callable[[Crawl], Awaitable[Summary]],
) -> Taken:
    """Crawl the seeds, and record their pages into `path`, which appears at the end; an earlier one is put aside.

    What a crawl leaves besides goes into the folder `scratch`. `watch` awaits the crawl, and may stop it; however it
    ends, what was recorded is kept, if that is anything. Raises what a crawl raises.
    """
    file = await asyncio.to_thread(_opened, path.with_name(path.name + PART), settings)
    recorder = Recorder(file, lambda: job.stop())  # noqa: PLW0108 - the job comes after it
    try:
        job = crawl(seeds, _polite(settings, scratch), announce=announce, tell=tell, rooms=recorder.open)
        summary = await watch(job)
    finally:
        await to_the_end(asyncio.to_thread(_kept, file, path, has_pages=bool(recorder.pages)))
    return Taken(recorder.pages, recorder.body_bytes, recorder.is_full, summary)


def _polite(settings: Settings, folder: Path) -> Settings:
    """What the options say of whom to visit and how gently; all else as it is by default."""
    fetch = replace(settings.fetch, room=FetchSettings().room, concurrency=AT_ONCE)
    return Settings(
        fetch=fetch,
        analyze=AnalyzeSettings(nofollow=settings.analyze.nofollow, strip_params=settings.analyze.strip_params),
        frontier=settings.frontier,
        store=StoreSettings(out=folder),
        run=RunSettings(max_pages=settings.run.max_pages, deadline_s=settings.run.deadline_s),
    )


def _opened(path: Path, settings: Settings) -> WarcFile:
    info = {
        "software": f"crawler/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": settings.frontier.robots,
        "http-header-user-agent": settings.fetch.agent,
    }
    try:
        return WarcFile(path, info)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error


def _kept(file: WarcFile, path: Path, *, has_pages: bool) -> None:
    """Close the file, and give it its name, or remove it if there is nothing in it."""
    try:
        file.close()
        if not has_pages:
            file.path.unlink()
            return
        with suppress(FileNotFoundError):
            earlier = path.name.removesuffix(ENDING) + _EARLIER + ENDING
            path.replace(path.with_name(earlier))
        file.path.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error
