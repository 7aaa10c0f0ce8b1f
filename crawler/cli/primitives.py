"""Running the tour of what strategies are made of, at a terminal or under cron."""

import time

from crawler.cli.pace import Pace
from crawler.cli.telling import Telling
from crawler.compare.interruption import Interrupted, interruptible
from crawler.compare.order import Step
from crawler.compare.primitives.findings import to_json
from crawler.compare.primitives.markdown import render_markdown
from crawler.compare.primitives.text import render_text
from crawler.compare.primitives.tour import Step as Row
from crawler.compare.primitives.tour import measure_primitives
from crawler.compare.primitives.wording import step_line
from crawler.exits import STOPPED, Exit
from crawler.store.faults import OutputError


def run_primitives(language: str, telling: Telling) -> int:
    """Measure, write and tell; the exit code.

    Raises UsageError, and FolderInUse.
    """
    pace, began = Pace(telling.aside, lambda _step, _since_s: ""), time.monotonic()

    def tell(row: Row) -> None:
        used_s = time.monotonic() - began
        pace.tell(Step(row.number - 1, row.of, used_s, row.left_s, step_line(row, language), None))

    try:
        with telling.folder():
            with pace.view(), interruptible():
                findings = measure_primitives(tell)
            markdown = render_markdown(findings, language)
            telling.show(
                text=lambda _width: [render_text(findings, language)], markdown=markdown, json=to_json(findings)
            )
            telling.keep({"primitives.json": to_json(findings), "primitives.md": markdown.encode()})
    except Interrupted as signal:
        return telling.fail(f"stopped by {signal} before its end; nothing is kept", STOPPED[str(signal)])
    except OutputError as error:
        return telling.fail(str(error), Exit.OUTPUT)
    except OSError as error:
        return telling.fail(f"this machine refuses what the measurement needs: {error}", Exit.INTERNAL)
    return Exit.OK
