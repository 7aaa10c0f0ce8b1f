"""Recording a site before strategies are compared on it: signals, how far it is, how to go on with what there is."""

import asyncio
import signal
import tempfile
from math import ceil
from pathlib import Path
from typing import Final

from crawler import loop
from crawler.cli.own_pages import Site
from crawler.cli.parser import UsageError
from crawler.cli.screen import clock, line_view, say, waits
from crawler.cli.telling import Telling
from crawler.compare.recording.taking import Taken, take
from crawler.compose import Crawl
from crawler.descriptors import TooFewDescriptors, raise_soft_limit
from crawler.exits import STOPPED, Exit
from crawler.heap import return_large_blocks
from crawler.model import Visit
from crawler.orders import Note
from crawler.progress import Progress
from crawler.report.counts import counted
from crawler.report.opening import Opening
from crawler.report.summary import Stopper, Summary
from crawler.seeds import UnusableSeeds
from crawler.store.faults import OutputError
from crawler.wall.faults import WorkerCannotStart

_LOOK_EVERY_S: Final = 0.5
_A_LINE_EVERY_S: Final = 60.0
_ALOUD: Final = ("crawl-delay", "given-up", "long-wait", "sitemap-failed")
_SIGNALS: Final[dict[signal.Signals, Stopper]] = {signal.SIGINT: "SIGINT", signal.SIGTERM: "SIGTERM"}


def record(site: Site, telling: Telling) -> Exit | None:
    """Crawl it once and keep its pages; None if strategies can now be compared on them, or else the exit code.

    Raises UsageError.
    """
    return_large_blocks()
    recording = _Recording(site, telling)
    try:
        raise_soft_limit()
        with tempfile.TemporaryDirectory(prefix="crawler-recording-", ignore_cleanup_errors=True) as scratch:
            taken = loop.run(recording.take(Path(scratch)), site.settings.run.loop)
    except (UnusableSeeds, TooFewDescriptors, WorkerCannotStart) as error:
        raise UsageError(str(error)) from None
    except OutputError as error:
        return telling.fail(str(error), Exit.OUTPUT)
    except asyncio.CancelledError:
        return recording.stopped()
    return recording.conclude(taken)


class _Recording:
    """One recording at a terminal or under cron."""

    def __init__(self, site: Site, telling: Telling) -> None:
        self._site = site
        self._telling = telling
        self._signals: list[signal.Signals] = []
        self._next_line_s = 0.0
        self._earlier = _inode(site.path)

    async def take(self, scratch: Path) -> Taken:
        """Record until the crawl ends or is stopped; a second signal stops at once."""
        site = self._site
        return await take(
            site.seeds, site.settings, site.path, scratch, announce=self._open, tell=self._tell, watch=self._watch
        )

    def conclude(self, taken: Taken) -> Exit | None:
        """Say what there is."""
        if self._signals:
            return self.stopped()
        totals = taken.summary.totals
        others = {"redirects": totals.redirects, "forbidden by robots.txt": totals.refused} | totals.faults
        ended = ", ".join(f"{what} {number:,}" for what, number in others.items() if number)
        ended = f" ({ended})" if ended else ""
        if not taken.pages:
            return self._telling.fail(
                f"{self._site.name}: no page was recorded of {counted(totals.urls, 'URL')}{ended};"
                " nothing can be compared",
                Exit.NOTHING_FETCHED,
            )
        if taken.is_full:
            self._telling.warn("the recording is full: later pages are not in it")
        took = clock(taken.summary.session.seconds)
        self._say(
            f"recorded {counted(taken.pages, 'page')} ({taken.body_bytes / 1e6:,.1f} MB) of"
            f" {counted(totals.urls, 'URL')}{ended} in {took}; {self._hint()} compares on them again"
        )
        return None

    def stopped(self) -> Exit:
        """Say how to go on with what there is."""
        name = signal.Signals(self._signals[0]).name if self._signals else "SIGINT"
        if _inode(self._site.path) != self._earlier:
            kept = f"what was recorded is in {self._site.path}; to compare on it: {self._hint()}"
        else:
            kept = "nothing was recorded"
        return self._telling.fail(f"stopped by {name} while recording: {kept}", STOPPED[name])

    def _hint(self) -> str:
        return f"python -m crawler compare --replay {self._site.path}"

    def _say(self, text: str) -> None:
        say(f"crawler: {text}", self._telling.aside)

    def _open(self, opening: Opening) -> None:
        delay_s = self._site.settings.frontier.delay_s
        self._say(
            f"recording {self._site.name} once, politely ({delay_s:g} s between two at a host):"
            f" {counted(opening.left, 'URL')} to begin with"
        )
        for line in opening.rejected:
            self._telling.warn(f"{self._site.name}, {line}")

    def _tell(self, event: Note | Visit) -> None:
        if isinstance(event, Note) and event.event in _ALOUD:
            self._say(f"{event.host}: {event.text}")

    async def _watch(self, job: Crawl) -> Summary:
        task = asyncio.current_task()
        assert task is not None

        def on_signal(which: signal.Signals) -> None:
            self._signals.append(which)
            if len(self._signals) > 1:
                task.cancel()
                return
            flying = counted(job.progress.in_flight, "page")
            self._telling.warn(f"stopping: {flying} in flight to be finished first; once more stops at once")
            job.stop(_SIGNALS[which])

        running = asyncio.get_running_loop()
        for which in _SIGNALS:
            running.add_signal_handler(which, on_signal, which)
        delay_s = self._site.settings.frontier.delay_s
        with line_view(lambda: standing(job.progress, delay_s), self._telling.aside):
            looking = running.create_task(self._look(job))
            try:
                return await job
            finally:
                looking.cancel()

    async def _look(self, job: Crawl) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            progress = job.progress
            progress.look(asyncio.get_running_loop().time())
            if not self._telling.aside.is_terminal and progress.visits and progress.seconds >= self._next_line_s:
                self._next_line_s = progress.seconds + _A_LINE_EVERY_S
                self._say(standing(progress, self._site.settings.frontier.delay_s))


def _inode(path: Path) -> int | None:
    """Which file has that name now, if one has."""
    return path.stat().st_ino if path.exists() else None


def standing(progress: Progress, delay_s: float) -> str:
    """How far a recording is, and how long it will take: at its rate so far, but no less than courtesy asks for."""
    told = f"recording: {progress.settled:,} of {counted(progress.known, 'URL')}, {progress.bytes / 1e6:,.1f} MB"
    if not progress.visits:
        return told
    left, outlook = progress.left, progress.outlook
    left_s = left * progress.seconds / progress.visits
    if outlook is None or not outlook.delayed:
        return f"{told}, about {clock(left_s)} to go"
    left_s = max(left_s, ceil(left / outlook.hosts) * delay_s)
    return f"{told}, about {clock(left_s)} to go; {waits(outlook, 0, progress.capacity)}"
