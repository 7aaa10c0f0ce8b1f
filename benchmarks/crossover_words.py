"""The crossover in words for the page in docs/, in English and in Japanese."""

from collections.abc import Iterator
from math import inf
from typing import Final

from crawler.compare.judgement import Interval, Judgement, LadderEnd, Meeting
from crawler.compare.overtaking import clock, crossover_verdict
from crawler.compare.report import figures, rungs
from crawler.compare.report.charts.crossover import Words
from crawler.compare.result import Result

JAPANESE: Final = Words(
    x="1ページあたりのCPU時間 / 待ち時間",
    y="全ページの秒数",
    waiting="待ち",
    computing="計算",
    one_core="1コアが埋まる",
    all_cores="{cores}コアが埋まる",
    no_wait="待ちなし",
    title="待ちに対する計算の割合と、{pages}ページにかかる時間（両対数）",
)
_COLUMNS: Final = {
    "en": ("latency", "CPU ms a page", "CPU by latency"),
    "ja": ("待ち時間", "CPU（ms／ページ）", "CPU／待ち"),
}


def sentences(judgement: Judgement, language: str) -> list[str]:
    """What the ladder showed."""
    assert judgement.crossover is not None
    if language == "en":
        return list(crossover_verdict(judgement.crossover, judgement.reference))
    return list(_japanese(judgement))


def titles(judgement: Judgement, language: str) -> list[str]:
    """The heads of the table's columns."""
    return [*_COLUMNS[language], *(f"`{arm}`" for arm in rungs.walls_s(judgement))]


def waits(judgement: Judgement, language: str) -> list[str]:
    """What is waited for on each rung."""
    assert judgement.crossover is not None
    none = {"en": "none", "ja": "なし"}[language]
    return [clock(rung.latency_s) if rung.latency_s else none for rung in judgement.crossover.rungs]


def machine(result: Result, language: str) -> str:
    """Where it was measured, and what disturbed it."""
    at = result.environment
    rounds = max(sample.round for sample in result.samples if sample.role == "measured")
    load = f"{at.load_before:.1f}"
    others = "; ".join(note for note in result.notes if note.startswith("other processes"))
    if language == "en":
        disturbed = f", {others}" if others else ""
        return (
            f"Seconds are medians of {rounds} rounds in random order, taken in {figures.clock(result.took_s)} min on"
            f" {at.usable_cores:g} cores with {result.concurrency} pages in the air at once (CPython {at.python},"
            f" {at.machine}; load {load} before{disturbed})."
        )
    disturbed = "、ほかの処理が動いていた" if others else ""
    return (
        f"秒数は、順序を無作為に入れ替えた{rounds}回の測定の中央値である（{figures.clock(result.took_s)}分間、"
        f"{at.usable_cores:g}コア、同時に取得するページ数{result.concurrency}、CPython {at.python}、{at.machine}、"
        f"開始前の負荷{load}{disturbed}）。"
    )


def _japanese(judgement: Judgement) -> Iterator[str]:
    found = judgement.crossover
    assert found is not None
    yield "".join(map(_end, found.ends))
    crossings = [met for met in found.meetings if met.kind == "crossing"]
    if not crossings:
        yield "逆転は見つからなかった。待ちが長ければ速く、短ければ遅いという方式の組はない。"
    yield from (_told(met) for met in found.meetings if judgement.reference in met.arms)
    others = [met for met in crossings if judgement.reference not in met.arms]
    if others:
        pairs = "、".join(f"`{met.arms[0]}`と`{met.arms[1]}`" for met in others)
        yield f"ほかに逆転した組：{pairs}。"


def _end(end: LadderEnd) -> str:
    wait = f"待ち時間{clock(end.latency_s)}では" if end.latency_s else "待ちがなければ"
    if end.speed is None:
        return f"{wait}、標本が足りず何も言えない。"
    if not end.fastest:
        return f"{wait}、どの方式にも差は見られない。"
    beside = f"（{'、'.join(f'`{arm}`' for arm in end.beside)}とは差が見られない）" if end.beside else ""
    return f"{wait}`{end.fastest}`が最も速く{beside}、最も遅い`{end.slowest}`の{_times(end.speed)}である。"


def _told(met: Meeting) -> str:
    first, second = (f"`{arm}`" for arm in met.arms)
    match met.kind:
        case "crossing":
            at = met.level
            where = (
                f"1ページの計算時間が待ち時間の{_times(at)}のところ"
                f"（このページでは待ち時間{clock(met.cpu_s / at.middle)}）"
                if at
                else f"待ちのある最後の段（計算時間が待ち時間の{met.span[0]:.2g}倍）より先"
            )
            return (
                f"{first}と{second}は、{where}で逆転する。待ちがそれより長ければ{first}が最大で{_times(met.most[0])}、"
                f"短ければ{second}が最大で{_times(met.most[1])}の速さになる。"
            )
        case "parting":
            return (
                f"{first}は{_part(met)}{second}より速く、最大で{_times(met.most[0])}になる。それ以外では差が見られず、"
                "逆転は見つからなかった。"
            )
        case "ahead":
            return f"{first}は、どの段でも{second}より速い（最大で{_times(met.most[0])}）。"
        case "alike":
            return f"{first}と{second}には、どの段でも差が見られない。"
        case "unclear":
            return f"{first}と{second}は何度も順位が入れ替わっており、逆転というより測定のばらつきと考えられる。"


def _part(met: Meeting) -> str:
    low, high = met.span
    if met.is_from_the_start and met.is_to_the_end:
        return "両端の段で"
    if met.is_to_the_end:
        return f"計算時間が待ち時間の{low:.2g}倍以上になると" if low < inf else "待ちがないときにだけ"
    if met.is_from_the_start:
        return f"計算時間が待ち時間の{high:.2g}倍以下のあいだ"
    if low == high:
        return f"計算時間が待ち時間の{low:.2g}倍のときだけ"
    return f"計算時間が待ち時間の{low:.2g}倍から{high:.2g}倍のあいだだけ"


def _times(found: Interval) -> str:
    """`1.9倍（1.8～2.0倍）`."""
    middle, low, high = (
        f"{value:.2g}" if value < 1 else f"{value:.2f}" for value in (found.middle, found.low, found.high)
    )
    return f"{middle}倍（{low}～{high}倍）"
