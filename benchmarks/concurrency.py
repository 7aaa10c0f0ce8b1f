"""Makes what docs/concurrency.md and its Japanese twin show: the findings, the table, the sentences and the charts.

python -m benchmarks.concurrency             writes table, sentences and charts anew from docs/concurrency.json
python -m benchmarks.concurrency --measure   measures first (about a minute; leave the machine alone meanwhile)
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import vl_convert

from benchmarks.concurrency_anatomy import anatomy
from benchmarks.concurrency_charts import charts
from crawler.compare.primitives.advice import advice
from crawler.compare.primitives.findings import ROWS, Findings, Unmeasured, read_findings, to_json
from crawler.compare.primitives.markdown import render_table
from crawler.compare.primitives.sentences import sentences
from crawler.compare.primitives.tour import measure_primitives
from crawler.compare.primitives.wording import LANGUAGES, passage, step_line, words

DOCS = Path(__file__).parents[1] / "docs"
KEPT = DOCS / "concurrency.json"
PAGES = {"en": DOCS / "concurrency.md", "ja": DOCS / "concurrency.ja.md"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.concurrency", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure first, rather than read what is kept")
    if parser.parse_args().measure:
        KEPT.write_bytes(to_json(measure_primitives(lambda step: print(step_line(step, "en"), file=sys.stderr))))
    findings = read_findings(KEPT)
    for language, page in PAGES.items():
        page.write_text(filled(page.read_text(encoding="utf-8"), pieces(findings, language)), encoding="utf-8")
        chart_path("anatomy", language).write_text(anatomy(language), encoding="utf-8")
        for name, spec in charts(findings, language).items():
            chart_path(name, language).write_text(vl_convert.vegalite_to_svg(spec) + "\n", encoding="utf-8")


def chart_path(name: str, language: str) -> Path:
    return DOCS / "concurrency" / f"{name}.{language}.svg"


def filled(page: str, named: Mapping[str, str]) -> str:
    """The page with everything between `<!-- name -->` and `<!-- /name -->` as it is given by name."""
    for name, text in named.items():
        before, begin, rest = page.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        page = before + begin + text + end + after if end else page
    return page


def pieces(findings: Findings, language: str) -> dict[str, str]:
    """What stands in the page from the findings, by name."""
    found = {"table": render_table(findings, language)}
    for row in ROWS:
        measured = getattr(findings, row)
        if not isinstance(measured, Unmeasured):
            found[row] = f"> {passage(sentences(row, measured, findings.machine), language)}\n"
    found["advice"] = "".join(f"- {words(said, language)}\n" for said in advice(findings))
    return found


if __name__ == "__main__":
    assert set(PAGES) == set(LANGUAGES)
    main()
