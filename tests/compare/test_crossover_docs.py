"""What the page on processes and threads shows of the crossover is what its kept samples say."""

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from benchmarks.concurrency import PAGES, chart_path, filled
from benchmarks.crossover import KEPT, drawing, pieces
from benchmarks.crossover_words import JAPANESE, sentences
from crawler.compare.judge import judge
from crawler.compare.judgement import Judgement
from crawler.compare.report.charts.crossover import ENGLISH
from crawler.compare.result import Result, read_result
from tests.compare.climbs import climb, on_cores

PROCESSES, INLINE = "async+processes", "async+inline"


@pytest.fixture(params=list(PAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def kept() -> tuple[Result, Judgement]:
    result = read_result(KEPT)
    return result, judge(result)


def test_sentences_and_table_are_what_the_samples_say(kept: tuple[Result, Judgement], language: str) -> None:
    page = PAGES[language].read_text(encoding="utf-8")
    made = pieces(*kept, language)
    for name, text in made.items():
        assert f"<!-- {name} -->\n{text}<!-- /{name} -->" in page, f"{name}: run python -m benchmarks.crossover"
    assert filled(page.replace("| ---: |", "| - |"), made) == page


def test_the_chart_is_of_these_samples_and_has_paper_of_its_own(
    kept: tuple[Result, Judgement], language: str
) -> None:
    drawn = chart_path("crossover", language).read_text(encoding="utf-8")
    assert drawn == drawing(*kept, language)
    assert "var(--" not in drawn
    shown = " ".join(ET.fromstring(drawn).itertext())
    words = {"en": ENGLISH, "ja": JAPANESE}[language]
    for word in (words.waiting, words.computing, words.one_core, words.no_wait, *kept[0].arms):
        assert word in shown


def test_the_samples_are_of_two_cores_and_of_a_whole_ladder(kept: tuple[Result, Judgement]) -> None:
    result, judgement = kept
    assert KEPT.stat().st_size < 250_000
    assert result.environment.usable_cores == 2
    assert result.is_crossover and not result.stopped_by
    assert judgement.crossover is not None
    assert len(judgement.crossover.rungs) == 8
    pairs = len(result.arms) * (len(result.arms) - 1) // 2
    assert len(judgement.crossover.meetings) == pairs >= 3


def ladders() -> Iterator[tuple[Callable[[float], float], str]]:
    """An arm beside one that takes a second whatever the latency, and what is said of the two in Japanese."""
    yield lambda _: 0.7, "は、どの段でも`async+processes`より速い"
    yield lambda _: 1.0, "には、どの段でも差が見られない"
    yield lambda at: 0.7 if at < 0.1 else 1.0, "は計算時間が待ち時間の0.12倍以上になると`async+processes`より速く"
    yield lambda at: 0.7 if not at else 1.0, "は待ちがないときにだけ`async+processes`より速く"
    yield lambda at: 0.7 if at > 0.1 else 1.0, "は計算時間が待ち時間の0.03倍以下のあいだ`async+processes`より速く"
    yield lambda at: 0.7 if at == 0.2 else 1.0, "は計算時間が待ち時間の0.03倍のときだけ"
    yield lambda at: 0.7 if at in {1.0, 0.0} else 1.0, "は両端の段で"
    yield lambda at: 1.5 if at in {0.4, 0.05} else 0.7, "順位が入れ替わっており"
    yield lambda at: 1.5 if at else 0.7, "待ちのある最後の段（計算時間が待ち時間の1.2倍）より先で逆転する"
    yield lambda at: 1.5 if at > 0.1 else 0.7, "のところ（このページでは待ち時間"


@pytest.mark.parametrize(("took_s", "said"), list(ladders()))
def test_every_meeting_has_words_in_japanese(took_s: Callable[[float], float], said: str) -> None:
    lines = sentences(judge(climb({PROCESSES: lambda _: 1.0, INLINE: took_s})), "ja")
    assert any(said in line for line in lines), lines


def test_both_languages_say_as_much() -> None:
    of = judge(climb({PROCESSES: on_cores(1.9, begun_s=0.1), INLINE: on_cores(1.0)}))
    assert len(sentences(of, "en")) == len(sentences(of, "ja")) == 2
