"""What is tried again, when, and how often; and what makes a host be given up for this run.

Everything else is final at once: a page that is gone, refused, too large or broken will be so in five seconds too.
"""

from typing import NamedTuple

from crawler.model import Failure, Fault, Visit


class Retry(NamedTuple):
    """So many attempts in all; the first wait, which doubles with every further one."""

    attempts: int
    wait_s: float


BY_FAULT = {
    Fault.DNS: Retry(2, 5.0),
    Fault.CONNECT: Retry(3, 2.0),
    Fault.TIMEOUT: Retry(2, 10.0),
    Fault.RESET: Retry(3, 2.0),
}
BY_STATUS: dict[int, Retry] = {
    408: Retry(2, 5.0),
    429: Retry(5, 0.0),  # the host's own wait comes on top
    500: Retry(2, 5.0),
    502: Retry(3, 5.0),
    503: Retry(5, 0.0),
    504: Retry(3, 5.0),
}
HOST_KILLERS = {Fault.DNS: 4, Fault.CONNECT: 9, Fault.TLS: 9, Fault.TIMEOUT: 9, Fault.RESET: 20}
"""After so many attempts in a row that ended so, a host is given up."""
MAX_REFUSALS = 8
"""After so many pleas in a row to be left alone (429, 503), a host is."""
MAX_HOLD_S = 3_600.0
"""A host that asks for a longer pause than this is left alone for the rest of the run."""


def rule_of(visit: Visit) -> Retry | None:
    """The row of the table for how a visit ended, or None where that is final at once."""
    outcome = visit.outcome
    if not isinstance(outcome, Failure):
        return None
    if outcome.fault is Fault.STATUS and visit.answer is not None:
        return BY_STATUS.get(visit.answer.status)
    return BY_FAULT.get(outcome.fault)


def is_lost(visit: Visit) -> bool:
    """Whether nothing is known of what would have come; it is asked for again, and counts as no attempt."""
    return isinstance(visit.outcome, Failure) and visit.outcome.fault is Fault.LOST


def wait_before_next(visit: Visit) -> float | None:
    """Seconds to wait before trying the visit's job again, or None when what came is final."""
    retry = rule_of(visit)
    attempts = visit.job.tries + 1
    if retry is None or attempts >= retry.attempts:
        return None
    return float(retry.wait_s * 2 ** (attempts - 1))
