"""How late the event loop is: the delay of a timer beyond its time is what every page waits for besides."""

import asyncio
from time import perf_counter
from typing import Self

_INTERVAL_S = 0.02
_KEPT = 50_000


class LagMonitor:
    """Measures the loop's lag while its context is open."""

    def __init__(self) -> None:
        self._lags_s: list[float] = []

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._measure())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._task.cancel()

    @property
    def samples(self) -> int:
        """How many delays are known so far."""
        return len(self._lags_s)

    def percentile_ms(self, percent: float) -> float:
        """The lag in milliseconds that `percent` of the samples do not exceed."""
        if not self._lags_s:
            return 0.0
        ordered = sorted(self._lags_s)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000, 2)

    async def _measure(self) -> None:
        while True:
            start = perf_counter()
            await asyncio.sleep(_INTERVAL_S)
            # uvloop's timers count whole milliseconds, and may come a part of one early: that is no lag.
            self._lags_s.append(max(0.0, perf_counter() - start - _INTERVAL_S))
            if len(self._lags_s) > _KEPT:  # a long run keeps every other sample of its past
                del self._lags_s[: _KEPT // 2 : 2]
