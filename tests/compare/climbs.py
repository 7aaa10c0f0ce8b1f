"""Made-up crossovers: the samples of a ladder on which arms take what a plain formula says."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

import msgspec

from crawler.compare.ladder import WAITS, rungs
from crawler.compare.result import Result, Sample, Work
from crawler.site.latency import Latency
from tests.compare.examples import result, sample, work

PAGES: Final = 96
CPU_S: Final = 0.006
IN_FLIGHT: Final = 32


def waited_s(latency_s: float) -> float:
    """What nobody can undercut."""
    return PAGES * latency_s / IN_FLIGHT


def on_cores(cores: float, cpu_s: float = CPU_S, begun_s: float = 0.0) -> Callable[[float], float]:
    """Seconds of an arm that computes on so many cores while it waits, and takes a while before it does."""
    return lambda latency_s: begun_s + max(waited_s(latency_s), PAGES * cpu_s / cores)


def climb(
    arms: Mapping[str, Callable[[float], float]], count: int = 6, spread: float = 0.01, waits: tuple[str, ...] = WAITS
) -> Result:
    """Each arm on each rung, `count` times, by its formula of the latency; the first is the reference, and again."""
    reference = next(iter(arms))
    works, taken = [], list[Sample]()
    for rung in rungs(waits):
        latency_s = Latency.parse(rung.latency).delay_s(1, rung.name)
        works.append(_work(rung.name, rung.latency, latency_s))
        for arm, role in [*((arm, "measured") for arm in arms), (reference, "control")]:
            random = Random(f"{rung.name} {arm} {role}")
            for number in range(1, count + 1):
                seconds = arms[arm](latency_s) * (1 + spread * random.random())
                taken.append(
                    msgspec.structs.replace(
                        sample("cpu"), workload=rung.name, arm=arm, role=role, round=number, pages=PAGES,
                        wall_s=seconds, analyze_cpu_s=PAGES * CPU_S, cpu_s=PAGES * CPU_S * 1.1, words="right",
                    )
                )  # fmt: skip
    made = result((), taken, reference=reference, concurrency=IN_FLIGHT, is_crossover=True)
    return msgspec.structs.replace(made, works=tuple(works))


def _work(name: str, latency: str, latency_s: float) -> Work:
    return msgspec.structs.replace(
        work("cpu"), name=name, pages=PAGES, latency=latency, delays_s=PAGES * latency_s, longest_delay_s=latency_s,
        words="right",
    )  # fmt: skip
