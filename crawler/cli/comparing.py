"""Running a comparison at a terminal or under cron: progress, the answer, its files, the exit code."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from crawler.cli.pace import Pace
from crawler.cli.parser import UsageError
from crawler.cli.telling import Telling
from crawler.compare.against import why_incomparable, why_nothing_in_common
from crawler.compare.environment import environment
from crawler.compare.judge import exit_of, judge
from crawler.compare.lab import compare
from crawler.compare.lineup import line_up
from crawler.compare.order import Order, UnusableOrder
from crawler.compare.recording.workload import UnusableRecording
from crawler.compare.report.markdown import comparison_markdown
from crawler.compare.report.page import report_html
from crawler.compare.report.text import comparison_text
from crawler.compare.report.words import wrongs
from crawler.compare.result import Result, UnusableResult, read_result, to_json
from crawler.compare.ulimit import check_descriptors
from crawler.descriptors import TooFewDescriptors, raise_soft_limit
from crawler.exits import STOPPED, Exit
from crawler.site.process import SiteStartError
from crawler.store.faults import OutputError
from crawler.wall.faults import WorkerCannotStart

RESULT_FILE: Final = "result.json"
EARLIER_FILE: Final = "earlier.json"
PAGE_FILE: Final = "report.html"
MARKDOWN_FILE: Final = "comparison.md"


def run_comparison(
    order: Order, against: Path | None, telling: Telling, record: Callable[[], Exit | None] | None = None
) -> int:
    """Compare, judge, write and tell; the exit code.

    `record` makes the recording that the order names, and says with which exit code to end if it could not.
    Raises UsageError, and FolderInUse.
    """
    try:
        raise_soft_limit()
        return _run(order, against, telling, record)
    except (UnusableResult, UnusableOrder, UnusableRecording, TooFewDescriptors) as error:
        raise UsageError(str(error)) from None
    except SiteStartError as error:
        return telling.fail(f"the site for the comparison did not start: {error}", Exit.INTERNAL)
    except OutputError as error:
        return telling.fail(str(error), Exit.OUTPUT)
    except (OSError, WorkerCannotStart) as error:
        return telling.fail(f"this machine refuses what a comparison needs: {error}", Exit.INTERNAL)


def _run(order: Order, against: Path | None, telling: Telling, record: Callable[[], Exit | None] | None) -> int:
    pace = Pace(telling.aside)
    earlier = _earlier(against, order) if against else None
    with telling.folder():
        if record is not None:
            check_descriptors(order, line_up(order).arms)  # refused before a site is asked for anything
            if (code := record()) is not None:
                return code
        with pace.view():
            result = compare(order, pace.tell)
        if result.stopped_by and not result.samples:
            return telling.fail(
                f"stopped by {result.stopped_by} before anything was measured", STOPPED[result.stopped_by]
            )
        judgement = judge(result, earlier)
        markdown = comparison_markdown(result, judgement)
        telling.show(
            text=lambda width: comparison_text(result, judgement, width),
            markdown=markdown,
            json=to_json(result),
        )
        telling.spare(RESULT_FILE, EARLIER_FILE)
        telling.keep(
            {
                RESULT_FILE: to_json(result),
                MARKDOWN_FILE: markdown.encode(),
                PAGE_FILE: report_html(result, judgement).encode(),
            }
        )
    for wrong in wrongs(judgement):
        telling.warn(wrong.replace("`", ""))
    return STOPPED.get(result.stopped_by) or exit_of(judgement)


def _earlier(path: Path, order: Order) -> Result:
    """What is compared with, refused before minutes go by where nothing could be compared with it.

    Raises UnusableResult and UnusableOrder.
    """
    earlier = read_result(path)
    lineup = line_up(order)
    recorded = lineup.recorded.name if lineup.recorded else ""
    why_not = why_incomparable(environment(), order.concurrency, earlier)
    if why_not := why_not or why_nothing_in_common(lineup.workloads, lineup.arms, earlier, recorded):
        raise UnusableResult(f"--against {path}: nothing can be compared with it ({why_not})")
    return earlier
