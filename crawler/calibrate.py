"""Which strategy suits this work on this machine: from what its first pages cost to a choice, and why.

    Measured ──bounds──> seconds a page that each part of a strategy needs ──the largest──> its pace
                                              the best pace, if it pays to open it ──choose──> Choice

A page costs about the same CPU under both strategies that keep a bad page to itself, but in other places. In units of
what the main process's interpreter needs for it under `F + processes`, as measured on pages of 4 to 170 KB:

                    main interpreter    other processes (workers or shards)
    F + processes   1                   0.2 + analysis
    N x (F + ...)   0.65                0.55 + analysis

So shards pay where one interpreter is too slow for the cores beside it (small pages, many cores): 1.5 times at most.
They save nothing where those cores, the network or politeness are what is waited for; on two cores that is always.
They lose where pages crash or hang, as a shard takes along all that it fetches, a worker eight pages at most:
`hostile` takes 4.5 times as long.

Threads are not a choice of `auto`: fetching a page by them takes half of the loop's CPU but 1.2 times that of the
process, and in the lab they won on no workload (`io` 1.00, `cpu` 1.01, `mixed` 0.96 times as fast, no difference
found; pages of 4 KB 1.05 times, far within their spread).
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from crawler.strategy import Strategy

_HELD: Final = {"async": 0.0, "threads": 0.4}
"""How much of the CPU of the main process's other threads is taken with the interpreter held, by what they are."""
_KEPT: Final = 0.65
"""What is left to the main interpreter under shards: frontier, store, and passing jobs and visits through a wall."""
_HANDING: Final = 0.2
"""What it takes on a wall's other side to take a page in and to give its analysis back, by the same measure."""
_LEAST_GAIN: Final = 0.1
"""A model that is so simple cannot promise less."""
_ALIKE: Final = 1.02
"""Of strategies whose paces differ by no more than so many times, the one with the fewest processes is chosen."""
_OPENING_S: Final = 0.2
"""CPU that it takes to open one shard and to close a worker."""
BECAUSE: Final = ", because "


class Measured(NamedTuple):
    """What pages cost under `F + processes`, in seconds a page on average; `slots` of them may be in the air.

    `wall_s` passed between the ends of two pages; `latency_s` is how long one took to come. `casualties` are those
    that brought their analysis down, in all.
    """

    wall_s: float
    latency_s: float
    loop_cpu_s: float
    aside_cpu_s: float
    analyze_cpu_s: float
    slots: int
    cores: int
    casualties: int = 0


class Bounds(NamedTuple):
    """Seconds a page that each part of a strategy needs, were it busy all the time."""

    network: float
    interpreter: float
    processes: float
    cores: float


class Choice(NamedTuple):
    """What goes on from here; `times_as_fast` as before, by the model; `because` says why in a clause.

    `is_final` unless it only hangs on how little is left.
    """

    strategy: Strategy
    times_as_fast: float
    because: str
    is_final: bool = True

    def __str__(self) -> str:
        """`4 x (async + inline), because ...`."""
        return f"{self.strategy}{BECAUSE}{self.because}"


def parted(choice: str) -> tuple[str, str]:
    """A choice that was told, as what was chosen and why."""
    strategy, _, why = choice.partition(BECAUSE)
    return strategy, why


def bounds(measured: Measured, strategy: Strategy) -> Bounds:
    """What bounds the work that was measured, under this strategy."""
    here_s = measured.loop_cpu_s + _HELD[strategy.fetch] * measured.aside_cpu_s
    there_s = _HANDING * here_s + measured.analyze_cpu_s
    cpu_s = measured.loop_cpu_s + measured.aside_cpu_s + there_s
    moved_s = (1.0 - _KEPT) * here_s if strategy.shards else 0.0
    return Bounds(
        network=measured.latency_s / measured.slots,
        interpreter=here_s - moved_s,
        processes=(there_s + moved_s) / (strategy.shards or strategy.workers),
        cores=cpu_s / measured.cores,
    )


def choose(measured: Measured, now: Strategy, others: Iterable[Strategy], left: int) -> Choice:
    """The strategy for the `left` pages that are still to come, as far as is known: `now`, or one of `others`.

    What no bound explains of the time that a page took (politeness, a slow disk, a site that is no faster, other
    programs) stays under any strategy.
    """
    here = bounds(measured, now)
    unexplained_s = max(0.0, measured.wall_s - max(here))
    paces_s = {other: max(bounds(measured, other)) + unexplained_s for other in others}
    pace_s = max(here) + unexplained_s
    fastest_s = min(paces_s.values(), default=pace_s)
    gain_s = pace_s - fastest_s
    if gain_s <= _LEAST_GAIN * pace_s:
        return Choice(now, 1.0, _why_stay(measured, here, unexplained_s))
    if measured.casualties:
        return Choice(
            now, 1.0, "some pages bring their process down, and a worker has fewer others in it than a shard"
        )
    best = next(other for other, its_s in paces_s.items() if its_s <= fastest_s * _ALIKE)
    times = pace_s / paces_s[best]
    faster = f"{times:.1f} times as fast by estimate"
    if (pace_s - paces_s[best]) * left <= _OPENING_S * best.shards / measured.cores:
        return Choice(
            now, 1.0, f"{best} would be {faster}, but not worth opening for {left:,} more URLs", is_final=False
        )
    why = (
        f"one process needs {_ms(here.interpreter)} to fetch a page and pass it on; shared by {best.shards} it will"
        f" be {faster} as with {now}, and {left:,} URLs are left"
    )
    return Choice(best, times, why)


def _why_stay(measured: Measured, here: Bounds, unexplained_s: float) -> str:
    most_s = max(here)
    if unexplained_s > most_s:
        return "neither the network nor CPU is what it waits for most"
    if here.network == most_s:
        return f"it waits for the network: {_ms(measured.latency_s)} a page, {measured.slots} in the air at once"
    if here.interpreter == most_s:
        return (
            f"one process needs {_ms(here.interpreter)} to fetch a page and pass it on, and no core is left for more"
        )
    return f"a page takes {_ms(here.cores * measured.cores)} of CPU, and no core is idle"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"
