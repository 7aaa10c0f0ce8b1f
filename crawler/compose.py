"""Composition: settings in, rooms opened, engine run, results derived, rooms closed.

    summary = await crawl("seeds/urls.txt")               # the whole run
    async for visit in crawl(["https://example.org/"]):   # or each visit as it ends
        ...

Every way to start a crawl, the command line included, is this one.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from crawler.analyze.page import analyze
from crawler.engine import Engine
from crawler.fetch.catalog import open_fetcher
from crawler.frontier.state import Frontier
from crawler.insight.totals import totals
from crawler.lag import LagMonitor
from crawler.model import Traits, Visit
from crawler.progress import Progress
from crawler.readers import ConnectTo, destination
from crawler.report.opening import Opening
from crawler.report.summary import Session, Summary, exit_of, summary_json
from crawler.seeds import Seeds, UnusableSeeds, read_seeds
from crawler.settings import Settings
from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import SiteSettings
from crawler.source import Source, source_of
from crawler.store.database import Run
from crawler.store.files import read_lines, write_whole
from crawler.store.folder import Folder
from crawler.store.recorder import Recorder
from crawler.store.wordlist import WordList
from crawler.urls import host, port
from crawler.visit.pipeline import Pipeline
from crawler.workers.catalog import load_room

SITE_DOMAIN = ".crawler.test"
"""The built-in site's: these names lead nowhere else, since RFC 6761 keeps `test` out of the DNS."""
WORDS_FILE = "words.csv"
SUMMARY_FILE = "summary.json"
Stopper = Literal["SIGINT", "SIGTERM", "caller"]


class Crawl:
    """One crawl, not yet begun: await it for its summary, or iterate over its visits."""

    def __init__(
        self, seeds: str | Path | Iterable[str], settings: Settings, announce: Callable[[Opening], None] | None
    ) -> None:
        self.progress = Progress()
        self.summary: Summary | None = None
        self._seeds = seeds
        self._settings = settings
        self._announce = announce
        self._engine: Engine | None = None
        self._stopped_by: Stopper | None = None

    def __await__(self) -> Generator[object, None, Summary]:
        return self._run(_look_away).__await__()

    def __aiter__(self) -> AsyncIterator[Visit]:
        return self._visits()

    def stop(self, by: Stopper = "caller") -> None:
        """Visit nothing more; what is in flight lands, results are written, and the next start carries on."""
        self._stopped_by = by
        if self._engine is not None:
            self._engine.stop()

    async def _visits(self) -> AsyncGenerator[Visit, None]:
        ready: asyncio.Queue[Visit | None] = asyncio.Queue(maxsize=1)

        async def run() -> None:
            try:
                await self._run(ready.put)
            except Exception:
                await ready.put(None)
                raise
            await ready.put(None)

        task = asyncio.get_running_loop().create_task(run())
        try:
            while (visit := await ready.get()) is not None:
                yield visit
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, observe: Callable[[Visit], Awaitable[None]]) -> Summary:
        source = await asyncio.to_thread(source_of, self._seeds)
        seeds = await _read(source)
        async with AsyncExitStack() as stack:
            path = self._settings.store.out or source.folder
            folder = await Folder.open(path, source.identity)
            stack.push_async_callback(folder.aclose)
            run = await folder.database.begin_run(_digest(seeds), os.getpid())
            frontier = Frontier(self._settings.frontier)
            frontier.restore(run.settled)
            frontier.offer(seeds.jobs)
            site = await _start_site_for(seeds, self._settings, stack)
            settings = _connected(self._settings, site)
            visitor, traits = await _open_rooms(settings)
            stack.push_async_callback(visitor.aclose)
            recorder = Recorder(folder.database, path, run.id, settings.store.commit_interval_s, settings.analyze.top)
            await recorder.begin()

            async def note(visit: Visit) -> None:
                self.progress.count(visit)
                await observe(visit)

            self._engine = Engine(frontier, visitor, recorder, note)
            if self._stopped_by:
                self._engine.stop()
            if self._announce is not None:
                self._announce(
                    Opening(
                        run=run.id,
                        seeds=source.name,
                        folder=str(path),
                        settled=frontier.settled,
                        left=frontier.waiting,
                        fetch=settings.fetch.room,
                        analyze=settings.analyze.room,
                        workers=settings.analyze.worker_count,
                        weakness=None if traits.isolates else traits.reason,
                        site=f"{site.host}:{site.port}" if site is not None else None,
                        rejected=tuple(seeds.rejected),
                    )
                )
            self.progress.begin(frontier)
            try:
                async with LagMonitor() as lag:
                    await self._engine.run()
            finally:
                await recorder.aclose()
            session = Session(
                seconds=round(self.progress.seconds, 3),
                visits=self.progress.visits,
                bytes=self.progress.bytes,
                loop_lag_p99_ms=lag.percentile_ms(99),
                loop_lag_max_ms=lag.percentile_ms(100),
                rejected_lines=tuple(map(str, seeds.rejected)),
                stopped_by=None if frontier.is_drained else self._stopped_by,
            )
            self.summary = await self._conclude(source, folder, run, session, is_complete=frontier.is_drained)
            if frontier.is_drained:  # after the results, so that a run killed while they are made makes them again
                await folder.database.finish_run(run.id)
        return self.summary

    async def _conclude(
        self, source: Source, folder: Folder, run: Run, session: Session, *, is_complete: bool
    ) -> Summary:
        words = WordList(run.id, self._settings.analyze.top)
        await write_whole(folder.path / WORDS_FILE, folder.database.stream(words.lines))
        sums = await folder.database.call(lambda connection: totals(connection, run.id))
        summary = Summary(
            run=run.id,
            seeds=source.name,
            folder=str(folder.path),
            is_complete=is_complete,
            totals=sums,
            distinct_words=words.distinct,
            top_words=tuple(words.top),
            session=session,
            exit_code=exit_of(sums, session, self._settings.run.fail_if),
        )
        await write_whole(folder.path / SUMMARY_FILE, _once(summary_json(summary) + b"\n"))
        return summary


