"""What each row says in a sentence or two: chosen by the numbers, so that none is said which they do not carry."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from crawler.compare.primitives.findings import (
    Crashes,
    Creation,
    Footprint,
    Gil,
    Machine,
    Measured,
    Memory,
    Mixture,
    Moving,
    Reading,
    Row,
    Waiting,
)
from crawler.compare.primitives.units import duration, memory, percent, size, times
from crawler.compare.primitives.ways import START_METHODS

GAIN = 1.4
"""A speed-up from here on is called one, and below NO_GAIN is called none; between them nothing is said."""

NO_GAIN = 1.25
TWO = 2
"""So many cores it takes to compute side by side."""
_BUSY = 0.5
CLEARLY = 3.0
"""How many times as much something must cost to be called costly."""


class Said(NamedTuple):
    """A text by its key, and what to put in; `kinds` in the values is a list of kinds of workers."""

    key: str
    values: Mapping[str, Any] = MappingProxyType({})


def sentences(row: Row, measured: Measured, machine: Machine) -> list[Said]:
    """What the row says; that it came out otherwise, if nothing that is to be expected holds."""
    said = [said for said, holds in _SAY[row](measured, machine) if holds]
    return said or [Said("otherwise")]


def quoted_count(gil: Gil, machine: Machine) -> int:
    """The number of workers whose speed-up is quoted: as many as have a core each, and at least 2."""
    counts = [count for count in gil.speed_up["process"] if count <= machine.usable_cores]
    return max([*counts, 2])


def is_apart(lower: Reading, higher: Reading) -> bool:
    """Whether the middle halves of two readings do not touch."""
    return lower.q3 < higher.q1


def is_busy(machine: Machine) -> bool:
    """Whether the machine had so much else to do that what did not get quicker may have lacked a core."""
    return machine.load_before > _BUSY * machine.usable_cores


def best_shapes(mixture: Mixture) -> list[int]:
    """The shapes of a mixture from the quickest on, by number."""
    return sorted(range(len(mixture.shapes)), key=lambda number: mixture.shapes[number].took_ms.median)


_Saying = Iterator[tuple[Said, bool]]


def _memory(row: Memory, _: Machine) -> _Saying:
    seen = row.seen
    yield Said("memory.shared"), seen["task"] and seen["thread"]
    yield Said("memory.separate"), not any(seen.get(method) for method in START_METHODS)
    yield Said("memory.interpreter"), seen.get("interpreter") is False


def _moving(row: Moving, _: Machine) -> _Saying:
    most = max(row.cost_us["thread"])
    thread, pickle, shared = (row.cost_us[way][most] for way in ("thread", "pickle", "shared"))
    is_costly = pickle.median > CLEARLY * thread.median
    values = {"size": size(most), "thread": duration(thread.median), "pickle": duration(pickle.median)}
    yield Said("moving.reference", values), is_costly
    yield Said("moving.pickle", values | {"times": times(pickle.median / thread.median)}), is_costly
    yield Said("moving.shared", {"shared": duration(shared.median)}), is_apart(shared, pickle)


def _creation(row: Creation, machine: Machine) -> _Saying:
    start = {way: found.median for way, found in row.start_us.items()}
    said = {way.replace("forkserver first", "first"): duration(found) for way, found in start.items()}
    yield Said("creation.threads", said), start["task"] < start["thread"]
    yield Said("creation.fork", said), "fork" in start and start["fork"] < start["spawn"]
    if "forkserver" in start:
        server = {"first": said["first"], "next": said["forkserver"]}
        yield Said("creation.forkserver", server), start["forkserver"] < start["forkserver first"]
    spawn = said | {"times": times(start["spawn"] / start["thread"])}
    yield Said("creation.spawn", spawn), start["spawn"] > CLEARLY * start["thread"]
    yield Said("creation.interpreter", said), "interpreter" in start and start["interpreter"] < start["spawn"]
    yield Said("creation.macos"), machine.system.startswith("Darwin") and "fork" in start


def _footprint(row: Footprint, _: Machine) -> _Saying:
    own = {way: found.median for way, found in row.own_kib.items()}
    said = {way: memory(found) for way, found in own.items()}
    yield Said("footprint.threads", said), own["task"] < own["thread"] < own["spawn"]
    if row.reserved_kib is not None:
        reserved = {"reserved": memory(row.reserved_kib)}
        yield Said("footprint.reserved", reserved), row.reserved_kib > CLEARLY * own["thread"]
    spawn = said | {"times": times(own["spawn"] / own["thread"])}
    yield Said("footprint.process", spawn), own["spawn"] > CLEARLY * own["thread"]
    if row.touched_kib is not None:
        touched = said | {"heap": memory(row.heap_kib), "touched": memory(row.touched_kib)}
        yield Said("footprint.touched", touched), row.touched_kib - own["fork"] > row.heap_kib / 2


def _crashes(row: Crashes, _: Machine) -> _Saying:
    fatal = [kind for kind, lives in row.after_segfault.items() if not lives and kind != "process"]
    stuck = [kind for kind, can_be_stopped in row.stopped.items() if not can_be_stopped and kind != "process"]
    yield Said("crashes.fatal", {"kinds": fatal}), bool(fatal)
    yield Said("crashes.survived"), row.after_segfault["process"]
    yield Said("crashes.gentle"), all(row.after_exception.values())
    yield Said("crashes.unstoppable", {"kinds": stuck}), bool(stuck) and row.stopped["process"]
    yield Said("crashes.frozen"), percent(row.pace["task"]) == percent(0)
    yield Said("crashes.pool"), not row.pool_survives


def _gil(row: Gil, machine: Machine) -> _Saying:
    count = quoted_count(row, machine)
    speed = {way: found[count].median for way, found in row.speed_up.items()}

    def said(key: str, way: str) -> Said:
        values = {"count": count, "speed": times(speed[way]), "cores": times_of_cores(machine)}
        return Said(key, values)

    yield said("gil.turns", "thread"), machine.gil and speed["thread"] < NO_GAIN
    yield said("gil.parallel", "thread"), speed["thread"] > GAIN
    yield said("gil.processes", "process"), speed["process"] > GAIN
    if "interpreter" in speed:
        yield said("gil.interpreters", "interpreter"), speed["interpreter"] > GAIN
    yield said("gil.c", "thread in C"), speed["thread in C"] > GAIN
    yield said("gil.one_core", "process"), machine.usable_cores < TWO and speed["process"] < NO_GAIN
    yield said("gil.no_cores", "process"), machine.usable_cores >= TWO and speed["process"] < NO_GAIN


def _waiting(row: Waiting, _: Machine) -> _Saying:
    took = {way: found.median for way, found in row.took_ms.items()}
    said = {way: duration(found * 1e3) for way, found in took.items()} | {"waits": row.waits}
    yield Said("waiting.overlap", said), CLEARLY * max(took["thread"], took["task"]) < took["alone"]
    yield Said("waiting.processes", said), took["thread"] + row.wait_ms < took["process"] < took["alone"]
    if "interpreter" in took:
        yield Said("waiting.interpreters", said), took["thread"] + row.wait_ms < took["interpreter"]


def _mixture(row: Mixture, _: Machine) -> _Saying:
    first, second = (row.shapes[number] for number in best_shapes(row)[:2])
    alone = row.shapes[0].took_ms.median
    about = {"jobs": row.jobs, "wait": duration(row.wait_ms * 1e3), "compute": duration(row.compute_ms * 1e3)}
    yield Said("mixture.about", about), True
    is_clear = is_apart(first.took_ms, second.took_ms)
    best = {"best": first.name, "second": second.name, "speed": times(alone / first.took_ms.median)}
    yield Said("mixture.best", best), is_clear and first.threads > 1 and first.processes > 1
    yield Said("mixture.tie", best), not is_clear


def times_of_cores(machine: Machine) -> str:
    """`2`, or `1.5` where a quota gives one and a half."""
    return f"{machine.usable_cores:g}"


_SAY: dict[Row, Callable[[Any, Machine], _Saying]] = {
    "memory": _memory,
    "moving": _moving,
    "creation": _creation,
    "footprint": _footprint,
    "crashes": _crashes,
    "gil": _gil,
    "waiting": _waiting,
    "mixture": _mixture,
}
