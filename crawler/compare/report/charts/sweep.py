"""Speed against concurrency: where more pages in the air stop helping."""

import math
from collections.abc import Mapping, Sequence

from crawler.compare.report.charts.canvas import INK, NARROW, POINT, WIDE, Frame, chart, mark, x_of
from crawler.compare.report.charts.scales import log_ticks, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_HEIGHT = 270
_LINE = 14
"""The least distance between two names, in pixels."""


def sweep(speeds: Mapping[str, Mapping[int, float]], bound: Mapping[int, float], *, is_wide: bool) -> Spec:
    """Pages a second of each arm at each concurrency, both axes logarithmic, and what the site's latency allows."""
    frame = Frame(width=WIDE if is_wide else NARROW, left=44, right=180, top=16, bottom=40)
    found = [value for of in speeds.values() for value in of.values() if value > 0]
    low, high = span_of(found, 1.15)
    levels = sorted({level for of in speeds.values() for level in of})
    x = x_of(
        "level", "pages in the air at once", log=True, domain=span_of(levels, 1.1), values=levels, labelOverlap=True
    )
    y = x_of("speed", "pages a second", log=True, domain=(low, high), values=log_ticks(low, high), format="~s")
    y["axis"] |= {"titleAngle": 0, "titleAnchor": "start", "titleAlign": "left", "titleX": 4, "titleY": 8}
    lines = [
        look_of(arm).marks | {"arm": arm, "level": level, "speed": speed}
        for arm, of in speeds.items()
        for level, speed in sorted(of.items())
        if speed > 0
    ]
    limit = [{"level": level, "speed": min(speed, high)} for level, speed in sorted(bound.items()) if low <= speed]
    ends = _ends(speeds, low, high)
    layers = [
        mark("line", limit, color="var(--muted)", strokeDash=[2, 4], strokeWidth=1.5, x=x, y=y),
        *(
            mark("line", [line for line in lines if line["arm"] == arm], strokeWidth=1.75, color=look_of(arm).ink,
                 strokeDash=[5, 3] if look_of(arm).is_hollow else [1, 0], x=x, y=y)
            for arm in speeds
        ),
        mark("point", lines, size=36, strokeWidth=1.5, x=x, y=y, **POINT),
        mark("rule", ends, strokeWidth=0.75, x={"value": frame.plot + 3}, x2={"value": frame.plot + 16}, stroke=INK,
             y={"field": "own", "type": "quantitative", "scale": None, "axis": None}, y2={"field": "at"}),
        mark("text", ends, align="left", limit=frame.right - 20, x={"value": frame.plot + 19}, text={"field": "arm"},
             y={"field": "at", "type": "quantitative", "scale": None, "axis": None}),
    ]  # fmt: skip
    return chart(frame, _HEIGHT, layers) | {"resolve": {"scale": {"y": "shared"}}}


def _ends(speeds: Mapping[str, Mapping[int, float]], low: float, high: float) -> list[dict[str, float | str]]:
    """Where each name stands: at the height of its line's end, or as near to that as the others let it."""
    scale = _HEIGHT / math.log(high / low)
    last = {arm: of[max(of)] for arm, of in speeds.items() if of and of[max(of)] > 0}
    own = {arm: _HEIGHT - math.log(speed / low) * scale for arm, speed in last.items()}
    names: Sequence[str] = sorted(own, key=lambda arm: own[arm])
    places = [own[arm] for arm in names]
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + _LINE)
    limit = float(_HEIGHT)
    for at in reversed(range(len(places))):
        places[at] = min(places[at], limit)
        limit = places[at] - _LINE
    return [
        {"arm": arm, "own": own[arm], "at": place, "ink": look_of(arm).ink}
        for arm, place in zip(names, places, strict=True)
    ]
