"""What every room asks for and what it takes as an answer: one judgement, so that no answer depends on the room.

Two HTTP clients forgive different sins. Framing that they read differently (a repeated Content-Length, one beside
chunks) is how request smuggling works, so nobody's reading is trusted: such an answer is a `Fault.PROTOCOL`.
"""

import re
import ssl
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from crawler.headers import Header
from crawler.model import Failure, Fault
from crawler.settings import FetchSettings

KEEP_ALIVE_S = 30.0
DNS_CACHE_S = 60

_MAX_TEXT_CHARS = 200
_MAX_INTERIM = 16
_LINE_FRAME_BYTES = len(b": \r\n")
_NOT_A_NAME = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_NOT_IN_A_VALUE = re.compile(rb"[\0\r\n]")
_LENGTH = re.compile(r"[0-9]{1,18}")
_FRAMING = ("content-length", "transfer-encoding")
_BODILESS = (204, 304)
_SWITCHING_PROTOCOLS = 101
_FIRST_BEYOND_ASCII = 0x80
_FIRST_STATUS = 100
_FIRST_FINAL_STATUS = 200


class Head(NamedTuple):
    """The header of an answer, found good."""

    status: int
    headers: tuple[tuple[str, str], ...]


class Body:
    """The bytes of an answer as they arrive, held only once; chunks in a list would be held twice while joined."""

    __slots__ = ("_first", "_rest", "size")

    def __init__(self) -> None:
        self.size = 0
        self._first = b""
        self._rest: BytesIO | None = None

    def add(self, chunk: bytes) -> None:
        """Take in what has arrived."""
        self.size += len(chunk)
        if not self._first:
            self._first = chunk
            return
        if self._rest is None:
            self._rest = BytesIO()
            self._rest.write(self._first)
        self._rest.write(chunk)

    def whole(self) -> bytes:
        """All of it."""
        return self._first if self._rest is None else self._rest.getvalue()


def request_headers(settings: FetchSettings, own: tuple[Header, ...] = ()) -> tuple[tuple[str, str], ...]:
    """What every request says besides its Host; its origin's `own` headers replace those of the same name."""
    usual = (
        ("User-Agent", settings.agent),
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
    )
    replaced = {header.name.lower() for header in own}
    kept = (header for header in usual if header[0].lower() not in replaced)
    return (*kept, *((header.name, header.value) for header in own))


def tls_trust() -> ssl.SSLContext:
    """Whom to believe: the system's authorities, checked neither more nor less strictly than curl does."""
    context = ssl.create_default_context()
    context.verify_flags = ssl.VERIFY_X509_TRUSTED_FIRST | ssl.VERIFY_X509_PARTIAL_CHAIN
    context.set_alpn_protocols(["http/1.1"])
    return context


def is_interim(status: int) -> bool:
    """Whether another answer follows; after 101 no more HTTP does."""
    return _FIRST_STATUS <= status < _FIRST_FINAL_STATUS and status != _SWITCHING_PROTOCOLS


def sentence(text: str) -> str:
    """The first line of a client library's message, short and without memory addresses."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
    return re.sub(r"\b0x[0-9a-fA-F]+\b", "…", line)[:_MAX_TEXT_CHARS].rstrip(" :.")


def _text(raw: bytes) -> str:
    """A header's value as UTF-8, or, where it is none, with its bytes beyond ASCII as URLs escape them.

    No lone surrogates: the value goes to worker processes and to the database, and neither can write them.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < _FIRST_BEYOND_ASCII else f"%{byte:02X}" for byte in raw)


class Limits:
    """The bounds of `FetchSettings`, as verdicts."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self.max_body_bytes = settings.max_body_bytes

    def judge(self, status: int, raw: Iterable[tuple[bytes, bytes]]) -> Head | Failure:
        """The header of an answer, from its names and trimmed values as received; or what is wrong with it."""
        settings = self._settings
        headers: list[tuple[str, str]] = []
        total = 0
        for raw_name, raw_value in raw:
            name = _lower(raw_name)
            if name is None or _NOT_IN_A_VALUE.search(raw_value):
                return _broken("a header is malformed")
            size = len(raw_name) + len(raw_value) + _LINE_FRAME_BYTES
            if size > settings.max_header_line_bytes:
                return _broken(f"a header line exceeds {settings.max_header_line_bytes} bytes")
            total += size
            value = _text(raw_value)
            headers.append((name, value))
        if len(headers) > settings.max_header_count or total > settings.max_header_bytes:
            return _broken(f"more than {settings.max_header_count} headers or {settings.max_header_bytes} bytes")
        if status < _FIRST_FINAL_STATUS and not is_interim(status):
            return _broken(f"status {status} is no answer to a GET")
        if len({value for name, value in headers if name == "location"}) > 1:
            return _broken("it points to several places at once")
        return self._framed(status, tuple(headers))

    def _framed(self, status: int, headers: tuple[tuple[str, str], ...]) -> Head | Failure:
        framing = [header for header in headers if header[0] in _FRAMING]
        if len(framing) > 1:
            return _broken("it says more than once where the body ends")
        for name, value in framing:
            if name == "transfer-encoding" and value.lower() != "chunked":
                return _broken("Transfer-Encoding is not chunked")
            if name == "content-length":
                if not _LENGTH.fullmatch(value):
                    return _broken("Content-Length is no number")
                if int(value) > self.max_body_bytes and status not in _BODILESS:
                    return self.too_large()
        return Head(status, headers)

    def judge_interim(self, count: int) -> Failure | None:
        """Whether so many interim answers are too many: each is short, and a server may send them without end."""
        return _broken(f"more than {_MAX_INTERIM} interim answers") if count > _MAX_INTERIM else None

    def judge_framing(self, count: int) -> Failure | None:
        """Whether so many bytes are too many around a body, of as many as two bodies at most."""
        most = self._settings.max_header_bytes + 2 * self.max_body_bytes
        return _broken(f"more than {most} bytes besides its body") if count > most else None

    def too_large(self) -> Failure:
        """The body is, or claims to be, over the cap."""
        return Failure(Fault.TOO_LARGE, f"larger than {self._settings.max_body_bytes} bytes")

    def not_connected(self) -> Failure:
        """Name look-up, connecting and TLS took too long."""
        return Failure(Fault.TIMEOUT, f"connecting took more than {self._settings.connect_timeout_s:g} s")

    def not_answered(self) -> Failure:
        """The request was sent, and no complete header came back in time."""
        return Failure(Fault.TIMEOUT, f"no answer within {self._settings.first_byte_timeout_s:g} s")

    def not_complete(self) -> Failure:
        """The whole attempt took too long."""
        return Failure(Fault.TIMEOUT, f"not complete after {self._settings.timeout_s:g} s")


@lru_cache(maxsize=1024)
def _lower(name: bytes) -> str | None:
    """The header name in lower case, or None if it is none; cached, because servers know few names."""
    return None if not name or _NOT_A_NAME.search(name) else name.decode("ascii").lower()


def _broken(text: str) -> Failure:
    return Failure(Fault.PROTOCOL, text)
