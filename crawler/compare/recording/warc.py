"""WARC files (ISO 28500), gzipped record by record: written page by page, read one by one. The doorman of warcio.

Each page is a `response` record, as it was sent but for its framing and its cookies, and beside it a `metadata`
record: `fetchTimeMs`, which Heritrix writes too, and the four phases of which it is the sum.
"""

import gzip
import logging
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from crawler.compare.recording.workload import UnusableRecording
from crawler.model import Page, Timings

FETCH_MS: Final = "fetchTimeMs"
PHASES_MS: Final = ("dnsTimeMs", "connectTimeMs", "firstByteTimeMs", "bodyTimeMs")
"""The fields of our `metadata` records, in milliseconds, in the order of `Timings`."""
MOST_READ_BYTES: Final = 2**31
"""What a file may hold once it is decompressed: more cannot be meant for a comparison."""
UNSAID: Final = frozenset(
    (
        *("connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"),
        *("upgrade", "set-cookie", "set-cookie2"),
    )
)
"""Headers of a connection and not of a page, and those that name a visitor: neither are recorded or replayed."""

_FIELDS: Final = "application/warc-fields"
_GZIP: Final = b"\x1f\x8b"
_HTTP: Final = ("HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/2", "HTTP/3")
_STATUS: Final = re.compile(r"[1-5][0-9]{2}")
_STEP_BYTES: Final = 2**16

_log = logging.getLogger("warcio")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # it quotes what a file says, escape sequences of terminals included


class Record(NamedTuple):
    """One record: `refers_to` is what it was written beside, `block` its content, None where that is too long.

    `is_whole` is false where whoever wrote it says that it was cut short.
    """

    kind: str
    id: str
    url: str
    date: str
    refers_to: str
    is_whole: bool
    block: bytes | None


