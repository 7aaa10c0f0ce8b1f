"""How the tutorial's findings are said and drawn: in two languages, in line, and never more than they carry."""

import io
import re
import string
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from crawler.compare.primitives import tour, wording_en, wording_ja
from crawler.compare.primitives.advice import advice
from crawler.compare.primitives.findings import (
    ROWS,
    Creation,
    Findings,
    Memory,
    Moving,
    Reading,
    Unmeasured,
    read_findings,
    to_json,
)
from crawler.compare.primitives.fresh import Ended
from crawler.compare.primitives.markdown import render_markdown
from crawler.compare.primitives.passage import japanese_lines
from crawler.compare.primitives.sentences import sentences
from crawler.compare.primitives.sheet import sheet
from crawler.compare.primitives.text import render_text
from crawler.compare.primitives.tour import Step, measure_primitives
from crawler.compare.primitives.units import duration, memory, size, times
from crawler.compare.primitives.wording import LANGUAGES, step_line

KEPT = Path(__file__).parents[2] / "docs" / "concurrency.json"


@pytest.fixture
def found() -> Findings:
    """The findings of the page in docs/."""
    return read_findings(KEPT)


def keys(found: Findings, row: str) -> set[str]:
    return {said.key for said in sentences(row, getattr(found, row), found.machine)}  # type: ignore[arg-type]


def advised(found: Findings) -> set[str]:
    return {said.key for said in advice(found)}


def printed(found: Findings, language: str, width: int) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(render_text(found, language))
    return console.export_text()


def all_at(reading: dict[Any, Reading], value: float) -> dict[Any, Reading]:
    return {name: Reading(value, value, value, 5) for name in reading}


def test_the_languages_have_the_same_texts_with_the_same_values() -> None:
    assert list(wording_en.TEXTS) == list(wording_ja.TEXTS)
    for key, english in wording_en.TEXTS.items():
        assert _fields(english) == _fields(wording_ja.TEXTS[key]), key


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_japanese_sentences_are_japanese() -> None:
    for key, text in wording_ja.TEXTS.items():
        is_prose = text.endswith("。") and not key.startswith("note.")
        assert not is_prose or sum(ord(letter) > 0x3000 for letter in text) > len(text) / 3, key
        assert ". " not in text and "です" not in text and "ます" not in text, key


def test_findings_survive_json(found: Findings, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(to_json(found))
    assert read_findings(tmp_path / "kept.json") == found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120])
