"""From a WARC file, ours or anybody's, to the pages that every arm can be given."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from crawler import urls
from crawler.canonical import canonicalizer
from crawler.compare.recording.warc import (
    UNSAID,
    Record,
    WarcReader,
    answer_of,
    timings_of,
)
from crawler.compare.recording.workload import UnusableRecording
from crawler.fetch.limits import Limits
from crawler.model import Failure, Page, Timings
from crawler.report.counts import counted
from crawler.settings import AnalyzeSettings, FetchSettings
from crawler.visit.verdict import judge

MOST_BYTES: Final = 192 * 10**6
"""What all bodies together may be: the server holds them in memory, so that no disk is timed with the arms."""
LONGEST_S: Final = 15.0
"""What a page may take: less than what any arm waits for one (`FetchSettings.first_byte_timeout_s`)."""

_OK: Final = 200
_HEAD_BYTES: Final = 2**20
_ROBOTS: Final = "/robots.txt"
_LAST_DOTS: Final = re.compile(r"\A(http://[^/:]*[^/:.])\.+(?=[:/])")


class RecordedPage(NamedTuple):
    """A page to replay, under http whatever it was; `timings` is None where the recording has none."""

    page: Page
    timings: Timings | None


class Recording(NamedTuple):
    """What can be replayed of a file, and `notes` on what cannot; `date` is that of the first page, or ""."""

    path: Path
    date: str
    pages: tuple[RecordedPage, ...]
    notes: tuple[str, ...]

    @property
    def body_bytes(self) -> int:
        """All bodies, as they were sent."""
        return sum(len(one.page.body) for one in self.pages)


def read_recording(path: Path) -> Recording:
    """The pages of a file that can be replayed, in its order: status 200, HTML or plain text, whole, each URL once.

    Raises UnusableRecording.
    """
    reading = _Reading()
    limits = FetchSettings()
    records = WarcReader(path, limits.max_body_bytes + _HEAD_BYTES)
    size = 0
    for record in records:
        page = reading.take(record)
        size += len(page.body) if page else 0
        if size > MOST_BYTES:
            raise UnusableRecording(
                f"{path}: its pages are more than {MOST_BYTES // 10**6} MB; record fewer (--max-pages)"
            )
    pages = tuple(reading.timed())
    if not pages:
        why = ", ".join(reading.left_out_of()) or "there are no responses in it"
        torn = ", and the file ends early" * records.is_torn
        raise UnusableRecording(f"{path}: no page in it can be replayed ({why}{torn}); give another recording")
    notes = [f"left out of the recording: {', '.join(reading.left_out_of())}"] if reading.left_out else []
    if records.is_torn:
        notes.append(f"the file ends early: {counted(len(pages), 'page')} before that can be replayed")
    untimed = sum(one.timings is None for one in pages)
    if untimed:
        whose = "the recording has" if untimed == len(pages) else f"{untimed:,} of {counted(len(pages), 'page')} have"
        notes.append(f"{whose} no timings: replayed without latency, as fast as can be")
    return Recording(path, reading.date, pages, tuple(notes))


class _Reading:
    """What was met in a file so far."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.date = ""
        self._limits = Limits(FetchSettings())
        self._canonical = canonicalizer(AnalyzeSettings().strip_params)
        self._pages: dict[str, tuple[Record, Page]] = {}
        self._timings: dict[str, Timings] = {}

    def take(self, record: Record) -> Page | None:
        """Take in a record; the page, if that is what it holds."""
        if record.kind == "metadata" and record.block is not None:
            timings = timings_of(record.block)
            if timings is not None:
                self._timings[record.refers_to or record.url] = timings
        if record.kind != "response" or not record.url.startswith(urls.CRAWLABLE_SCHEMES):
            return None
        page = self._page(record)
        if isinstance(page, str):
            self.left_out[page] += 1
            return None
        self.date = self.date or record.date.partition("T")[0]
        self._pages[page.url] = (record._replace(block=None), page)
        return page

    def timed(self) -> Iterator[RecordedPage]:
        """The pages, with what the file says about their fetches, before them or behind."""
        for record, page in self._pages.values():
            timings = self._timings.get(record.id) or self._timings.get(record.url)
            if timings is not None and timings.first_byte_s + timings.body_s > LONGEST_S:
                self.left_out[f"took more than {LONGEST_S:g} s"] += 1
                continue
            yield RecordedPage(page, timings)

    def left_out_of(self) -> list[str]:
        """How many responses are not replayed, and why."""
        return [f"{number:,} {why}" for why, number in self.left_out.most_common()]

    def _page(self, record: Record) -> Page | str:
        """The page of a response, or why it is none to replay."""
        if not record.is_whole or record.block is None:
            return "too large" if record.is_whole else "cut short"
        answer = answer_of(record.block)
        if answer is None or answer.status != _OK:
            return "that are no answer" if answer is None else f"of status {answer.status}"
        try:
            url = plain_url(self._canonical(urls.parse(record.url)))
        except urls.NotCrawlable:
            return "under no URL"
        page = Page(url, answer.status, tuple(each for each in answer.headers if each[0] not in UNSAID), answer.body)
        return self._why_not(page) or page

    def _why_not(self, page: Page) -> str:
        """What keeps a page from being replayed; "" if nothing does."""
        if judge(page) is not None or page.url.endswith(_ROBOTS):
            return "neither HTML nor plain text"
        raw = ((name.encode(), value.encode()) for name, value in page.headers)
        if isinstance(self._limits.judge(page.status, raw), Failure) or len(page.body) > self._limits.max_body_bytes:
            return "beyond the limits of a fetch"
        return "recorded twice" if page.url in self._pages else ""


def plain_url(url: str) -> str:
    """The URL under which a page is replayed: there is no TLS in the lab, nor a dot behind a host (`example.org.`).

    Not all fetchers send that dot, and the server could not tell such a page from one that is not recorded.
    """
    return _LAST_DOTS.sub(r"\1", urls.parse("http://" + url.partition("://")[2]))
