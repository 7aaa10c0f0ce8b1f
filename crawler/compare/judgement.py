"""What follows from a result: a standing for each arm on each workload, and the verdict in words."""

from typing import Literal, TypeAlias

import msgspec

Finding: TypeAlias = Literal[
    "reference", "faster", "slower", "no difference found", "disqualified", "unranked", "failed", "too few samples"
]
"""What an arm's wall time says against the reference's."""


class Spread(msgspec.Struct, frozen=True):
    """The middle half of some samples."""

    median: float
    q1: float
    q3: float


class Interval(msgspec.Struct, frozen=True):
    """An estimate, and the 95 % bootstrap interval around it."""

    low: float
    middle: float
    high: float


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one arm did on one workload; `speed` says how many times as fast as the reference it was.

    Figures are medians over its samples, None where they were not measured. `why` is a clause for what is not in the
    numbers: how it failed, why it is disqualified or not ranked. `best` is None when the sweep was not asked for,
    else (concurrency, pages a second) where it was fastest. `chose` is what an arm chose, most of the time, that
    leaves the choice to the crawler.
    """

    arm: str
    finding: Finding
    why: str = ""
    samples: int = 0
    wall_s: Spread | None = None
    start_s: Spread | None = None
    pages_per_s: float = 0.0
    cpu_ms_a_page: float = 0.0
    cores: float = 0.0
    peak_pss_mib: float | None = None
    lag_p99_ms: float | None = None
    lost: float = 0.0
    speed: Interval | None = None
    best: tuple[int, float] | None = None
    chose: str = ""
    then: Interval | None = None
    """How many times as fast as in the earlier result that `--against` names."""


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """No strategy can be faster than `least_s` with so many pages in flight; `by` names what sets it.

    `waiting_share` is the share of the fastest arm's time, at least, in which none of its processes computed.
    """

    latency_s: float
    politeness_s: float
    cpu_s: float
    least_s: float
    by: Literal["latency", "politeness", "cpu", "bandwidth"]
    waiting_share: float
    bandwidth_s: float = 0.0


class WorkJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """One workload: arms from the fastest on, then those that are not ranked (on a hostile one, by pages lost).

    `reference` is what they were compared with: the next sound arm where the comparison's own did not do the work
    right. `noise` is the share by which the reference differed from itself, `control` that ratio with its interval.
    `behind` says of each arm that leaves the choice to the crawler how many times as long as the best other it takes.
    """

    work: str
    noise: float
    control: Interval | None
    bound: Bound
    standings: tuple[Standing, ...]
    verdict: tuple[str, ...]
    reference: str = ""
    behind: dict[str, Interval] = {}


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One workload of a crossover. `load` is the CPU time that analysing a page takes, by the latency of a page.

    It is infinite where nothing is waited for.
    """

    work: str
    latency_s: float
    cpu_s_a_page: float
    load: float


MeetingKind: TypeAlias = Literal["crossing", "parting", "ahead", "alike", "unclear"]
"""Each is ahead on one side; or one is ahead on some rungs, on all of them, on none; or both, back and forth."""


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """Two arms on the ladder of a crossover; the first is the one that is ahead, with longer waits if both are.

    `level` is the load at which they change places, with its interval; None where no crossing was found, or where it
    lies beyond the last rung on which pages wait. `most` says how many times as fast each of those is at most that
    are ahead, in this order. `span` are the first and last load at which the one is ahead, or the loads of the rungs
    between which they cross. `cpu_s` is what a page takes to analyse.
    """

    arms: tuple[str, str]
    kind: MeetingKind
    cpu_s: float
    level: Interval | None = None
    most: tuple[Interval, ...] = ()
    span: tuple[float, float] = (0.0, 0.0)
    is_from_the_start: bool = False
    is_to_the_end: bool = False


class LadderEnd(msgspec.Struct, frozen=True, kw_only=True):
    """The first or the last rung: how many times as fast as the slowest the fastest was, None if too few took part.

    `fastest` is empty where that is no difference; `beside` are those that are not found to be slower than it.
    """

    latency_s: float
    speed: Interval | None = None
    fastest: str = ""
    slowest: str = ""
    beside: tuple[str, ...] = ()


class Crossover(msgspec.Struct, frozen=True, kw_only=True):
    """Arms over rungs, the one that waits longest first.

    `one_core` and `all_cores` are the loads from which on so many cores cannot hide the computing behind the waiting
    any more, with so many pages in flight.
    """

    rungs: tuple[Rung, ...]
    meetings: tuple[Meeting, ...]
    ends: tuple[LadderEnd, LadderEnd]
    one_core: float
    all_cores: float


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `overall` has each ranked arm's geometric mean of its speeds over the workloads, best first.

    `overhead_ms_a_page` is what the lab's machinery costs with nothing to fetch, `probe_cost` the share by which its
    probes slow the reference down; `regressions` names what became slower than the earlier result, `against` says
    what else that comparison found and what it could not compare. `warnings` say what weakens this result, `limits`
    what no such result shows.
    """

    reference: str
    works: tuple[WorkJudgement, ...]
    overall: tuple[tuple[str, float], ...]
    verdict: tuple[str, ...]
    overhead_ms_a_page: float | None = None
    probe_cost: Interval | None = None
    regressions: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    is_comparable: bool = True
    crossover: Crossover | None = None
    warnings: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
