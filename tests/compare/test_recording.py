"""What is recorded, what is read of it, and what is refused: real WARC files, by us and by others."""

import asyncio
import gzip
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.compare.recording import reading, recorder
from crawler.compare.recording.reading import read_recording
from crawler.compare.recording.recorder import Recorder
from crawler.compare.recording.replayed import replayed
from crawler.compare.recording.warc import WarcFile, WarcReader, answer_of, timings_of
from crawler.compare.recording.workload import Recorded, UnusableRecording
from crawler.fetch.canned import CannedFetcher
from crawler.model import Job, Page, Timings
from crawler.settings import AnalyzeSettings, Settings
from crawler.store.faults import OutputError
from tests.compare.recordings import Foreign, as_wget_writes
from tests.compare.test_workloads import crawled

TIMINGS = Timings(0.001, 0.002, 0.0834, 0.01)
PAGE = Page(
    "https://a.example/x?y=1",
    200,
    (
        ("content-type", "text/html"),
        ("transfer-encoding", "chunked"),
        ("set-cookie", "session=secret"),
        ("x-note", "caf\u00e9"),
    ),
    b"<p>\xe3\x81\x82</p>",
    TIMINGS,
)


def recorded(path: Path, *pages: Page) -> Path:
    file = WarcFile(path, {"software": "test"})
    for page in pages:
        file.add(page)
    file.close()
    return path


def test_a_page_comes_back_as_it_was_sent_with_its_timings(tmp_path: Path) -> None:
    path = recorded(tmp_path / "mine.warc.gz", PAGE)
    recording = read_recording(path)
    [one] = recording.pages
    assert (one.page.url, one.page.status, one.page.body) == ("http://a.example/x?y=1", 200, PAGE.body)
    assert one.page.headers == (("content-type", "text/html"), ("x-note", "caf%C3%A9"))
    assert one.timings == TIMINGS
    assert recording.notes == ()
    assert b"secret" not in gzip.decompress(path.read_bytes())


def test_others_can_read_what_is_recorded(tmp_path: Path) -> None:
    path = recorded(tmp_path / "mine.warc.gz", PAGE, Page("http://b.example/", 200, PAGE.headers, b"<p>two</p>"))
    with path.open("rb") as file:
        kinds, checked = [], []
        for record in ArchiveIterator(file, check_digests="raise"):
            kinds.append(record.rec_type)
            record.content_stream().read()
            checked.append(record.digest_checker.passed)
    assert kinds == ["warcinfo", "response", "metadata", "response", "metadata"]
    assert checked == [True] * 5
    assert path.read_bytes().count(b"\x1f\x8b\x08") >= 5, "each record can be found and read by itself"


def test_a_file_of_another_crawler_is_read_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    texts = as_wget_writes(path)
    recording = read_recording(path)
    assert {one.page.url for one in recording.pages} == {*texts, "http://b.example/bad"}
    timed = {one.page.url: one.timings for one in recording.pages if one.timings}
    assert timed == {
        "http://a.example/chunked": Timings(first_byte_s=0.04),
        "http://b.example/plain": Timings(first_byte_s=0.007),
    }
    left_out, untimed = recording.notes
    assert left_out == (
        "left out of the recording: 2 neither HTML nor plain text, 1 recorded twice, 1 of status 404, 1 cut short,"
        " 1 took more than 15 s"
    )
    assert untimed == "6 of 8 pages have no timings: replayed without latency, as fast as can be"


def test_a_dot_behind_a_host_is_not_asked_for_since_not_all_fetchers_send_it(tmp_path: Path) -> None:
    path = tmp_path / "dots.warc.gz"
    file = Foreign(path)
    for url in ("http://a.example./one./", "https://b.example.:8443/", "http://[::1]/two."):
        file.response(url)
    file.close()
    assert [one.page.url for one in read_recording(path).pages] == [
        "http://a.example/one./",
        "http://b.example:8443/",
        "http://[::1]/two.",
    ]


def test_the_right_words_are_those_of_a_crawl_of_what_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    texts = as_wget_writes(path)
    with replayed(Recorded(path), tmp_path) as served:
        summary = asyncio.run(crawled(served, tmp_path / "out"))
    words = (tmp_path / "out" / "words.csv").read_bytes()
    assert summary.totals.states == {"analysed": 5, "duplicate": 1, "noindex": 1}
    assert sha256(words).hexdigest() == served.work.words
    counts = Counter(" ".join(texts.values()).split())
    assert dict(line.split(",")[:2] for line in words.decode().split()[1:]) == {w: str(n) for w, n in counts.items()}
    assert (served.work.pages, served.work.hosts, served.work.name) == (7, 2, "theirs")
    assert any("1 page that cannot be read" in note for note in served.notes)
    assert served.work.delays_s == pytest.approx(0.047)


def test_a_torn_file_is_read_up_to_its_tear(tmp_path: Path) -> None:
    whole = recorded(tmp_path / "whole.warc.gz", PAGE, Page("http://b.example/", 200, PAGE.headers, b"x" * 10_000))
    content = whole.read_bytes()
    torn = tmp_path / "torn.warc.gz"
    for lost in (1, 8, 30, 400):
        torn.write_bytes(content[:-lost])
        recording = read_recording(torn)
        assert recording.pages[0].page.body == PAGE.body
        assert any("the file ends early" in note for note in recording.notes)
    plain = tmp_path / "torn.warc"
    for lost in (400, 5_000):
        plain.write_bytes(gzip.decompress(content)[:-lost])
        assert any("the file ends early" in note for note in read_recording(plain).notes)


