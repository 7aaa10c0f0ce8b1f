"""Which hosts jobs wait for, and why: what politeness costs at this moment."""

from collections.abc import Iterable
from itertools import islice

from crawler.bounds import Holdup, Why
from crawler.frontier.hosts import Host

_MOST_HOSTS = 2_000
"""More are not looked at: half a millisecond of the loop's time."""


def holdups(hosts: Iterable[Host], now: float) -> tuple[Holdup, ...]:
    """The hosts for which jobs wait, among the first of them."""
    found = ((host.name, _why(host, now)) for host in islice(hosts, _MOST_HOSTS))
    return tuple(Holdup(name, why) for name, why in found if why is not None)


def _why(host: Host, now: float) -> Why | None:
    if host.given_up is not None:
        return None
    if not host.waiting:
        return "retry" if host.retrying else None
    if host.pace.not_before > now:
        return host.pace.why(now)
    if host.awaits_robots and not (host.errands and host.errands[0].kind == "robots"):
        return "robots"
    if host.in_flight >= host.limit:
        return "per-host"
    return None
