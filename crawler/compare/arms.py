"""The contestants: each arm names a way to fetch, a place to analyse, an event loop and a parser."""

import sys
from importlib.util import find_spec
from typing import Final, NamedTuple

from crawler.settings import INTERPRETERS_SINCE


class Arm(NamedTuple):
    """A strategy as the lab runs it; its name is `fetch+analyze`, with `@` before what is not the default."""

    fetch: str
    analyze: str
    loop: str = "uvloop"
    parser: str = "turbo"

    @property
    def name(self) -> str:
        """`async+processes`, `async+processes@asyncio`, `async+interpreters@soup`."""
        marks = [f"@{self.loop}"] * (self.loop != "uvloop") + [f"@{self.parser}"] * (self.parser != "turbo")
        return f"{self.fetch}+{self.analyze}{''.join(marks)}"

    @property
    def is_ranked(self) -> bool:
        """Whether it does the same work as the others: an arm under another parser is shown beside them only."""
        return self.parser == "turbo"


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
        Arm("async", "interpreters"),
        Arm("async", "interpreters", parser="soup"),
        Arm("async", "processes", parser="soup"),
    )
}
"""Every arm by name. The loop differs only where it carries the sockets, so only the async arms run on both.

turbohtml loads in every interpreter, so that `async+interpreters` does the same work as the others. Under soup nearly
all of a page's time is spent in parsing, and so beside the main interpreter's GIL: a pair to be compared for itself,
when it is asked for by name.
"""

REFERENCE: Final = "async+processes"
"""What the others are compared with unless another is named: the crawler's default."""

_PACKAGES: Final = {"uvloop": "uvloop", "turbo": "turbohtml", "soup": "bs4"}
"""What a loop or a parser cannot do without, and may be missing on some platform."""


def why_not(arm: Arm) -> str | None:
    """Why an arm cannot run under this Python, on this machine; None where it can."""
    from multiprocessing import get_all_start_methods  # noqa: PLC0415 - cheap doors: --help names the arms

    if arm.analyze == "interpreters" and sys.version_info < INTERPRETERS_SINCE:
        return f"needs CPython {'.'.join(map(str, INTERPRETERS_SINCE))}"
    if arm.analyze == "processes" and "forkserver" not in get_all_start_methods():
        return "needs a fork server, which this system has not"
    missing = [package for part in arm if (package := _PACKAGES.get(part)) and find_spec(package) is None]
    return f"needs {missing[0]}, which is not installed" if missing else None
