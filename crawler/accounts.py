"""Keeps the accounts of what bounds a crawl: looks at it twenty times a second, on its own loop.

A look takes some 10 µs. Hosts are looked at only while politeness bounds the crawl, and, where there are many, so
rarely that it takes no more than a two-hundredth of the time.
"""

import asyncio
from collections import deque
from time import perf_counter, process_time, thread_time
from typing import NamedTuple, Self

from crawler.bounds import Holdup, Look, Tally
from crawler.engine import Engine
from crawler.frontier.state import Frontier
from crawler.protocols import Burden, Rooms

_TICK_S = 0.05
_RATES_OVER_S = 1.0
"""Shards tell of their CPU when a visit ends, which may be less often than there is a look."""
_LEAST_SHARE = 1 / 200


class _Clocks(NamedTuple):
    """What time it is, by every clock that counts here."""

    at: float
    loop_busy_s: float
    process_cpu_s: float
    burden: Burden


class Accounts:
    """Tells what bounds the crawl while its context is open; what comes before its rooms are `ready` is the start."""

    def __init__(self, engine: Engine, frontier: Frontier, rooms: Rooms) -> None:
        self.tally = Tally()
        self._engine = engine
        self._frontier = frontier
        self._rooms = rooms
        self._is_open = False
        self._recent: deque[_Clocks] = deque()
        self._holdups: tuple[Holdup, ...] = ()
        self._next_holdups_at = 0.0

    async def __aenter__(self) -> Self:
        self._before = self._read()
        self._task = asyncio.get_running_loop().create_task(self._tick())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._task.cancel()
        if not self.tally.seconds:
            self._look(0.0)

    async def ready(self) -> None:
        """Return once the rooms are open."""
        await self._rooms.ready()
        self._look(0.0)
        self._is_open = True
        self._recent.clear()

    async def _tick(self) -> None:
        while True:
            start = perf_counter()
            await asyncio.sleep(_TICK_S)
            self._look(max(0.0, perf_counter() - start - _TICK_S))

    def _look(self, late_s: float) -> None:
        before, now = self._before, self._read()
        self._before = now
        busy, analyzing = self._shards(now)
        burden, standing = now.burden, self._engine.standing
        on_the_loop = asyncio.get_running_loop().time()
        look = Look(
            seconds=now.at - before.at,
            late_s=late_s,
            loop_busy_s=now.loop_busy_s - before.loop_busy_s,
            inline_s=0.0 if burden.shards_cpu_s else burden.inline_s - before.burden.inline_s,
            process_cpu_s=now.process_cpu_s - before.process_cpu_s,
            analyze_cpu_s=max(0.0, burden.analyze_cpu_s - before.burden.analyze_cpu_s),
            shards=burden.analyze_slots if burden.shards_cpu_s else 0,
            shards_busy=busy,
            shards_analyze=analyzing,
            capacity=self._rooms.capacity,
            under_way=standing.under_way,
            fetching=burden.fetching,
            analyzing=burden.analyzing,
            slots=burden.analyze_slots,
            storing=standing.storing,
            observing=standing.observing,
            bringing=standing.bringing,
            waiting=0 if standing.is_ending else self._frontier.waiting,
            has_due=not standing.is_ending and self._frontier.has_due(on_the_loop),
            is_open=self._is_open,
        )
        self.tally.add(look, self._held_up(look, on_the_loop))

    def _held_up(self, look: Look, on_the_loop: float) -> tuple[Holdup, ...]:
        if not look.waiting or look.has_due or not look.is_open:
            return ()
        start = perf_counter()
        if start >= self._next_holdups_at:
            self._holdups = self._frontier.holdups(on_the_loop)
            took_s = perf_counter() - start
            self._next_holdups_at = start + took_s / _LEAST_SHARE
        return self._holdups

    def _shards(self, now: _Clocks) -> tuple[float, float]:
        """Shares of the last second that shards computed for, and that they analysed for."""
        self._recent.append(now)
        while now.at - self._recent[0].at > _RATES_OVER_S:
            self._recent.popleft()
        then = self._recent[0]
        seconds = (now.at - then.at) * now.burden.analyze_slots
        if not now.burden.shards_cpu_s or not seconds:
            return 0.0, 0.0
        busy_s = _shards_busy_s(now.burden) - _shards_busy_s(then.burden)
        return busy_s / seconds, (now.burden.inline_s - then.burden.inline_s) / seconds

    def _read(self) -> _Clocks:
        burden = self._rooms.burden()
        loop_busy_s = thread_time()
        if burden.inline_s and not burden.shards_cpu_s:
            loop_busy_s += burden.inline_s - burden.analyze_cpu_s
        return _Clocks(perf_counter(), loop_busy_s, process_time(), burden)


def _shards_busy_s(burden: Burden) -> float:
    """Seconds that shards computed, of which analysis counts by the clock: it may wait for a core too."""
    return burden.shards_cpu_s - burden.analyze_cpu_s + burden.inline_s
