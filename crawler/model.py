"""The words of the house: what the stages hand to each other.

    Job ──fetch──> Page | Failure
    Page ──analyze──> Analysis | Robots | Listing | Failure        (by the job's kind: page, robots, sitemap)
    Job + what came of it = Visit                                  (every job ends in exactly one)

All of them are frozen, and all of them cross process walls as MessagePack, so they hold only plain values.
A fault of the world is a value here (`Failure`); an exception is always a bug of ours.
"""

from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from crawler.bare import Fault as Fault  # noqa: PLC0414 - said here, and meant to be had from here
from crawler.bare import Kind as Kind  # noqa: PLC0414


class Traits(NamedTuple):
    """What a room promises: whether a bad page can harm only itself, and whether it ever holds up the loop."""

    isolates: bool
    blocks_loop: bool
    reason: str


class Job(msgspec.Struct, frozen=True, gc=False):
    """One URL to visit; `depth` counts links followed from a seed, `hops` redirects followed to get here.

    `id` is the URL's number in the database (0 where it has none), `origin` whose robots.txt a robots job asks for,
    `tries` how many attempts were made before.
    """

    url: str
    depth: int = 0
    hops: int = 0
    kind: Kind = "page"
    id: int = 0
    origin: str = ""
    tries: int = 0


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
    kind: Kind = "page"

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name, or None."""
        return next((value for key, value in self.headers if key == name), None)


Stage: TypeAlias = Literal["fetch", "analyze"]


class Failure(msgspec.Struct, frozen=True, gc=False, tag="failure"):
    """What went wrong with one page, why in words, and at which stage."""

    fault: Fault
    text: str
    stage: Stage = "fetch"


class Spent(msgspec.Struct, frozen=True, gc=False):
    """When, where and how long one analysis computed: `began` is of `perf_counter`, `worker` a native thread id.

    On Linux that clock is the same for all processes, and a process's main thread has the process's id.
    """

    worker: int
    began: float
    decode_s: float
    parse_s: float
    count_s: float


class Analysis(msgspec.Struct, frozen=True, gc=False, tag="analysis"):
    """What a page says; counts and links stay packed, because the main process only passes them on.

    `digest` is that of the visible text, the same for the same text; `is_noindex` says that the page asks not to be
    counted (and that this is obeyed). Links that are not to be followed are not among the links. `spent` is told in
    the lab only, and kept nowhere.
    """

    charset: str
    title: str
    language: str | None
    tokens: int
    distinct: int
    top: tuple[tuple[str, int], ...]
    packed_words: bytes
    packed_links: bytes
    digest: bytes = b""
    is_noindex: bool = False
    spent: Spent | None = None

    @property
    def words(self) -> dict[str, int]:
        """How often each word stands on the page."""
        return unpack_words(self.packed_words)

    @property
    def links(self) -> list[str]:
        """The distinct absolute URLs the page links to, in document order."""
        return unpack_links(self.packed_links)


class RobotsRule(msgspec.Struct, frozen=True, gc=False):
    """One Allow or Disallow line of a robots.txt: its path pattern, normalised, and its line number from 1."""

    allow: bool
    pattern: str
    line: int


class Robots(msgspec.Struct, frozen=True, gc=False, tag="robots"):
    """What a robots.txt says to this crawler; without rules everything is allowed.

    `delay_s` is the Crawl-delay asked for; `sitemaps` are absolute URLs, whoever they are meant for.
    """

    rules: tuple[RobotsRule, ...] = ()
    delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()


class Listing(msgspec.Struct, frozen=True, gc=False, tag="listing"):
    """What a sitemap or feed lists: pages as (canonical URL, lastmod as written or None), and more sitemaps."""

    packed_pages: bytes
    sitemaps: tuple[str, ...] = ()

    @property
    def pages(self) -> list[tuple[str, str | None]]:
        """The distinct URLs listed, in document order, each with its time of last modification."""
        return msgspec.msgpack.decode(self.packed_pages, type=list[tuple[str, str | None]])


class Redirect(msgspec.Struct, frozen=True, gc=False, tag="redirect"):
    """The answer pointed elsewhere; whether to follow is the frontier's decision."""

    target: str


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of an answer once its body has been analysed; `retry_after_s` is what it asked for."""

    status: int
    content_type: str
    body_bytes: int
    timings: Timings
    retry_after_s: float | None = None


Reading: TypeAlias = Analysis | Robots | Listing | Failure
"""What came of analysing a page."""

Outcome: TypeAlias = Analysis | Robots | Listing | Failure | Redirect
"""What came of a visit."""


class Visit(msgspec.Struct, frozen=True):
    """The one record in which a job ends; `answer` is None when nothing came back at all.

    `analyze_s` is the time from handing the page to the worker room until its result, waiting included.
    """

    job: Job
    answer: Answer | None
    outcome: Outcome
    analyze_s: float = 0.0


_encoder = msgspec.msgpack.Encoder()
_words_decoder = msgspec.msgpack.Decoder(dict[str, int])
_links_decoder = msgspec.msgpack.Decoder(list[str])


def pack(value: Any) -> bytes:  # noqa: ANN401 - any plain value can be packed
    """MessagePack bytes of a plain value or of one of the structures above."""
    return _encoder.encode(value)


def unpack_words(packed: bytes) -> dict[str, int]:
    """The word counts behind `Analysis.packed_words`."""
    return _words_decoder.decode(packed)


def unpack_links(packed: bytes) -> list[str]:
    """The URLs behind `Analysis.packed_links`."""
    return _links_decoder.decode(packed)