def test_the_columns_of_the_terminals_table_stand_in_line(found: Findings, language: str, width: int) -> None:
    lines = printed(found, language, width).splitlines()
    assert all(cell_len(line) <= width for line in lines)
    cells = ["pickle ~?[0-9]", "spawn ~?[0-9]", re.escape(LANGUAGES[language]["crashes.killed"])]
    found_at = [
        {cell_len(line[: match.start(1)]) for line in lines for match in re.finditer(rf"  ({cell})", line)} - {3}
        for cell in cells
    ]
    assert found_at[0] == found_at[1] == found_at[2], "the cells of processes begin at one column"
    assert len(found_at[0]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_terminal_loses_nothing(found: Findings, language: str) -> None:
    """With a column more (CPython 3.14) and less room, cells are folded."""
    assert isinstance(found.moving, Moving)
    assert isinstance(found.creation, Creation)
    assert isinstance(found.memory, Memory)
    rows = {
        "moving": replace(
            found.moving, cost_us=found.moving.cost_us | {"interpreter": found.moving.cost_us["shared"]}
        ),
        "creation": replace(
            found.creation, start_us=found.creation.start_us | {"interpreter": found.creation.start_us["fork"]}
        ),
        "memory": replace(found.memory, seen=found.memory.seen | {"interpreter": False}),
        "machine": replace(found.machine, missing={}),
    }
    shown = printed(replace(found, **rows), language, 60)
    assert "…" not in shown
    joined = "".join(shown.split())
    assert "".join(LANGUAGES[language]["creation.interpreter"][-8:].split()) in joined
    assert LANGUAGES[language]["kind.interpreter"][:4] in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_its_numbers_and_its_sentence(found: Findings, language: str) -> None:
    made = sheet(found, language)
    assert len(made.sections) == len(ROWS) == 8
    for section in made.sections:
        assert section.lines
        assert len(section.sentence) > 20
    assert len(made.advice) >= 5
    shown = render_markdown(found, language)
    assert all(piece in shown for piece in (*made.advice, *(section.sentence for section in made.sections)))


def test_no_japanese_line_begins_with_a_full_stop_or_breaks_a_number() -> None:
    text = "プロセスに渡すには（pickle）直列化し、11 msかかった。「短い」文が続く。" * 3
    for width in range(12, 80):
        lines = japanese_lines(text, width)
        assert max(map(cell_len, lines)) <= width
        assert not [line for line in lines if line[0] in "、。）」" or line[-1] in "（「"]
        assert "".join(lines) == text
        assert all("11" not in line or "11 ms" in line for line in lines)


def test_threads_are_said_to_take_turns_only_where_they_do(found: Findings) -> None:
    gil = found.gil
    assert not isinstance(gil, Unmeasured)
    assert {"gil.turns"} <= keys(found, "gil")
    free = replace(gil, speed_up=gil.speed_up | {"thread": all_at(gil.speed_up["thread"], 1.9)})
    free_threaded = replace(found, gil=free, machine=replace(found.machine, gil=False))
    assert "gil.turns" not in keys(free_threaded, "gil")
    assert "gil.parallel" in keys(free_threaded, "gil")
    assert "advice.compute.threads" in advised(free_threaded)
    stuck = replace(gil, speed_up={way: all_at(readings, 1.0) for way, readings in gil.speed_up.items()})
    assert not keys(replace(found, gil=stuck), "gil") & {"gil.processes", "gil.c", "gil.interpreters", "gil.parallel"}
    assert "gil.no_cores" in keys(replace(found, gil=stuck), "gil"), "with two cores, others must have had them"
    assert not {one for one in advised(replace(found, gil=stuck)) if one.startswith("advice.compute")}
    small = replace(found, gil=stuck, machine=replace(found.machine, usable_cores=1.0))
    assert keys(small, "gil") == {"gil.turns", "gil.one_core"}
    assert "advice.compute.neither" in advised(small)


def test_what_does_not_hold_is_not_said(found: Findings) -> None:
    """Each row with all its differences taken away says nothing of them, and no advice rests on it."""
    changes: dict[str, Callable[[Any], Any]] = {
        "memory": lambda row: replace(row, seen=dict.fromkeys(row.seen, True) | {"thread": False}),
        "moving": lambda row: replace(row, cost_us={way: all_at(costs, 9.0) for way, costs in row.cost_us.items()}),
        "creation": lambda row: replace(row, start_us=all_at(row.start_us, 9.0)),
        "footprint": lambda row: replace(
            row, own_kib=all_at(row.own_kib, 9.0), reserved_kib=9.0, touched_kib=row.own_kib["fork"].median
        ),
        "crashes": lambda row: replace(
            row,
            after_segfault=dict.fromkeys(row.after_segfault, True) | {"process": False},
            after_exception=dict.fromkeys(row.after_exception, False),
            stopped=dict.fromkeys(row.stopped, True),
            pace=dict.fromkeys(row.pace, 1.0),
            pool_survives=True,
        ),
        "waiting": lambda row: replace(row, took_ms=all_at(row.took_ms, 9.0)),
        "mixture": lambda row: replace(
            row, shapes=tuple(replace(shape, took_ms=Reading(9.0, 8.0, 10.0, 3)) for shape in row.shapes)
        ),
    }
    for row, change in changes.items():
        usual = keys(found, row)
        changed = replace(found, **{row: change(getattr(found, row))})
        left = keys(changed, row) & usual
        assert left <= {"mixture.about"}, row
    assert "mixture.tie" in keys(changed, "mixture")
    for row, change in changes.items():
        found = replace(found, **{row: change(getattr(found, row))})
    gil = found.gil
    assert not isinstance(gil, Unmeasured)
    found = replace(found, gil=replace(gil, speed_up={way: all_at(one, 1.3) for way, one in gil.speed_up.items()}))
    assert advised(found) <= {"advice.forkserver"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_breaks_is_told_and_the_others_go_on(
    found: Findings, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {f"crawler.compare.primitives.{row}": getattr(found, row) for row in ROWS}
    steps: list[Step] = []

    def fresh(function: Callable[[], Any], deadline_s: float) -> Ended[Any]:
        assert deadline_s > 10
        match function.__module__.rpartition(".")[2]:
            case "gil":
                return Ended(None, None, "")
            case "crashes":
                return Ended(None, 1, "Traceback:\n  somewhere\nOSError: no more processes")
            case _:
                return Ended(answers[function.__module__], 0, "")

    monkeypatch.setattr(tour, "fresh", fresh)
    made = measure_primitives(steps.append)
    assert (made.gil, made.crashes) == (Unmeasured("overran"), Unmeasured("broke", "OSError: no more processes"))
    assert made.memory == found.memory
    assert [step.row for step in steps] == list(ROWS)
    assert [step.number for step in steps] == list(range(1, 9))
    assert all(earlier.left_s > later.left_s for earlier, later in pairwise(steps))
    assert step_line(steps[0], language).startswith("1/8 ")
    shown = render_markdown(made, language)
    assert LANGUAGES[language]["why.overran"] in shown
    assert "OSError: no more processes" in shown
    assert not {one for one in advised(made) if one.startswith(("advice.compute", "advice.safety"))}
    assert "OSError: no more processes" in printed(made, language, 120)


def test_numbers_are_short_and_have_their_unit() -> None:
    assert [duration(us) for us in (0.94, 9.96, 74.4, 1_812, 999_400, 1_334_000)] == [
        *("0.9 µs", "10 µs", "74 µs", "1.8 ms", "999 ms", "1.33 s"),
    ]
    assert [memory(kib) for kib in (0.94, 14.4, 7_144)] == ["0.9 KiB", "14 KiB", "7.0 MiB"]
    assert [size(count) for count in (1_000, 64_000, 1_000_000)] == ["1 KB", "64 KB", "1 MB"]
    assert [times(ratio) for ratio in (0.967, 0.998, 1.04, 37.2, 1_259)] == ["0.97", "1.0", "1.0", "37", "1,300"]
