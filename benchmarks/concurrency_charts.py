"""The charts of docs/concurrency.md: findings in, Vega-Lite specs out, with labels in English or Japanese."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from crawler.compare.primitives.findings import (
    Creation,
    Findings,
    Footprint,
    Gil,
    Mixture,
    Moving,
    Reading,
    Waiting,
)
from crawler.compare.primitives.units import duration, memory, size, times

Spec: TypeAlias = dict[str, Any]
Unit: TypeAlias = Callable[[float], str]

INK: Final = {
    "task": "#047857",
    "thread": "#1d4ed8",
    "interpreter": "#7e22ce",
    "process": "#c2410c",
    "pickle": "#c2410c",
    "shared": "#be185d",
    "fork": "#c2410c",
    "forkserver": "#c2410c",
    "forkserver first": "#c2410c",
    "spawn": "#c2410c",
    "thread in C": "#0e7490",
    "alone": "#57534e",
}
"""A colour for each kind of worker, the same in every chart."""

WORDS: Final = {
    "en": {
        "task": "asyncio task",
        "thread": "thread",
        "interpreter": "sub-interpreter",
        "process": "process",
        "pickle": "process, pickle",
        "shared": "process, shared memory",
        "fork": "process, fork",
        "forkserver": "process, forkserver",
        "forkserver first": "forkserver, its first",
        "spawn": "process, spawn",
        "thread in C": "thread, C code",
        "alone": "one after another",
        "moving": "Handing data over: time until the receiver answers (log scales)",
        "moving.x": "size of the data",
        "creation": "Time to create a worker (log scale)",
        "creation.x": "from the order to its first line",
        "footprint": "Memory of its own per idle worker (log scale)",
        "footprint.x": "unique set size (USS)",
        "gil": "Computing: how many times as fast as one after another",
        "gil.x": "number of workers",
        "waiting": "{waits} waits of {wait}: time until the last answer",
        "waiting.x": "milliseconds",
        "mixture": "{jobs} jobs that wait {wait} and compute {compute}, by processes × threads",
        "mixture.x": "milliseconds",
    },
    "ja": {
        "task": "asyncioタスク",
        "thread": "スレッド",
        "interpreter": "サブインタプリタ",
        "process": "プロセス",
        "pickle": "プロセス（pickle）",
        "shared": "プロセス（共有メモリ）",
        "fork": "プロセス（fork）",
        "forkserver": "プロセス（forkserver）",
        "forkserver first": "forkserverの初回",
        "spawn": "プロセス（spawn）",
        "thread in C": "スレッド（Cの処理）",
        "alone": "逐次処理",
        "moving": "データの受け渡し：受け手が応答するまでの時間（両対数）",
        "moving.x": "データの大きさ",
        "creation": "ワーカーの生成時間（対数目盛）",
        "creation.x": "生成の指示から最初の行の実行まで",
        "footprint": "待機中のワーカー1個の固有メモリ（対数目盛）",
        "footprint.x": "固有のメモリ（USS）",
        "gil": "計算の速さ：逐次処理に対する速度比",
        "gil.x": "ワーカーの数",
        "waiting": "{wait}の待ち{waits}回：最後の応答までの時間",
        "waiting.x": "ミリ秒",
        "mixture": "{wait}待って{compute}計算する仕事{jobs}個（プロセス数×スレッド数）",
        "mixture.x": "ミリ秒",
    },
}

_LEFT: Final = 170
_WIDTH: Final = 440
_ROW: Final = 30
_SPREAD: Final = {"strokeWidth": 5, "opacity": 0.3}
"""How the middle half of the repetitions is drawn."""
_POINT: Final = {"filled": True, "size": 60, "opacity": 1}
_CONFIG: Final = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "#292524", "labelFontSize": 12, "titleColor": "#57534e", "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": "#e7e5e4", "domainColor": "#a8a29e", "tickColor": "#a8a29e",
        "labelFlush": False,
    },
    "title": {"color": "#1c1917", "fontSize": 14, "fontWeight": "bold", "anchor": "start", "offset": 14},
}  # fmt: skip


def charts(findings: Findings, language: str) -> dict[str, Spec]:
    """Every chart whose row was measured, by name."""
    drawn = {
        "moving": (Moving, _moving),
        "creation": (Creation, _creation),
        "footprint": (Footprint, _footprint),
        "gil": (Gil, _gil),
        "waiting": (Waiting, _waiting),
        "mixture": (Mixture, _mixture),
    }
    found: dict[str, Spec] = {}
    for name, (kind, draw) in drawn.items():
        row = getattr(findings, name)
        if isinstance(row, kind):
            found[name] = draw(row, WORDS[language])
    return found


def _moving(row: Moving, words: dict[str, str]) -> Spec:
    order = [way for way in ("task", "thread", "interpreter", "shared", "pickle") if way in row.cost_us]
    values = [
        {"way": way, "size": count, "y": cost.median, "low": cost.q1, "high": cost.q3, "ink": INK[way]}
        for way in order
        for count, cost in row.cost_us[way].items()
    ]
    most = max(row.cost_us["thread"])
    ends = _spread_apart({way: row.cost_us[way][most].median for way in order})
    labels = [
        {
            "size": most,
            "y": ends[way],
            "label": f"{words[way]} {duration(row.cost_us[way][most].median)}",
            "ink": INK[way],
        }
        for way in order
    ]
    sizes = sorted(row.cost_us["thread"])
    x = _quantity("size", words["moving.x"], sizes, _spelled(sizes, [size(one) for one in sizes]), log=True)
    ticks = [1, 10, 100, 1_000, 10_000, 100_000]
    y = _quantity("y", None, ticks, _spelled(ticks, [duration(one) for one in ticks]), log=True)
    y["scale"]["domain"] = [1, 100_000]
    return _chart(
        words["moving"], 260, left=60, right=220,
        layers=_curves(values, labels, x, y),
    )  # fmt: skip


def _creation(row: Creation, words: dict[str, str]) -> Spec:
    order = ["task", "thread", "fork", "forkserver", "forkserver first", "interpreter", "spawn"]
    ticks = [1, 10, 100, 1_000, 10_000, 100_000]
    return _dots("creation", {way: row.start_us[way] for way in order if way in row.start_us}, duration, ticks, words)


def _footprint(row: Footprint, words: dict[str, str]) -> Spec:
    order = ["task", "thread", "fork", "forkserver", "interpreter", "spawn"]
    ticks = [0.1, 1, 10, 100, 1024, 10_240]
    return _dots("footprint", {way: row.own_kib[way] for way in order if way in row.own_kib}, memory, ticks, words)


def _gil(row: Gil, words: dict[str, str]) -> Spec:
    order = [way for way in ("task", "thread", "interpreter", "thread in C", "process") if way in row.speed_up]
    values = [
        {"way": way, "count": count, "y": speed.median, "low": speed.q1, "high": speed.q3, "ink": INK[way]}
        for way in order
        for count, speed in row.speed_up[way].items()
    ]
    counts = sorted(row.speed_up["process"])
    top = max(2.5, *(speed.q3 for way in order for speed in row.speed_up[way].values())) * 1.05
    ends = _spread_apart({way: row.speed_up[way][counts[-1]].median for way in order}, gap=top / 14, ratio=False)
    labels = [
        {"count": counts[-1], "y": ends[way], "label": f"{words[way]} {times(row.speed_up[way][counts[-1]].median)}",
         "ink": INK[way]}
        for way in order
    ]  # fmt: skip
    x = _quantity("count", words["gil.x"], counts, None)
    x["scale"]["domain"] = [counts[0], counts[-1]]
    y = _quantity("y", None, [0, 1, 2, 3, 4], None)
    y["scale"]["domain"] = [0, top]
    return _chart(
        words["gil"], 240, left=40, right=200,
        layers=_curves(values, labels, x, y),
    )  # fmt: skip


def _waiting(row: Waiting, words: dict[str, str]) -> Spec:
    order = [way for way in ("alone", "process", "interpreter", "thread", "task") if way in row.took_ms]
    bars = {words[way]: (row.took_ms[way], INK[way]) for way in order}
    title = words["waiting"].format(waits=row.waits, wait=duration(row.wait_ms * 1e3))
    return _bars(title, bars, words["waiting.x"])


def _mixture(row: Mixture, words: dict[str, str]) -> Spec:
    inks = {(False, False): "alone", (False, True): "thread", (True, False): "process", (True, True): "task"}
    bars = {shape.name: (shape.took_ms, INK[inks[shape.processes > 1, shape.threads > 1]]) for shape in row.shapes}
    wait, compute = duration(row.wait_ms * 1e3), duration(row.compute_ms * 1e3)
    return _bars(words["mixture"].format(jobs=row.jobs, wait=wait, compute=compute), bars, words["mixture.x"])


def _dots(name: str, found: dict[str, Reading], unit: Unit, ticks: Sequence[float], words: dict[str, str]) -> Spec:
    """A row for each way, on a logarithmic axis, where a bar would have no beginning."""
    rows = [words[way] for way in found]
    values = [
        {
            "row": words[way],
            "x": one.median,
            "low": one.q1,
            "high": one.q3,
            "ink": INK[way],
            "label": unit(one.median),
        }
        for way, one in found.items()
    ]
    x = _quantity("x", words[f"{name}.x"], ticks, _spelled(ticks, [unit(tick) for tick in ticks]), log=True)
    x["scale"]["domain"] = [ticks[0], ticks[-1] * 4]
    y = _names(rows)
    return _chart(
        words[name], _ROW * len(rows), left=_LEFT, right=70,
        layers=[
            _layer("rule", values, y=y, x=x | {"field": "low"}, x2={"field": "high"}, mark=_SPREAD),
            _layer("point", values, y=y, x=x, mark=_POINT),
            _text(values, x=x, y=y),
        ],
    )  # fmt: skip


def _bars(title: str, bars: dict[str, tuple[Reading, str]], unit: str) -> Spec:
    values = [
        {"row": row, "x": one.median, "low": one.q1, "high": one.q3, "ink": ink, "label": duration(one.median * 1e3)}
        for row, (one, ink) in bars.items()
    ]
    x = {"field": "x", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}}
    y = _names(list(bars))
    return _chart(
        title, _ROW * len(bars), left=_LEFT, right=70,
        layers=[_layer("bar", values, x=x, y=y, mark={"height": 18}), _text(values, x=x, y=y)],
    )  # fmt: skip


def _chart(title: str, height: int, *, left: int, right: int, layers: list[Spec]) -> Spec:
    """On paper of its own, so that it can be read in the dark too; its margins hold whatever the reader's font."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "#fafaf9",
        "autosize": "none",
        "padding": {"left": left, "right": right, "top": 44, "bottom": 48},
        "width": _WIDTH + _LEFT + 70 - left - right,
        "height": height,
        "title": {"text": title, "frame": "group", "dx": 16 - left},
        "config": _CONFIG,
        "layer": layers,
    }


