"""The page that a teacher hands out: its numbers are the kept findings, its examples run, its charts show them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.concurrency import KEPT, PAGES, chart_path, filled, pieces
from benchmarks.concurrency_anatomy import anatomy
from benchmarks.concurrency_charts import WORDS, charts
from crawler.compare.primitives.findings import ROWS, Creation, Findings, Moving, Waiting, read_findings
from crawler.compare.primitives.units import duration

ROOT = Path(__file__).parents[2]
EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=list(PAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(language: str) -> str:
    return PAGES[language].read_text(encoding="utf-8")


@pytest.fixture
def found() -> Findings:
    return read_findings(KEPT)


def test_table_sentences_and_advice_are_what_the_findings_say(page: str, found: Findings, language: str) -> None:
    made = pieces(found, language)
    assert set(made) == {"table", "advice", *ROWS}
    for name, text in made.items():
        assert f"<!-- {name} -->\n{text}<!-- /{name} -->" in page, f"{name}: run python -m benchmarks.concurrency"
    assert filled(page, made) == page
    assert filled(page.replace("KiB", "GiB"), made) != page.replace("KiB", "GiB")


def test_the_findings_are_small_and_of_two_cores(found: Findings) -> None:
    assert KEPT.stat().st_size < 20_000
    assert found.machine.usable_cores == 2


def test_both_pages_have_the_same_parts() -> None:
    english, japanese = (PAGES[name].read_text(encoding="utf-8") for name in ("en", "ja"))
    for part in (
        r"^(#+) ",
        r"<!-- (\S+) -->",
        r"bench (\w+)`",
        r"\]\(concurrency/(\w+)\.",
        r"^(```\w*)$",
        r"^(- |\|)",
    ):
        assert re.findall(part, english, re.MULTILINE) == re.findall(part, japanese, re.MULTILINE), part
    assert [_without_words(code) for code in EXAMPLE.findall(english)] == [
        _without_words(code) for code in EXAMPLE.findall(japanese)
    ]


def _without_words(code: str) -> str:
    return re.sub(r'"[^"]*"|#.*', "", code)


def test_the_examples_print_what_they_say(page: str, tmp_path: Path) -> None:
    examples = EXAMPLE.findall(page)
    assert len(examples) == 3
    for number, code in enumerate(examples):
        path = tmp_path / f"example{number}.py"
        path.write_text(code, encoding="utf-8")
        done = subprocess.run([sys.executable, path], capture_output=True, encoding="utf-8", check=True)
        expected = re.findall(r"^# (.*)$", code, re.MULTILINE)
        if "50" in code:  # a busy machine may take longer than one wait
            expected, done.stdout = [re.sub(r"\d+", "N", line) for line in expected], re.sub(r"\d+", "N", done.stdout)
        assert done.stdout.splitlines() == expected


def test_every_row_has_a_section_that_ends_with_its_command(page: str) -> None:
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    for row in ROWS:
        section = next(text for text in sections if f"<!-- {row} -->" in text)
        assert section.strip().endswith(f"`python -m crawler.compare.primitives.bench {row}`")


def test_the_command_of_a_row_measures_it_and_others_are_refused() -> None:
    command = [sys.executable, "-m", "crawler.compare.primitives.bench"]
    done = subprocess.run([*command, "memory"], capture_output=True, check=True, env=_environment())
    assert done.stdout.startswith(b'{"type":"Memory"')
    refused = subprocess.run([*command, "nonsense"], capture_output=True, text=True, check=False, env=_environment())
    assert refused.returncode == 2
    assert refused.stderr.startswith("there is no experiment 'nonsense'; name one of memory, moving, ")
    assert refused.stderr.count("\n") == 1


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_every_chart_is_drawn_and_shows_the_findings(page: str, found: Findings, language: str) -> None:
    names = re.findall(rf"\]\(concurrency/(\w+)\.{language}\.svg\)", page)
    assert names == ["anatomy", *charts(found, language), "crossover"]
    assert chart_path("anatomy", language).read_text(encoding="utf-8") == anatomy(language)
    assert (
        isinstance(found.moving, Moving)
        and isinstance(found.creation, Creation)
        and isinstance(found.waiting, Waiting)
    )
    shown = {
        "moving": [duration(costs[10_000_000].median) for costs in found.moving.cost_us.values()],
        "creation": [duration(start.median) for start in found.creation.start_us.values()],
        "waiting": [duration(took.median * 1e3) for took in found.waiting.took_ms.values()],
    }
    for name in names:
        path = chart_path(name, language)
        assert path.stat().st_size < 30_000
        root = ET.parse(path).getroot()
        texts = " ".join(root.itertext())
        assert all(text in texts for text in shown.get(name, [])), name
        assert "<script" not in path.read_text(encoding="utf-8")
        assert "#fafaf9" in path.read_text(encoding="utf-8"), "it has paper of its own, for the dark"


def test_the_charts_have_the_same_words_in_both_languages() -> None:
    assert list(WORDS["en"]) == list(WORDS["ja"])
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", WORDS["ja"][key]))
