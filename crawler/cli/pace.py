"""How far a comparison is: a bar with an estimate on a terminal, elsewhere a line a minute."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from crawler.cli.screen import clock, say
from crawler.compare.order import Step

_A_LINE_EVERY_S: Final = 60.0
_LOOKS_A_SECOND: Final = 1
"""Drawing takes CPU from what is measured."""


def standing(step: Step, since_s: float) -> str:
    """How a comparison stands, so long after it was told of that step."""
    left = clock(max(0.0, step.left_s - since_s))
    return f"{step.done:,} of about {step.planned:,} samples, {clock(step.used_s + since_s)} so far, {left} to go"


class Pace:
    """Told of each step; shows the last one while its view is open, and what `say_standing` makes of it."""

    def __init__(self, console: Console, say_standing: Callable[[Step, float], str] = standing) -> None:
        self._console = console
        self._say_standing = say_standing
        self._step: Step | None = None
        self._told_at = 0.0
        self._next_line_s = _A_LINE_EVERY_S

    def view(self) -> AbstractContextManager[object]:
        """Where it is shown, if the console is a terminal."""
        if not self._console.is_terminal:
            return nullcontext()
        return Live(
            get_renderable=self._render,
            console=self._console,
            refresh_per_second=_LOOKS_A_SECOND,
            transient=True,
        )

    def tell(self, step: Step) -> None:
        """Take the next step."""
        self._step, self._told_at = step, time.monotonic()
        if not self._console.is_terminal and step.used_s >= self._next_line_s and step.now:
            self._next_line_s = step.used_s + _A_LINE_EVERY_S
            told = filter(None, ("crawler", self._say_standing(step, 0.0), step.now))
            say(": ".join(told), self._console)

    def _render(self) -> RenderableType:
        step = self._step
        if step is None:
            return Text("making ready", style="dim")
        line = Table.grid(padding=(0, 2))
        line.add_row(
            ProgressBar(total=max(step.used_s + step.left_s, 1e-9), completed=self._used_s(step), width=24),
            self._say_standing(step, time.monotonic() - self._told_at),
        )
        return Group(line, Text(step.now, style="dim", no_wrap=True, overflow="ellipsis"))

    def _used_s(self, step: Step) -> float:
        return min(step.used_s + time.monotonic() - self._told_at, step.used_s + step.left_s)
