"""Made-up results that could be real ones: what to judge and to draw where nothing is measured.

`example()` has everything that a full comparison has. Its numbers come from a small model of a machine with two
cores: fetching and analysing cost CPU, in one process they share one core, and pages wait for the site.
"""

from random import Random
from typing import Any, Final, NamedTuple

import msgspec

from crawler.compare.arms import ARMS, REFERENCE, Arm, arm_called
from crawler.compare.result import PHASES, Environment, Percentiles, Result, Sample, Skipped, Span, Work
from crawler.compare.workloads import WORKLOADS

CORES: Final = 2
CONCURRENCY: Final = 32
SWEEP: Final = (1, 4, 16, 64, 256)

MACHINE: Final = Environment(
    started="2026-03-14T09:26:53Z", machine="x86_64", cpu="Example CPU @ 2.60GHz", cores=CORES, usable_cores=CORES,
    memory_mib=7936, system="Linux 6.8.0", python="3.11.9", build="CPython, GCC 13.2.0", gil=True,
    start_method="forkserver", packages={"aiohttp": "3.14.1", "pycurl": "7.46.0", "uvloop": "0.22.1"},
    crawler="0.5.0", commit="0123abc", file_system="ext4", load_before=0.12, load_after=1.84, governor="performance",
)  # fmt: skip


class Nature(NamedTuple):
    """What a workload is made of, for one page: its delay, and the CPU that analysing it takes."""

    about: str
    pages: int
    page_kb: int
    delay_s: float
    analysis_s: float


NATURES: Final = {
    "io": Nature("small pages, each after 80 ms (log-normal)", 400, 4, 0.080, 0.0006),
    "cpu": Nature("large pages, Japanese among them, without latency", 200, 200, 0.0, 0.014),
    "mixed": Nature("middling pages after 20 ms", 300, 40, 0.020, 0.003),
    "hostile": Nature("hangs, crashes and drips among honest pages", 120, 10, 0.010, 0.001),
}

_FETCH_S: Final = {"sequential": 0.0002, "threads": 0.0004, "async": 0.0003}
_HAND_OVER_S: Final = {"inline": 0.0, "threads": 0.00003, "processes": 0.0001, "interpreters": 0.00008}
_DRIP_S: Final = 2.0
_INTERPRETED: Final = "needs CPython 3.14, and this is 3.11"


