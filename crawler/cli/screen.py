"""The terminal: lines that say what they say and no more, and the moving part, how the run stands.

That is drawn by a thread of its own a few times a second.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from crawler.frontier.hosts import Outlook
from crawler.plain import visible
from crawler.progress import Progress


def say(text: str, console: Console) -> None:
    """Print a line as it is: nothing in it is obeyed by the terminal, taken for markup or broken in two."""
    console.print(Text(visible(text)), soft_wrap=True)


def progress_view(progress: Progress, console: Console) -> AbstractContextManager[object]:
    """A view of the run while its context is open; nothing at all where the output is no terminal."""
    if not console.is_terminal:
        return nullcontext()
    return Live(get_renderable=lambda: _render(progress), console=console, refresh_per_second=5, transient=True)


def line_view(standing: Callable[[], str], console: Console) -> AbstractContextManager[object]:
    """A line that is asked for anew while the context is open; nothing at all where the output is no terminal."""
    if not console.is_terminal:
        return nullcontext()
    return Live(get_renderable=lambda: Text(visible(standing())), console=console, transient=True)


def _render(progress: Progress) -> RenderableType:
    seconds = max(progress.seconds, 1e-9)
    rate = progress.visits / seconds
    eta = clock(progress.left / rate) if rate else "-:--"
    line = Table.grid(padding=(0, 2))
    line.add_row(
        ProgressBar(total=max(progress.known, 1), completed=progress.settled, width=24),
        f"{progress.settled:,}/{progress.known:,}",
        f"{rate:,.0f} pages/s",
        f"{progress.bytes / seconds / 1e6:,.1f} MB/s",
        f"{progress.in_flight} in flight",
        f"{progress.failed:,} failed",
        f"ETA {eta}",
    )
    why = waits(progress.outlook, progress.in_flight, progress.capacity)
    return Group(line, Text(why, style="dim")) if why else line


def waits(outlook: Outlook | None, in_flight: int, capacity: int) -> str:
    """Why the crawl is not faster, in a sentence; nothing when it is not known."""
    if outlook is None or not outlook.waiting:
        return ""
    if in_flight >= capacity:
        places = "1 host" if outlook.hosts == 1 else f"{outlook.hosts:,} hosts"
        return f"{outlook.waiting:,} URLs at {places} wait for one of the {capacity:,} connections (--concurrency)"
    if not outlook.delayed:
        return ""
    hosts = "1 host's delay" if outlook.delayed_hosts == 1 else f"{outlook.delayed_hosts:,} hosts' delay"
    next_one = "" if outlook.next_s is None else f"; next in {outlook.next_s:.1f} s"
    return f"{outlook.delayed:,} of {outlook.waiting:,} URLs wait for {hosts}{next_one}"


def clock(seconds: float) -> str:
    """`9:41`, `1:09:41`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
