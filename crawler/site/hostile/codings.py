"""Content codings that are broken, unknown, or a few KB that become gigabytes."""

import zlib
from functools import cache
from typing import Final

from crawler.site.coding import COMPRESS
from crawler.site.hostile.exchange import Exchange, page
from crawler.site.hostile.hazard import DECODE, MIB, TOO_LARGE, Hazard, Play
from crawler.site.hostile.plays import answers

_GZIP: Final = "Content-Encoding: gzip"
_GZIP_HEAD: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
_TEXT: Final = page("compressed " * 500)
_WIDE_WINDOW: Final = b"\x28\xb5\x2f\xfd\0\xa8" + b"\0" * 99
"""A zstd frame (RFC 8878, 3.1.1.1) that wants a window of 2 GiB."""


@cache
def _zeros(coding: str, mib: int) -> bytes:
    return COMPRESS[coding](bytes(mib * MIB))


@cache
def gzip_bomb(mib: int) -> bytes:
    """A gzip member without its end, of so many MiB of zeros; each takes some 1,000 bytes."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)  # after which it may stand again
    return _GZIP_HEAD + block * mib


def _bomb(coding: str, mib: int) -> Play:
    async def play(exchange: Exchange) -> None:
        await exchange.answer(f"Content-Encoding: {coding}", body=_zeros(coding, mib))

    return play


async def _gzip_bomb(exchange: Exchange) -> None:
    await exchange.answer(_GZIP, body=gzip_bomb(1_024))


async def _nested(exchange: Exchange) -> None:
    await exchange.answer("Content-Encoding: gzip, gzip", body=COMPRESS["gzip"](gzip_bomb(1_024)))


async def _of_members(exchange: Exchange) -> None:
    await exchange.answer(_GZIP, body=_zeros("gzip", 1) * 900)


async def _of_many_members(exchange: Exchange) -> None:
    await exchange.answer(_GZIP, body=COMPRESS["gzip"](b"") * 20_000)


async def _of_frames(exchange: Exchange) -> None:
    await exchange.answer("Content-Encoding: zstd", body=_zeros("zstd", 1) * 900)


def _coded(headers: str, body: bytes) -> Play:
    return answers(f"Content-Encoding: {headers}", body=body)


HAZARDS: Final = (
    Hazard("gzip-bomb", "1 MB of gzip that are 1 GB", _gzip_bomb, TOO_LARGE, sent_bytes=2 * MIB),
    Hazard("gzip-bomb-nested", "10 KB of gzip in gzip that are 1 GB", _nested, TOO_LARGE),
    Hazard("gzip-members", "900 gzip members of 1 MB each", _of_members, TOO_LARGE, sent_bytes=2 * MIB),
    Hazard("gzip-members-empty", "20,000 empty gzip members", _of_many_members, DECODE, sent_bytes=MIB),
    Hazard("brotli-bomb", "a few bytes of brotli that are 48 MB", _bomb("br", 48), TOO_LARGE),
    Hazard("zstd-bomb", "a few KB of zstd that are 256 MB", _bomb("zstd", 256), TOO_LARGE),
    Hazard("zstd-frames", "900 zstd frames of 1 MB each", _of_frames, TOO_LARGE),
    Hazard("zstd-window", "zstd that wants a window of 2 GB", _coded("zstd", _WIDE_WINDOW), DECODE),
    Hazard(
        "gzip-corrupt", "gzip with a byte changed", _coded("gzip", COMPRESS["gzip"](_TEXT)[:-9] + b"?" * 9), DECODE
    ),
    Hazard("gzip-cut", "gzip without its second half", _coded("gzip", COMPRESS["gzip"](_TEXT)[:60]), DECODE),
    Hazard("gzip-not", "plain HTML that is called gzip", _coded("gzip", _TEXT)),
    Hazard("coding-unknown", "a content coding that nobody knows", _coded("lzma", b"\x5d\0\0\x80\0 what"), DECODE),
    Hazard("coding-tower", "gzip four times over", _coded("gzip, gzip, gzip, gzip", _TEXT), DECODE),
)