class Answer(NamedTuple):
    """What a `response` record holds: header names in lower case, the body without chunks, but still compressed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class WarcFile:
    """A file that is being written: whatever ends the program, what was added can be read. Raises OSError."""

    def __init__(self, path: Path, info: Mapping[str, str]) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))

    def add(self, page: Page) -> None:
        """Write a page and its timings."""
        phrase = HTTPStatus(page.status).phrase
        said = [header for header in page.headers if header[0] not in UNSAID]
        headers = StatusAndHeaders(
            f"{page.status} {phrase}", [*said, ("content-length", str(len(page.body)))], protocol="HTTP/1.1"
        )
        response = self._record(page.url, "response", page.body, http_headers=headers)
        beside = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        self._writer.write_record(response)
        fields = _fields_of(page.timings)
        self._writer.write_record(
            self._record(page.url, "metadata", fields, warc_content_type=_FIELDS, warc_headers_dict=beside)
        )

    def close(self) -> None:
        """Have it on the disk."""
        with closing(self._file):
            self._file.flush()
            os.fsync(self._file.fileno())

    def _record(self, url: str, kind: str, content: bytes, **more: Any) -> Any:  # noqa: ANN401 - warcio has no types
        return self._writer.create_warc_record(url, kind, payload=BytesIO(content), length=len(content), **more)


class WarcReader:
    """The records of a file, plain or gzipped; `is_torn` is known once they have ended.

    A file that ends in the middle of a record is torn, as one is whose writer was killed: what stands before counts.
    Raises UnusableRecording for one that cannot be opened, is damaged, or is none.
    """

    def __init__(self, path: Path, longest_bytes: int) -> None:
        self.is_torn = False
        self._path = path
        self._longest_bytes = longest_bytes

    def __iter__(self) -> Iterator[Record]:
        try:
            with self._path.open("rb") as file, _plain(file) as plain:
                stream = _Stream(plain, self._path)
                yield from self._records(stream)
                self.is_torn = self.is_torn or stream.is_torn
        except (zlib.error, gzip.BadGzipFile) as error:
            raise UnusableRecording(f"{self._path} is damaged ({error}); give another copy of it") from None
        except OSError as error:
            raise UnusableRecording(f"{self._path}: {error.strerror}; give a WARC file with --replay") from None

    def _records(self, stream: "_Stream") -> Iterator[Record]:
        records = ArchiveIterator(stream, no_record_parse=True)
        records.INC_RECORD = ""  # what it would print to standard error
        try:
            for raw in records:
                record = self._taken(raw)
                if raw.length is None or raw.raw_stream.limit:
                    self.is_torn = True
                    return
                if records.err_count:
                    raise UnusableRecording(f"{self._path} is damaged (a record has another length than it says)")
                yield record
        except ArchiveLoadFailed as error:
            if not stream.is_torn:
                why = str(error).strip().partition("\n")[0][:100]
                raise UnusableRecording(f"{self._path} is no WARC file, or damaged ({why}); give another") from None

    def _taken(self, raw: Any) -> Record:  # noqa: ANN401 - warcio has no types
        block = BytesIO()
        is_short = True
        while some := raw.raw_stream.read(_STEP_BYTES):
            is_short = is_short and block.tell() + len(some) <= self._longest_bytes
            if is_short:
                block.write(some)

        def field(name: str) -> str:
            return str(raw.rec_headers.get_header(name) or "")

        return Record(
            kind=raw.rec_type or "",
            id=field("WARC-Record-ID"),
            url=field("WARC-Target-URI"),
            date=field("WARC-Date"),
            refers_to=field("WARC-Concurrent-To"),
            is_whole=not field("WARC-Truncated"),
            block=block.getvalue() if is_short else None,
        )


class _Stream:
    """A file's bytes, or what can be had of them."""

    def __init__(self, file: Any, path: Path) -> None:  # noqa: ANN401 - both kinds of files have `read1`
        self.is_torn = False
        self._file = file
        self._path = path
        self._bytes = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; b"" at the end."""
        try:
            some: bytes = self._file.read1(size)
        except EOFError:  # of gzip: the file ends before its data does
            self.is_torn = True
            return b""
        self._bytes += len(some)
        if self._bytes > MOST_READ_BYTES:
            most = f"{MOST_READ_BYTES / 2**30:g} GiB"
            raise UnusableRecording(f"{self._path} holds more than {most} once decompressed; give a part of it")
        return some


def _plain(file: IO[bytes]) -> Any:  # noqa: ANN401 - see above
    start = file.read(len(_GZIP))
    file.seek(0)
    return gzip.open(file) if start == _GZIP else file  # which warcio would do too, but it takes damage for an end


def answer_of(block: bytes) -> Answer | None:
    """The HTTP answer that a block holds; None if it holds none."""
    stream = BytesIO(block)
    try:
        head = StatusAndHeadersParser(_HTTP).parse(stream)
    except (StatusAndHeadersParserException, EOFError):
        return None
    status = head.statusline.split(" ", 1)[0]
    headers = tuple((name.lower(), value.strip()) for name, value in head.headers)
    is_chunked = any(name == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    body = ChunkedDataReader(stream).read() if is_chunked else stream.read()  # or as it is, if chunks were undone
    return Answer(int(status), headers, body) if _STATUS.fullmatch(status) else None


def timings_of(block: bytes) -> Timings | None:
    """What a `metadata` record says about a fetch; None if nothing.

    Where the phases are not known, all of the time is taken for waiting.
    """
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    said = {name.strip(): value.strip() for name, _, value in lines}
    known = [_seconds(said.get(name, "")) for name in PHASES_MS]
    phases = [seconds for seconds in known if seconds is not None]
    if len(phases) == len(PHASES_MS):
        return Timings(*phases)
    whole_s = _seconds(said.get(FETCH_MS, ""))
    return None if whole_s is None else Timings(first_byte_s=whole_s)


def _seconds(milliseconds: str) -> float | None:
    digits = milliseconds.replace(".", "", 1)
    return float(milliseconds) / 1000 if digits.isascii() and digits.isdigit() else None


def _fields_of(timings: Timings) -> bytes:
    phases = (timings.dns_s, timings.connect_s, timings.first_byte_s, timings.body_s)
    lines = [f"{FETCH_MS}: {timings.total_s * 1000:.0f}"]
    lines += [f"{name}: {seconds * 1000:.3f}" for name, seconds in zip(PHASES_MS, phases, strict=True)]
    return "".join(f"{line}\r\n" for line in lines).encode()
