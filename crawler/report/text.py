"""The summary of a run for a reader: a table, and one sentence to end with."""

from rich import box
from rich.columns import Columns
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crawler.exits import Exit
from crawler.report.summary import Summary


def summary_table(summary: Summary) -> RenderableType:
    """What came of the URLs beside the most frequent words."""
    sums = summary.totals
    facts = _table("what", "count")
    for name, count in (
        ("URLs", sums.urls),
        ("pages analysed", sums.analyzed),
        ("redirects", sums.redirects),
        ("failed", sums.failed),
        *((f"  {fault}", pages) for fault, pages in sums.faults.items()),
        ("words", sums.tokens),
        ("distinct words", summary.distinct_words),
    ):
        facts.add_row(name, f"{count:,}")
    facts.add_row("megabytes", f"{sums.bytes / 1e6:,.1f}")
    facts.add_row("URLs a second", f"{summary.session.visits_per_s:,.1f}")
    words = _table("top words", "count", "pages")
    for word, count, pages in summary.top_words:
        words.add_row(Text(word), f"{count:,}", f"{pages:,}")
    return Columns([facts, words] if summary.top_words else [facts], padding=(0, 3))


def last_line(summary: Summary) -> str:
    """What happened and where the results are, in a sentence."""
    sums = summary.totals
    faults = ", ".join(f"{count:,} {fault}" for fault, count in sums.faults.items())
    counts = [f"{sums.analyzed:,} pages analysed ({sums.tokens:,} words, {summary.distinct_words:,} distinct)"]
    if sums.redirects:
        counts.append(f"{sums.redirects:,} redirects")
    if sums.failed:
        counts.append(f"{sums.failed:,} failed ({faults})")
    if summary.session.rejected_lines:
        counts.append(f"{len(summary.session.rejected_lines):,} lines of the seeds rejected")
    text = f"{', '.join(counts)} in {summary.session.seconds:,.1f} s; results in {summary.folder}"
    if not summary.is_complete:
        return f"Stopped early: {text}; the same command carries on."
    return f"{_VERDICTS.get(summary.exit_code, 'Done')}: {text}"


_VERDICTS: dict[int, str] = {Exit.NOTHING_FETCHED: "Nothing could be fetched", Exit.INCOMPLETE: "Done, but not well"}


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right")
    return table
