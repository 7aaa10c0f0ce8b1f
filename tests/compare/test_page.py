"""The report as one page: whole, escaped, self-contained and small."""

import re
import sys
from itertools import pairwise

import msgspec
import pytest

from crawler.compare.judge import judge
from crawler.compare.judgement import Interval, Standing
from crawler.compare.report.elements import Html, element, prose
from crawler.compare.report.page import report_html
from crawler.compare.result import Result, Skipped
from tests.compare.examples import example, result, sample
from tests.compare.judgements import judgement
from tests.compare.reading import Reading

EVIL = "<script>alert('&amp;')</script>\"'><img src=x onerror=alert(1)>"


def cells(text: str, caption: str) -> list[list[str]]:
    """The rows of the table of that name, as they read."""
    table = text.partition(f'<table aria-label="{caption}">')[2].partition("</table>")[0]
    rows = re.findall("<tr.*?</tr>", table)
    return [[re.sub("<[^>]+>", " ", cell).strip() for cell in re.split("</t[hd]>", row)[:-1]] for row in rows]


def few() -> Result:
    """One workload only, which is drawn in a moment."""
    made = example(count=2)
    samples = tuple(sample for sample in made.samples if sample.workload == "io")
    return msgspec.structs.replace(made, works=made.works[:1], samples=samples)


@pytest.fixture(scope="module")
def page() -> str:
    made = example(count=4)
    return report_html(made, judgement(made))


def test_it_is_well_formed(page: str) -> None:
    read = Reading(page)
    assert page.startswith("<!DOCTYPE html>")
    assert not read.faults
    assert read.named("html") == [{"lang": "en"}]
    assert read.named("meta")[0] == {"charset": "utf-8"}


def test_it_needs_nothing_else(page: str) -> None:
    read = Reading(page)
    assert not {"script", "link", "img", "iframe", "object", "image", "use", "foreignobject"} & {
        tag for tag, _ in read.tags
    }
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on") or name == "src"]
    links = [attributes["href"] or "" for _, attributes in read.tags if "href" in attributes]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"https?://|url\(|@import|//fonts", page)


def test_it_is_small(page: str) -> None:
    assert len(page.encode()) < 600_000


def test_links_lead_somewhere_and_no_id_is_there_twice(page: str) -> None:
    read = Reading(page)
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(attributes["href"] or "")[1:] for attributes in read.named("a")} <= set(ids)


def test_headings_are_in_order_and_cells_are_named(page: str) -> None:
    read = Reading(page)
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for attributes in read.named("th"))
    assert all(attributes.get("role") == "img" and attributes.get("aria-label") for attributes in read.named("svg"))


def test_it_says_what_was_measured(page: str) -> None:
    text = " ".join(Reading(page).text.split())
    made = example(count=4)
    for arm in made.arms:
        assert arm in text
    assert "is 1.9 times (1.7-2.1) as fast as" in text
    assert "async+interpreters@soup : needs CPython 3.14" in text
    assert "threads+threads : disqualified: it counted other words" in text
    assert "Example CPU @ 2.60GHz" in text
    assert made.command in text
    assert "The machine was busy." in text
    assert "8 of 10 rounds" in text
    assert "The site is on the same machine." in text
    assert "0.21 ms a page" in text


def test_the_table_has_each_arm_with_its_figures(page: str) -> None:
    judged = judgement(example(count=4)).works[1]
    head, *rows = cells(page, "The arms on cpu")
    assert head[:3] == ["arm", "finding", "times as fast 95 % interval"]
    for standing, row in zip(judged.standings, rows, strict=True):
        named = dict(zip(head, row, strict=True))
        assert standing.speed is not None and standing.wall_s is not None
        assert named["arm"] == (f"auto: {standing.chose}" if standing.chose else standing.arm)
        assert named["finding"] == standing.finding
        assert named["times as fast 95 % interval"].startswith(f"{standing.speed.middle:.2f} (")
        assert named["wall s middle half"].startswith(f"{standing.wall_s.median:.2f} (")
        assert named["cores used"] == f"{standing.cores:.2f}"
        assert named["CPU ms a page"] == f"{standing.cpu_ms_a_page:.2f}"
        assert named["MiB peak PSS"] == f"{standing.peak_pss_mib:.0f}"
        assert named["pages lost"] == "0"
        assert named["samples"] == "4"
    assert cells(page, "The arms on hostile")[0][:2] == ["arm", "wall s middle half"], "where none is ranked by speed"


def test_at_a_glance_tells_differences_from_none(page: str) -> None:
    shown = {row[0]: row[1:] for row in cells(page, "Speed of each arm on each workload")}
    judged = judgement(example(count=4))
    for at, work in enumerate(judged.works[:3]):
        for standing in work.standings:
            cell = shown[standing.arm][at]
            if standing.finding == "disqualified":
                assert cell == "disqualified"
            else:
                assert cell.startswith("≈") == (standing.finding == "no difference found")
    assert page.count('<td class="slower">') == sum(
        standing.finding == "slower" for work in judged.works[:3] for standing in work.standings
    )


def test_what_has_been_compared_before_has_a_column() -> None:
    made = few()
    judged = judgement(made)
    first, *others = judged.works[0].standings
    then = (msgspec.structs.replace(first, then=Interval(0.5, 0.6, 0.7)), *others)
    work = msgspec.structs.replace(judged.works[0], standings=then)
    drawn = report_html(made, msgspec.structs.replace(judged, works=(work,), against=("The seeds differ.",)))
    assert "The seeds differ." in drawn.partition("<nav")[0]
    head, row, *_ = cells(drawn, "The arms on io")
    assert dict(zip(head, row, strict=True))["than before times as fast"] == "0.60 (0.50-0.70)"


