"""WARC files as others write them, for the tests of what is replayed."""

import gzip
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = "text/html"


class Foreign:
    """A file that grows record by record."""

    def __init__(self, path: Path, *, is_gzipped: bool = True) -> None:
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=is_gzipped)

    def response(
        self,
        url: str,
        body: bytes = b"<p>one</p>",
        headers: Mapping[str, str] | None = None,
        status: str = "200 OK",
        **warc: str,
    ) -> str:
        """Add an answer; the id of its record."""
        said = {"Content-Type": HTML} if headers is None else headers
        answer = StatusAndHeaders(status, list(said.items()), protocol="HTTP/1.1")
        record = self._record(url, "response", body, http_headers=answer, warc_headers_dict=named(warc))
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def metadata(self, url: str, fields: str, beside: str = "") -> None:
        """Add what is said of a fetch."""
        headers = {"WARC-Concurrent-To": beside} if beside else {}
        kind = {"warc_content_type": "application/warc-fields"}
        self._record(url, "metadata", fields.encode(), warc_headers_dict=headers, **kind)

    def other(self, url: str, kind: str, block: bytes) -> None:
        """Add a record that is neither."""
        self._record(url, kind, block)

    def close(self) -> None:
        self._file.close()

    def _record(self, url: str, kind: str, block: bytes, **more: Any) -> Any:
        record = self._writer.create_warc_record(url, kind, payload=BytesIO(block), length=len(block), **more)
        self._writer.write_record(record)
        return record


def named(fields: Mapping[str, str]) -> dict[str, str]:
    """`WARC_Truncated` as `WARC-Truncated`."""
    return {name.replace("_", "-"): value for name, value in fields.items()}


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def as_wget_writes(path: Path) -> dict[str, str]:
    """What crawlers leave: chunks, codings, old Japanese charsets, robots.txt, images; the texts to be read."""
    foreign = Foreign(path)
    english = b"<title>t</title><p>apple banana apple</p>"
    sjis, euc = (
        "<p>東京の天気</p>".encode("shift_jis"),
        "<p>大阪の天気</p>".encode("euc_jp"),
    )
    foreign.other("http://a.example/robots.txt", "request", b"GET /robots.txt HTTP/1.1\r\nHost: a.example\r\n\r\n")
    foreign.response("http://a.example/robots.txt", b"User-agent: *\n", {"Content-Type": "text/plain"})
    id_of = foreign.response(
        "https://a.example/chunked",
        chunked(gzip.compress(english)),
        {"Content-Type": HTML, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked", "Set-Cookie": "who=me"},
    )
    foreign.metadata("https://a.example/chunked", "via: http://a.example/\r\nfetchTimeMs: 40\r\n", id_of)
    foreign.response(
        "<http://a.example/undone>", b"<p>cherry</p>", {"Content-Type": HTML, "Transfer-Encoding": "chunked"}
    )
    foreign.response("http://b.example:8080/sjis", sjis, {"Content-Type": "text/html; charset=Shift_JIS"})
    foreign.response("http://b.example/euc", euc, {"content-type": "text/html; charset=EUC-JP"})
    foreign.response("http://b.example/plain", b"damson", {"Content-Type": "text/plain"})
    foreign.metadata("http://b.example/plain", "fetchTimeMs: 7\r\n")
    foreign.response("http://b.example/hidden", b"<meta name=robots content=noindex><p>elder", {"Content-Type": HTML})
    foreign.response("http://b.example/again", b"<p>cherry</p>")
    foreign.response("http://b.example/again", b"<p>fig</p>")
    foreign.response("http://b.example/picture", b"GIF89a", {"Content-Type": "image/gif"})
    foreign.response("http://b.example/gone", b"<p>grape</p>", status="404 Not Found")
    foreign.response("http://b.example/torn", b"<p>half", WARC_Truncated="length")
    foreign.response("http://b.example/bad", b"no gzip at all", {"Content-Type": HTML, "Content-Encoding": "gzip"})
    foreign.response("http://b.example/slow", b"<p>hazel</p>", WARC_Record_ID="<urn:x:slow>")
    foreign.metadata("http://b.example/slow", "fetchTimeMs: 99000\r\n", "<urn:x:slow>")
    foreign.other("dns:a.example", "response", b"20261123 a.example. 60 IN A 192.0.2.1")
    foreign.other("http://a.example/", "resource", b"<p>iris</p>")
    foreign.close()
    return {
        "http://a.example/chunked": "apple banana apple",
        "http://a.example/undone": "cherry",
        "http://b.example:8080/sjis": "東京 の 天気",
        "http://b.example/euc": "大阪 の 天気",
        "http://b.example/plain": "damson",
        "http://b.example/hidden": "",
        "http://b.example/again": "",
    }
