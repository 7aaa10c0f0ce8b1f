"""The one look of all tables."""

from rich import box
from rich.table import Table


def table(first: str, *numbers: str) -> Table:
    """A table whose first column is text and whose others are numbers."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column(first, no_wrap=True)
    for name in numbers:
        made.add_column(name, justify="right")
    return made
