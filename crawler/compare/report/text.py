"""A comparison for the terminal: a table for each workload, and the verdict last, where the eye lands.

A table shows as many columns as the terminal is wide enough for, the most telling first.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.compare.judgement import Judgement, Standing, WorkJudgement
from crawler.compare.report import figures, rungs
from crawler.compare.report.words import doubts, facts, left_out, reservations, work_title
from crawler.compare.result import Result, Work
from crawler.plain import visible
from crawler.report.tables import table

_GAP: Final = 2
_LOUD: Final = ("Since the earlier result", "Verdict")
_ALWAYS: Final = ("finding", "lost", "samples")
_COLOURED: Final = ("times as fast", "finding")
_STYLES: Final = {"faster": "green", "slower": "red", "reference": "bold", "disqualified": "red", "failed": "red"}


class Column(NamedTuple):
    """What a table says of each standing; `name` may stand in two lines, `about` explains it."""

    name: str
    cell: Callable[[Standing], str]
    about: str
    is_worth: Callable[[WorkJudgement], bool] = lambda _of: True

    def width(self, standings: tuple[Standing, ...]) -> int:
        """What it takes up, with the gap before it."""
        cells = [self.cell(standing) for standing in standings]
        return max(map(len, [*self.name.split("\n"), *cells])) + _GAP


def _is_any(field: str) -> Callable[[WorkJudgement], bool]:
    return lambda of: any(getattr(standing, field) for standing in of.standings)


COLUMNS: Final = (
    Column(
        "times as fast",
        figures.speed,
        "as the reference, and the 95 % interval of that",
        _is_any("speed"),
    ),
    Column("finding", lambda of: of.finding, "what follows from that and the noise floor"),
    Column("lost", figures.lost, "pages that it did not bring home", _is_any("lost")),
    Column(
        "than before",
        lambda of: figures.interval(of.then),
        "times as fast as in the earlier result",
        _is_any("then"),
    ),
    Column("wall\ns", lambda of: figures.median(of.wall_s), "seconds for all pages, start-up apart; the median"),
    Column("cores", lambda of: figures.measured(of.cores, 2), "CPU seconds a second, of all processes together"),
    Column("MiB", lambda of: figures.measured(of.peak_pss_mib, 0), "peak memory of all processes together (PSS)"),
    Column("CPU ms\na page", lambda of: figures.measured(of.cpu_ms_a_page, 2), "CPU time, of all processes together"),
    Column("best\npages/s", figures.best, "pages a second at the concurrency that suits it best", _is_any("best")),
    Column(
        "lag\nms",
        lambda of: figures.measured(of.lag_p99_ms, 1),
        "how late the event loop comes to its work (p99)",
        _is_any("lag_p99_ms"),
    ),
    Column(
        "start\ns",
        lambda of: figures.median(of.start_s),
        "seconds until the first page could be fetched, not in wall",
    ),
    Column("pages\n/s", lambda of: figures.measured(of.pages_per_s, 0), "pages stored a second"),
    Column("samples", lambda of: f"{of.samples}", "crawls that this rests on, each in a fresh process"),
)
"""The most telling first: what does not fit is left out from the end."""


def comparison_text(result: Result, judgement: Judgement, width: int) -> Iterator[RenderableType]:
    """All of it, to be printed one after the other."""
    yield Text(visible(figures.measurement(result)))
    yield Text(visible(figures.machine(result.environment)), style="dim")
    works = {work.name: work for work in result.works}
    shown = {of.work: columns(of, width) for of in judgement.works}
    if judgement.crossover:
        yield from _ladder(result, judgement)
        shown = {}
    for of in judgement.works if judgement.crossover is None else ():
        yield from _workload(works[of.work], of, shown[of.work])
    for title, lines in (
        ("Columns", _legend([column for column in COLUMNS if any(column in some for some in shown.values())])),
        ("Not run, or not as planned", left_out(result)),
        ("What weakens this result", doubts(judgement)),
        ("What it does not show", judgement.limits),
        ("Since the earlier result", (*judgement.against, *judgement.regressions)),
        ("Verdict", judgement.verdict),
    ):
        yield from _listed(title, lines, style="" if title in _LOUD else "dim")


def _ladder(result: Result, judgement: Judgement) -> Iterator[RenderableType]:
    """The rungs in one table."""
    yield ""
    yield Text(f"Seconds for {result.works[0].pages:,} pages (medians), by how long each is waited for")
    made = table(*(name.replace(", ", "\n").replace("+", "\n+") for name in rungs.head(judgement)))
    made.padding, made.show_edge = (0, 1, 0, 0), False
    for row in rungs.rows(judgement, is_short=True):
        made.add_row(*row)
    yield made


def columns(of: WorkJudgement, width: int) -> list[Column]:
    """Those that fit beside the names of the arms."""
    free = width - max((len(figures.called(standing)) for standing in of.standings), default=0)
    shown = []
    for column in COLUMNS:
        if not column.is_worth(of):
            continue
        free -= column.width(of.standings)
        if free < 0:
            break
        shown.append(column)
    return shown


def _workload(work: Work, of: WorkJudgement, shown: list[Column]) -> Iterator[RenderableType]:
    yield ""
    yield Text.assemble((work.name, "bold"), visible(f": {work_title(work)}"))
    made = table("strategy", *(column.name for column in shown))
    made.padding, made.show_edge = (0, 1, 0, 0), False
    for column, drawn in zip(shown, made.columns[1:], strict=True):
        drawn.justify = "left" if column.name == "finding" else "right"
    for standing in of.standings:
        made.add_row(figures.called(standing), *(_cell(column, standing) for column in shown))
    yield made
    for lines, style in (((*facts(work, of), *reservations(work, of)), "dim"), (of.verdict, "")):
        if lines:
            yield _bullets(lines, style)


def _cell(column: Column, standing: Standing) -> Text:
    """Findings in colour; whoever never came to an end has no figures, and these are not 0."""
    if standing.wall_s is None and column.name not in _ALWAYS:
        return Text(figures.NONE)
    return Text(column.cell(standing), _STYLES.get(standing.finding, "") if column.name in _COLOURED else "")


def _legend(shown: list[Column]) -> Iterator[str]:
    for column in shown:
        name = column.name.replace("\n", " ")
        yield f"`{name}`: {column.about}"


def _listed(title: str, lines: Iterable[str], style: str) -> Iterator[RenderableType]:
    told = list(lines)
    if told:
        yield ""
        yield Text(title, style="bold")
        yield _bullets(told, style)


def _bullets(lines: Iterable[str], style: str) -> Table:
    made = Table.grid(padding=(0, 1, 0, 0))
    for line in lines:
        made.add_row("-", _prose(line), style=style)
    return made


def _prose(line: str) -> Text:
    """A line as it is, but that what stands between backticks is set apart by colour and not by them."""
    parts = visible(line).split("`")
    return Text.assemble(*((part, "cyan" if number % 2 else "") for number, part in enumerate(parts)))