def test_a_plain_file_and_one_gzipped_as_a_whole_are_read_too(tmp_path: Path) -> None:
    content = gzip.decompress(recorded(tmp_path / "mine.warc.gz", PAGE).read_bytes())
    for name, written in {"mine.warc": content, "mine.gz": gzip.compress(content)}.items():
        (tmp_path / name).write_bytes(written)
        assert [one.page.body for one in read_recording(tmp_path / name).pages] == [PAGE.body]


def damaged(path: Path) -> Path:
    content = bytearray(recorded(path, PAGE, PAGE).read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    return path


def mislabelled(path: Path) -> Path:
    content = gzip.decompress(recorded(path, PAGE, PAGE).read_bytes())
    path.write_bytes(re.sub(rb"Content-Length: (\d+)", b"Content-Length: 3", content, count=2))
    return path


def other_file(path: Path) -> Path:
    path.write_bytes(b"\x1b[31mhttp://a.example/\nhttp://b.example/\n")
    return path


def without_pages(path: Path) -> Path:
    foreign = Foreign(path)
    foreign.response("http://a.example/", status="404 Not Found")
    foreign.response("http://a.example/cat", b"GIF89a", {"Content-Type": "image/gif"})
    foreign.close()
    return path


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (damaged, "damaged"),
        (mislabelled, "damaged"),
        (other_file, "is no WARC file, or damaged (Unknown archive format"),
        (without_pages, "no page in it can be replayed (1 of status 404, 1 neither HTML nor plain text)"),
        (recorded, "no page in it can be replayed (there are no responses in it)"),
        (lambda path: path, "No such file or directory; give a WARC file with --replay"),
        (lambda path: path.parent, "Is a directory; give a WARC file with --replay"),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_line(
    make: Any, why: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path / "bad.warc.gz")
    with pytest.raises(UnusableRecording) as refused:
        read_recording(path)
    assert why in str(refused.value)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", ""), "and nothing is printed besides"


def test_more_than_the_server_can_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "mine.warc.gz", PAGE, Page("http://b.example/", 200, PAGE.headers, b"x" * 100))
    monkeypatch.setattr(reading, "MOST_BYTES", 50)
    with pytest.raises(UnusableRecording, match=r"its pages are more than 0 MB; record fewer \(--max-pages\)"):
        read_recording(path)


def test_a_record_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    path = recorded(tmp_path / "mine.warc.gz", PAGE, Page("http://b.example/", 200, PAGE.headers, b"x" * 99_999))
    blocks = [record.block for record in WarcReader(path, 10_000) if record.kind == "response"]
    assert [block is None for block in blocks] == [False, True]


def test_a_number_of_thousands_of_digits_is_none() -> None:
    assert answer_of(b"HTTP/1.1 " + b"2" * 5_000 + b" OK\r\n\r\n") is None
    whole_s = timings_of(b"fetchTimeMs: " + b"9" * 5_000)
    assert whole_s is not None
    assert whole_s.first_byte_s == float("inf"), "which is longer than anybody waits"


def test_a_workload_is_named_after_its_file(tmp_path: Path) -> None:
    names = ["mine.warc.gz", "mine.warc", "mine.warc.gz.part", "io.warc.gz", ".warc.gz", "a\x1b[31m.gz"]
    assert [Recorded(tmp_path / name).name for name in names] == [
        *("mine", "mine", "mine", "io (recorded)", ".warc", "a\\x1b[31m"),
    ]


def test_only_pages_that_could_be_analysed_are_recorded(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = ("content-type", "text/html")
    pages = [
        Page("http://a.example/", 200, (html,), b"<p>apple"),
        Page("http://a.example/no-gzip", 200, (html, ("content-encoding", "gzip")), b"apple"),
        Page("http://a.example/elsewhere", 301, (("location", "/"),), b"<p>apple"),
        Page("http://a.example/gone", 404, (html,), b"<p>apple"),
        Page("http://a.example/robots.txt", 200, (("content-type", "text/plain"),), b"User-agent: *"),
    ]
    canned = CannedFetcher({page.url: page for page in pages})
    monkeypatch.setattr(recorder, "open_fetcher", lambda _settings: canned)
    file = WarcFile(tmp_path / "mine.warc.gz", {})

    async def visited() -> int:
        taking = Recorder(file, lambda: None)
        settings = Settings(analyze=AnalyzeSettings(room="inline"))
        rooms, traits = await taking.open(settings, lambda _note: None, lambda: 0)
        assert (rooms.capacity, traits.isolates, rooms.burden().fetching) == (32, False, 0)
        await rooms.ready()
        for page in pages:
            await rooms.visit(Job(page.url, kind="robots" if page.url.endswith(".txt") else "page"))
        await rooms.aclose()
        return taking.pages

    assert run(visited()) == 1
    file.close()
    assert [record.url for record in WarcReader(file.path, 999) if record.kind == "response"] == ["http://a.example/"]


def test_a_disk_that_refuses_ends_the_recording(run: Any) -> None:
    class Full:
        def add(self, _page: Page) -> None:
            raise OSError(28, "No space left on device")

    async def keep() -> None:
        with pytest.raises(OutputError, match="the recording: No space left on device"):
            await Recorder(Full(), lambda: None).keep(PAGE)  # type: ignore[arg-type]

    run(keep())