def test_a_hostile_workload_is_told_by_pages_lost(page: str) -> None:
    hostile = page.partition('<section id="hostile">')[2].partition("</section>")[0]
    assert "Innocent pages lost" in hostile
    assert ">106 of 120</text>" in hostile
    assert "How many times as fast" not in hostile
    assert "Innocent pages lost" not in page.partition('<section id="hostile">')[0]


def test_who_never_came_to_an_end_has_no_figures_and_these_are_not_0() -> None:
    died = sample("hostile", "async+inline", failure="died of signal 11", lost=120, wall_s=0.02, cpu_s=0.01)
    made = result(("hostile",), [sample("hostile"), died])
    told = cells(report_html(made, judge(made)), "The arms on hostile")
    head, dead = told[0], next(row for row in told if row[0] == "async+inline")
    figures = {name: cell for name, cell in zip(head, dead, strict=True) if cell != "-"}
    assert list(figures) == ["arm", "pages lost", "samples"]


def test_many_notes_are_folded_and_what_is_worse_is_not() -> None:
    made = msgspec.structs.replace(few(), notes=tuple(f"note {at}" for at in range(9)), stopped_by="SIGINT")
    drawn = report_html(made, judgement(made, regressions=("io: async+inline",)))
    folded = drawn.partition("What was cut, and what disturbed it (9)")
    assert "Stopped by SIGINT" in folded[0]
    assert "Slower than before: io: async+inline" in folded[0]
    assert "note 8" in folded[2].partition("</details>")[0]


def test_every_sample_is_there(page: str) -> None:
    made = example(count=4)
    text = Reading(page).text
    for one in made.samples:
        assert f"{one.wall_s:.4f}" in text


def with_evil_names(made: Result) -> Result:
    renamed = {"threads+inline": EVIL}
    samples = tuple(
        msgspec.structs.replace(one, arm=renamed.get(one.arm, one.arm), failure=EVIL * (one.round == 1),
                                uss_mib={EVIL: 3.0})
        for one in made.samples
    )  # fmt: skip
    return msgspec.structs.replace(
        made, samples=samples, arms=tuple(renamed.get(arm, arm) for arm in made.arms), notes=(EVIL,), command=EVIL,
        skipped=(Skipped(EVIL, EVIL),),
        environment=msgspec.structs.replace(made.environment, cpu=EVIL, packages={EVIL: EVIL}),
        works=tuple(msgspec.structs.replace(work, about=EVIL, latency=EVIL) for work in made.works),
    )  # fmt: skip


def test_what_comes_from_elsewhere_is_text(page: str) -> None:
    made = with_evil_names(few())
    judged = judgement(made, verdict=(EVIL, EVIL), regressions=(EVIL,), warnings=(EVIL,), limits=(EVIL,))
    read = Reading(report_html(made, judged))
    assert not read.faults
    assert {tag for tag, _ in read.tags} <= {tag for tag, _ in Reading(page).tags}
    assert not [attributes for _, attributes in read.tags if "onerror" in attributes or "src" in attributes]
    assert read.text.count("onerror") > 10


def test_strange_names_are_drawn() -> None:
    made = few()
    strange = ["a\x1b[31mb", "a\x00b", "a\ud800b", "a\u202eb", "a\uffffb", "日本語+処理", "a\nb"]
    names = dict(zip([arm for arm in made.arms if arm != made.reference], strange, strict=False))
    samples = tuple(msgspec.structs.replace(one, arm=names.get(one.arm, one.arm)) for one in made.samples)
    made = msgspec.structs.replace(made, samples=samples, arms=(made.reference, *strange))
    drawn = report_html(made, judgement(made))
    assert not Reading(drawn).faults
    assert not re.search("[\0\x1b\ud800\u202e]", drawn)
    assert drawn.count("日本語+処理") > 5
    drawn.encode()


def test_without_the_package_that_draws_it_has_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    made = few()
    read = Reading(report_html(made, judgement(made)))
    assert not read.faults
    assert not read.named("svg")
    assert len(read.named("table")) == 3
    assert read.text.count("pip install -e '.[charts]'") == 1


def test_a_judgement_of_nothing_is_a_page_too() -> None:
    made = few()
    empty = msgspec.structs.replace(made, samples=(), notes=(), skipped=())
    judged = judgement(made, verdict=(), works=(), overall=(), warnings=(), overhead_ms_a_page=None, probe_cost=None)
    assert not Reading(report_html(empty, judged)).faults


def test_an_arm_that_failed_is_named_with_its_reason() -> None:
    made = few()
    judged = judgement(made)
    failed = Standing(arm="threads+inline", finding="failed", why="it ran into its deadline")
    work = msgspec.structs.replace(judged.works[0], standings=(*judged.works[0].standings[1:], failed))
    read = Reading(report_html(made, msgspec.structs.replace(judged, works=(work,))))
    assert "threads+inline : failed: it ran into its deadline" in " ".join(read.text.split())


def test_only_markup_stands_as_it_is() -> None:
    assert element("p", "a < b & c", title='"<') == '<p title="&quot;&lt;">a &lt; b &amp; c</p>'
    assert element("p", Html("<b>a</b>"), class_=False, hidden=True) == "<p hidden><b>a</b></p>"
    assert prose("`<a>` is <b>") == "<code>&lt;a&gt;</code> is &lt;b&gt;"


def test_no_line_breaks_within_an_interval_or_before_a_unit() -> None:
    whole = '<span class="whole">{}</span>'.format
    assert prose("1.3 times (1.2-1.4) as fast") == f"1.3 times {whole('(1.2-1.4)')} as fast"
    assert prose("0.4 % of 15 s, 3 samples") == f"{whole('0.4 %')} of {whole('15 s')}, 3 samples"
