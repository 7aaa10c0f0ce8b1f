"""Running a crawl at a terminal or under cron: signals, progress, the report, the exit code."""

import asyncio
import signal
import sys
from pathlib import Path

from rich.console import Console

from crawler import loop
from crawler.cli.parser import UsageError
from crawler.cli.screen import progress_view, say
from crawler.compose import Crawl, crawl
from crawler.descriptors import TooFewDescriptors, raise_soft_limit
from crawler.exits import Exit
from crawler.heap import return_large_blocks
from crawler.model import Visit
from crawler.orders import Note
from crawler.report.counts import counted
from crawler.report.opening import Opening
from crawler.report.summary import Summary, summary_json
from crawler.report.text import last_line, summary_table, visit_line
from crawler.seeds import UnusableSeeds
from crawler.settings import Settings
from crawler.store.faults import DamagedDatabase, FolderGone, FolderInUse, OutputError, UnusableFolder
from crawler.wall.faults import WorkerCannotStart

_ALOUD = ("chosen", "crawl-delay", "descriptors", "given-up", "long-wait", "sitemap-failed")
"""What happens to hosts that everybody should hear; the rest is for log.jsonl and --verbose."""
_LOOK_EVERY_S = 0.5
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_crawl(seeds: str | Path, settings: Settings) -> int:
    """Crawl and report; the exit code.

    Raises UsageError.
    """
    return_large_blocks()
    talk = Talk(settings)
    signals: list[signal.Signals] = []
    try:
        raise_soft_limit()
        job = crawl(seeds, settings, announce=talk.open, tell=talk.tell)
        summary = loop.run(_crawl(job, talk, signals), settings.run.loop)
    except (UnusableSeeds, UnusableFolder, TooFewDescriptors) as error:
        raise UsageError(str(error)) from None
    except FolderInUse as error:
        return talk.fail(f"{error}; wait for it, or give another folder with --out", Exit.IN_USE)
    except WorkerCannotStart as error:
        instead = "without --shards" if settings.visit.shards else "with --analyze threads"
        mend = f"free processes and memory, give a shorter TMPDIR, or crawl {instead}"
        raise UsageError(f"{error}; {mend}; the same command carries on") from None
    except (DamagedDatabase, FolderGone) as error:
        return talk.fail(str(error), Exit.OUTPUT)
    except OutputError as error:
        return talk.fail(f"{error}; what was committed is safe, and the same command carries on", Exit.OUTPUT)
    except asyncio.CancelledError:
        stopped = Exit.TERMINATED if signal.SIGTERM in signals else Exit.INTERRUPTED
        return talk.fail("stopped at once; the same command carries on", stopped)
    talk.close(summary)
    return summary.exit_code


async def _crawl(job: Crawl, talk: "Talk", signals: list[signal.Signals]) -> Summary:
    task = asyncio.current_task()
    assert task is not None

    def on_signal(which: signal.Signals) -> None:
        signals.append(which)
        if len(signals) > 1:
            task.cancel()
            return
        flying = counted(job.progress.in_flight, "page")
        talk.warn(f"stopping: {flying} in flight to be finished first; once more stops at once")
        job.stop("SIGTERM" if which is signal.SIGTERM else "SIGINT")

    for which in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(which, on_signal, which)
    with progress_view(job.progress, talk.progress_console):
        looking = asyncio.get_running_loop().create_task(_look(job))
        try:
            return await job
        finally:
            looking.cancel()


async def _look(job: Crawl) -> None:
    while True:
        job.progress.look(asyncio.get_running_loop().time())
        await asyncio.sleep(_LOOK_EVERY_S)


class Talk:
    """What a run says and where: results on standard output, the rest on standard error."""

    def __init__(self, settings: Settings) -> None:
        self._is_quiet = settings.run.quiet
        self._is_verbose = settings.run.verbose
        self._is_json = settings.run.json
        self._out = Console()
        self._err = Console(stderr=True)
        self.progress_console = Console(quiet=True, force_terminal=False) if self._is_quiet else self._err

    def open(self, opening: Opening) -> None:
        """The first line, and a warning for every line of the seeds that is no URL."""
        if not self._is_quiet:
            say(str(opening), self._err if self._is_json else self._out)
        for line in opening.rejected:
            self.warn(f"{opening.seeds}, {line}")

    def close(self, summary: Summary) -> None:
        """The table and the last line, or the summary as JSON."""
        if self._is_json:
            sys.stdout.write(summary_json(summary).decode() + "\n")
            sys.stdout.flush()
        if self._is_quiet:
            if summary.exit_code != Exit.OK:
                self.warn(last_line(summary))
            return
        console = self._err if self._is_json else self._out
        if not self._is_json:
            console.print(summary_table(summary))
        if summary.session.visits:
            say(str(summary.bounded), console)
        say(last_line(summary), console)

    def tell(self, event: Note | Visit) -> None:
        """What happened to a host or a URL: all of it to whoever asked to hear it, else what changes the results."""
        if isinstance(event, Visit):
            if self._is_verbose:
                say(visit_line(event), self._err)
        elif self._is_verbose or (event.event in _ALOUD and not self._is_quiet):
            self.warn(f"{event.host}: {event.text}" if event.host else event.text)

    def warn(self, text: str) -> None:
        """A line on standard error."""
        say(f"crawler: {text}", self._err)

    def fail(self, text: str, code: Exit) -> Exit:
        """A line on standard error, and the code to end with."""
        self.warn(text)
        return code
