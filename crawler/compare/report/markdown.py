"""A comparison as Markdown, to be pasted into an issue: raw facts enough to be quoted, and no more."""

from collections.abc import Iterator

from crawler.compare.judgement import Judgement, Standing, WorkJudgement
from crawler.compare.overtaking import told
from crawler.compare.report import figures, rungs
from crawler.compare.report.words import doubts, facts, left_out, work_title
from crawler.compare.result import Result, Work
from crawler.plain import visible

_HEAD = (
    "| strategy | times as fast (95 %) | finding | wall s (middle half) | CPU ms a page | cores | MiB | lag p99 ms "
    "| start s | lost | samples |"
)
_RULE = "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|"


def comparison_markdown(result: Result, judgement: Judgement) -> str:
    """All of it; the verdict comes first, since issues are read from the top."""
    return "\n".join(_lines(result, judgement)) + "\n"


def _lines(result: Result, judgement: Judgement) -> Iterator[str]:
    for line in (*judgement.verdict, *judgement.against, *judgement.regressions):
        yield f"- {_plain(line)}"
    yield ""
    works = {work.name: work for work in result.works}
    if judgement.crossover:
        yield from _ladder(result, judgement)
    for of in judgement.works if judgement.crossover is None else ():
        yield from _workload(works[of.work], of)
    for line in (*left_out(result), *doubts(judgement), *(f"not shown: {limit}" for limit in judgement.limits)):
        yield f"- {_plain(line)}"
    yield f"- {figures.measurement(result)}"
    yield f"- {_plain(figures.machine(result.environment))}"
    packages = ", ".join(f"{name} {version}" for name, version in sorted(result.environment.packages.items()))
    commit = f" ({result.environment.commit})" * bool(result.environment.commit)
    yield _plain(f"- crawler {result.environment.crawler}{commit}; {packages}; {result.environment.started}")
    yield f"- `{result.command}`"


def _ladder(result: Result, judgement: Judgement) -> Iterator[str]:
    """The rungs in one table, and what every pair of arms did on them."""
    yield f"Seconds for {result.works[0].pages:,} pages, by what is waited for (middle half):"
    yield ""
    head = [name.replace(", ", " ") for name in rungs.head(judgement)]
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rungs.rows(judgement):
        yield f"| {' | '.join(map(_plain, row))} |"
    yield ""
    for met in judgement.crossover.meetings if judgement.crossover else ():
        yield f"- {_plain(told(met))}"
    yield ""


def _workload(work: Work, of: WorkJudgement) -> Iterator[str]:
    yield f"**{of.work}**: {_plain(work_title(work))}"
    yield ""
    yield _HEAD.replace("times as fast", f"times as fast as {of.reference}")
    yield _RULE
    for standing in of.standings:
        yield _row(standing)
    yield ""
    for line in (*of.verdict, *facts(work, of)):
        yield f"- {_plain(line)}"
    yield ""


def _row(standing: Standing) -> str:
    finding = f"{standing.finding}: {_plain(standing.why)}" if standing.why else standing.finding
    cells = (
        figures.called(standing),
        figures.speed(standing),
        finding,
        figures.spread(standing.wall_s),
        figures.measured(standing.cpu_ms_a_page, 2),
        figures.measured(standing.cores, 2),
        figures.measured(standing.peak_pss_mib, 0),
        figures.measured(standing.lag_p99_ms, 1),
        figures.median(standing.start_s),
        figures.lost(standing),
        f"{standing.samples}",
    )
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown takes for nothing else, in one line."""
    return visible(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
