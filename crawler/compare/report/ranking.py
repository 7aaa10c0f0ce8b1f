"""The table of the arms on one workload, with the columns that have something to tell there."""

from collections.abc import Callable
from typing import Final, NamedTuple

from crawler.compare.judgement import Standing, WorkJudgement
from crawler.compare.report import figures
from crawler.compare.report.elements import Html, element
from crawler.compare.report.tables import arm_name, row, table

_ASIDE: Final = ("disqualified", "unranked", "failed", "too few samples")


_ALWAYS: Final = ("finding", "pages, lost", "samples")


class Column(NamedTuple):
    """What the table says of each standing, and whether that is worth a column on this workload."""

    head: str
    cell: Callable[[Standing], str]
    is_worth: Callable[[WorkJudgement], bool] = lambda _of: True


def _finding(one: Standing) -> Html:
    return element("td", element("span", one.finding, class_=one.finding.replace(" ", "-")), class_="words")


def _is_any(of: WorkJudgement, field: str) -> bool:
    return any(getattr(standing, field) for standing in of.standings)


_COLUMNS: Final = (
    Column("finding", _finding, lambda of: any(one.finding != "unranked" for one in of.standings)),
    Column("times as fast, 95 % interval", lambda of: figures.interval(of.speed), lambda of: _is_any(of, "speed")),
    Column("than before, times as fast", lambda of: figures.interval(of.then), lambda of: _is_any(of, "then")),
    Column("wall s, middle half", lambda of: figures.spread(of.wall_s)),
    Column("pages, a second", lambda of: figures.measured(of.pages_per_s, 0)),
    Column("CPU ms, a page", lambda of: figures.measured(of.cpu_ms_a_page, 2)),
    Column("cores, used", lambda of: figures.measured(of.cores, 2)),
    Column("MiB, peak PSS", lambda of: figures.measured(of.peak_pss_mib, 0)),
    Column("lag ms, p99", lambda of: figures.measured(of.lag_p99_ms, 1)),
    Column("pages, lost", figures.lost),
    Column("start s, cold", lambda of: figures.median(of.start_s)),
    Column("samples", lambda of: f"{of.samples}"),
)


def _cell(column: Column, one: Standing) -> str:
    """Whoever never came to an end has no figures, and these are not 0."""
    return column.cell(one) if one.wall_s or column.head in _ALWAYS else figures.NONE


def ranking(judged: WorkJudgement) -> Html:
    """A row an arm, the fastest first; the reasons of what is not ranked stand below."""
    shown = [column for column in _COLUMNS if column.is_worth(judged)]
    is_ranked = any(one.finding not in _ASIDE for one in judged.standings)
    rows = (
        row(
            arm_name(one.arm, figures.called(one)),
            [_cell(column, one) for column in shown],
            class_="aside" if is_ranked and one.finding in _ASIDE else False,
        )
        for one in judged.standings
    )
    made = table(f"The arms on {judged.work}", ["arm", *(column.head for column in shown)], rows, words=("finding",))
    whys = [
        element("li", element("code", one.arm), f": {one.finding}: {one.why}") for one in judged.standings if one.why
    ]
    return element("div", made, element("ul", *whys, class_="small") if whys else "")
