"""What every lane of a crawl did at each moment: light is waiting, strong is computing."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from crawler.compare.report.charts.canvas import Frame, chart, mark, x_of
from crawler.compare.report.drawing import Spec
from crawler.compare.result import Span

WAITING, RECEIVING, QUEUING, COMPUTING = "waiting", "receiving", "queuing", "computing"
KINDS: Final = {
    "dns": WAITING, "connect": WAITING, "first byte": WAITING, "body": RECEIVING, "queue": QUEUING,
    "decode": COMPUTING, "parse": COMPUTING, "count": COMPUTING,
}  # fmt: skip
COLOURS: Final = {
    WAITING: "var(--waiting)", RECEIVING: "var(--receiving)", QUEUING: "var(--queuing)",
    COMPUTING: "var(--computing)",
}  # fmt: skip
MOST_LANES: Final = 12
"""Lanes of each sort that are shown; the others do the same."""
_PIXELS = 300
_ROW, _BAR = 10, 8


def timeline(spans: Sequence[Span], until_s: float) -> Spec:
    """A lane a row, fetching above analysing, from the beginning of the crawl on."""
    frame = Frame(left=64, right=14, top=4, bottom=40, row=_ROW)
    lanes = lanes_of(spans)
    height = _ROW * max(len(lanes), 1)
    rows = {lane: at * _ROW + _ROW / 2 for at, lane in enumerate(lanes)}
    x = x_of("at", "seconds since the crawl began", domain=(0, until_s))
    y = {"field": "row", "type": "quantitative", "scale": {"domain": [height, 0], "nice": False}, "axis": None}
    layers = [
        mark("line", _strokes(spans, rows, until_s, kind), strokeWidth=_BAR, strokeCap="butt", color=colour, x=x, y=y,
             order={"field": "order"})
        for kind, colour in COLOURS.items()
    ]  # fmt: skip
    layers.append(
        mark("text", _names(rows), align="right", x={"value": -8}, y=y, text={"field": "name"}, color="var(--ink)")
    )
    return chart(frame, height, layers)


def lanes_of(spans: Sequence[Span]) -> list[str]:
    """The lanes that are shown: fetching first, each sort by number."""
    lanes = sorted({span.lane for span in spans}, key=_order)
    sorts: dict[str, list[str]] = defaultdict(list)
    for lane in lanes:
        sorts[_sort(lane)].append(lane)
    return [lane for of in sorts.values() for lane in of[:MOST_LANES]]


def shares_of(spans: Sequence[Span]) -> dict[str, float]:
    """Which share of the lanes' time went into each kind, in the time that spans cover."""
    sums: dict[str, float] = dict.fromkeys(COLOURS, 0.0)
    for span in spans:
        sums[KINDS.get(span.phase, WAITING)] += span.end_s - span.start_s
    whole = sum(sums.values())
    return {kind: of / whole for kind, of in sums.items()} if whole else sums


def _strokes(spans: Sequence[Span], rows: dict[str, float], until_s: float, kind: str) -> list[dict[str, Any]]:
    """Stretches of one kind as one broken line, which is far smaller than a mark each; neighbours are joined."""
    apart_s = until_s / _PIXELS / 4
    joined: list[list[Any]] = []
    mine = (span for span in spans if KINDS.get(span.phase, WAITING) == kind and span.lane in rows)
    for span in sorted(mine, key=lambda span: (rows[span.lane], span.start_s)):
        begin, end, row = max(span.start_s, 0.0), min(span.end_s, until_s), rows[span.lane]
        if end <= begin:
            continue
        if joined and joined[-1][0] == row and begin - joined[-1][2] < apart_s:
            joined[-1][2] = max(joined[-1][2], end)
        else:
            joined.append([row, begin, end])
    points: list[dict[str, Any]] = []
    for row, begin, end in joined:
        points += [{"row": row, "at": begin}, {"row": row, "at": end}, {"row": row, "at": None}]
    return [point | {"order": at} for at, point in enumerate(points)]


def _names(rows: dict[str, float]) -> list[dict[str, Any]]:
    """The name of a sort of lanes, once, at its first lane."""
    first: dict[str, float] = {}
    for lane, row in rows.items():
        first.setdefault(_sort(lane), row)
    return [{"name": sort, "row": row} for sort, row in first.items()]


def _sort(lane: str) -> str:
    return lane.rpartition(" ")[0] or lane


def _order(lane: str) -> tuple[bool, str, int]:
    number = re.search(r"\d+$", lane)
    return not lane.startswith("fetch"), _sort(lane), int(number[0]) if number else 0
