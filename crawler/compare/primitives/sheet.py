"""The table before it is drawn: rows with a cell for each kind of worker, a sentence under each, and the advice."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from crawler.compare.primitives import units
from crawler.compare.primitives.advice import advice
from crawler.compare.primitives.findings import (
    ROWS,
    Crashes,
    Creation,
    Findings,
    Footprint,
    Gil,
    Memory,
    Mixture,
    Moving,
    Reading,
    Row,
    Unmeasured,
    Waiting,
)
from crawler.compare.primitives.sentences import Said, is_busy, sentences, times_of_cores
from crawler.compare.primitives.ways import KINDS, START_METHODS
from crawler.compare.primitives.wording import passage, words

_ROUGH = 0.5


class Line(NamedTuple):
    """A question and its answers by kind of worker; an answer may have several lines."""

    question: str
    cells: Mapping[str, str]


class Section(NamedTuple):
    """A row of the tutorial's table."""

    title: str
    lines: list[Line]
    sentence: str


class Sheet(NamedTuple):
    """Everything that is shown, in words. `columns` are the kinds that were measured, and their names."""

    title: str
    machine: str
    question: str
    columns: dict[str, str]
    sections: list[Section]
    advice_title: str
    advice: list[str]
    notes: list[str]


def sheet(findings: Findings, language: str) -> Sheet:
    """The findings in the language asked for."""
    return _Writer(findings, language).sheet()


