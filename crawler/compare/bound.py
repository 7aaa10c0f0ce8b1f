"""What no strategy can undercut: the site's delays, the pauses that politeness asks for, and the least CPU.

Bandwidth is not among them, since the loopback has no narrow line; it has no DNS, TLS and loss either.
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
    least_s = max(latency_s, work.politeness_s, cpu_s)
    by: Literal["latency", "politeness", "cpu"] = "latency" if least_s == latency_s else "politeness"
    fastest = min((one for one, _ in sound), key=lambda one: one.known(lambda sample: sample.wall_s), default=None)
    return Bound(
        latency_s=latency_s,
        politeness_s=work.politeness_s,
        cpu_s=cpu_s,
        least_s=least_s,
        by="cpu" if least_s == cpu_s else by,
        waiting_share=max(0.0, 1 - fastest.known(lambda sample: sample.cores)) if fastest else 0.0,
    )


def _spent_s(sample: Sample) -> float:
    return sample.cpu_s + (sample.site_cpu_s or 0.0)
