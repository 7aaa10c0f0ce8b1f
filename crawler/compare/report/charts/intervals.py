"""How many times as fast as the reference each arm was: estimate, interval, noise floor and bound."""

from collections.abc import Sequence
from typing import Final

from crawler.compare.judgement import Standing, WorkJudgement
from crawler.compare.report import figures
from crawler.compare.report.charts.canvas import (
    INK,
    NARROW,
    POINT,
    WIDE,
    Frame,
    chart,
    keys,
    mark,
    rows_of,
    x_of,
)  # fmt: skip
from crawler.compare.report.charts.scales import is_drawable, log_ticks, span_of
from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

_FAR: Final = 3.0
"""A bound that is so many times beyond the fastest is told in words, or all arms would be crowded in a corner."""
_BEHIND: Final = 4.0
"""An arm so many times behind the next is told by an arrow, for the same reason."""
_DECIDED: Final = ("faster", "slower", "reference")
_TONE: Final = {"field": "tone", "scale": None}
_WIDE: Final = Frame(width=WIDE, left=190, right=140, top=20, bottom=42, row=26)
_SLIM: Final = Frame(width=NARROW, left=12, right=12, top=20, bottom=42, row=44)


def intervals(judged: WorkJudgement, reference: str, *, is_wide: bool) -> Spec:
    """A row an arm, the fastest first; what has no speed says why instead."""
    frame = _WIDE if is_wide else _SLIM
    names = [standing.arm for standing in judged.standings]
    height = frame.row * max(len(names), 1)
    bound = bound_speed(judged, reference)
    rows = [_row(standing) for standing in judged.standings]
    domain = _domain(judged, bound)
    shown = [row for row in rows if "middle" in row and row["middle"] >= domain[0]]
    beyond = [row for row in rows if "middle" in row and row["middle"] < domain[0]]
    y = rows_of(names, frame, has_labels=is_wide)
    below = 0 if is_wide else 9
    title = f"times as fast as {reference}" + (" (log scale)" if is_wide else "")
    x = x_of("middle", title, log=True, domain=domain, values=log_ticks(*domain), format="~r")
    bar = {"y": {"value": 0}, "y2": {"value": height}}
    floor = [{"low": 1 / (1 + judged.noise), "high": 1 + judged.noise}]
    layers = [
        mark("rect", floor, color="var(--band)", x=x | {"field": "low"}, x2={"field": "high"}, **bar),
        mark("rule", [{"middle": 1}], color="var(--muted)", strokeWidth=1.5, x=x, **bar),
        mark("rule", shown, strokeWidth=3, strokeCap="round", yOffset=below, y=y, stroke=INK,
             x=x | {"field": "low"}, x2={"field": "high"}),
        mark("point", shown, size=90, strokeWidth=2, yOffset=below, x=x, y=y, **POINT),
        mark("text", beyond, align="left", yOffset=below, x={"value": 2}, y=y, text={"value": "◂"}, color=INK),
        *_bound(bound, domain, x, bar),
    ]  # fmt: skip
    if is_wide:
        says: Spec = {"align": "left", "x": {"value": frame.plot + 14}}
        return chart(frame, height, [*layers, keys(names, y), _says(rows, y, **says)])
    names_above = mark("text", rows, align="left", yOffset=-9, limit=185, x={"value": 10}, y=y, text={"field": "arm"})
    keys_above = mark("point", rows, size=50, yOffset=-9, x={"value": 0}, y=y, **POINT)
    says = {"align": "right", "yOffset": -9, "x": {"value": frame.plot}}
    return chart(frame, height, [*layers, keys_above, names_above, _says(rows, y, **says)])


def _says(rows: Sequence[Spec], y: Spec, **where: object) -> Spec:
    return mark("text", rows, y=y, text={"field": "says"}, color=_TONE, **where)


def _domain(judged: WorkJudgement, bound: float | None) -> tuple[float, float]:
    """What the axis shows: all speeds but those of stragglers, the noise floor, and the bound if it is near."""
    speeds = sorted((one.speed for one in judged.standings if one.speed and _has_speed(one)), key=lambda it: it.low)
    while len(speeds) > 1 and speeds[1].low > speeds[0].middle * _BEHIND:
        del speeds[0]
    reach = [1 / (1 + judged.noise), 1 + judged.noise, 0.8, 1.25]
    reach += [value for speed in speeds for value in (speed.low, speed.high)]
    if bound and bound <= _FAR * max(reach):
        reach.append(bound)
    return span_of(reach)


def bound_speed(judged: WorkJudgement, reference: str) -> float | None:
    """How many times as fast as the reference nothing can be; None where that is not known."""
    wall = next((one.wall_s for one in judged.standings if one.arm == reference and one.wall_s), None)
    if wall is None or not is_drawable(wall.median, judged.bound.least_s):
        return None
    return wall.median / judged.bound.least_s


def _bound(bound: float | None, domain: tuple[float, float], x: Spec, bar: Spec) -> list[Spec]:
    if bound is None:
        return []
    inside = domain[0] <= bound <= domain[1]
    text = f"bound {figures.ratio(bound)}" + ("" if inside else " ▸")
    at = [{"middle": min(bound, domain[1]), "says": text}]
    layers = [mark("text", at, align="right" if bound > 1 else "left", baseline="bottom", color="var(--muted)", x=x,
                   y={"value": -4}, text={"field": "says"})]  # fmt: skip
    if inside:
        layers.append(mark("rule", at, color="var(--ink)", strokeDash=[3, 3], strokeWidth=1.5, x=x, **bar))
    return layers


def _row(standing: Standing) -> Spec:
    """An arm with what is said of it, and its interval where it has one."""
    about: Spec = look_of(standing.arm).marks | {"arm": standing.arm}
    about["tone"] = "var(--ink)" if standing.finding in _DECIDED else "var(--muted)"
    speed = standing.speed
    if speed is None or not _has_speed(standing):
        return about | {"says": _SAYS.get(standing.finding, standing.finding)}
    says = "the reference" if standing.finding == "reference" else figures.interval(speed)
    return about | {"low": speed.low, "middle": speed.middle, "high": speed.high, "says": says}


_SAYS: Final = {"reference": "the reference"}


def _has_speed(standing: Standing) -> bool:
    speed = standing.speed
    return (
        standing.finding != "disqualified" and speed is not None and is_drawable(speed.low, speed.middle, speed.high)
    )
