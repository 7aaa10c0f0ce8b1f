"""One sample to take: what a contestant is told, and how the lab has it done."""

from typing import Final

import msgspec

from crawler.compare.result import Role

CONTESTANT: Final = "crawler.compare.contestant"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one crawl of the lab depends on; crosses a process wall as JSON.

    `expected` is the number of pages that should be stored (the innocent ones, on the hostile workload), `seeds` the
    file that lists them, `connect_to` the rules that lead to the site, whose process is `site_pid` (0: its CPU is not
    asked for), `contestant` the module that is run.
    """

    workload: str
    arm: str
    role: Role
    round: int
    concurrency: int
    seeds: str
    expected: int
    connect_to: tuple[str, ...]
    deadline_s: float
    site_pid: int = 0
    has_hazards: bool = False
    has_probes: bool = True
    is_canned: bool = False
    keeps_timeline: bool = False
    contestant: str = CONTESTANT
