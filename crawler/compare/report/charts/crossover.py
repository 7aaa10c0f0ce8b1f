"""Time against computing by waiting: on the left all arms wait alike, on the right each computes as it can."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from crawler.compare.judgement import Crossover, Rung, Spread
from crawler.compare.report.charts.canvas import (
    INK,
    NARROW,
    POINT,
    WIDE,
    Frame,
    chart,
    mark,
    names_at_ends,
    x_of,
)  # fmt: skip
from crawler.compare.report.charts.scales import log_ticks, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_HEIGHT = 320
_STEP = 3.0
"""How much further right the rung stands on which nothing is waited for, if none before it tells."""


class Words(NamedTuple):
    """What stands in the chart, for each language that it is drawn in."""

    x: str = "CPU time / latency, of a page"
    y: str = "seconds for all pages"
    waiting: str = "waiting"
    computing: str = "computing"
    one_core: str = "1 core full"
    all_cores: str = "{cores} cores full"
    no_wait: str = "no wait"
    title: str = "Computing beside waiting, and the time for {pages} pages (log scales)"


ENGLISH: Final = Words()


def crossover(
    found: Crossover, walls_s: Mapping[str, Mapping[str, Spread]], *, is_wide: bool, words: Words = ENGLISH
) -> Spec:
    """A line an arm, both axes logarithmic; `walls_s` are by arm and rung. Rings are where two change places."""
    frame = Frame(width=WIDE if is_wide else NARROW, left=44, right=166 if is_wide else 128, top=42, bottom=44)
    places = _places(found.rungs)
    every = [value for of in walls_s.values() for spread in of.values() for value in (spread.q1, spread.q3)]
    low, high = span_of(every, 1.2)
    domain = span_of(list(places.values()), 1.3)
    beyond = max(places.values()) if math.isinf(found.rungs[-1].load) else math.inf
    finite = [rung.load for rung in found.rungs if not math.isinf(rung.load)] or [1.0]
    ticks = log_ticks(domain[0], max(finite) * 1.3)
    ticks = [tick for tick in ticks if is_wide or math.log10(tick).is_integer()] or ticks  # a phone has room for few
    ticks += [beyond] if beyond < math.inf else []
    label = f"datum.value > {max(finite) * 1.3} ? '{words.no_wait}' : format(datum.value, '~g')"
    x = x_of("load", words.x, log=True, domain=domain, values=ticks, labelOverlap=False, labelExpr=label)
    y = x_of("wall", words.y, log=True, domain=(low, high), values=log_ticks(low, high), format="~g")
    y["axis"] |= {
        "titleAngle": 0,
        "titleAnchor": "start",
        "titleAlign": "left",
        "titleX": 4 - frame.left,
        "titleY": -30,
    }
    points = {
        arm: [
            look_of(arm).marks | {"load": places[work], "wall": one.median, "low": one.q1, "high": one.q3}
            for work, one in sorted(of.items(), key=lambda item: places[item[0]])
        ]
        for arm, of in walls_s.items()
    }
    ends = {
        arm: _HEIGHT * (1 - math.log(of[-1]["wall"] / low) / math.log(high / low)) for arm, of in points.items() if of
    }
    layers = [
        *_regions(found, domain, frame, words),
        *(
            mark("line", of, strokeWidth=1.75, color=look_of(arm).ink,
                 strokeDash=[5, 3] if look_of(arm).is_hollow else [1, 0], x=x, y=y)
            for arm, of in points.items()
        ),
        *(mark("rule", of, strokeWidth=4, strokeOpacity=0.3, x=x, y=y | {"field": "low"}, y2={"field": "high"},
               stroke=INK) for of in points.values()),
        *(mark("point", of, size=44, strokeWidth=1.5, x=x, y=y, **POINT) for of in points.values()),
        *_rings(found, points, x, y),
        *names_at_ends(ends, frame, _HEIGHT),
    ]  # fmt: skip
    return chart(frame, _HEIGHT, layers)


def _places(rungs: Sequence[Rung]) -> dict[str, float]:
    """Where each rung stands: at its load, and where nothing is waited for one step further."""
    finite = sorted(rung.load for rung in rungs if not math.isinf(rung.load))
    step = finite[-1] / finite[-2] if len(finite) > 1 else _STEP
    beyond = finite[-1] * step if finite else 1.0
    return {rung.work: beyond if math.isinf(rung.load) else rung.load for rung in rungs}


def _regions(found: Crossover, domain: tuple[float, float], frame: Frame, words: Words) -> list[Spec]:
    """What fills the time on either side: until one core is full, computing hides behind waiting."""
    scale = frame.plot / math.log(domain[1] / domain[0])

    def pixel(load: float) -> float:
        return min(max(math.log(load / domain[0]) * scale, 0.0), float(frame.plot))

    one, every = pixel(found.one_core), pixel(found.all_cores)
    cores = f"{found.all_cores / found.one_core:g}"
    flat = {"type": "quantitative", "scale": None, "axis": None}
    said = [
        {"x": one / 2, "says": words.waiting, "width": one},
        {"x": (every + frame.plot) / 2, "says": words.computing, "width": frame.plot - every},
    ]
    edges = [
        {"x": place, "says": says, "align": align}
        for place, says, align in (
            (one, words.one_core, "right"),
            (every, words.all_cores.format(cores=cores), "left"),
        )
        if 0 < place < frame.plot
    ]
    top = {"value": 0}
    return [
        mark("rect", [{"x": 0, "end": one}], color="var(--band)", x=flat | {"field": "x"}, x2={"field": "end"}, y=top,
             y2={"value": _HEIGHT}),
        mark("rule", edges, color="var(--muted)", strokeDash=[3, 3], x=flat | {"field": "x"}, y=top,
             y2={"value": _HEIGHT}),
        mark("text", [row for row in said if row["width"]], color="var(--muted)", fontStyle="italic",
             baseline="bottom", x=flat | {"field": "x"}, y={"value": _HEIGHT - 6}, text={"field": "says"}),
        *(mark("text", [row], align=row["align"], dx=-3 if row["align"] == "right" else 3, color="var(--muted)",
               baseline="bottom", x=flat | {"field": "x"}, y={"value": -3}, text={"field": "says"}) for row in edges),
    ]  # fmt: skip


def _rings(found: Crossover, points: Mapping[str, Sequence[Spec]], x: Spec, y: Spec) -> list[Spec]:
    """A ring where two lines change places, and a bar as wide as that is uncertain."""
    rings = []
    for met in found.meetings:
        line = points.get(met.arms[0], ())
        if met.level and len(line) > 1:
            wall = _at(line, met.level.middle)
            rings.append({"load": met.level.middle, "from": met.level.low, "to": met.level.high, "wall": wall})
    return [
        mark("rule", rings, strokeWidth=1.5, color="var(--ink)", x=x | {"field": "from"}, x2={"field": "to"}, y=y),
        mark("point", rings, size=150, strokeWidth=1.5, stroke="var(--ink)", fill=None, shape="circle", x=x, y=y),
    ]


def _at(line: Sequence[Spec], load: float) -> float:
    """The height of a line at a load."""
    after = next((at for at, one in enumerate(line) if one["load"] >= load), len(line) - 1)
    left, right = line[max(after - 1, 0)], line[max(after, 1)]
    share = math.log(load / left["load"]) / math.log(right["load"] / left["load"])
    return float(math.exp(math.log(left["wall"]) * (1 - share) + math.log(right["wall"]) * share))
