"""Answers about a run, for a reader: the politeness ledger and the story of a URL."""

from rich.console import RenderableType
from rich.text import Text

from crawler.insight.history import RunRecord
from crawler.insight.ledger import Ledger
from crawler.insight.story import Story
from crawler.plain import visible
from crawler.report.tables import table

_STATES = {
    "waiting": "it waits to be visited",
    "analysed": "it was fetched and its words are counted",
    "noindex": "it was fetched, and not counted",
    "duplicate": "it was fetched; its text is counted once, under the first of its URLs",
    "redirected": "it redirects",
    "failed": "it failed",
    "robots": "it was not fetched, by robots.txt",
    "given_up": "it was not fetched",
    "out_of_scope": "it was not fetched: it lies outside of the crawl",
    "excluded": "it was not fetched: it was excluded",
    "trap": "it was not fetched: it looks like a trap",
    "over_limit": "it was not fetched: its host had its share",
    "linked": "it was not fetched: it lies deeper than --depth goes",
    "unknown": "it was never seen: not in the seeds, nor in any link that was read and may be followed",
}


def ledger_table(ledger: Ledger) -> RenderableType:
    """One line a host, fit to be sent to those who run it."""
    found = table("host", "requests", "a minute", "least gap", "asked", "delay", "refused", "MB")
    for host in ledger.hosts:
        found.add_row(
            Text(visible(host.host)),
            f"{host.requests:,}",
            "-" if host.per_minute is None else f"{host.per_minute:,.1f}",
            "-" if host.least_gap_s is None else f"{host.least_gap_s:.2f} s",
            "-" if host.asked_s is None else f"{host.asked_s:g} s",
            f"{host.delay_s:.2f} s",
            f"{host.refusals:,}",
            f"{host.bytes / 1e6:,.2f}",
        )
    return found


def ledger_title(ledger: Ledger, folder: str) -> str:
    """Which requests these are, and what the columns say."""
    when = "none"
    if ledger.hosts:
        first, last = min(host.first_at for host in ledger.hosts), max(host.last_at for host in ledger.hosts)
        when = f"from {_minute(first)} to {_minute(last)} UTC"
    return (
        f"Requests of run {ledger.run} in {folder}, {when}, made as {ledger.agent!r}. Least gap: between the starts"
        " of two requests; asked: Crawl-delay; delay: what it came to; refused: 429 and 503."
    )


def history_table(records: list[RunRecord], holder: int | None) -> RenderableType:
    """One line a run; `holder` is the process that works on the last one, if one does."""
    found = table("run", "began (UTC)", "stands", "URLs met", "analysed", "failed", "left")
    for record in records:
        stands = f"running (process {holder})" if holder else "unfinished"
        if record.finished_at is not None:
            stands = f"finished {_minute(record.finished_at)}"
        elif record is not records[-1]:
            stands = "left behind"
        found.add_row(
            f"{record.run}",
            _minute(record.started_at),
            stands,
            f"{record.urls:,}",
            f"{record.analysed:,}",
            f"{record.failed:,}",
            f"{record.left:,}",
        )
    return found


def _minute(at: str) -> str:
    return visible(at[:16].replace("T", " "))


def story_lines(story: Story, folder: str) -> list[str]:
    """The story of a URL, a sentence a line."""
    lines = [story.url, f"  run {story.run} in {folder}: {_STATES[story.state]}"]
    if story.reason is not None:
        why = {"duplicate": "the first is", "redirected": "to"}.get(story.state, "why:")
        lines.append(f"  {why} {story.reason}")
    if story.status is not None:
        kind = story.content_type or "no content type"
        lines.append(f"  answered {story.status}, {kind}, {story.bytes:,} bytes in {story.seconds:.3f} s")
    if story.tokens is not None:
        lines.append(f"  {story.tokens:,} words")
    if story.visited_at is not None:
        lines.append(f"  at {story.visited_at}")
    if story.state == "linked":
        lines.append(f"  linked on {story.way[0]}, which makes it {_links(story.depth)} from the seeds")
    elif story.depth is not None:
        near = "a seed, or where one redirects" if story.depth == 0 else f"{_links(story.depth)} from the seeds"
        if story.is_listed:
            near = "listed in a sitemap" + (f", as changed on {story.lastmod}" if story.lastmod else "")
        lines.append(f"  {near}")
        lines += [f"    {'└ ' if step else ''}{place}" for step, place in enumerate(story.way)] * (len(story.way) > 1)
    return lines


def _links(depth: int | None) -> str:
    return "1 link" if depth == 1 else f"{depth} links"
