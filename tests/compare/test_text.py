"""A comparison as it is printed: on terminals of any width, and as Markdown."""

import io
import re
from typing import Literal

import msgspec
import pytest
from rich.console import Console

from crawler.compare.judgement import Interval
from crawler.compare.report.figures import clock, interval, number, ratio
from crawler.compare.report.markdown import comparison_markdown
from crawler.compare.report.text import COLUMNS, comparison_text
from crawler.compare.report.words import wrongs
from crawler.compare.result import Skipped
from tests.compare.judged import judged


def printed(width: int, *, is_terminal: bool = False) -> str:
    measured, judgement = judged()
    screen = io.StringIO()
    colours: Literal["standard"] | None = "standard" if is_terminal else None
    console = Console(file=screen, width=width, force_terminal=is_terminal, color_system=colours)
    for part in comparison_text(measured, judgement, width):
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in screen.getvalue().splitlines())


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_it_fits_the_terminal_and_shows_what_there_is_room_for(width: int) -> None:
    text = printed(width)
    assert max(map(len, text.splitlines())) <= width
    head = next(line for line in text.splitlines() if line.startswith("strategy"))
    assert "times as fast" in head
    assert ("MiB" in head) is (width >= 80)
    assert ("samples" in head) is (width >= 120)


def test_each_column_that_is_shown_is_explained() -> None:
    text = printed(200)
    for column in COLUMNS:
        name = column.name.replace("\n", " ")
        expected = name not in {"than before", "best pages/s"}  # nobody asked for them
        assert (f"- {name}: {column.about}\n" in text) is expected


def test_findings_stand_beside_the_figures_they_rest_on() -> None:
    lines = printed(120).splitlines()
    assert any(
        re.match(r"threads\+processes +0\.99 \(0\.94-1\.04\) +no difference found +1\.23", line) for line in lines
    )
    assert any(re.match(r"threads\+threads +- +disqualified", line) for line in lines)
    assert "- unranked: async+processes@soup: it runs another parser" in lines
    assert any(
        line.startswith("- noise floor: 3.1 %, as async+processes was 1.01 (0.98-1.03) times") for line in lines
    )
    assert any(line.startswith("- bound: no strategy can take less than 0.80 s here (") for line in lines)
    assert any(re.match(r"async\+inline +unranked +106 ", line) for line in lines)
    for line in (
        "not run: async+interpreters@soup: needs CPython 3.14",
        "note: 6 of 8 rounds fit into the budget",
        (
            "overhead of the lab: 0.45 ms a page with nothing to fetch, "
            "no difference found by its probes (at most 2.9 % more time)"
        ),
        "the load was 3.1 before anything ran",
        "the site is on the same machine",
        "against old.json: async+processes on cpu became slower",
    ):
        assert f"- {line}" in lines


def test_the_verdict_is_the_last_thing_said() -> None:
    assert printed(80).splitlines()[-2:] == ["Verdict", "- async+processes is as fast as any."]


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in printed(120)
    assert "\x1b[32m" in printed(120, is_terminal=True) or "\x1b[31m" in printed(120, is_terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", printed(120, is_terminal=True))


def test_markdown_has_a_table_of_even_rows_and_all_that_a_quotation_needs() -> None:
    measured, judgement = judged()
    hostile_why = msgspec.structs.replace(judgement.works[0].standings[4], why="a|b <script> \x1b[31m")
    works = (msgspec.structs.replace(judgement.works[0], standings=(hostile_why,)), judgement.works[1])
    text = comparison_markdown(measured, msgspec.structs.replace(judgement, works=works))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 2 * 2 + 1 + 2
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {12}
    assert "a\\|b &lt;script> \\\\x1b[31m" in text
    assert text.startswith("- async+processes is as fast as any.\n")
    assert "Example CPU @ 2.60GHz, 2 cores, governor performance, 8 GiB; Linux 6.8.0; CPython" in text
    assert "- `python -m crawler compare`" in text
    assert "uvloop 0.22.1" in text and "not shown: the site" in text and "needs CPython 3.14" in text


def test_what_an_arm_says_of_itself_commands_no_terminal() -> None:
    measured, judgement = judged()
    measured = msgspec.structs.replace(measured, skipped=(Skipped("threads+threads", "\x1b]0;owned\x07"),))
    screen = io.StringIO()
    for part in comparison_text(measured, judgement, 80):
        Console(file=screen, width=80).print(part)
    assert "\x1b" not in screen.getvalue()


def test_what_fails_a_gate_is_named() -> None:
    _, judgement = judged()
    assert list(wrongs(judgement)) == [
        "cpu: threads+threads is disqualified: its words are wrong in 8 of 8 samples",
        "cpu: async+processes became 1.3 times as slow (1.2-1.4)",
    ]


def test_figures_have_the_digits_that_tell_something() -> None:
    assert [number(value) for value in (0.0312, 1.918, 12.34, 99.96, 123.4, 1234.5)] == [
        "0.03", "1.92", "12.3", "100", "123", "1,234",
    ]  # fmt: skip
    assert [ratio(value) for value in (0, 0.0031, 0.031, 1.918)] == ["0.00", "0.0031", "0.03", "1.92"]
    assert interval(Interval(0.921, 0.951, 0.998)) == "0.95 (0.92-0.998)", "slower, and seen to be"
    assert interval(Interval(1.0, 1.0, 1.2)) == "1.00 (1.00-1.20)"
    assert (interval(None), clock(581), clock(3599.7)) == ("-", "9:41", "60:00")
