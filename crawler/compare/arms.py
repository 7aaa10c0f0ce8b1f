"""The contestants: each arm names a way to fetch, a place to analyse, an event loop and a parser.

async+processes      fetched by one process, analysed in others
2×(async+inline)     two processes (shards), each of which fetches and analyses by itself; any number from 2 to 64
auto                 the crawler chooses for itself, among those that keep a bad page to itself
"""

import re
import sys
from importlib.util import find_spec
from typing import Final, NamedTuple

from crawler.settings import INTERPRETERS_SINCE, MOST_SHARDS, AnalyzeSettings

_SHARDED: Final = re.compile(r"([0-9]{1,2})[x×]\((async|threads)\+inline\)")

_WORKERS: Final = re.compile(r" \([0-9]+\)$")


class Arm(NamedTuple):
    """A strategy as the lab runs it; its name is `fetch+analyze`, with `@` before what is not the default.

    `shards` are processes that each do both; 0 is one that fetches, and analyses where it says.
    """

    fetch: str
    analyze: str
    loop: str = "uvloop"
    parser: str = "turbo"
    shards: int = 0

    @property
    def name(self) -> str:
        """`async+processes`, `async+processes@asyncio`, `async+interpreters@soup`, `2×(async+inline)`, `auto`."""
        if self.chooses:
            return "auto"
        what = f"{self.fetch}+{self.analyze}"
        marks = [f"@{self.loop}"] * (self.loop != "uvloop") + [f"@{self.parser}"] * (self.parser != "turbo")
        return f"{self.shards}×({what}){''.join(marks)}" if self.shards else f"{what}{''.join(marks)}"

    @property
    def chooses(self) -> bool:
        """Whether it leaves the choice to the crawler."""
        return self.fetch == "auto"

    @property
    def needs_its_loop(self) -> bool:
        """Whether the loop carries the sockets; where threads do, any loop will do if the usual one is missing."""
        return self.fetch not in {"threads", "sequential"}

    @property
    def worker(self) -> str:
        """What its other processes and threads are called."""
        return "shard" if self.shards else "worker"

    @property
    def computes_in_one(self) -> bool:
        """Whether one process fetches, and analyses what it has fetched."""
        return self.analyze == "inline" and not self.shards

    @property
    def is_ranked(self) -> bool:
        """Whether it does the same work as the others: an arm under another parser is shown beside them only."""
        return self.parser == "turbo"


SHARDS: Final = min(MOST_SHARDS, max(2, AnalyzeSettings().worker_count))
"""As many as this machine has cores for, and two at least: one alone would be `async+inline` and more work."""

ARMS: Final = {
    arm.name: arm
    for arm in (
        Arm("sequential", "inline"),
        Arm("threads", "inline"),
        Arm("threads", "threads"),
        Arm("threads", "processes"),
        Arm("async", "inline"),
        Arm("async", "inline", loop="asyncio"),
        Arm("async", "threads"),
        Arm("async", "threads", loop="asyncio"),
        Arm("async", "processes"),
        Arm("async", "processes", loop="asyncio"),
        Arm("threads", "inline", shards=SHARDS),
        Arm("async", "inline", shards=SHARDS),
        Arm("auto", "auto"),
        Arm("async", "interpreters"),
        Arm("async", "interpreters", parser="soup"),
        Arm("async", "processes", parser="soup"),
    )
}
"""Every arm by name, with as many shards as suit this machine.

The loop differs only where it carries the sockets, so only the async arms run on both.

turbohtml loads in every interpreter, so that `async+interpreters` does the same work as the others. Under soup nearly
all of a page's time is spent in parsing, and so beside the main interpreter's GIL: a pair to be compared for itself,
when it is asked for by name.
"""

MOST_BEHIND: Final = 0.15
"""The share by which what the crawler chooses for itself may take longer than the best strategy."""

REFERENCE: Final = "async+processes"
"""What the others are compared with unless another is named: the crawler's default."""

_PACKAGES: Final = {"uvloop": "uvloop", "turbo": "turbohtml", "soup": "bs4"}
"""What a loop or a parser cannot do without, and may be missing on some platform."""


def find_arm(name: str) -> Arm | None:
    """The arm of that name, with however many shards, also if it is written with an x for the ×; None for no arm."""
    if found := _SHARDED.fullmatch(name):
        shards = int(found[1])
        return Arm(found[2], "inline", shards=shards) if 2 <= shards <= MOST_SHARDS else None  # noqa: PLR2004
    return ARMS.get(name)


def arm_called(name: str) -> Arm:
    """The same, where it is known to be one. Raises KeyError."""
    arm = find_arm(name)
    if arm is None:
        raise KeyError(name)
    return arm


def spelled(name: str) -> str:
    """The name as the arm itself has it; what names no arm stays."""
    arm = find_arm(name)
    return arm.name if arm else name


def arm_of(strategy: str) -> str:
    """The name of the arm that a crawl is under a strategy, as it tells of that: `2 x (async + inline)`."""
    return spelled(_WORKERS.sub("", strategy).replace(" ", ""))


def why_not(arm: Arm) -> str | None:
    """Why an arm cannot run under this Python, on this machine; None where it can."""
    from multiprocessing import get_all_start_methods  # noqa: PLC0415 - cheap doors: --help names the arms

    if arm.analyze == "interpreters" and sys.version_info < INTERPRETERS_SINCE:
        return f"needs CPython {'.'.join(map(str, INTERPRETERS_SINCE))}"
    if (arm.analyze in {"processes", "auto"} or arm.shards) and "forkserver" not in get_all_start_methods():
        return "needs a fork server, which this system has not"
    parts = (arm.loop, arm.parser) if arm.needs_its_loop else (arm.parser,)
    missing = [package for part in parts if (package := _PACKAGES.get(part)) and find_spec(package) is None]
    return f"needs {missing[0]}, which is not installed" if missing else None