def crawl(
    seeds: str | Path | Iterable[str],
    settings: Settings | None = None,
    *,
    announce: Callable[[Opening], None] | None = None,
) -> Crawl:
    """A crawl of a seeds file, of one URL, of standard input (`-`) or of a list of URLs.

    Await it, or iterate over it. Raises UnusableSeeds, UnusableFolder, FolderInUse or OutputError.
    """
    return Crawl(seeds, settings or Settings(), announce)


async def _look_away(_visit: Visit) -> None:
    """The observer of a run whose visits nobody asked for."""


async def _once(chunk: bytes) -> AsyncGenerator[bytes, None]:
    yield chunk


async def _read(source: Source) -> Seeds:
    if source.lines is not None:
        return read_seeds((line.encode() for line in source.lines), source.name)
    try:
        return read_seeds(await read_lines(source.path), source.name)
    except OSError as error:
        raise UnusableSeeds(f"{source.name}: {error.strerror}; give a file of URLs, a URL, or - for stdin") from None


def _digest(seeds: Seeds) -> bytes:
    return blake2b("\n".join(job.url for job in seeds.jobs).encode(), digest_size=16).digest()


def _is_on_site(url: str) -> bool:
    return f".{host(url)}".endswith(SITE_DOMAIN)


async def _start_site_for(seeds: Seeds, settings: Settings, stack: AsyncExitStack) -> SiteProcess | None:
    """The built-in site, when a seed lies on it and --connect-to does not lead its hosts elsewhere."""
    rules = settings.fetch.connect_to
    places = ((host(job.url), port(job.url)) for job in seeds.jobs if _is_on_site(job.url))
    if all(destination(rules, *place) != place for place in places):
        return None
    site = await asyncio.to_thread(start_site, SiteSettings())
    stack.push_async_callback(asyncio.to_thread, site.close)
    return site


def _connected(settings: Settings, site: SiteProcess | None) -> Settings:
    if site is None:
        return settings
    rule = ConnectTo(SITE_DOMAIN, None, site.host, site.port)
    return replace(settings, fetch=replace(settings.fetch, connect_to=(*settings.fetch.connect_to, rule)))


async def _open_rooms(settings: Settings) -> tuple[Pipeline, Traits]:
    heart = partial(analyze, settings=settings.analyze)
    preload = ("crawler.analyze.page", f"crawler.analyze.{settings.analyze.parser}")
    # Imports take their time, so they happen in a thread; nothing else may wait for them.
    open_analyzer = await asyncio.to_thread(load_room, settings.analyze.room)
    fetcher = await asyncio.to_thread(open_fetcher, settings.fetch)
    analyzer = open_analyzer(heart, settings.analyze, preload)
    return Pipeline(fetcher, analyzer), analyzer.traits
