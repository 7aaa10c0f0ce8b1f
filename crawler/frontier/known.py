"""Every URL ever met, in some thirty bytes each: its number, how near it is, and how it stands.

A dict of a million URLs takes 200 MB. This is an open-addressing hash table of plain arrays, in many small shards, so
that growing one never holds up the loop. Only hashes are kept, never the URLs: Python's string hash (SipHash, keyed
anew for every process, so that no page can prepare collisions) has 64 bits, by which two of a million URLs fall
together with a chance of 3 in 100 million.
"""

from array import array
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

_SHARD_BITS = 9
_SHARD_MASK = (1 << _SHARD_BITS) - 1
_FIRST_SLOTS = 8

# A label packs depth, hops and standing into 16 bits.
_STANDING_BITS = 2
_HOPS_BITS = 5
_DEPTH_SHIFT = _STANDING_BITS + _HOPS_BITS
_STANDING_MASK = (1 << _STANDING_BITS) - 1
_HOPS_MASK = ((1 << _HOPS_BITS) - 1) << _STANDING_BITS
MAX_DEPTH = (1 << 16 - _DEPTH_SHIFT) - 1
MAX_HOPS = (1 << _HOPS_BITS) - 1


class Standing(IntEnum):
    """How a known URL stands: waiting on disk, waiting in memory or being visited, settled, or refused."""

    STORED = 0
    HELD = 1
    SETTLED = 2
    REFUSED = 3


class Known(NamedTuple):
    """What is known of a URL; `depth` and `hops` are each the least over all ways that lead to it."""

    id: int
    depth: int
    hops: int
    standing: Standing


class _Shard:
    __slots__ = ("count", "ids", "keys", "labels", "mask")

    def __init__(self, slots: int) -> None:
        self.mask = slots - 1
        self.count = 0
        self.keys = array("q", bytes(8 * slots))
        self.ids = array("I", bytes(4 * slots))
        self.labels = array("H", bytes(2 * slots))

    def slot(self, key: int) -> int:
        """Where `key` stands, or the free slot where it would."""
        keys, mask = self.keys, self.mask
        at = (key >> _SHARD_BITS) & mask
        while keys[at] not in (0, key):
            at = (at + 1) & mask
        return at

    def grown(self) -> "_Shard":
        """The same in twice as many slots."""
        wider = _Shard(2 * (self.mask + 1))
        wider.count = self.count
        for key, number, label in zip(self.keys, self.ids, self.labels, strict=True):
            if key:
                at = wider.slot(key)
                wider.keys[at], wider.ids[at], wider.labels[at] = key, number, label
        return wider


class KnownUrls:
    """The table; `len` is how many URLs it holds."""

    def __init__(self) -> None:
        self._shards = [_Shard(_FIRST_SLOTS) for _ in range(1 << _SHARD_BITS)]
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def find(self, url: str) -> Known | None:
        """What is known of `url`."""
        key = hash(url) or 1
        shard = self._shards[key & _SHARD_MASK]
        at = shard.slot(key)
        if not shard.keys[at]:
            return None
        label = shard.labels[at]
        hops = (label & _HOPS_MASK) >> _STANDING_BITS
        return Known(shard.ids[at], label >> _DEPTH_SHIFT, hops, Standing(label & _STANDING_MASK))

    def put(self, url: str, known: Known) -> None:
        """Take in `url`, or what is new about it."""
        key = hash(url) or 1
        shard = self._shards[key & _SHARD_MASK]
        at = shard.slot(key)
        if not shard.keys[at]:
            if 3 * shard.count > 2 * shard.mask:
                shard = self._shards[key & _SHARD_MASK] = shard.grown()
                at = shard.slot(key)
            shard.count += 1
            self._count += 1
            shard.keys[at] = key
            shard.ids[at] = known.id
        shard.labels[at] = known.depth << _DEPTH_SHIFT | known.hops << _STANDING_BITS | known.standing

    def settle(self, url: str) -> Known:
        """Mark a known URL as settled; what is known of it."""
        key = hash(url) or 1
        shard = self._shards[key & _SHARD_MASK]
        at = shard.slot(key)
        assert shard.keys[at], "only what was met is given out"
        label = shard.labels[at] = shard.labels[at] & ~_STANDING_MASK | Standing.SETTLED
        return Known(shard.ids[at], label >> _DEPTH_SHIFT, (label & _HOPS_MASK) >> _STANDING_BITS, Standing.SETTLED)

    def news(self, urls: Iterable[str], depth: int) -> list[str]:
        """Those of `urls` that are not known, or known only at more than `depth` links or behind a redirect.

        Nearly all links of a site lead to where others have led before, so this is the path that must be quick.
        """
        shards = self._shards
        news = []
        for url in urls:
            key = hash(url) or 1
            shard = shards[key & _SHARD_MASK]
            keys, mask = shard.keys, shard.mask
            at = (key >> _SHARD_BITS) & mask
            while (found := keys[at]) != key and found:
                at = (at + 1) & mask
            if not found or (label := shard.labels[at]) >> _DEPTH_SHIFT > depth or label & _HOPS_MASK:
                news.append(url)
        return news
