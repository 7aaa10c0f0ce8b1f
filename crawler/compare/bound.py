"""What no strategy can undercut: the site's delays, the pauses of politeness, bytes on their way, and the least CPU.

The loopback has no narrow line, and no DNS, TLS and loss either: its bandwidth is what moving the bytes costs here.
"""

from collections.abc import Iterable
from typing import Literal

from crawler.compare.entrants import Entrant
from crawler.compare.judgement import Bound
from crawler.compare.result import Sample, Work


def bound_of(work: Work, arms: Iterable[Entrant], in_flight: int, usable_cores: float) -> Bound:
    """The bound of a workload with so many pages in flight.

    Latency allows no less than the sum of all delays divided among the pages in flight, nor than the longest delay.
    CPU allows no less than what the thriftiest sample of these arms spent, the site's share on the same machine
    included, divided among the cores: an arm that is thriftier still would lower it. `waiting_share` is a lower bound
    too: while processes compute one after another, they compute in `cores` of the time, and less when together.
    """
    sound = [(one, sample) for one in arms for sample in one.sound]
    latency_s = max(work.delays_s / max(in_flight, 1), work.longest_delay_s)
    cpu_s = min((_spent_s(sample) for _, sample in sound), default=0.0) / max(usable_cores, 1e-9)
    those: dict[Literal["latency", "politeness", "cpu", "bandwidth"], float] = {
        "cpu": cpu_s,
        "latency": latency_s,
        "politeness": work.politeness_s,
        "bandwidth": work.bandwidth_s,
    }
    by = max(those, key=lambda name: those[name])
    fastest = min((one for one, _ in sound), key=lambda one: one.known(lambda sample: sample.wall_s), default=None)
    return Bound(
        latency_s=latency_s,
        politeness_s=work.politeness_s,
        cpu_s=cpu_s,
        least_s=those[by],
        by=by,
        waiting_share=max(0.0, 1 - fastest.known(lambda sample: sample.cores)) if fastest else 0.0,
        bandwidth_s=work.bandwidth_s,
    )


def _spent_s(sample: Sample) -> float:
    return sample.cpu_s + (sample.site_cpu_s or 0.0)