def _curves(values: list[Any], labels: list[Any], x: Spec, y: Spec) -> list[Spec]:
    return [
        _layer("rule", values, x=x, y=y | {"field": "low"}, y2={"field": "high"}, mark=_SPREAD),
        _layer("line", values, x=x, y=y, detail={"field": "way"}, mark={"strokeWidth": 2}),
        _layer("point", values, x=x, y=y, mark=_POINT),
        _text(labels, x=x, y=y),
    ]


def _layer(kind: str, values: list[Any], *, mark: Spec, **channels: Spec) -> Spec:
    ink = {"color": {"field": "ink", "type": "nominal", "scale": None, "legend": None}}
    return {"data": {"values": values}, "mark": {"type": kind, "clip": False} | mark, "encoding": channels | ink}


def _text(values: list[Any], **channels: Spec) -> Spec:
    mark = {"align": "left", "dx": 9, "baseline": "middle", "fontSize": 12}
    return _layer("text", values, mark=mark, text={"field": "label", "type": "nominal"}, **channels)


def _names(rows: list[str]) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 8, "labelLimit": _LEFT - 10}
    return {"field": "row", "type": "nominal", "sort": rows, "axis": axis}


def _quantity(
    field: str, title: str | None, ticks: Sequence[float], spelled: str | None, *, log: bool = False
) -> Spec:
    axis: Spec = {"title": title, "values": ticks} | ({"labelExpr": spelled} if spelled else {})
    return {
        "field": field,
        "type": "quantitative",
        "axis": axis,
        "scale": {"type": "log"} if log else {"zero": False},
    }


def _spelled(ticks: Sequence[float], names: list[str]) -> str:
    """A Vega expression that has each tick's name."""
    round_names = [name.replace(".0 ", " ") for name in names]
    cases = [f"datum.value == {tick} ? '{name}'" for tick, name in zip(ticks, round_names, strict=True)]
    return " : ".join([*cases, "''"])


def _spread_apart(ends: dict[str, float], gap: float = 1.9, *, ratio: bool = True) -> dict[str, float]:
    """Where labels stand so that none covers another: each at least a `gap` above the one below it."""
    placed: dict[str, float] = {}
    least = 0.0
    for name, value in sorted(ends.items(), key=lambda end: end[1]):
        placed[name] = max(value, least)
        least = placed[name] * gap if ratio else placed[name] + gap
    return placed
