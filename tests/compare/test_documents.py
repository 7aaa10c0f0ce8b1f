"""What docs/comparing.md says is shown is there."""

import re
import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.compare.judge import judge
from crawler.compare.judgement import Finding
from crawler.compare.report.page import report_html
from crawler.compare.report.text import COLUMNS, comparison_text
from crawler.compare.report.words import doubts, facts, left_out
from crawler.compare.result import Result, Role
from crawler.compare.workloads import WORKLOADS
from tests.compare.examples import example
from tests.compare.judged import judged

PAGE = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text(encoding="utf-8")
RULES = re.findall(r"^\| (\d+) \| (\*\*.+?) \| (.+) \|$", PAGE, re.MULTILINE)
FIELDS = {field for _, _, where in RULES for field in re.findall(r"`((?:samples|works|skipped)\[\]\.\w+)`", where)}


def field_names(of: type) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(of)}


def test_each_of_the_seventeen_rules_says_where_the_output_shows_it() -> None:
    assert [int(number) for number, _, _ in RULES] == list(range(1, 18))
    assert all("`" in where for _, _, where in RULES)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_that_is_named_is_one_of_the_result(name: str) -> None:
    many, field = name.split("[].")
    (kind, *_) = typing.get_args(field_names(Result)[many])
    assert field in field_names(kind)


def test_every_word_in_the_column_is_known() -> None:
    columns = {column.name.replace("\n", " ") for column in COLUMNS}
    lines = {line.partition(":")[0] for line in shown_lines()}
    rounds = {"rounds in random order", "pages in the air at once"}
    known = {*field_names(Result), *typing.get_args(Role), *typing.get_args(Finding), *columns, *rounds, *lines}
    known |= {"comparison.md", "report.html"}
    titles = {str(part) for part in comparison_text(*judged(), 120)}
    for number, _, where in RULES:
        for word in re.findall(r"`([^`]+)`", where):
            assert word in known | FIELDS or word in titles or word.startswith("--"), f"rule {number}: {word}"


def shown_lines() -> list[str]:
    measured, judgement = judged()
    of = [line for work, found in zip(measured.works, judgement.works, strict=True) for line in facts(work, found)]
    return [*of, *left_out(measured), *doubts(judgement)]


def test_every_finding_and_workload_is_explained() -> None:
    for finding in typing.get_args(Finding):
        assert f"`{finding}`" in PAGE
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE) == list(WORKLOADS)


def test_every_chart_that_is_named_is_in_the_report() -> None:
    named = {name for _, _, where in RULES for name in re.findall(r'"([^"]+)"', where)}
    result = example()
    drawn = set(re.findall(r"<h3>([^<]+)</h3>", report_html(result, judge(result))))
    assert len(named) > 7
    assert named <= drawn
