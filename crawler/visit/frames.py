"""What crosses the wall of a shard: a job one way, its visit the other, each as MessagePack behind its length.

4 bytes    so many bytes
┌─────────┬─────────────────────────────┐
│ length  │ Order, or Opened, Done, Bug │    the length is big-endian
└─────────┴─────────────────────────────┘
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from crawler.model import Job, Visit, pack

_LENGTH_BYTES: Final = 4
_MAX_BYTES: Final = 2**30


class TornFrame(Exception):
    """What came is no frame: whoever sent it is out of its mind."""


class Order(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A job to visit, under a number of its own."""

    number: int
    job: Job


class Opened(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=0):
    """The shard can visit now."""


class Done(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=1):
    """What the job of that number ended in, and what it has taken of the shard since the one before.

    Of `shard_cpu_s` analysis is `cpu_s`, which took `inline_s` by the clock.
    """

    number: int
    visit: Visit
    analyzed: int
    cpu_s: float
    inline_s: float
    shard_cpu_s: float


class Bug(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=2):
    """A bug of ours came up in that visit; no exception crosses the wall, only what it said."""

    number: int
    text: str


Report: TypeAlias = Opened | Done | Bug

read_order: Final = msgspec.msgpack.Decoder(Order).decode
read_report: Final = msgspec.msgpack.Decoder(Report).decode


def framed(message: Order | Report) -> bytes:
    """A message as it is sent."""
    packed = pack(message)
    return len(packed).to_bytes(_LENGTH_BYTES, "big") + packed


class Frames:
    """Finds the messages in a stream of bytes, however that is cut."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are complete with these bytes.

        Raises TornFrame.
        """
        held = self._held
        held += data
        at = 0
        while len(held) - at >= _LENGTH_BYTES:
            size = int.from_bytes(held[at : at + _LENGTH_BYTES], "big")
            if size > _MAX_BYTES:
                raise TornFrame(f"a message of {size:,} bytes")
            end = at + _LENGTH_BYTES + size
            if len(held) < end:
                break
            yield bytes(held[at + _LENGTH_BYTES : end])
            at = end
        del held[:at]
