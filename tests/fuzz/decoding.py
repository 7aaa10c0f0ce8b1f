"""Content codings: whatever the bytes are, what comes out is under the cap, or a fault."""

import gzip
import sys
import zlib
from typing import Any

import brotli
from hypothesis import strategies as st

from crawler.analyze.decoding import Undecodable, decode
from crawler.model import Fault
from tests.fuzz.material import MAX_REPEATED, damaged, damages
from tests.fuzz.properties import is_a_reason
from tests.fuzz.target import Target

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "x-gzip": lambda data: gzip.compress(data, 1, mtime=0),
    "deflate": zlib.compress,
    "Deflate": deflated,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
}
DATA = [
    b"",
    b"x",
    b"<p>" + b"some words and more; " * 40,
    bytes(range(256)) * 8,
    bytes(100_000),
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
]
LABELS = [
    *PACKERS,
    "GZIP ",
    "none",
    "compress",
    "gzip,br",
    "br, gzip,identity",
    "",
    ",",
    "gzip;q=1",
    "\u0130",
    "utf-8",
    "x" * 3_000,
]
CAPS = [1, 100, 5_000, 2**20]
MAGICS = [
    b"\x1f\x8b\x08\x00\0\0\0\0\0\xff", b"\x1f\x8b\x08\x1f\0\0\0\0\0\xff\xff\xffname\0", b"\x28\xb5\x2f\xfd",
    b"\x50\x2a\x4d\x18\xff\xff\xff\xff", b"\x50\x2a\x4d\x18\0\0\0\0", b"x\x9c", b"x\xbb", b"\x0b\x02\x80",
    b"\xce\xb2\xcf\x81", b"<", b"\xef\xbb\xbf <", b"\0", b"\xff" * 9, gzip.compress(b"", mtime=0),
    zstd.compress(b""), brotli.compress(b""), zlib.compress(b""), gzip.compress(bytes(10**6), mtime=0),
    zstd.compress(bytes(10**6)), brotli.compress(bytes(10**6), lgwin=24), deflated(bytes(10**6)),
]  # fmt: skip


def packed(data: bytes, names: list[str]) -> bytes:
    for name in names:
        data = PACKERS[name](data)
    return data


names = st.lists(st.sampled_from(list(PACKERS)), min_size=1, max_size=4)
data = st.sampled_from(DATA) | st.binary(max_size=300)
magic = st.sampled_from(MAGICS)
cap = st.sampled_from(CAPS)
labels = st.lists(st.sampled_from(LABELS), max_size=4)
inputs = st.one_of(
    st.tuples(st.just("whole"), data, names, cap),
    st.builds(
        lambda whole, names, steps, cap: (damaged(packed(whole, names), steps), names, cap),
        data,
        names,
        damages(magic, data),
        cap,
    ),
    st.tuples(st.lists(magic | st.binary(max_size=40), max_size=6).map(b"".join), labels, cap),
    st.tuples(
        st.builds(lambda unit, times: (unit * times)[:MAX_REPEATED], magic, st.sampled_from([1_000, 1_001, 5_000])),
        labels,
        cap,
    ),
)


def check(given: Any) -> None:
    """Of four parts the first says that the data, once packed under these names, must come back."""
    *kind, body, labels, cap = given
    expected = body if kind else None
    if kind:
        body = packed(body, labels)
    out = _decoded(body, labels, cap)
    assert _decoded(body, labels, cap) == out
    if isinstance(out, bytes):
        assert len(out) <= cap
        assert expected is None or out == expected
    else:
        assert out[0] in (Fault.DECODE, Fault.TOO_LARGE)
        is_a_reason(out[1])
        assert expected is None or len(labels) > 3 or out[0] is Fault.TOO_LARGE


def _decoded(body: bytes, labels: list[str], cap: int) -> bytes | tuple[Fault, str]:
    try:
        return decode(body, labels, cap)
    except Undecodable as error:
        return error.fault, str(error)


TARGET = Target(inputs, check)
