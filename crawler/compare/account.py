"""What the three processes of a sample tell each other: lines of JSON.

    lab ──Trial──> measure ──Trial──> contestant
    lab <─Measured─ measure <─Mark, Mark, Told─ contestant       (each Mark is answered by an empty line)

The contestant waits at its marks until the CPU spent so far has been read, so that what is between them is the crawl
and nothing else.
"""

import sys
from typing import Literal, TypeAlias

import msgspec

from crawler.compare.result import Percentiles, Span


class Mark(msgspec.Struct, frozen=True, tag="mark"):
    """The crawl begins or ends here; `at` is of `perf_counter`, the same clock for all processes on Linux."""

    name: Literal["begin", "end"]
    at: float


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="told"):
    """What a contestant knows of its crawl, once its results are written; without probes it is the time alone."""

    wall_s: float
    phases: dict[str, Percentiles] = {}
    lag_p99_ms: float | None = None
    lag_max_ms: float | None = None
    analyze_cpu_s: float | None = None
    chose: str = ""
    refetched: int = 0
    timeline: tuple[Span, ...] = ()


Line: TypeAlias = Mark | Told


def say(line: Line) -> None:
    """Write it, for a contestant."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def mark(name: Literal["begin", "end"], at: float) -> None:
    """Say that the crawl begins or ends, and wait until whoever measures has read the clocks.

    Raises EOFError when nobody does any more.
    """
    say(Mark(name, at))
    if not sys.stdin.readline():
        raise EOFError("whoever measures has ended")


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen from outside; `failure` says how a contestant ended that did not get to the end.

    `wall_s` and `cpu_s` are those until its end then, and 0 if it never began.
    """

    start_s: float
    wall_s: float
    cpu_s: float
    total_cpu_s: float | None
    peak_pss_mib: float | None
    uss_mib: dict[str, float]
    voluntary_switches: int | None
    involuntary_switches: int | None
    site_cpu_s: float | None
    sampler_cpu_s: float
    failure: str
    told: Told | None
