"""Speed against concurrency: where more pages in the air stop helping."""

import math
from collections.abc import Mapping
from typing import Any

from crawler.compare.report.charts.canvas import NARROW, POINT, WIDE, Frame, chart, mark, names_at_ends, x_of
from crawler.compare.report.charts.scales import log_ticks, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_HEIGHT = 270


def sweep(speeds: Mapping[str, Mapping[int, float]], bound: Mapping[int, float], *, is_wide: bool) -> Spec:
    """Pages a second of each arm at each concurrency, both axes logarithmic, and what the site's latency allows."""
    frame = Frame(width=WIDE if is_wide else NARROW, left=44, right=180, top=16, bottom=40)
    found = [value for of in speeds.values() for value in of.values() if value > 0]
    low, high = span_of(found, 1.15)
    levels = sorted({level for of in speeds.values() for level in of})
    limits: dict[str, Any] = {"values": levels, "labelOverlap": "greedy"}
    x = x_of("level", "pages in the air at once", log=True, domain=span_of(levels, 1.1), **limits)
    y = x_of("speed", "pages a second", log=True, domain=(low, high), values=log_ticks(low, high), format="~s")
    y["axis"] |= {"titleAngle": 0, "titleAnchor": "start", "titleAlign": "left", "titleX": 4, "titleY": 8}
    lines = [
        look_of(arm).marks | {"arm": arm, "level": level, "speed": speed}
        for arm, of in speeds.items()
        for level, speed in sorted(of.items())
        if speed > 0
    ]
    limit = [{"level": level, "speed": min(speed, high)} for level, speed in sorted(bound.items()) if low <= speed]
    last = {arm: of[max(of)] for arm, of in speeds.items() if of and of[max(of)] > 0}
    ends = {arm: _HEIGHT * (1 - math.log(speed / low) / math.log(high / low)) for arm, speed in last.items()}
    layers = [
        mark("line", limit, color="var(--muted)", strokeDash=[2, 4], strokeWidth=1.5, x=x, y=y),
        *(
            mark("line", [line for line in lines if line["arm"] == arm], strokeWidth=1.75, color=look_of(arm).ink,
                 strokeDash=[5, 3] if look_of(arm).is_hollow else [1, 0], x=x, y=y)
            for arm in speeds
        ),
        mark("point", lines, size=36, strokeWidth=1.5, x=x, y=y, **POINT),
        *names_at_ends(ends, frame, _HEIGHT),
    ]  # fmt: skip
    return chart(frame, _HEIGHT, layers) | {"resolve": {"scale": {"y": "shared"}}}
