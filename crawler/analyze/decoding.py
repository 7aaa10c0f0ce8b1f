"""Content codings undone (RFC 9110, section 8.4.1), under a cap on what may come out.

gzip and x-gzip (RFC 1952, any number of members), deflate (RFC 1950, and the bare RFC 1951 that some servers send),
br (RFC 7932), zstd (RFC 8878, any number of frames, windows up to the 8 MiB of RFC 9659), identity, lists of them.

Strict where data would be lost: a body cut short or corrupt is a fault, though a browser would show its beginning,
because half a page has the wrong counts. Lenient where nothing is: as in browsers, bytes after the end are ignored
(brotli cannot tell them from corruption); and so is a coding that a body starting with `<` cannot have, because
servers do label plain pages as compressed, or with a coding that does not exist.
"""

import sys
import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from crawler.bare import Fault

MAX_LAYERS = 3
MAX_MEMBERS = 1_000
_STEP_BYTES = 64 * 2**10
_LOOK_BYTES = 1_024
_SHOWN_CHARS = 40
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Undecodable(ValueError):
    """The body cannot be had under its codings; `fault` says in which way, the message in words."""

    def __init__(self, text: str, fault: Fault = Fault.DECODE) -> None:
        super().__init__(text)
        self.fault = fault


class _Decoder(Protocol):
    """One compressed stream: gives at most `max_length` bytes, and keeps what follows its end."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def decode(body: bytes, encodings: Iterable[str], max_bytes: int) -> bytes:
    """The body without its codings, which `encodings` (header values, in order) names in the order applied.

    Raises Undecodable: too large when more than `max_bytes` would come out of any layer, of which there may be
    MAX_LAYERS.
    """
    names = [name for value in encodings for each in value.split(",") if (name := each.strip().lower())]
    layers = [name for name in names if name != "identity"]
    if len(layers) > MAX_LAYERS:
        raise Undecodable(f"{len(layers)} content codings, where {MAX_LAYERS} are read")
    for name in reversed(layers):
        body = _decode_layer(body, name, max_bytes)
    if len(body) > max_bytes:
        raise Undecodable(f"more than {max_bytes} bytes", Fault.TOO_LARGE)
    return body


def _decode_layer(body: bytes, name: str, max_bytes: int) -> bytes:
    coding = _CODINGS.get(name)
    if not body or ((coding is None or coding.magic) and _is_plain(body)):
        return body
    if coding is None:
        raise Undecodable(f"content coding {name[:_SHOWN_CHARS]!r} is not known")
    try:
        return _unpack(body, name, coding, max_bytes)
    except (zlib.error, zstd.ZstdError, brotli.error) as error:
        raise Undecodable(f"the {name} data is corrupt: {error}") from None


def _unpack(body: bytes, name: str, coding: "_Coding", max_bytes: int) -> bytes:
    parts: list[bytes] = []
    room = max_bytes
    at = 0
    for _ in range(MAX_MEMBERS):
        decoder = coding.start(body)
        while not decoder.eof:
            piece = body[at : at + _STEP_BYTES]
            if not piece:
                raise Undecodable(f"the {name} data ends early")
            at += len(piece)
            part = decoder.decompress(piece, room + 1)
            room -= len(part)
            if room < 0:
                raise Undecodable(f"more than {max_bytes} bytes once decompressed", Fault.TOO_LARGE)
            parts.append(part)
        at -= len(decoder.unused_data)
        if not coding.magic or not body.startswith(coding.magic, at):
            return b"".join(parts)
    raise Undecodable(f"more than {MAX_MEMBERS} {name} members")


def _is_plain(body: bytes) -> bool:
    return body[:_LOOK_BYTES].removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<"


def _start_inflating(body: bytes) -> _Decoder:
    """RFC 1950, section 2.2: the method is 8, and the two bytes are a multiple of 31; or else there is no header."""
    has_header = body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    return zlib.decompressobj(wbits=zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


class _Brotli:
    """A brotli stream in the shape of the others."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return bytes(self._decoder.process(data, output_buffer_limit=max_length))


class _Coding(NamedTuple):
    """How to start undoing a coding, and the bytes that every member of it begins with, if there are any."""

    start: Callable[[bytes], _Decoder]
    magic: bytes


_GZIP = _Coding(lambda _: zlib.decompressobj(wbits=16 + zlib.MAX_WBITS), b"\x1f\x8b")
_ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
_CODINGS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    "deflate": _Coding(_start_inflating, b""),
    "br": _Coding(lambda _: _Brotli(), b""),
    "zstd": _Coding(lambda _: zstd.ZstdDecompressor(options=_ZSTD_WINDOW), b"\x28\xb5\x2f\xfd"),
}
