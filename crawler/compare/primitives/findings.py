"""What the tutorial's experiments found on this machine: facts only, one struct a row, kept as one JSON object."""

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import msgspec

VERSION: Final = 1

Row: TypeAlias = Literal["memory", "moving", "creation", "footprint", "crashes", "gil", "waiting", "mixture"]
"""The experiments, in the order of the table."""

ROWS: Final[tuple[Row, ...]] = get_args(Row)

WhyNot: TypeAlias = Literal["needs 3.14", "no such start method", "overran", "broke"]
"""Why something was not measured; `broke` means that the experiment itself failed."""


class Reading(msgspec.Struct, frozen=True):
    """A measurement repeated `times`: the median, and the middle half around it."""

    median: float
    q1: float
    q3: float
    times: int


def reading(samples: Sequence[float]) -> Reading:
    """Two samples or more as one reading, to four significant digits."""
    quartiles = statistics.quantiles(samples, n=4, method="inclusive")
    q1, middle, q3 = (float(f"{value:.4g}") for value in quartiles)
    return Reading(middle, q1, q3, len(samples))


class Unmeasured(msgspec.Struct, frozen=True, tag=True):
    """A row that could not be measured here; `detail` is what the experiment complained of, if it did."""

    why: WhyNot
    detail: str = ""


class Memory(msgspec.Struct, frozen=True, tag=True):
    """Whether a worker's write to a variable is seen by the one who started it, by way of starting it."""

    seen: dict[str, bool]


class Moving(msgspec.Struct, frozen=True, tag=True):
    """What handing bytes over costs until the receiver has answered, in microseconds: way -> size in bytes.

    Ways are `task`, `thread` (a reference through a queue), `interpreter`, `pickle` (through a pipe to a process)
    and `shared` (written into shared memory, and told through a pipe).
    """

    cost_us: dict[str, dict[int, Reading]]


class Creation(msgspec.Struct, frozen=True, tag=True):
    """From the order to start a worker until its first line runs, in microseconds.

    `forkserver first` starts the fork server too; `forkserver` is every further one.
    """

    start_us: dict[str, Reading]


class Footprint(msgspec.Struct, frozen=True, tag=True):
    """What one idle worker adds, in KiB: `own` is memory that nobody else has (USS), `share` is PSS.

    For tasks, threads and interpreters both are the growth of the process they live in. `reserved` is the address
    space that a thread takes, `touched` the own memory of a forked child that has only read `heap` KiB of its
    parent's objects. What the system does not tell is not there.
    """

    own_kib: dict[str, Reading]
    share_kib: dict[str, Reading]
    reserved_kib: float | None = None
    heap_kib: float = 0.0
    touched_kib: float | None = None


class Crashes(msgspec.Struct, frozen=True, tag=True):
    """What is left when a worker fails, by kind of worker.

    `after_segfault` and `after_exception`: whether those beside it went on. `stopped`: whether a worker in an endless
    loop could be ended alone. `pace`: how fast the one who started it went on meanwhile, 1 being undisturbed.
    `pool_survives` is whether a ProcessPoolExecutor can be used after a worker's segfault.
    """

    after_segfault: dict[str, bool]
    after_exception: dict[str, bool]
    stopped: dict[str, bool]
    pace: dict[str, float]
    pool_survives: bool


class Gil(msgspec.Struct, frozen=True, tag=True):
    """How many times as fast as one after another computing is: kind -> number of workers.

    `thread in C` is SHA-256 of large buffers, which lets go of the GIL; the others compute in Python for `unit_ms`.
    """

    unit_ms: float
    speed_up: dict[str, dict[int, Reading]]


class Waiting(msgspec.Struct, frozen=True, tag=True):
    """`waits` answers of a server that takes `wait_ms` over each, in milliseconds, creation of the workers included.

    `alone` is one after another, the others have one worker for each.
    """

    waits: int
    wait_ms: float
    took_ms: dict[str, Reading]


class Shape(msgspec.Struct, frozen=True):
    """`processes` with `threads` each, and how long the jobs took them in milliseconds."""

    processes: int
    threads: int
    took_ms: Reading

    @property
    def name(self) -> str:
        """Processes × threads."""
        return f"{self.processes}×{self.threads}"


class Mixture(msgspec.Struct, frozen=True, tag=True):
    """`jobs` that wait `wait_ms` for a server and then compute `compute_ms` each, in shapes of workers."""

    jobs: int
    wait_ms: float
    compute_ms: float
    shapes: tuple[Shape, ...]


Measured: TypeAlias = Memory | Moving | Creation | Footprint | Crashes | Gil | Waiting | Mixture


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where it was measured; `missing` says why a way of working could not be tried here."""

    system: str
    python: str
    gil: bool
    cores: int
    usable_cores: float
    start_method: str
    load_before: float
    load_after: float = 0.0
    missing: dict[str, WhyNot] = {}


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table, in facts."""

    version: int = VERSION
    took_s: float
    machine: Machine
    memory: Memory | Unmeasured
    moving: Moving | Unmeasured
    creation: Creation | Unmeasured
    footprint: Footprint | Unmeasured
    crashes: Crashes | Unmeasured
    gil: Gil | Unmeasured
    waiting: Waiting | Unmeasured
    mixture: Mixture | Unmeasured


def to_json(findings: Findings) -> bytes:
    """The findings as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(findings), indent=1)


def read_findings(path: Path) -> Findings:
    """Findings kept earlier.

    Raises OSError and msgspec.DecodeError.
    """
    return msgspec.json.decode(path.read_bytes(), type=Findings)
