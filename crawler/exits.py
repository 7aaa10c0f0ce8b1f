"""Exit codes, told apart so that cron can act on them."""

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What the process says in its last breath."""

    OK = 0
    NOTHING_FETCHED = 1
    USAGE = 2
    INCOMPLETE = 3
    STOPPED_EARLY = 4
    INTERNAL = 70
    OUTPUT = 74
    IN_USE = 75
    INTERRUPTED = 130
    TERMINATED = 143


STOPPED: Final = {"SIGINT": Exit.INTERRUPTED, "SIGTERM": Exit.TERMINATED}
"""How a measurement ends that a signal stopped."""
