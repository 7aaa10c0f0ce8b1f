"""Text in lines as a language breaks them: between words, and in Japanese nearly everywhere, by JIS X 4051."""

import re
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.style import Style
from rich.text import Text

_NO_LINE_BEGINS_WITH = "、。，．・：；？！）」』】〕ーァィゥェォッャュョ々～"
_NO_LINE_ENDS_WITH = "（「『【〔"
_UNBROKEN = re.compile(r"[!-~µ×]+(?: [!-~µ×]+)?|.", re.DOTALL)
"""A word, or a number and its unit; all else is a character by itself."""


class Passage(NamedTuple):
    """A text without line breaks, drawn as wide as there is room."""

    text: str
    language: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.language == "ja":
            yield Text("\n".join(japanese_lines(self.text, options.max_width)), style=Style.parse(self.style))
        else:
            yield Text(self.text, style=Style.parse(self.style))


def japanese_lines(text: str, width: int) -> list[str]:
    """Lines of so many cells at the most; none begins with a full stop or the like, or ends with an open bracket."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and cell_len(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines


def _pieces(text: str) -> list[str]:
    """What stays together."""
    pieces: list[str] = []
    for piece in _UNBROKEN.findall(text):
        if pieces and (piece[0] in _NO_LINE_BEGINS_WITH or pieces[-1][-1] in _NO_LINE_ENDS_WITH):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
