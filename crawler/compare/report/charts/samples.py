"""Every sample as a dot beside its median and middle half, so that nothing is hidden in a summary."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import Any, Final

from crawler.compare.report import figures
from crawler.compare.report.charts.canvas import INK, Frame, arm_of, chart, keys, mark, rows_of, x_of
from crawler.compare.report.charts.scales import even_ticks, is_drawable, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_BEHIND: Final = 3.0
"""An arm so many times slower than the next is told in words, or all others would be crowded in a corner."""
_SPREAD: Final = 0.6
"""The share of a row's height that its dots take up, the first round on top."""


def samples(walls_s: Mapping[str, Sequence[float]]) -> Spec:
    """A row for each arm's seconds, in the order in which they were measured."""
    frame = Frame()
    names = list(walls_s)
    height = frame.row * max(len(names), 1)
    able = {name: [wall for wall in walls if is_drawable(wall)] for name, walls in walls_s.items()}
    far = _stragglers(able)
    _, high = span_of([wall for name, walls in able.items() for wall in walls if name not in far])
    x = x_of("wall", "seconds", domain=(0, high), values=even_ticks(high))
    rows = rows_of(names, frame)
    y = {"field": "row", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    middles = [_middle(name, walls) for name, walls in able.items() if len(walls) > 1 and name not in far]
    beyond = [
        {"arm": name, "says": f"{figures.number(min(able[name]))}-{figures.number(max(able[name]))} ▸"}
        for name in far
    ]
    summaries = [
        mark("rule", middles, strokeWidth=18, strokeOpacity=0.22, y=rows, stroke=INK,
             x=x | {"field": "q1"}, x2={"field": "q3"}),
        mark("tick", middles, size=20, thickness=1.5, color="var(--ink)", x=x, y=rows),
        mark("text", beyond, align="right", x={"value": frame.plot}, y=rows, text={"field": "says"}),
        keys(names, rows),
    ]  # fmt: skip
    dots = [
        mark("line", _dots(walls, frame.row * (at + 0.5), frame.row * _SPREAD), strokeWidth=4.5, strokeCap="round",
             color=look_of(arm_of(name)).ink, order={"field": "order"}, x=x, y=y)
        for at, (name, walls) in enumerate(able.items())
        if name not in far
    ]  # fmt: skip
    layers: list[Spec] = [{"layer": summaries}, {"layer": dots}]
    return chart(frame, height, layers) | {"resolve": {"scale": {"y": "independent"}}}


def _stragglers(walls_s: Mapping[str, Sequence[float]]) -> set[str]:
    """The slowest arms, if there is a wide gap between them and all others."""
    slow: set[str] = set()
    ranked = sorted((name for name, walls in walls_s.items() if walls), key=lambda name: median(walls_s[name]))
    for faster, slower in pairwise(ranked):
        if slow or min(walls_s[slower]) > _BEHIND * max(walls_s[faster]):
            slow.add(slower)
    return slow if len(slow) * 2 < len(ranked) else set()


def _middle(name: str, walls: Sequence[float]) -> dict[str, Any]:
    q1, _, q3 = quantiles(walls, n=4, method="inclusive")
    return {"arm": name, "ink": look_of(arm_of(name)).ink, "wall": median(walls), "q1": q1, "q3": q3}


def _dots(walls: Sequence[float], row: float, spread: float) -> list[dict[str, Any]]:
    """Points with gaps between them: a line of such is round dots, and far smaller than a mark for each."""
    step = spread / max(len(walls) - 1, 1)
    points: list[dict[str, Any]] = []
    for at, wall in enumerate(walls):
        place = row - spread / 2 + step * at if len(walls) > 1 else row
        points += [{"wall": wall, "row": place, "order": 2 * at}, {"wall": None, "row": place, "order": 2 * at + 1}]
    return points
