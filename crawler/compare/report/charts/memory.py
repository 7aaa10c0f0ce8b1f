"""Memory: what each process has for itself, stacked, and the peak of the whole tree."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from crawler.compare.report.charts.canvas import Frame, chart, keys, mark, rows_of, x_of
from crawler.compare.report.charts.scales import even_ticks
from crawler.compare.report.drawing import Spec

_ORDER: Final = ("main", "fork server", "resource tracker")
_COLOURS: Final = ("var(--strong)", "var(--faint)", "var(--faint)", "var(--middle)")
"""Of the processes in this order; workers come last."""
_ROOM = 1.3


class Memory(NamedTuple):
    """One arm's: the peak of the summed proportional sets, and each process's unique set, in MiB."""

    arm: str
    peak_pss_mib: float
    uss_mib: Mapping[str, float]


def memory(of: Sequence[Memory]) -> Spec:
    """Stacked bars, `main` first, and a line at the peak."""
    frame = Frame()
    names = [one.arm for one in of]
    y = rows_of(names, frame)
    parts: list[dict[str, Any]] = []
    most = max((one.peak_pss_mib for one in of), default=0.0)
    for one in of:
        end = 0.0
        for process in sorted(one.uss_mib, key=_place):
            begin, end = end, end + one.uss_mib[process]
            parts.append({"arm": one.arm, "from": begin, "to": end, "fill": _COLOURS[_place(process)[0]]})
        most = max(most, end)
    x = x_of("to", "MiB", domain=(0, (most or 1.0) * _ROOM), values=even_ticks(most))
    peaks = [{"arm": one.arm, "to": one.peak_pss_mib, "says": f"{one.peak_pss_mib:,.0f}"} for one in of]
    layers = [
        mark("bar", parts, height=12, stroke="var(--paper)", strokeWidth=1, y=y,
             x=x | {"field": "from"}, x2={"field": "to"}, fill={"field": "fill", "scale": None}),
        keys(names, y),
        mark("tick", peaks, size=18, thickness=2, color="var(--ink)", x=x, y=y),
        mark("text", peaks, align="left", dx=6, x=x, y=y, text={"field": "says"}),
    ]  # fmt: skip
    return chart(frame, frame.row * max(len(names), 1), layers)


def _place(process: str) -> tuple[int, str]:
    return _ORDER.index(process) if process in _ORDER else len(_ORDER), process
