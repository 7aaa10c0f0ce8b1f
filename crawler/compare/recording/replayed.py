"""A recording as the work that every arm is given: read, judged, and served by a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from crawler.compare.loopback import transfer_s
from crawler.compare.recording.reading import RecordedPage, Recording, read_recording
from crawler.compare.recording.server import pack
from crawler.compare.recording.truth import truth_of
from crawler.compare.recording.workload import Recorded, UnusableRecording
from crawler.compare.result import Work
from crawler.compare.workloads import DELAY_S, Served
from crawler.model import Timings
from crawler.plain import visible
from crawler.report.counts import counted
from crawler.site.process import start_serving
from crawler.urls import host

_SERVER: Final = "crawler.compare.recording.server"
_PATIENCE_S: Final = 30.0
_S_A_MB: Final = 12.0
"""More than any arm takes for a megabyte as it was sent: of HTML that may be six once decompressed."""
_PLAIN: Final = (
    "replayed from this machine over plain HTTP, after the recorded wait and over the recorded transfer time:"
    " no DNS, no TLS, no connecting from afar"
)


@contextmanager
def replayed(recorded: Recorded, folder: Path) -> Iterator[Served]:
    """Serve a recording, its seeds in `folder`; no request goes anywhere else.

    Raises UnusableRecording, SiteStartError, WorkerCannotStart, OSError.
    """
    work, urls, packed, notes = _prepared(recorded)
    seeds, pages = folder / "recorded.txt", folder / "recorded.pages"
    seeds.write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    pages.write_bytes(packed)
    del packed  # the server has it
    with start_serving(_SERVER, pages) as site:
        pages.unlink()
        yield Served(work, seeds, site.connect_to, site.pid, notes)


def _prepared(recorded: Recorded) -> tuple[Work, list[str], bytes, tuple[str, ...]]:
    """The work, its URLs, what the server is to know, and notes."""
    recording = read_recording(recorded.path)
    truth = truth_of([one.page for one in recording.pages])
    pages = [one for one, can in zip(recording.pages, truth.readable, strict=True) if can]
    if not pages:
        raise UnusableRecording(f"{recorded.path}: no page in it can be read; give another recording")
    unread = len(recording.pages) - len(pages)
    left_out = (f"left out of the recording: {counted(unread, 'page')} that cannot be read",) if unread else ()
    work = _work(recorded.name, recording, pages, truth.words)
    notes = tuple(f"{work.name}: {note}" for note in (_PLAIN, *recording.notes, *left_out))
    return work, [one.page.url for one in pages], pack(pages), notes


def _work(name: str, recording: Recording, pages: list[RecordedPage], words: str) -> Work:
    timings = [one.timings or Timings() for one in pages]
    delays_s = [each.first_byte_s + each.body_s for each in timings]
    hosts = {host(one.page.url) for one in pages}
    body_bytes = sum(len(one.page.body) for one in pages)
    when = f" on {visible(recording.date)}" if recording.date else ""
    is_timed = any(one.timings for one in pages)
    return Work(
        name=name,
        about=f"pages of your own, as recorded{when}",
        pages=len(pages),
        hosts=len(hosts),
        body_bytes=body_bytes,
        latency=f"as recorded, {median(delays_s) * 1000:.0f} ms in the middle" if is_timed else "none",
        seed=0,
        delays_s=sum(delays_s),
        longest_delay_s=max(delays_s),
        politeness_s=DELAY_S,
        deadline_s=_PATIENCE_S + 2 * sum(delays_s) + _S_A_MB * body_bytes / 10**6,
        words=words,
        bandwidth_s=transfer_s(body_bytes),
    )
