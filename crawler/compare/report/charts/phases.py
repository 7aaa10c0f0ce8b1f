"""How long pages spent in one phase under each arm: the middle page, and the slow ones."""

from collections.abc import Mapping, Sequence

from crawler.compare.report.charts.canvas import INK, POINT, Frame, chart, mark, rows_of, x_of
from crawler.compare.report.charts.scales import is_drawable, log_ticks
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of
from crawler.compare.result import Percentiles


def phase(of: Mapping[str, Percentiles], domain: tuple[float, float]) -> Spec:
    """A row for each arm: a dot at the median, a tick at p95, a line as far as p99; the same axis for all phases."""
    frame = Frame(row=18)
    names: Sequence[str] = list(of)
    y = rows_of(names, frame, padding=8)
    x = x_of("p50", "ms (log scale)", log=True, domain=domain, values=log_ticks(*domain), format="~g")
    low = domain[0]
    rows = [
        look_of(arm).marks | {"arm": arm, "p50": max(one.p50_ms, low), "p95": max(one.p95_ms, low), "p99": one.p99_ms}
        for arm, one in of.items()
        if is_drawable(one.p99_ms) and one.p99_ms > low
    ]
    layers = [
        mark("rule", rows, strokeWidth=1.5, x=x, x2={"field": "p99"}, y=y, stroke=INK),
        mark("tick", rows, size=10, thickness=1.5, x=x | {"field": "p95"}, y=y, color=INK),
        mark("point", rows, size=40, strokeWidth=1.5, x=x, y=y, **POINT),
    ]
    return chart(frame, frame.row * max(len(names), 1), layers)
