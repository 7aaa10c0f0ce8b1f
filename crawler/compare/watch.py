"""What each visit of a crawl spent its time on: phases for the table, spans for the timeline.

    start                                                                 end
    │ queue │ dns │ connect │ first byte │ body │ queue │ decode parse count │ queue │
                     fetch lane                              worker lane        fetch lane

Whatever is neither fetching nor computing is `queue`: waiting for a fetch thread, for a worker, for the loop, and
moving there and back. So the phases of a page add up to its visit.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from math import ceil
from time import perf_counter
from typing import Final, NamedTuple

from crawler.compare.result import PHASES, Percentiles, Span
from crawler.model import Analysis, Job, Spent, Timings, Visit
from crawler.protocols import Rooms

MAX_SPANS: Final = 3_000
_LEAST_S: Final = 200e-6
"""A span shorter than this cannot be seen, and is left out of the timeline."""
_PLACES: Final = 4


class Watched(NamedTuple):
    """One visit on the clock: `timings` of its fetch if it came to an answer, `spent` if its page could be read."""

    start: float
    end: float
    timings: Timings | None
    analyze_s: float
    spent: Spent | None


class Watch:
    """Rooms that note what each visit took."""

    def __init__(self, rooms: Rooms) -> None:
        self.capacity = rooms.capacity
        self.visits: list[Watched] = []
        self._rooms = rooms
        self.ready = rooms.ready
        self.burden = rooms.burden
        self.aclose = rooms.aclose

    async def visit(self, job: Job) -> Visit:
        """The visit that the rooms make of it."""
        start = perf_counter()
        visit = await self._rooms.visit(job)
        spent = visit.outcome.spent if isinstance(visit.outcome, Analysis) else None
        timings = visit.answer.timings if visit.answer else None
        self.visits.append(Watched(start, perf_counter(), timings, visit.analyze_s, spent))
        return visit


def phases(visits: Iterable[Watched]) -> dict[str, Percentiles]:
    """How long each phase took, over the pages that were read."""
    rows = [_phases_of(visit.timings, visit.spent, visit) for visit in visits if visit.timings and visit.spent]
    return {name: percentiles(column) for name, column in zip(PHASES, zip(*rows, strict=True), strict=bool(rows))}


def _phases_of(timings: Timings, spent: Spent, visit: Watched) -> tuple[float, ...]:
    computed = (spent.decode_s, spent.parse_s, spent.count_s)
    queue = max(0.0, visit.end - visit.start - timings.total_s - sum(computed))
    return (timings.dns_s, timings.connect_s, timings.first_byte_s, timings.body_s, queue, *computed)


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """By nearest rank: each is a value that was measured."""
    ordered = sorted(seconds)
    ranks = (ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] for percent in (50, 95, 99, 100))
    return Percentiles(*(round(second * 1000, 3) for second in ranks))


def timeline(
    visits: Iterable[Watched], began: float, *, worker: str = "worker", most: int = MAX_SPANS
) -> tuple[Span, ...]:
    """The spans of the first visits, as many as fit; a visit takes the first fetch lane that is free.

    A worker lane belongs to one thread or process, called `worker` and numbered as they came to work.
    """
    spans: list[Span] = []
    workers = _Lanes(worker)
    for visit, lane in _with_lanes(sorted(visits)):
        found = [
            Span(where, phase, round(start - began, _PLACES), round(end - began, _PLACES))
            for where, phase, start, end in _stretches(visit, lane, workers)
            if end - start >= _LEAST_S
        ]
        if len(spans) + len(found) > most:
            break
        spans += found
    return tuple(spans)


def _with_lanes(visits: Iterable[Watched]) -> Iterator[tuple[Watched, str]]:
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    for visit in visits:
        while busy and busy[0][0] <= visit.start:
            heappush(free, heappop(busy)[1])
        number = heappop(free) if free else len(busy) + 1
        heappush(busy, (visit.end, number))
        yield visit, f"fetch {number}"


class _Lanes(dict[int, str]):
    """A lane for each who works, by native thread id."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __missing__(self, worker: int) -> str:
        lane = self[worker] = f"{self._name} {len(self) + 1}"
        return lane


def _stretches(visit: Watched, lane: str, workers: _Lanes) -> Iterator[tuple[str, str, float, float]]:
    if visit.timings is None:  # it failed, and nobody knows in which phase
        return
    timings = visit.timings
    fetched = visit.end - visit.analyze_s
    if visit.spent is not None:  # a visit may have come a long way since, out of a shard
        fetched = min(fetched, visit.spent.began)
    at = fetched - timings.total_s
    yield lane, "queue", visit.start, at
    for phase, seconds in zip(
        PHASES, (timings.dns_s, timings.connect_s, timings.first_byte_s, timings.body_s), strict=False
    ):
        yield lane, phase, at, at + seconds
        at += seconds
    if visit.spent is None:
        return
    spent = visit.spent
    at = spent.began
    yield lane, "queue", fetched, at
    worker = workers[spent.worker]
    for phase, seconds in (("decode", spent.decode_s), ("parse", spent.parse_s), ("count", spent.count_s)):
        yield worker, phase, at, at + seconds
        at += seconds
    yield lane, "queue", at, visit.end
