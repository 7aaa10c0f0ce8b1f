"""Bars of arms: CPU a page, effective cores, pages lost."""

from collections.abc import Sequence
from typing import Final

from crawler.compare.report.charts.canvas import INK, Frame, chart, keys, mark, rows_of, x_of
from crawler.compare.report.charts.scales import even_ticks
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_LETTER: Final = 7.5
"""The width of a character in pixels, generously: the axis reaches so far beyond the longest bar that words fit."""


def bars(values: Sequence[tuple[str, float, str]], title: str, *, limits: Sequence[float] = ()) -> Spec:
    """A bar for each arm with its value in words behind it; `limits` are dashed lines, words stand beyond."""
    frame = Frame()
    names = [name for name, _, _ in values]
    y = rows_of(names, frame)
    most = max([value for _, value, _ in values] + list(limits), default=0.0) or 1.0
    room = frame.plot / (frame.plot - _LETTER * (1 + max((len(says) for _, _, says in values), default=0)))
    x = x_of("value", title, domain=(0, most * room), values=even_ticks(most))
    rows = [look_of(name).marks | {"arm": name, "value": value, "says": says} for name, value, says in values]
    height = frame.row * max(len(names), 1)
    layers = [
        mark("bar", rows, height=12, strokeWidth=1.5, x=x, y=y, fill={"field": "fill", "scale": None}, stroke=INK),
        keys(names, y),
        mark("rule", [{"value": limit} for limit in limits], color="var(--ink)", strokeDash=[3, 3], strokeWidth=1.5,
             x=x, y={"value": 0}, y2={"value": height}),
    ]  # fmt: skip
    aside: Spec = {"align": "right", "x": {"value": frame.plot}} if limits else {"align": "left", "dx": 5, "x": x}
    layers.append(mark("text", rows, y=y, text={"field": "says"}, **aside))
    return chart(frame, height, layers)
