"""WARC files: records of our own kind and of others', gzipped by record, as a whole or not at all."""

import gzip
import io
import re
import tempfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from crawler.compare.recording.reading import LONGEST_S, Recording, read_recording
from crawler.compare.recording.warc import UNSAID, WarcFile
from crawler.compare.recording.workload import UnusableRecording
from crawler.model import Page, Timings
from tests.compare.recordings import as_wget_writes
from tests.fuzz.material import bodies
from tests.fuzz.properties import is_canonical
from tests.fuzz.target import Target

_ID, _DATE = re.compile(rb"<urn:uuid:[^>]*>"), re.compile(rb"2\d{3}-\d\d-\d\dT[\d:.]*Z")


def _samples() -> list[bytes]:
    """A file of ours and one of others, the same each time: ids and dates are not."""
    html = (("content-type", "text/html"),)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        file = WarcFile(ours, {"software": "fuzz"})
        file.add(Page("https://a.test/?b=c", 200, html, b"<p>x", Timings(0.1, 0.2, 0.3, 0.4)))
        file.close()
        as_wget_writes(theirs)
        plain = [gzip.decompress(path.read_bytes()) for path in (ours, theirs)]
    return [_DATE.sub(b"2026-01-01T00:00:00Z", _ID.sub(b"<urn:uuid:1>", sample)) for sample in plain]


PLAIN = _samples()
RECORDS = [re.split(rb"(?<=\r\n\r\n)(?=WARC/1)", sample) for sample in PLAIN]
GZIPPED = [b"".join(gzip.compress(record, mtime=0) for record in records) for records in RECORDS]
PIECES = [
    b"WARC/1.0\r\n", b"WARC/1.1\r\n", b"\r\n", b"\r\n\r\n", b"WARC-Type: response\r\n", b"WARC-Type: metadata\r\n",
    b"WARC-Target-URI: http://a.test/\r\n", b"WARC-Target-URI: <http://b.test/ x>\r\n", b"WARC-Target-URI: x\r\n",
    b"WARC-Record-ID: <urn:uuid:1>\r\n", b"WARC-Concurrent-To: <urn:uuid:1>\r\n", b"WARC-Truncated: length\r\n",
    b"Content-Length: 0\r\n", b"Content-Length: 40\r\n", b"Content-Length: -1\r\n", b"Content-Length: x\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 " + b"9" * 5_000 + b"\r\n",
    b"HTTP/2 200\r\n", b"Content-Type: text/html\r\n", b"Transfer-Encoding: chunked\r\n", b"4\r\nabcd\r\n0\r\n\r\n",
    b"ffffffff\r\n", b"fetchTimeMs: 12\r\n", b"fetchTimeMs: " + b"9" * 5_000 + b"\r\n", b"firstByteTimeMs: .5\r\n",
    b"filedesc://x 0.0.0.0 1 text/plain 3\n1 0 x\nURL\n", b"http://a.test/ 1.2.3.4 20260101000000 text/html 40\n",
    b"\x1f\x8b", gzip.compress(b"WARC/1.0\r\n", mtime=0), b"\xff", b"\0", b":", b"<p>x", b"\x1b[31m",
]  # fmt: skip
inputs = st.tuples(bodies([*PLAIN, *GZIPPED], PIECES), st.booleans())


def _read(path: Path) -> Recording | str:
    try:
        return read_recording(path)
    except UnusableRecording as error:
        return str(error)


def check(given: Any) -> None:
    content, is_gzipped = given
    said = io.StringIO()
    with tempfile.NamedTemporaryFile() as file, redirect_stderr(said):
        path = Path(file.name)
        path.write_bytes(gzip.compress(content, mtime=0) if is_gzipped else content)
        recording = _read(path)
        assert _read(path) == recording
    assert said.getvalue() == "", "what a file says reaches no terminal by itself"
    if isinstance(recording, str):
        assert recording.startswith(str(path)) and "\n" not in recording
        return
    pages = [one.page for one in recording.pages]
    assert pages and len({page.url for page in pages}) == len(pages)
    for page, timings in recording.pages:
        assert page.status == 200 and page.url.startswith("http://")
        assert not {name for name, _ in page.headers} & UNSAID
        is_canonical(page.url)
        assert timings is None or 0 <= timings.first_byte_s + timings.body_s <= LONGEST_S


TARGET = Target(inputs, check)
