"""Composition: settings in, rooms opened, engine run, results derived, rooms closed.

    summary = await crawl("seeds/urls.txt")               # the whole run
    async for visit in crawl(["https://example.org/"]):   # or each visit as it ends
        ...

Every way to start a crawl, the command line included, is this one.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from crawler.accounts import Accounts
from crawler.configure import check
from crawler.descriptors import fitted
from crawler.engine import Engine
from crawler.frontier.state import Frontier
from crawler.insight.totals import totals
from crawler.intake import digest_of, headers_of, read
from crawler.lag import LagMonitor
from crawler.loop import to_the_end
from crawler.model import Job, Visit
from crawler.orders import Note, Settled
from crawler.progress import Progress
from crawler.remarks import Remarks
from crawler.report.bounded import Bounded, bounded
from crawler.report.opening import Opening
from crawler.report.summary import Session, Stopper, Summary, exit_of, summary_json
from crawler.restoring import restored_frontier
from crawler.rooms import OpenRooms, connected, guarded, open_rooms, sites_for, start_sites
from crawler.seeds import Seeds
from crawler.settings import AnalyzeSettings, Settings
from crawler.source import Source, source_of
from crawler.store.beginning import Run
from crawler.store.closing import close
from crawler.store.files import write_whole
from crawler.store.folder import Folder
from crawler.store.layout import PAGES_FILE, SUMMARY_FILE, WORDS_FILE
from crawler.store.recorder import Recorder
from crawler.store.results import CLOSED, page_lines
from crawler.store.wordlist import WordList
from crawler.strategy import alternatives, strategy_of

_SEEDS_A_STEP = 1_000


class Crawl:
    """One crawl, not yet begun: await it for its summary, or iterate over its visits."""

    def __init__(
        self,
        seeds: str | Path | Iterable[str],
        settings: Settings,
        announce: Callable[[Opening], None] | None,
        tell: Callable[[Note | Visit], None] | None,
        rooms: OpenRooms,
    ) -> None:
        self.progress = Progress()
        self.summary: Summary | None = None
        self._seeds = seeds
        self._settings = settings
        self._announce = announce
        self._tell = tell
        self._rooms = rooms
        self._engine: Engine | None = None
        self._remarks = Remarks(tell)
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
        stack = AsyncExitStack()
        try:
            return await self._run_within(stack, observe)
        finally:
            await to_the_end(stack.aclose())

    async def _run_within(self, stack: AsyncExitStack, observe: Callable[[Visit], Awaitable[None]]) -> Summary:
        check(self._settings)
        source = await asyncio.to_thread(source_of, self._seeds)
        seeds = await read(source, self._settings)
        headers = await asyncio.to_thread(headers_of, seeds, self._settings)
        ours = await asyncio.to_thread(sites_for, seeds, self._settings)
        fitting, shortage = await asyncio.to_thread(partial(fitted, is_at_our_site=bool(ours)), self._settings)
        path = self._settings.store.out or source.folder
        folder = await Folder.open(path, source.identity, fresh=self._settings.run.fresh)
        stack.push_async_callback(folder.aclose)
        digest = await asyncio.to_thread(digest_of, seeds, self._settings)
        run = await folder.database.begin_run(
            digest, self._settings.fetch.agent, retry_failed=self._settings.run.retry_failed
        )
        if run.retried is not None:  # nothing new is looked for
            seeds = seeds._replace(jobs=[job for job in seeds.jobs if job.kind == "page"])
        frontier = await restored_frontier(folder.database, run, seeds, self._settings)
        sites = await start_sites(ours, stack)
        settings = connected(await asyncio.to_thread(guarded, fitting, seeds), sites, headers)
        visitor, traits = await self._rooms(settings, self._remarks.hear, lambda: self.progress.left)
        stack.push_async_callback(visitor.aclose)
        recorder = Recorder(folder.database, path, run.id, settings.store.commit_interval_s)
        await recorder.begin()
        self._remarks.strategy = str(strategy_of(settings))
        self._engine = Engine(
            frontier, visitor, recorder, self._observer(observe, recorder), max_pages=settings.run.max_pages
        )
        try:
            for some in _batched(seeds.jobs):
                await recorder.keep(frontier.offer(some, asyncio.get_running_loop().time()))
                await asyncio.sleep(0)
            opening = Opening(
                run=run,
                is_fresh=settings.run.fresh,
                seeds=source.name,
                folder=str(path),
                settled=frontier.settled,
                left=frontier.waiting,
                strategy=strategy_of(settings),
                may_change=settings.visit.may_change and bool(alternatives(settings)),
                weakness=None if traits.isolates else traits.reason,
                sites=tuple(site.name for site in sites),
                rejected=tuple(seeds.rejected),
            )
            self._remarks.may_choose = opening.may_change
            if self._announce is not None:
                self._announce(opening)
            await recorder.keep(Settled(changes=[Note("start", "", str(opening))]))
            if shortage is not None:
                self._remarks.hear(Note("descriptors", "", shortage))
            accounts = Accounts(self._engine, frontier, visitor)
            session = await self._crawl(frontier, seeds, settings.fetch.concurrency, accounts)
            bound = bounded(accounts.tally, settings, AnalyzeSettings().worker_count)
            await self._remarks.keep(recorder)
            said = f"{session.visits} visits in {session.seconds:.1f} s; {frontier.waiting} URLs left"
            ending = Note("end", "", said)
            await recorder.keep(Settled(changes=[Note("bounded", "", str(bound)), ending]))
        finally:
            await recorder.aclose()
        if self._tell is not None:
            self._tell(ending)
        self.summary = await self._conclude(source, folder, run, frontier, session, bound=bound)
        if frontier.is_drained:  # after the results, so that a run killed while they are made makes them again
            await folder.database.finish_run(run.id)
        return self.summary

    async def _crawl(self, frontier: Frontier, seeds: Seeds, concurrency: int, accounts: Accounts) -> Session:
        assert self._engine is not None
        if self._stopped_by:
            self._engine.stop()
        self.progress.begin(frontier, concurrency, self._settings.run.max_pages)
        alarm = None
        if self._settings.run.deadline_s is not None:
            alarm = asyncio.get_running_loop().call_later(self._settings.run.deadline_s, self.stop, "deadline")
        try:
            async with LagMonitor() as lag, accounts:
                await accounts.ready()
                await self._engine.run()
        finally:
            if alarm is not None:
                alarm.cancel()
        if self._engine.has_reached_its_limit and self._stopped_by is None:
            self._stopped_by = "max-pages"
        self._remarks.end()
        return Session(
            seconds=round(self.progress.seconds, 3),
            visits=self.progress.visits,
            bytes=self.progress.bytes,
            loop_lag_p99_ms=lag.percentile_ms(99),
            loop_lag_max_ms=lag.percentile_ms(100),
            rejected_lines=tuple(map(str, seeds.rejected)),
            refetched=self._remarks.refetched,
            strategy=self._remarks.strategy,
            chosen_because=self._remarks.chosen_because,
            stopped_by=None if frontier.is_drained else self._stopped_by,
        )

    def _observer(
        self, observe: Callable[[Visit], Awaitable[None]], recorder: Recorder
    ) -> Callable[[Settled], Awaitable[None]]:
        async def note(settled: Settled) -> None:
            await self._remarks.keep(recorder)
            if self._tell is not None:
                for change in settled.changes:
                    if isinstance(change, Note):
                        self._tell(change)
            if settled.visit is not None:
                if self._tell is not None:
                    self._tell(settled.visit)
                self.progress.count(settled.visit)
                await observe(settled.visit)

        return note

    async def _conclude(
        self, source: Source, folder: Folder, run: Run, frontier: Frontier, session: Session, *, bound: Bounded
    ) -> Summary:
        database = folder.database
        words = WordList(run.id, self._settings.analyze.top)
        await database.call(lambda connection: close(connection, run.id, self._settings.frontier.max_redirects))
        pages = database.stream(lambda connection: page_lines(connection, run.id, CLOSED))
        await write_whole(folder.path / PAGES_FILE, pages)
        await write_whole(folder.path / WORDS_FILE, database.stream(words.lines))
        sums = await database.call(lambda connection: totals(connection, run.id))
        summary = Summary(
            run=run.id,
            seeds=source.name,
            folder=str(folder.path),
            is_complete=frontier.is_drained,
            discovered=frontier.discovered,
            totals=sums,
            distinct_words=words.distinct,
            top_words=tuple(words.top),
            session=session,
            bounded=bound,
            exit_code=exit_of(sums, session, self._settings.run.fail_if),
        )
        await write_whole(folder.path / SUMMARY_FILE, _once(summary_json(summary) + b"\n"))
        return summary


def crawl(
    seeds: str | Path | Iterable[str],
    settings: Settings | None = None,
    *,
    announce: Callable[[Opening], None] | None = None,
    tell: Callable[[Note | Visit], None] | None = None,
    rooms: OpenRooms = open_rooms,
) -> Crawl:
    """A crawl of a seeds file, of one URL, of standard input (`-`) or of a list of URLs.

    Await it, or iterate over it; `announce` is told how it begins, `tell` what happens to its hosts and URLs and,
    once the last of them is stored, that it ends. `rooms` opens what fetches and analyses.

    Raises UnusableSeeds, UnusableFolder, FolderInUse, TooFewDescriptors or OutputError.
    """
    settings = settings or Settings()
    if settings.run.fresh and settings.run.retry_failed:
        raise ValueError("fresh forgets what retry_failed would try again; set one of them")
    return Crawl(seeds, settings, announce, tell, rooms)


def _batched(jobs: list[Job]) -> Iterator[list[Job]]:
    """The jobs in portions that do not hold up the loop."""
    return (jobs[start : start + _SEEDS_A_STEP] for start in range(0, len(jobs), _SEEDS_A_STEP))


async def _look_away(_visit: Visit) -> None:
    """The observer of a run whose visits nobody asked for."""


async def _once(chunk: bytes) -> AsyncGenerator[bytes, None]:
    yield chunk
