"""The table as Markdown, for pasting and for the page in docs/."""

from crawler.compare.primitives.findings import Findings
from crawler.compare.primitives.sheet import sheet


def render_markdown(findings: Findings, language: str) -> str:
    """The table, a sentence for each row, the advice and the notes."""
    made = sheet(findings, language)
    lines = [f"{number}. **{section.title}.** {section.sentence}" for number, section in enumerate(made.sections, 1)]
    lines += ["", f"**{made.advice_title}**", "", *(f"- {piece}" for piece in made.advice)]
    return "\n".join([render_table(findings, language), *lines, ""])


def render_table(findings: Findings, language: str) -> str:
    """The table and the notes alone."""
    made = sheet(findings, language)
    lines = [f"**{made.title}** ({made.machine})", ""]
    lines += [_row([made.question, *made.columns.values()]), _row(["---"] * (1 + len(made.columns)))]
    for number, section in enumerate(made.sections, 1):
        lines.append(_row([f"**{number}. {section.title}**", *[""] * len(made.columns)]))
        lines += [
            _row([line.question, *(line.cells.get(kind, "") for kind in made.columns)]) for line in section.lines
        ]
    lines += ["", "<br>".join(made.notes)] if made.notes else []
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), '<br>') for cell in cells)} |"