def work(name: str, **changes: object) -> Work:
    """The workload of that name, as it was served."""
    nature = NATURES[name]
    made = Work(
        name=name, about=nature.about, pages=nature.pages, hosts=8, body_bytes=nature.pages * nature.page_kb * 1024,
        latency=f"log-normal, median {nature.delay_s * 1000:.0f} ms" if nature.delay_s else "none", seed=7,
        delays_s=nature.pages * nature.delay_s, longest_delay_s=nature.delay_s * 4, politeness_s=0.0,
        deadline_s=60.0, words=f"the words of {name}", is_ranked=name != "hostile",
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def sample(
    workload: str, arm: str = REFERENCE, *, noise: float = 1.0, seconds: float | None = None, **changes: object
) -> Sample:
    """What such an arm would take there, times `noise` (or `seconds` in all); `changes` are fields of the sample."""
    nature, made = NATURES[workload], as_it_works(arm_called(arm))
    concurrency = changes.pop("concurrency", CONCURRENCY)
    assert isinstance(concurrency, int)
    in_flight = 1 if made.fetch == "sequential" else concurrency
    a_page_s = _a_page_s(made, nature)
    cpu_s = nature.pages * a_page_s * (1 + 0.0002 * in_flight)
    delays_s = nature.pages * nature.delay_s / in_flight
    uses_all = made.shards or made.analyze in {"processes", "interpreters"}
    computing_s = cpu_s / (CORES * 0.95 if uses_all else 1.0)
    blocking_s = delays_s + computing_s if in_flight == 1 else max(delays_s, computing_s) + nature.delay_s
    wall_s = (seconds or blocking_s + 0.02) * noise
    lost, drips = _lost(made, nature, workload), _DRIP_S if workload == "hostile" else 0.0
    taken = Sample(
        workload=workload, arm=arm, concurrency=concurrency, role="measured", round=1, pages=nature.pages, lost=lost,
        words=f"the words of {workload}", start_s=0.5 + 0.1 * (made.analyze == "processes"), wall_s=wall_s + drips,
        cpu_s=cpu_s, total_cpu_s=cpu_s + 0.6,
        peak_pss_mib=60 + 35 * sum(name.startswith(made.worker) for name in _uss_mib(made)), uss_mib=_uss_mib(made),
        voluntary_switches=nature.pages * 6, involuntary_switches=nature.pages // 3,
        phases=_phases(made, nature, computing_s / max(blocking_s, 1e-9)),
        lag_p99_ms=_lag_ms(made, nature), lag_max_ms=_lag_ms(made, nature) * 3,
        site_cpu_s=nature.pages * 0.00015, analyze_cpu_s=nature.pages * nature.analysis_s,
        chose=made.name if arm == "auto" else "", refetched=19 * bool(made.shards and workload == "hostile"),
    )  # fmt: skip
    return msgspec.structs.replace(taken, **changes)


def as_it_works(arm: Arm) -> Arm:
    """What it comes to: where the crawler chooses, it keeps to its default here."""
    return arm_called(REFERENCE) if arm.chooses else arm


def samples(workload: str, arm: str, count: int, seed: int, spread: float = 0.03, **changes: Any) -> list[Sample]:
    """`count` samples, one a round, skewed as wall times are: never much faster, now and then much slower."""
    random = Random(f"{seed} {workload} {arm} {changes}")
    return [
        sample(workload, arm, noise=1 + spread * random.lognormvariate(0, 0.8) / 2, round=round_, **changes)
        for round_ in range(1, count + 1)
    ]


def result(works: tuple[str, ...], taken: list[Sample], **changes: object) -> Result:
    """A result of these samples; its arms are theirs."""
    made = Result(
        command="python -m crawler compare", seed=7, budget_s=600.0, took_s=412.0, concurrency=CONCURRENCY,
        reference=REFERENCE, warm_ups=1, environment=MACHINE, works=tuple(work(name) for name in works),
        arms=tuple(dict.fromkeys(one.arm for one in taken)), skipped=(), samples=tuple(taken),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def example(count: int = 8, seed: int = 7, *, slower: float = 1.0) -> Result:
    """A full comparison of `count` rounds: four workloads, every role, an arm that miscounts and one that is skipped.

    `threads+threads` gives wrong words on `mixed`. `slower` is how many times as long `threads+processes` takes as
    it should, for a regression.
    """
    taken: list[Sample] = []
    arms = [name for name, arm in ARMS.items() if arm.analyze != "interpreters"]
    for workload in NATURES:
        for arm in arms:
            taken += samples(workload, arm, 1, seed, role="warm-up")
            taken += samples(workload, arm, count, seed)
        if workload != "hostile":
            taken += samples(workload, REFERENCE, count, seed, role="control")
            taken += samples(
                workload, REFERENCE, max(count // 2, 1), seed, role="unprobed", phases={}, lag_p99_ms=0.0
            )
    for concurrency in SWEEP:
        for arm in arms:
            taken += samples("io", arm, 2, seed, role="sweep", concurrency=concurrency)
    taken += samples("io", REFERENCE, count, seed, role="canned", seconds=0.09, cpu_s=0.08, phases={})
    for at, one in enumerate(taken):
        if one.arm == "threads+threads" and one.workload == "mixed":
            taken[at] = msgspec.structs.replace(one, words="other words")
        if one.arm == "threads+processes":
            taken[at] = msgspec.structs.replace(taken[at], wall_s=one.wall_s * slower)
        if one.round == 1 and one.role == "measured" and one.workload != "hostile":
            taken[at] = msgspec.structs.replace(taken[at], timeline=timeline(one))
    Random(seed).shuffle(taken)
    return result(
        tuple(NATURES), taken, arms=tuple(arms), skipped=(Skipped("async+interpreters@soup", _INTERPRETED),),
        notes=(f"8 of 10 rounds fit into the budget of 600 s; samples an arm: {count}",),
    )  # fmt: skip


def timeline(of: Sample) -> tuple[Span, ...]:
    """Half a second of it: fetching lanes that mostly wait, workers that mostly compute."""
    spans: list[Span] = []
    arm, nature = as_it_works(arm_called(of.arm)), NATURES[of.workload]
    for lane in range(1, (1 if arm.fetch == "sequential" else min(of.concurrency, 8)) + 1):
        at = 0.001 * lane
        while at < min(of.wall_s, 0.5):
            byte, body = at + max(nature.delay_s, 0.002), at + max(nature.delay_s, 0.002) + 0.002
            spans += [Span(f"fetch {lane}", "first byte", at, byte), Span(f"fetch {lane}", "body", byte, body)]
            at = body + 0.001 * lane
    for lane in range(1, (1 if arm.computes_in_one else CORES) + 1):
        at = 0.05 + 0.003 * lane
        while at < min(of.wall_s, 0.5):
            for phase, share in (("decode", 0.1), ("parse", 0.4), ("count", 0.5)):
                spans.append(Span(f"{arm.worker} {lane}", phase, at, at + nature.analysis_s * share))
                at = spans[-1].end_s
            at += 0.004
    return tuple(spans)


def _a_page_s(arm: Arm, nature: Nature) -> float:
    fetching_s = _FETCH_S[arm.fetch] * (1.15 if arm.loop == "asyncio" else 1)
    return fetching_s + _HAND_OVER_S[arm.analyze] + nature.analysis_s * (4 if arm.parser == "soup" else 1)


def _lost(arm: Arm, nature: Nature, workload: str) -> int:
    return 0 if workload != "hostile" or arm.analyze == "processes" or arm.shards else nature.pages - 14


def _lag_ms(arm: Arm, nature: Nature) -> float:
    if arm.fetch != "async":
        return 0.0
    return {"inline": nature.analysis_s * 2500, "threads": nature.analysis_s * 1200}.get(arm.analyze, 1.4)


def _uss_mib(arm: Arm) -> dict[str, float]:
    if arm.analyze != "processes" and not arm.shards:
        return {"main": 58.0}
    return {"main": 41.0, "fork server": 9.0} | {f"{arm.worker} {number + 1}": 24.0 for number in range(CORES)}


def _phases(arm: Arm, nature: Nature, busy: float) -> dict[str, Percentiles]:
    middles_ms = {
        "dns": 0.0, "connect": 0.2, "first byte": nature.delay_s * 1000 + 0.5, "body": 0.05 * nature.page_kb,
        "queue": 0.1 if arm.analyze == "inline" else 0.5 + 60 * busy**4, "decode": nature.analysis_s * 80,
        "parse": nature.analysis_s * 400, "count": nature.analysis_s * 520,
    }  # fmt: skip
    return {
        phase: Percentiles(middles_ms[phase], middles_ms[phase] * 2.1, middles_ms[phase] * 3.2, middles_ms[phase] * 5)
        for phase in PHASES
    }


def like_the_lab(made: Result) -> Result:
    """The same, of workloads as the lab has them."""
    works = ((one, WORKLOADS[one.name]) for one in made.works)
    same = [
        msgspec.structs.replace(one, pages=at.pages, hosts=at.hosts, latency=at.latency, seed=at.seed)
        for one, at in works
    ]
    return msgspec.structs.replace(made, works=tuple(same))