class _Writer:
    """Writes one sheet."""

    def __init__(self, findings: Findings, language: str) -> None:
        self._findings = findings
        self._language = language
        self._is_rough = False

    def sheet(self) -> Sheet:
        kinds = [kind for kind in KINDS if kind not in self._findings.machine.missing]
        sections = [self._section(row) for row in ROWS]
        return Sheet(
            title=self._say("title"),
            machine=self._machine(),
            question=self._say("question"),
            columns={kind: self._say(f"kind.{kind}") for kind in kinds},
            sections=sections,
            advice_title=self._say("advice.title"),
            advice=[words(said, self._language) for said in advice(self._findings)],
            notes=list(self._notes()),
        )

    def _say(self, key: str, **values: object) -> str:
        return words(Said(key, values), self._language)

    def _section(self, row: Row) -> Section:
        title, measured = self._say(f"{row}.title"), getattr(self._findings, row)
        if isinstance(measured, Unmeasured):
            why = self._say(f"why.{measured.why}")
            return Section(title, [], self._say("note.row", why=why, detail=measured.detail))
        said = sentences(row, measured, self._findings.machine)
        return Section(title, list(_LINES[row](self, measured)), passage(said, self._language))

    def _machine(self) -> str:
        machine = self._findings.machine
        return self._say(
            "machine",
            cores=times_of_cores(machine),
            python=machine.python,
            system=machine.system,
            gil=self._say("gil.on" if machine.gil else "gil.off"),
            took=self._say("seconds", seconds=f"{self._findings.took_s:.0f}"),
        )

    def _notes(self) -> Iterator[str]:
        machine = self._findings.machine
        if self._is_rough:
            yield self._say("note.rough")
        for what, why in machine.missing.items():
            name = self._say(f"kind.{what}") if what in KINDS else what
            yield self._say("note.missing", what=name, why=self._say(f"why.{why}"))
        if is_busy(machine):
            yield self._say("note.busy", load=machine.load_before, cores=times_of_cores(machine))

    def _time(self, found: Reading, factor: float = 1.0) -> str:
        """A duration; `~` before it says that it scattered."""
        return self._mark(found) + units.duration(found.median * factor)

    def _mark(self, found: Reading) -> str:
        is_rough = found.q3 - found.q1 > _ROUGH * found.median
        self._is_rough |= is_rough
        return "~" * is_rough

    def _methods(self, shown: dict[str, str]) -> str:
        """A line for each start method that was measured."""
        return "\n".join(f"{method} {shown[method]}" for method in START_METHODS if method in shown)

    def memory(self, row: Memory) -> Iterator[Line]:
        by_method = [is_seen for way, is_seen in row.seen.items() if way in START_METHODS]
        seen = row.seen | {"process": any(by_method)}
        cells = {way: self._say("yes" if is_seen else "no") for way, is_seen in seen.items()}
        yield Line(self._say("memory.line"), cells)

    def moving(self, row: Moving) -> Iterator[Line]:
        for size in row.cost_us["thread"]:
            cells = {way: self._time(costs[size]) for way, costs in row.cost_us.items()}
            process = self._say("moving.cell", pickle=cells["pickle"], shared=cells["shared"])
            yield Line(units.size(size), cells | {"process": process})

    def creation(self, row: Creation) -> Iterator[Line]:
        cells = {way: self._time(found) for way, found in row.start_us.items()}
        lines = dict(cells)
        if "forkserver" in cells:
            lines["forkserver"] += self._say("creation.first", first=cells["forkserver first"])
        yield Line(self._say("creation.line"), cells | {"process": self._methods(lines)})

    def footprint(self, row: Footprint) -> Iterator[Line]:
        for name, found in (("own", row.own_kib), ("share", row.share_kib)):
            cells = {way: self._mark(kib) + units.memory(kib.median) for way, kib in found.items()}
            if found:
                yield Line(self._say(f"footprint.{name}"), cells | {"process": self._methods(cells)})

    def crashes(self, row: Crashes) -> Iterator[Line]:
        for name, lives in (("segfault", row.after_segfault), ("exception", row.after_exception)):
            cells = {kind: self._say("crashes.alone" if is_so else "crashes.all") for kind, is_so in lives.items()}
            yield Line(self._say(f"crashes.{name}"), cells)
        stopped = {kind: self._say("crashes.killed" if can else "crashes.stuck") for kind, can in row.stopped.items()}
        yield Line(self._say("crashes.loop"), stopped)
        yield Line(self._say("crashes.pace"), {kind: units.percent(pace) for kind, pace in row.pace.items()})

    def gil(self, row: Gil) -> Iterator[Line]:
        for count in row.speed_up["process"]:
            cells = {way: self._ratio(found[count].median) for way, found in row.speed_up.items()}
            yield Line(self._say("gil.line", count=count), cells)
        for count, found in row.speed_up["thread in C"].items():
            if count > 1:
                yield Line(self._say("gil.line.c", count=count), {"thread": self._ratio(found.median)})

    def _ratio(self, ratio: float) -> str:
        return self._say("times", ratio=units.times(ratio))

    def waiting(self, row: Waiting) -> Iterator[Line]:
        alone = row.took_ms["alone"]
        took = {way: self._time(found, 1e3) for way, found in row.took_ms.items()}
        yield Line(self._say("waiting.line", waits=row.waits, wait=units.duration(row.wait_ms * 1e3)), took)
        speeds = {way: self._ratio(alone.median / found.median) for way, found in row.took_ms.items()}
        yield Line(self._say("waiting.line.speed", alone=took["alone"]), speeds)

    def mixture(self, row: Mixture) -> Iterator[Line]:
        alone = row.shapes[0].took_ms.median
        for shape in row.shapes:
            ratio = self._ratio(alone / shape.took_ms.median)
            cell = self._say("mixture.cell", took=self._time(shape.took_ms, 1e3), speed=ratio)
            yield Line(self._say("mixture.line", processes=shape.processes, threads=shape.threads), {"process": cell})


_LINES: dict[Row, Callable[[_Writer, Any], Iterator[Line]]] = {
    "memory": _Writer.memory,
    "moving": _Writer.moving,
    "creation": _Writer.creation,
    "footprint": _Writer.footprint,
    "crashes": _Writer.crashes,
    "gil": _Writer.gil,
    "waiting": _Writer.waiting,
    "mixture": _Writer.mixture,
}
