"""What all charts share: rows of arms, fixed margins (fonts differ from reader to reader), colours by variable."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from crawler.compare.report.drawing import Spec
from crawler.compare.report.look import look_of

NARROW: Final = 340
"""The width of a chart in pixels: a phone's, and a third of a desk's."""
WIDE: Final = 720

POINT: Final = {
    "stroke": {"field": "ink", "scale": None},
    "fill": {"field": "fill", "scale": None},
    "shape": {"field": "shape", "scale": None},
}
"""Channels of a point that shows an arm."""
INK: Final = {"field": "ink", "scale": None}

_LINE: Final = 14
"""The least distance between two names, in pixels."""
_FEW, _ALL = 4, 99
"""Marks of an axis: as many as one reads, and all that were chosen for it."""

_CONFIG: Final = {
    "background": None,
    "view": {"stroke": None},
    "font": "sans-serif",
    "axis": {
        "labelColor": "var(--ink)", "labelFontSize": 12, "titleColor": "var(--muted)", "titleFontSize": 12,
        "titleFontWeight": "normal", "titlePadding": 8, "tickColor": "var(--line)", "domainColor": "var(--line)",
        "gridColor": "var(--grid)",
    },
    "text": {"color": "var(--ink)", "fontSize": 12},
    "legend": {"disable": True},
}  # fmt: skip


class Frame(NamedTuple):
    """A drawing's whole width, its margins, and the height of a row, in pixels."""

    width: int = NARROW
    left: int = 176
    right: int = 12
    top: int = 6
    bottom: int = 40
    row: int = 22

    @property
    def plot(self) -> int:
        """The width that is left to draw in."""
        return self.width - self.left - self.right


def chart(frame: Frame, height: int, layers: Sequence[Spec]) -> Spec:
    """A spec of that size: what stands outside the plot stands in the margins, whatever the font."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "autosize": "none",
        "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        "width": frame.plot,
        "height": height,
        "config": _CONFIG,
        "layer": list(layers),
    }


def rows_of(names: Sequence[str], frame: Frame, *, has_labels: bool = True, padding: int = 18) -> Spec:
    """The channel that gives each name a row, in this order."""
    label = {"labelPadding": padding, "labelLimit": frame.left - 20}
    axis = {"title": None, "ticks": False, "domain": False, "grid": False} | label if has_labels else None
    return {"field": "arm", "type": "nominal", "scale": {"domain": list(names), "padding": 0}, "axis": axis}


def keys(names: Sequence[str], y: Spec) -> Spec:
    """The mark of each arm before its name: the legend, where it is needed."""
    looks = [{"arm": name} | look_of(arm_of(name)).marks for name in names]
    return mark("point", looks, size=50, y=y, x={"value": -10}, **POINT)


def mark(kind: str, values: Sequence[dict[str, Any]], **said: object) -> Spec:
    """A layer: what is named like a channel is encoded, all else describes the mark."""
    encoding = {name: one for name, one in said.items() if isinstance(one, dict)}
    described = {name: one for name, one in said.items() if not isinstance(one, dict)}
    return {
        "data": {"values": list(values)},
        "mark": {"type": kind, "aria": False, "opacity": 1, "tooltip": None} | described,
        "encoding": encoding,
    }


def x_of(field: str, title: str, *, log: bool = False, domain: Sequence[float] | None = None, **axis: object) -> Spec:
    """The horizontal channel."""
    scale: Spec = {"type": "log"} if log else {"zero": True, "nice": False}
    if domain is not None:
        scale |= {"domain": list(domain), "nice": False}
    shown = {"title": title, "grid": True, "ticks": False, "domain": False, "labelPadding": 6, "labelFlush": False}
    # A logarithmic axis leaves values out, chosen ones too, beyond as many as it thinks it has room for.
    count = _ALL if log and "values" in axis else _FEW
    return {"field": field, "type": "quantitative", "scale": scale, "axis": shown | {"tickCount": count} | axis}


def names_at_ends(ends: Mapping[str, float], frame: Frame, height: int) -> list[Spec]:
    """The name of each line beside its end, so many pixels from above, or as near to it as the others let it."""
    names = sorted(ends, key=ends.__getitem__)
    places = [ends[name] for name in names]
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + _LINE)
    limit = float(height)
    for at in reversed(range(len(places))):
        places[at] = min(places[at], limit)
        limit = places[at] - _LINE
    rows = [
        {"arm": name, "own": ends[name], "at": place, "ink": look_of(name).ink}
        for name, place in zip(names, places, strict=True)
    ]
    pixels: Spec = {"type": "quantitative", "scale": None, "axis": None}
    return [
        mark("rule", rows, strokeWidth=0.75, x={"value": frame.plot + 3}, x2={"value": frame.plot + 16}, stroke=INK,
             y=pixels | {"field": "own"}, y2={"field": "at"}),
        mark("text", rows, align="left", limit=frame.right - 20, x={"value": frame.plot + 19}, text={"field": "arm"},
             y=pixels | {"field": "at"}),
    ]  # fmt: skip


def arm_of(label: str) -> str:
    """The arm that a row's label begins with."""
    return label.partition(" ")[0]
