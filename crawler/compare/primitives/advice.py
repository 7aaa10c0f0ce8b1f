"""Row 9: what follows for this machine. Each piece is given only where the rows that it rests on carry it."""

from crawler.compare.primitives.findings import Crashes, Creation, Findings, Gil, Mixture, Moving, Waiting
from crawler.compare.primitives.sentences import (
    CLEARLY,
    GAIN,
    NO_GAIN,
    TWO,
    Said,
    best_shapes,
    is_apart,
    quoted_count,
    times_of_cores,
)
from crawler.compare.primitives.units import duration, size, times
from crawler.compare.primitives.ways import KINDS

_PAGE = 64_000
"""The size whose hand-over is quoted: that of a page."""


def advice(findings: Findings) -> list[Said]:
    """What to use for which work here, in the order of the table."""
    return [*_waiting(findings), *_computing(findings), *_mixed(findings), *_handling(findings), *_safety(findings)]


def _waiting(findings: Findings) -> list[Said]:
    row = findings.waiting
    if not isinstance(row, Waiting):
        return []
    took = {way: found.median for way, found in row.took_ms.items()}
    quick, slow = sorted((took["task"], took["thread"]))
    if CLEARLY * slow > took["alone"]:
        return []
    values = {"waits": row.waits, "task": duration(quick * 1e3), "thread": duration(slow * 1e3)}
    return [Said("advice.wait", values | {"alone": duration(took["alone"] * 1e3)})]


def _computing(findings: Findings) -> list[Said]:
    row, machine = findings.gil, findings.machine
    if not isinstance(row, Gil):
        return []
    processes, threads = (row.speed_up[way][quoted_count(row, machine)].median for way in ("process", "thread"))
    values = {"speed": times(processes), "threads": times(threads), "cores": times_of_cores(machine)}
    if threads > GAIN:
        return [Said("advice.compute.threads", values)]
    if processes > GAIN and threads < NO_GAIN:
        return [Said("advice.compute.processes", values)]
    has_no_gain = max(processes, threads) < NO_GAIN and machine.usable_cores < TWO
    return [Said("advice.compute.neither", values)] if has_no_gain else []


def _mixed(findings: Findings) -> list[Said]:
    row = findings.mixture
    if not isinstance(row, Mixture):
        return []
    first, second = (row.shapes[number] for number in best_shapes(row)[:2])
    if min(first.processes, first.threads) == 1 or not is_apart(first.took_ms, second.took_ms):
        return []
    return [Said("advice.mixed", {"processes": first.processes})]


def _handling(findings: Findings) -> list[Said]:
    """When to start, when to hand over, and how."""
    creation, moving, gil = findings.creation, findings.moving, findings.gil
    if not isinstance(creation, Creation) or not isinstance(moving, Moving):
        return []
    start, pickle, shared = creation.start_us, moving.cost_us["pickle"], moving.cost_us["shared"]
    method = "forkserver" if "forkserver" in start else "spawn"
    create_us, move_us = start[method].median, pickle[_PAGE].median
    found = []
    if create_us > CLEARLY * move_us:
        found.append(Said("advice.keep", {"create": duration(create_us), "move": duration(move_us)}))
    if isinstance(gil, Gil):
        gained = gil.speed_up["process"][quoted_count(gil, findings.machine)].median
        if gained > GAIN:  # computing t pays when cost + t / gained < t
            least = gained / (gained - 1)
            values = {"handed": duration(move_us * least), "own": duration(create_us * least)}
            found.append(Said("advice.crossover", values))
    larger = [count for count in sorted(pickle) if is_apart(shared[count], pickle[count])]
    if larger and larger == sorted(pickle)[-len(larger) :]:
        found.append(Said("advice.shared", {"size": size(larger[0])}))
    if method == "forkserver":
        found.append(Said("advice.forkserver", {"cost": duration(create_us)}))
    return found


def _safety(findings: Findings) -> list[Said]:
    row = findings.crashes
    if not isinstance(row, Crashes):
        return []
    safe = [kind for kind in KINDS if row.after_segfault.get(kind) and row.stopped.get(kind)]
    return [Said("advice.safety")] if safe == ["process"] else []
