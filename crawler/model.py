"""The words of the house: what the stages hand to each other.

    Job ──fetch──> Page | Failure
    Page ──analyze──> Analysis | Failure
    Job + what came of it = Visit        (every job ends in exactly one)

All of them are frozen, and all of them cross process walls as MessagePack, so they hold only plain values.
A fault of the world is a value here (`Failure`); an exception is always a bug of ours.
"""

from enum import Enum
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec


class Fault(str, Enum):
    """What the world did wrong, named the same under every strategy."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    STATUS = "status"
    REDIRECT = "redirect"
    CONTENT_TYPE = "content_type"
    DECODE = "decode"
    CRASHED = "crashed"
    HUNG = "hung"
    MEMORY = "memory"

    @property
    def is_parser_casualty(self) -> bool:
        """True when the page took its analysis down, so that the run must say so (exit code 3)."""
        return self in (Fault.CRASHED, Fault.HUNG, Fault.MEMORY)


class Traits(NamedTuple):
    """What a room promises: whether a bad page can harm only itself, and whether it ever holds up the loop."""

    isolates: bool
    blocks_loop: bool
    reason: str


class Job(msgspec.Struct, frozen=True, gc=False):
    """One URL to visit; `depth` counts links followed from a seed, `hops` redirects followed to get here."""

    url: str
    depth: int = 0
    hops: int = 0


class Timings(msgspec.Struct, frozen=True, gc=False):
    """Seconds that each phase of one fetch took; a reused connection spends none on `dns_s` and `connect_s`.

    `connect_s` includes TLS. `first_byte_s` runs from the request's start (after connecting) to the end of the
    answer's header, `body_s` from there to the last byte.
    """

    dns_s: float = 0.0
    connect_s: float = 0.0
    first_byte_s: float = 0.0
    body_s: float = 0.0

    @property
    def total_s(self) -> float:
        """Seconds from the start of the attempt to its last byte."""
        return self.dns_s + self.connect_s + self.first_byte_s + self.body_s


class Page(msgspec.Struct, frozen=True):
    """An answer as it came: the body still compressed, header names in lower case, in the order received."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    timings: Timings = Timings()

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name, or None."""
        return next((value for key, value in self.headers if key == name), None)


Stage: TypeAlias = Literal["fetch", "analyze"]


class Failure(msgspec.Struct, frozen=True, gc=False, tag="failure"):
    """What went wrong with one page, why in words, and at which stage."""

    fault: Fault
    text: str
    stage: Stage = "fetch"


class Analysis(msgspec.Struct, frozen=True, gc=False, tag="analysis"):
    """What a page says; counts and links stay packed, because the main process only passes them on."""

    charset: str
    title: str
    language: str | None
    tokens: int
    distinct: int
    top: tuple[tuple[str, int], ...]
    packed_words: bytes
    packed_links: bytes

    @property
    def words(self) -> dict[str, int]:
        """How often each word stands on the page."""
        return unpack_words(self.packed_words)

    @property
    def links(self) -> list[str]:
        """The distinct absolute URLs the page links to, in document order."""
        return msgspec.msgpack.decode(self.packed_links, type=list[str])


class Redirect(msgspec.Struct, frozen=True, gc=False, tag="redirect"):
    """The answer pointed elsewhere; whether to follow is the frontier's decision."""

    target: str


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of an answer once its body has been analysed."""

    status: int
    content_type: str
    body_bytes: int
    timings: Timings


class Visit(msgspec.Struct, frozen=True):
    """The one record in which a job ends; `answer` is None when nothing came back at all.

    `analyze_s` is the time from handing the page to the worker room until its result, waiting included.
    """

    job: Job
    answer: Answer | None
    outcome: Analysis | Failure | Redirect
    analyze_s: float = 0.0


_encoder = msgspec.msgpack.Encoder()
_words_decoder = msgspec.msgpack.Decoder(dict[str, int])


def pack(value: Any) -> bytes:  # noqa: ANN401 - any plain value can be packed
    """MessagePack bytes of a plain value or of one of the structures above."""
    return _encoder.encode(value)


def unpack_words(packed: bytes) -> dict[str, int]:
    """The word counts behind `Analysis.packed_words`."""
    return _words_decoder.decode(packed)
