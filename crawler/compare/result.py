"""What the lab measured, every sample of it, and where: nothing in here is a conclusion.

The JSON of `Result` is what `--json` prints and `--against` reads.
"""

from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

VERSION: Final = 1

PHASES: Final = ("dns", "connect", "first byte", "body", "queue", "decode", "parse", "count")
"""The life of a page: fetched in four phases, waiting for a worker (hand-overs included), analysed in three."""

Role: TypeAlias = Literal["warm-up", "measured", "control", "sweep", "canned", "unprobed"]
"""Why a sample was taken: `control` is the reference run against itself, `canned` fetches nothing, `unprobed` runs
without the lab's probes; warm-ups are kept, but only their cold start counts."""


class Percentiles(msgspec.Struct, frozen=True):
    """A distribution over pages, in milliseconds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of one lane's time, in seconds since the crawl began: what it did there is a phase.

    There are thousands of them, so each is an array in JSON: `["fetch 1", "body", 0.0312, 0.0325]`.
    Lanes are `fetch 1` to `fetch <concurrency>`, and `worker 1` ... or `shard 1` ... for each thread or process that
    analyses.
    """

    lane: str
    phase: str
    start_s: float
    end_s: float


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One crawl in a fresh process.

    `start_s` is the cold start: from the process's creation until the first page could be fetched and analysed.
    `wall_s` and `cpu_s` (of all processes) are of the crawl alone, from there until the last page was stored;
    `total_cpu_s` is of the processes' whole life. Memory is the peak of the summed proportional set sizes, and the
    unique set size of each process at that moment, by what it is (`main`, `fork server`, `worker 1`, `shard 1`).
    Context switches are those of the whole life. `analyze_cpu_s` is the CPU that the analysis of all pages took,
    `chose` what an arm chose that leaves the choice to the crawler, `refetched` how many pages were fetched again
    because a shard died under them. None is what was not measured: probes were off, this system has no such
    figure, or the contestant died before it could tell; times of a contestant that never began are 0, and `failure`
    says so.
    """

    workload: str
    arm: str
    concurrency: int
    role: Role
    round: int
    pages: int
    lost: int
    words: str
    start_s: float
    wall_s: float
    cpu_s: float
    total_cpu_s: float | None
    peak_pss_mib: float | None
    uss_mib: dict[str, float] = {}
    voluntary_switches: int | None = None
    involuntary_switches: int | None = None
    phases: dict[str, Percentiles] = {}
    lag_p99_ms: float | None = None
    lag_max_ms: float | None = None
    analyze_cpu_s: float | None = None
    chose: str = ""
    refetched: int = 0
    site_cpu_s: float | None = None
    failure: str = ""
    timeline: tuple[Span, ...] = ()

    @property
    def pages_per_s(self) -> float:
        """Pages stored per second of the crawl."""
        return (self.pages - self.lost) / self.wall_s if self.wall_s else 0.0

    @property
    def cores(self) -> float:
        """Effective cores: seconds of CPU per second."""
        return self.cpu_s / self.wall_s if self.wall_s else 0.0


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A workload as it was served, and what bounds it whatever the strategy.

    `delays_s` is the sum of the latencies of all pages, `longest_delay_s` the longest, `politeness_s` what the pace
    per host asks for at least, `bandwidth_s` what the loopback took for all bodies (0: nobody looked); `words` is
    the digest of the right answer, which every arm must give.
    """

    name: str
    about: str
    pages: int
    hosts: int
    body_bytes: int
    latency: str
    seed: int
    delays_s: float
    longest_delay_s: float
    politeness_s: float
    deadline_s: float
    words: str
    is_ranked: bool = True
    bandwidth_s: float = 0.0


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """Where the samples were taken; `load` is the one-minute load average before and after."""

    started: str
    machine: str
    cpu: str
    cores: int
    usable_cores: float
    memory_mib: int
    system: str
    python: str
    build: str
    gil: bool
    start_method: str
    packages: dict[str, str]
    crawler: str
    commit: str
    file_system: str
    load_before: float
    load_after: float = 0.0
    governor: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """An arm that did not run, and why in words."""

    arm: str
    why: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A whole comparison. `notes` say what was cut to fit the time budget, and what disturbed the measurement.

    `stopped_by` names the signal that ended it before its time (`SIGINT`), else it is empty. `is_crossover` says that
    the works are rungs of a ladder: the same pages, with less and less to wait for.
    """

    version: int = VERSION
    command: str
    seed: int
    budget_s: float
    took_s: float
    concurrency: int
    reference: str
    warm_ups: int
    environment: Environment
    works: tuple[Work, ...]
    arms: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()
    stopped_by: str = ""
    is_crossover: bool = False


class UnusableResult(Exception):
    """A file that holds no result of this lab; the message is one line."""


def to_json(result: Result) -> bytes:
    """The result as one JSON object, on one line."""
    return msgspec.json.encode(result)


def read_result(path: Path) -> Result:
    """A result kept earlier.

    Raises UnusableResult.
    """
    try:
        result = msgspec.json.decode(path.read_bytes(), type=Result)
    except OSError as error:
        raise UnusableResult(f"{path}: {error.strerror}; give a file that --json wrote") from None
    except msgspec.DecodeError as error:
        raise UnusableResult(f"{path} holds no comparison ({error}); give a file that --json wrote") from None
    if result.version != VERSION:
        raise UnusableResult(f"{path} is of version {result.version}, and this is {VERSION}; measure again")
    return result
