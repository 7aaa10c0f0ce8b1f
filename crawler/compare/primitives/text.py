"""The table on the terminal."""

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crawler.compare.primitives.findings import Findings
from crawler.compare.primitives.passage import Passage
from crawler.compare.primitives.sheet import Sheet, sheet

_INDENT = 3
_WIDEST_QUESTION = 26


def render_text(findings: Findings, language: str) -> RenderableType:
    """The table with a sentence under each row, then the advice and the notes; eighty columns are enough."""
    made = sheet(findings, language)
    widths = _widths(made)
    parts: list[RenderableType] = [Text(made.title, style="bold"), Text(f"{made.machine}\n")]
    parts.append(_grid(widths, [["", *made.columns.values()]], style="bold"))
    for number, section in enumerate(made.sections, 1):
        rows = [[line.question, *(line.cells.get(kind, "") for kind in made.columns)] for line in section.lines]
        parts += [Text(f"{number}. {section.title}", style="bold"), _grid(widths, rows)]
        parts.append(Padding(Passage(section.sentence, language, "italic"), (0, 0, 1, _INDENT)))
    parts.append(Text(f"{len(made.sections) + 1}. {made.advice_title}", style="bold"))
    parts += [_item(Passage(piece, language)) for piece in made.advice]
    parts += [Text(), *(Passage(note, language, "dim") for note in made.notes)] if made.notes else []
    return Group(*parts)


def _widths(made: Sheet) -> list[int]:
    """The same for every row, so that all of them stand in line."""
    questions = [cell_len(line.question) for section in made.sections for line in section.lines]
    found = [min(_WIDEST_QUESTION, max(questions, default=0))]
    for kind, name in made.columns.items():
        cells = [line.cells.get(kind, "") for section in made.sections for line in section.lines]
        found.append(max(cell_len(text) for cell in [name, *cells] for text in cell.split("\n")))
    return found


def _item(content: RenderableType) -> RenderableType:
    made = Table.grid(padding=(0, 1, 0, 0))
    made.add_row("-", content)
    return Padding(made, (0, 0, 0, _INDENT))


def _grid(widths: list[int], rows: list[list[str]], style: str = "") -> RenderableType:
    made = Table.grid(padding=(0, 2, 0, 0))
    for width in widths:
        made.add_column(width=width, style=style, overflow="fold")
    for row in rows:
        made.add_row(*map(Text, row))
    return Padding(made, (0, 0, 0, _INDENT))
