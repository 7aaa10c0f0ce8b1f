"""The section of a crossover: where strategies overtake each other as pages have less to wait for."""

from crawler.compare.judgement import Judgement
from crawler.compare.overtaking import told
from crawler.compare.report import captions, rungs
from crawler.compare.report.charts.crossover import crossover
from crawler.compare.report.elements import Html, element, prose
from crawler.compare.report.illustrations import wide_figure
from crawler.compare.report.tables import row, table


def ascent(judgement: Judgement, *, has_charts: bool) -> Html:
    """Nothing, where there was no ladder."""
    found = judgement.crossover
    if found is None:
        return Html()
    walls_s = rungs.walls_s(judgement)
    drawn = (
        wide_figure(
            "Time, by computing beside waiting",
            crossover(found, walls_s, is_wide=True),
            crossover(found, walls_s, is_wide=False),
            captions.CROSSOVER.format(one=f"{found.one_core:.2g}", all=f"{found.all_cores:.2g}"),
        )
        if has_charts and walls_s
        else ""
    )
    head = rungs.head(judgement)
    lines = (element("li", prose(told(met))) for met in found.meetings)
    return element(
        "section",
        element("h2", "Where strategies cross"),
        element("div", drawn, class_="grid") if drawn else "",
        table("Seconds of each arm on each rung", head, (row(first, rest) for first, *rest in rungs.rows(judgement))),
        element("details", element("summary", "Each pair"), element("ul", *lines)),
        id="crossover",
    )
