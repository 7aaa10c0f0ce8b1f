"""Makes what docs/concurrency.md and its Japanese twin show of the crossover: the sentences, the table and the chart.

python -m benchmarks.crossover                        writes them anew from docs/crossover.json
python -m benchmarks.crossover --measure              measures first (ten minutes; leave the machine alone meanwhile)
python -m benchmarks.crossover --measure --budget 15m longer, for narrower intervals
"""

import argparse
import re
import sys
from typing import Final

import msgspec
import vl_convert

from benchmarks.concurrency import DOCS, PAGES, chart_path, filled
from benchmarks.crossover_words import JAPANESE, machine, sentences, titles, waits
from crawler import readers
from crawler.compare.judge import judge
from crawler.compare.judgement import Judgement
from crawler.compare.lab import compare
from crawler.compare.ladder import CLIMBERS
from crawler.compare.order import Order, Step
from crawler.compare.report import rungs
from crawler.compare.report.charts.crossover import ENGLISH, crossover
from crawler.compare.report.style import STYLE
from crawler.compare.result import Result, read_result, to_json

KEPT: Final = DOCS / "crossover.json"
PAPER: Final = "#fafaf9"
_WORDS: Final = {"en": ENGLISH, "ja": JAPANESE}
_COLOUR: Final = re.compile(r"var\(--(\w+)\)")
_TITLE_PX: Final = 34


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crossover", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure first, rather than read what is kept")
    parser.add_argument("--budget", type=readers.duration, default=600.0, help="how long to measure (10m)")
    parser.add_argument("--strategies", type=readers.names, default=CLIMBERS, help="only these")
    options = parser.parse_args()
    if options.measure:
        KEPT.write_bytes(to_json(measured(options.strategies, options.budget)))
    result = read_result(KEPT)
    judgement = judge(result)
    for language, page in PAGES.items():
        page.write_text(
            filled(page.read_text(encoding="utf-8"), pieces(result, judgement, language)), encoding="utf-8"
        )
        chart_path("crossover", language).write_text(drawing(result, judgement, language), encoding="utf-8")


def measured(strategies: tuple[str, ...], budget_s: float) -> Result:
    """A crossover of these, without what the page does not show."""
    command = "python -m benchmarks.crossover --measure"
    order = Order(strategies=strategies, is_crossover=True, budget_s=budget_s, command=command)
    result = compare(order, _tell)
    samples = tuple(msgspec.structs.replace(one, phases={}, uss_mib={}) for one in result.samples)
    return msgspec.structs.replace(result, samples=samples)


def _tell(step: Step) -> None:
    print(f"{step.done} of {step.planned}, {step.left_s:.0f} s to go: {step.now}", file=sys.stderr)


def pieces(result: Result, judgement: Judgement, language: str) -> dict[str, str]:
    """What stands in the page from the result, by name."""
    said = "".join(f"> - {line}\n" for line in sentences(judgement, language))
    head = titles(judgement, language)
    found = zip(waits(judgement, language), rungs.rows(judgement, is_short=True), strict=True)
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *([wait, *figures] for wait, (_, *figures) in found)]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return {"crossover": said, "rungs": f"{table}\n{machine(result, language)}\n"}


def drawing(result: Result, judgement: Judgement, language: str) -> str:
    """The chart of the report, on paper of its own and in the colours of the day."""
    assert judgement.crossover is not None
    words = _WORDS[language]
    spec = crossover(judgement.crossover, rungs.walls_s(judgement), is_wide=True, words=words)
    pages = result.works[0].pages
    title = {"text": words.title.format(pages=pages), "color": "#1c1917", "fontSize": 14, "anchor": "start",
             "frame": "group", "dx": 16 - spec["padding"]["left"], "offset": 16}  # fmt: skip
    padding = spec["padding"] | {"top": spec["padding"]["top"] + _TITLE_PX}
    drawn = vl_convert.vegalite_to_svg(spec | {"title": title, "padding": padding, "background": PAPER})
    light = dict(re.findall(r"--([\w-]+):([^;]+);", STYLE)[::-1])  # the first of each name is that of the day
    return _COLOUR.sub(lambda found: PAPER if found[1] == "paper" else light[found[1]], drawn) + "\n"


if __name__ == "__main__":
    main()
