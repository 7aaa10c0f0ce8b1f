"""Every sample as a dot beside its median and middle half, so that nothing is hidden in a summary."""

from collections.abc import Mapping, Sequence
from statistics import median, quantiles

from crawler.compare.report.charts.canvas import INK, POINT, Frame, arm_of, chart, keys, mark, rows_of, x_of
from crawler.compare.report.charts.scales import is_drawable, log_ticks, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_WIDE_SPAN = 6.0
"""From so many times the shortest on, a logarithmic axis."""


def samples(walls_s: Mapping[str, Sequence[float]]) -> Spec:
    """A row for each arm's seconds."""
    frame = Frame()
    y = rows_of(list(walls_s), frame)
    every = [wall for walls in walls_s.values() for wall in walls if is_drawable(wall)]
    low, high = span_of(every)
    is_log = high / low > _WIDE_SPAN
    ticks = {"values": log_ticks(low, high), "format": "~r"} if is_log else {}
    domain = (low, high) if is_log else (0, high)
    title = "seconds (log scale)" if is_log else "seconds"
    x = x_of("wall", title, log=is_log, domain=domain, **ticks)
    dots, middles = [], []
    for name, walls in walls_s.items():
        able = [wall for wall in walls if is_drawable(wall)]
        look = look_of(arm_of(name))
        dots += [look.marks | {"arm": name, "wall": wall} for wall in able]
        if len(able) > 1:
            q1, _, q3 = quantiles(able, n=4, method="inclusive")
            middles.append({"arm": name, "ink": look.ink, "wall": median(able), "q1": q1, "q3": q3})
    layers = [
        mark("rule", middles, strokeWidth=12, strokeOpacity=0.28, y=y, stroke=INK,
             x=x | {"field": "q1"}, x2={"field": "q3"}),
        mark("point", dots, size=16, strokeWidth=1, fillOpacity=0.55, x=x, y=y, **POINT),
        mark("tick", middles, size=16, thickness=2, color="var(--ink)", x=x, y=y),
        keys(list(walls_s), y),
    ]  # fmt: skip
    return chart(frame, frame.row * max(len(walls_s), 1), layers)
