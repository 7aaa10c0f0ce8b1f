"""Content codings: what is undone, what is refused, and that nothing comes out beyond the cap."""

import gzip
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.analyze.decoding import MAX_MEMBERS, Undecodable, decode
from crawler.model import Fault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PLENTY = 2**22
HTML = b"<!DOCTYPE html><p>" + b"some words, and more of them; " * 500
NOISE = random.Random(1).randbytes(200_000)


def deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


Packer = Callable[[bytes], bytes]
CODINGS: list[tuple[str, Packer]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", deflate_raw),
    ("br", brotli.compress),
    ("zstd", zstd.compress),
]


@pytest.mark.parametrize(("name", "packer"), CODINGS)
@pytest.mark.parametrize(
    "data", [HTML, NOISE, b"", b"x", b"\0" * 1_000_000], ids=["html", "noise", "0", "1", "zeros"]
)
def test_each_coding(name: str, packer: Packer, data: bytes) -> None:
    assert decode(packer(data), [name], PLENTY) == data


@given(data=st.binary(max_size=5_000), number=st.integers(0, len(CODINGS) - 1))
def test_any_bytes_come_back(data: bytes, number: int) -> None:
    name, packer = CODINGS[number]
    assert decode(packer(data), [name], PLENTY) == data


@pytest.mark.parametrize(
    "encodings",
    [["gzip, br"], ["gzip", "br"], [" GZip ,, identity, BR"], ["identity", "x-gzip", "br"]],
)
def test_several_are_undone_from_the_last(encodings: list[str]) -> None:
    assert decode(brotli.compress(gzip.compress(HTML)), encodings, PLENTY) == HTML


@pytest.mark.parametrize("encodings", [[], [""], ["identity"], ["identity, identity, identity, identity"]])
def test_no_coding(encodings: list[str]) -> None:
    assert decode(HTML, encodings, PLENTY) == HTML


def test_four_layers_are_too_many() -> None:
    with pytest.raises(Undecodable, match="4 content codings"):
        decode(HTML, ["gzip, gzip, gzip, gzip"], PLENTY)


@pytest.mark.parametrize("name", ["compress", "aes128gcm", "gzip;q=1"])
def test_an_unknown_coding_is_named(name: str) -> None:
    with pytest.raises(Undecodable, match=f"'{name}'") as caught:
        decode(b"\x1f\x9d", [name], PLENTY)
    assert caught.value.fault is Fault.DECODE


def test_an_unknown_coding_of_any_length_is_named_shortly() -> None:
    with pytest.raises(Undecodable) as caught:
        decode(b"x", ["x" * 15_000], PLENTY)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("name", ["gzip", "zstd", "utf-8", "none"])
@pytest.mark.parametrize("body", [HTML, b"\xef\xbb\xbf\n  " + HTML])
def test_a_plain_page_under_a_label_it_cannot_have_is_read_as_it_is(name: str, body: bytes) -> None:
    assert decode(body, [name], PLENTY) == body


@pytest.mark.parametrize(("name", "packer"), CODINGS)
def test_an_empty_body_needs_no_coding(name: str, packer: Packer) -> None:
    assert decode(b"", [name], PLENTY) == b""


@pytest.mark.parametrize(("name", "packer"), CODINGS)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_cut_short(name: str, packer: Packer, share: float) -> None:
    whole = packer(NOISE)
    with pytest.raises(Undecodable, match="ends early") as caught:
        decode(whole[: int(len(whole) * share)], [name], PLENTY)
    assert caught.value.fault is Fault.DECODE


@pytest.mark.parametrize(("name", "packer"), CODINGS)
def test_cut_by_one_byte(name: str, packer: Packer) -> None:
    with pytest.raises(Undecodable, match="ends early"):
        decode(packer(HTML)[:-1], [name], PLENTY)


@pytest.mark.parametrize(("name", "body"), [("gzip", b"\x1f\x8b junk"), ("zstd", b"junk"), ("br", b"\xff" * 50)])
def test_corrupt(name: str, body: bytes) -> None:
    with pytest.raises(Undecodable, match=f"the {name} data is corrupt"):
        decode(body, [name], PLENTY)


@given(
    data=st.binary(max_size=300), number=st.integers(0, len(CODINGS) - 1), at=st.integers(0), byte=st.integers(0, 255)
)
def test_damage_never_raises_anything_else(data: bytes, number: int, at: int, byte: int) -> None:
    name, packer = CODINGS[number]
    body = bytearray(packer(data))
    body[at % len(body)] = byte
    with suppress(Undecodable):
        decode(bytes(body), [name], 10_000)


@pytest.mark.parametrize(("name", "packer"), [each for each in CODINGS if each[0] in {"gzip", "zstd"}])
def test_members_follow_each_other(name: str, packer: Packer) -> None:
    assert (
        decode(b"".join(packer(NOISE[start : start + 70_000]) for start in range(0, 200_000, 70_000)), [name], PLENTY)
        == NOISE
    )


@pytest.mark.parametrize(("name", "packer"), [each for each in CODINGS if each[0] != "br"])
@pytest.mark.parametrize("rest", [b"\0", b"\r\n", b"\0" * 100_000, b"garbage", b"x\x9c"])
def test_bytes_after_the_end_are_ignored(name: str, packer: Packer, rest: bytes) -> None:
    assert decode(packer(HTML) + rest, [name], PLENTY) == HTML


def test_members_are_counted() -> None:
    with pytest.raises(Undecodable, match="members"):
        decode(gzip.compress(b"") * (MAX_MEMBERS + 1), ["gzip"], PLENTY)


@pytest.mark.parametrize(("name", "packer"), CODINGS)
def test_the_cap_is_exact(name: str, packer: Packer) -> None:
    assert decode(packer(NOISE), [name], len(NOISE)) == NOISE
    with pytest.raises(Undecodable) as caught:
        decode(packer(NOISE), [name], len(NOISE) - 1)
    assert caught.value.fault is Fault.TOO_LARGE


def test_the_cap_holds_without_a_coding() -> None:
    with pytest.raises(Undecodable, match="more than 9 bytes"):
        decode(b"0123456789", [], 9)


@pytest.mark.parametrize(("name", "packer"), CODINGS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_takes_no_more_memory_than_the_cap(name: str, packer: Packer, layers: int) -> None:
    body = packer(b"\0" * 40_000_000)
    for _ in range(layers - 1):
        body = packer(body)
    tracemalloc.start()
    try:
        with pytest.raises(Undecodable) as caught:
            decode(body, [name] * layers, 2**20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.fault is Fault.TOO_LARGE
    assert peak < 4 * 2**20


def test_a_zstd_window_beyond_8_mib_is_refused() -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    packer = zstd.ZstdCompressor(options=options)
    body = packer.compress(NOISE) + packer.flush()
    with pytest.raises(Undecodable, match="zstd data is corrupt"):
        decode(body, ["zstd"], PLENTY)
