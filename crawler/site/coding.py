"""Content codings: which one a client accepts, and compressing with it."""

import gzip
import sys
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY: Final = "identity"
REFUSED: Final = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def _brotli(body: bytes) -> bytes:
    squeezed: bytes = brotli.compress(body, quality=4)
    return squeezed


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, 3)


COMPRESS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    IDENTITY: bytes,
    "gzip": _gzip,
    "deflate": zlib.compress,
    "br": _brotli,
    "zstd": _zstd,
}


@lru_cache(maxsize=256)
def accepted(header: str) -> frozenset[str]:
    """The codings, identity among them, that an Accept-Encoding header allows."""
    weights: dict[str, bool] = {}
    for item in header.lower().split(","):
        name, _, weight = item.partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in REFUSED
    others = weights.get("*", False)
    return frozenset({IDENTITY, *(coding for coding in COMPRESS if weights.get(coding, others))})
