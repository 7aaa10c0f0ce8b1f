"""The summary of a run for a reader: a table, and one sentence to end with."""

from rich.columns import Columns
from rich.console import RenderableType
from rich.text import Text

from crawler.exits import Exit
from crawler.model import Visit
from crawler.orders import FAILED, state_of
from crawler.plain import visible
from crawler.report.counts import counted
from crawler.report.summary import Summary, casualties_of
from crawler.report.tables import table


def summary_table(summary: Summary) -> RenderableType:
    """What came of the URLs beside the most frequent words."""
    sums = summary.totals
    facts = table("what", "count")
    facts.add_row("URLs met, of these", f"{summary.discovered:,}")
    for state, count in sums.states.items():
        facts.add_row(f"  {state.replace('_', ' ')}", f"{count:,}")
        if state == FAILED:
            for fault, pages in sums.faults.items():
                facts.add_row(f"    {fault}", f"{pages:,}")
    facts.add_row("words", f"{sums.tokens:,}")
    facts.add_row("distinct words", f"{summary.distinct_words:,}")
    facts.add_row("megabytes", f"{sums.bytes / 1e6:,.1f}")
    facts.add_row("URLs a second", f"{summary.session.visits_per_s:,.1f}")
    words = table("top words", "count", "pages")
    for word, count, pages in summary.top_words:
        words.add_row(Text(visible(word)), f"{count:,}", f"{pages:,}")
    return Columns([facts, words] if summary.top_words else [facts], padding=(0, 3))


def visit_line(visit: Visit) -> str:
    """What came of one URL, in a line."""
    state, reason = state_of(visit)
    answer = visit.answer
    came = f", {answer.status} in {answer.timings.total_s:.3f} s, {answer.body_bytes:,} bytes" if answer else ""
    return f"{state}: {visit.job.url}{came}" + (f": {reason}" if reason else "")


def last_line(summary: Summary) -> str:
    """What happened and where the results are, in a sentence."""
    sums = summary.totals
    faults = ", ".join(f"{count:,} {fault}" for fault, count in sums.faults.items())
    read = f"{counted(sums.analyzed, 'page')} analysed"
    if sums.counted < sums.analyzed:
        read += f", {sums.counted:,} of them counted"
    counts = [f"{read} ({sums.tokens:,} words, {summary.distinct_words:,} distinct)"]
    if sums.redirects:
        counts.append(counted(sums.redirects, "redirect"))
    if sums.failed:
        counts.append(f"{sums.failed:,} failed ({faults})")
    if sums.refused:
        counts.append(f"{sums.refused:,} forbidden by robots.txt")
    if summary.session.refetched:
        counts.append(f"{counted(summary.session.refetched, 'innocent page')} fetched again")
    if summary.session.rejected_lines and summary.exit_code != Exit.INCOMPLETE:
        counts.append(f"{counted(len(summary.session.rejected_lines), 'line')} of the seeds rejected")
    text = f"{', '.join(counts)} in {summary.session.seconds:,.1f} s; results in {summary.folder}"
    if not summary.is_balanced:
        text = f"{text}; the states of URLs do not sum up to the {summary.discovered:,} met: please report this"
    if not summary.is_complete:
        why = f" by {_STOPPERS.get(summary.session.stopped_by or '', 'whoever called it')}"
        return f"Stopped early{why}: {text}; the same command carries on."
    if summary.exit_code == Exit.INCOMPLETE:
        return f"Done, but {_what_went_wrong(summary)}: {text}"
    return f"{'Nothing could be fetched' if summary.exit_code == Exit.NOTHING_FETCHED else 'Done'}: {text}"


def _what_went_wrong(summary: Summary) -> str:
    casualties, rejected = casualties_of(summary.totals), len(summary.session.rejected_lines)
    wrong = [f"{counted(casualties, 'page')} brought the parser down"] if casualties else []
    if rejected:
        wrong.append(f"{counted(rejected, 'line')} of the seeds rejected")
    return " and ".join(wrong) or "more failed than --fail-if allows"


_STOPPERS = {"deadline": "--deadline", "max-pages": "--max-pages", "SIGINT": "SIGINT", "SIGTERM": "SIGTERM"}
