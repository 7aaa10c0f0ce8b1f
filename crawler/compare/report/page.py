"""report.html: one file that needs no other, no script and no network."""

from crawler.compare.judgement import Judgement
from crawler.compare.report.appendix import appendix
from crawler.compare.report.ascent import ascent
from crawler.compare.report.drawing import can_draw
from crawler.compare.report.elements import Html, element
from crawler.compare.report.opening import glance, opening
from crawler.compare.report.style import STYLE
from crawler.compare.report.works import work_section
from crawler.compare.result import Result

_NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'"


def report_html(result: Result, judgement: Judgement) -> str:
    """The whole page; without the package that draws, it has its tables and says how to get the charts."""
    has_charts = can_draw()
    draws_works = has_charts and judgement.crossover is None  # of which there are many, and one chart for all
    return whole_page(
        "Strategies of concurrency, compared",
        opening(result, judgement),
        element(
            "main",
            ascent(judgement, has_charts=has_charts),
            glance(result, judgement),
            *(work_section(result, judgement, judged, has_charts=draws_works) for judged in judgement.works),
            appendix(result, judgement, has_charts=has_charts),
        ),
    )


def whole_page(title: str, *body: Html, language: str = "en") -> str:
    """A document in the look of the report."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_NOTHING_FROM_OUTSIDE),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", STYLE),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', *body), lang=language)}\n"
