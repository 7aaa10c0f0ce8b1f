"""The whole way from an answer to what it says, by both parsers."""

import gzip
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from crawler.analyze.page import analyze, most_frequent
from crawler.analyze.xhtml import as_html
from crawler.model import Analysis, Failure, Fault, Kind, Listing, Page, Robots
from crawler.settings import AnalyzeSettings
from tests.analyze.samples import ENCODINGS, page

TURBO = AnalyzeSettings()
SOUP = replace(TURBO, parser="soup")
EITHER = pytest.mark.parametrize("settings", [TURBO, SOUP], ids=["turbo", "soup"])

HTML = """<!DOCTYPE html><html lang="en-GB"><head><base href="/docs/"><title> A
 page </title></head><body><h1>One two</h1><p>two <b>th</b>ree three three</p><a href="a#x">x</a><a href="a">y</a>
 <a href="mailto:x@y.z">z</a></body></html>"""


def answer(body: str | bytes = HTML, kind: Kind = "page", **headers: str) -> Page:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page("http://example.org/dir/", 200, fields, body.encode() if isinstance(body, str) else body, kind=kind)


def analysis(page: Page, settings: AnalyzeSettings = TURBO) -> Analysis:
    outcome = analyze(page, settings)
    assert isinstance(outcome, Analysis), outcome
    return outcome


@EITHER
def test_what_a_page_says(settings: AnalyzeSettings) -> None:
    found = analysis(
        answer(gzip.compress(HTML.encode()), content_type="text/html", content_encoding="gzip"), settings
    )
    assert (found.charset, found.title, found.language) == ("utf-8", "A page", "en")
    assert found.words == {"one": 1, "two": 2, "three": 3, "xy": 1, "z": 1}
    assert (found.tokens, found.distinct) == (sum(found.words.values()), len(found.words))
    assert found.top[:2] == (("three", 3), ("two", 2))
    assert found.links == ["http://example.org/docs/a"]


@pytest.mark.parametrize(("name", "language", "codec"), ENCODINGS)
def test_both_parsers_pack_the_same_bytes(name: str, language: str, codec: str) -> None:
    body = page(language, f'<meta charset="{name}">').encode(codec)
    assert analyze(answer(body), TURBO) == analyze(answer(body), SOUP)


@EITHER
def test_a_page_without_a_content_type_is_html(settings: AnalyzeSettings) -> None:
    assert analysis(answer(), settings).title == "A page"


@EITHER
@pytest.mark.parametrize("content_type", ["text/plain", "Text/Plain; charset=utf-8"])
def test_plain_text_is_taken_as_it_is(settings: AnalyzeSettings, content_type: str) -> None:
    found = analysis(answer("<p>x</p> http://a.b/", content_type=content_type, content_language="de"), settings)
    assert found.words == {"p": 2, "x": 1, "http": 1, "a": 1, "b": 1}
    assert (found.title, found.links, found.language) == ("", [], "de")


@EITHER
def test_empty_elements_of_xhtml_are_closed(settings: AnalyzeSettings) -> None:
    body = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x>y"
        /></head><body><a id="top"/><p class='a/b'/>one<br/>two<img src="/i/"/>three
        <a href="/x/">four</a></body></html>"""
    found = analysis(answer(body, content_type="application/xhtml+xml"), settings)
    assert list(found.words) == ["one", "twothree", "four"]
    assert found.links == ["http://example.org/x/"]
    if settings is TURBO:
        assert analysis(answer(body, content_type="text/html"), settings).words == {}


@pytest.mark.parametrize("unit", ["<a", "<a ", "<a '", '<a "', "<a/", "<a='", "<", "/>"])
def test_xhtml_takes_no_longer_than_it_is(unit: str) -> None:
    start = time.process_time()
    as_html(unit * 300_000)
    as_html("<a " + unit[1:] * 300_000)
    assert time.process_time() - start < 3


@EITHER
def test_an_empty_page(settings: AnalyzeSettings) -> None:
    found = analysis(answer(b""), settings)
    assert (found.words, found.links, found.top, found.tokens) == ({}, [], (), 0)


@pytest.mark.parametrize(
    ("body", "encoding", "fault"),
    [
        (gzip.compress(b"\0" * 40_000_000), "gzip", Fault.TOO_LARGE),
        (gzip.compress(HTML.encode())[:-9], "gzip", Fault.DECODE),
        (b"junk", "snappy", Fault.DECODE),
    ],
)
def test_what_cannot_be_decoded_is_a_failure(body: bytes, encoding: str, fault: Fault) -> None:
    outcome = analyze(answer(body, content_encoding=encoding), TURBO)
    assert isinstance(outcome, Failure)
    assert (outcome.fault, outcome.stage) == (fault, "analyze")


def test_codings_may_come_in_several_headers() -> None:
    body = gzip.compress(gzip.compress(HTML.encode()))
    twice = Page("http://example.org/", 200, (("content-encoding", "gzip"), ("content-encoding", "gzip")), body)
    assert analysis(twice).title == "A page"


def test_what_the_parser_refuses_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("unknown status keyword")  # as CPython before 3.14 says of "<![x y]>"

    monkeypatch.setattr(HTMLParser, "goahead", refuse)
    outcome = analyze(answer("<p>text"), SOUP)
    assert isinstance(outcome, Failure)
    assert (outcome.fault, outcome.stage) == (Fault.DECODE, "analyze")


@EITHER
def test_a_character_reference_may_have_any_number_of_digits(settings: AnalyzeSettings) -> None:
    nines, zeros = "9" * 5_000, "0" * 5_000
    found = analysis(
        answer(f"<title>&#{nines};</title>a&#{zeros}98;c <a href='&#{zeros}47;x'>&#{zeros};d</a>"), settings
    )
    assert found.title == "\ufffd"
    assert found.words == {"abc": 1, "d": 1}
    assert found.links == ["http://example.org/x"]


def test_bounds_on_title_links_and_top() -> None:
    body = f"<title>{'t ' * 500}</title>" + "".join(f"<a href=/{number}>w{number} </a>" for number in range(50))
    found = analysis(answer(body), replace(TURBO, max_title_chars=9, max_links=7, top=3))
    assert found.title == "t t t t t"
    assert len(found.links) == 7
    assert found.top == (("w0", 1), ("w1", 1), ("w10", 1))
    assert found.distinct == 50


def test_a_title_is_not_cut_behind_a_space() -> None:
    assert analysis(answer("<title>ab cd</title>"), replace(TURBO, max_title_chars=3)).title == "ab"


@EITHER
def test_lone_surrogates_are_packed(settings: AnalyzeSettings) -> None:
    found = analysis(answer("<title>&#xD800;</title>a&#xDFFF;b<a href='/&#xD800;'>x</a>"), settings)
    assert found.title == "\ufffd"
    assert found.words == {"a": 1, "bx": 1}
    assert found.links == ["http://example.org/%EF%BF%BD"]


@EITHER
@pytest.mark.parametrize(
    ("markup", "header", "links", "is_noindex"),
    [
        ("", "", ["a"], False),
        ("<meta name=robots content=nofollow>", "", [], False),
        ("<meta name=robots content=noindex>", "", ["a"], True),
        ("<meta name=robots content=noindex><meta name=crawler content=nofollow>", "", [], False),
        ("<meta name=other content=none>", "other: none", ["a"], False),
        ("", "none", [], True),
    ],
)
def test_what_a_page_asks_of_robots_is_obeyed_or_not(
    settings: AnalyzeSettings, markup: str, header: str, links: list[str], *, is_noindex: bool
) -> None:
    page = answer(f"{markup}<a href=/a>x</a><a rel=nofollow href=/b>y</a>", x_robots_tag=header)
    obedient = analysis(page, settings)
    assert obedient.links == [f"http://example.org/{path}" for path in links]
    assert obedient.is_noindex is is_noindex
    assert obedient.words == {"xy": 1}
    wilful = analysis(page, replace(settings, nofollow="ignore", noindex="ignore"))
    assert wilful.links == ["http://example.org/a", "http://example.org/b"]
    assert not wilful.is_noindex


def test_a_link_that_one_anchor_disowns_is_followed_for_the_other() -> None:
    assert analysis(answer("<a rel=nofollow href=/a>x</a><a href=/a#b>y</a>")).links == ["http://example.org/a"]


@EITHER
def test_links_are_canonical(settings: AnalyzeSettings) -> None:
    body = "<link rel=next href='?page=2&amp;utm_medium=x'><a href='?utm_source=y'>x</a><a href=%7ey?ref=z>y</a>"
    url = "http://example.org/dir/"
    assert analysis(answer(body), settings).links == [f"{url}?page=2", url, f"{url}~y?ref=z"]
    own = replace(settings, strip_params=("ref", "page"))
    assert analysis(answer(body), own).links == [f"{url}?utm_medium=x", f"{url}?utm_source=y", f"{url}~y"]


SAME_TEXT = [
    "<p>One two, <b>th</b>ree<p>two",
    "<!-- x -->\n<div>\r\n  One\ttwo, three\n</div><ul hidden><li>four</ul> <br><span>two</span>",
    "<title>Another</title><p>One two, three<template>five</template></p> two <a href=x></a>",
]


def test_the_same_text_has_the_same_digest_under_either_parser() -> None:
    digests = {analysis(answer(body), settings).digest for body in SAME_TEXT for settings in (TURBO, SOUP)}
    assert len(digests) == 1
    assert len(digests.pop()) == 16


@pytest.mark.parametrize(
    "body",
    [
        "One two three",
        "One two, three two two",
        "two One three two",
        "One two, threetwo",
        "One two, two three",
        "one two, three two",
        "One two three two",
    ],
)
def test_another_text_has_another_digest(body: str) -> None:
    assert analysis(answer(body)).digest != analysis(answer(SAME_TEXT[0])).digest


@pytest.mark.parametrize("body", ["", "<p> <br>…", "<img src=x>"])
def test_a_page_without_words_has_no_digest(body: str) -> None:
    assert analysis(answer(body)).digest == b""


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_robots_txt_is_read_as_such(coding: str) -> None:
    body = b"User-agent: *\nDisallow: /x\nUser-agent: crawler\nDisallow: /y\n"
    page = answer(gzip.compress(body) if coding == "gzip" else body, kind="robots", content_encoding=coding)
    read = analyze(page, TURBO)
    assert isinstance(read, Robots)
    assert [rule.pattern for rule in read.rules] == ["/y"]
    read = analyze(page, replace(TURBO, robots_name="else"))
    assert isinstance(read, Robots)
    assert [rule.pattern for rule in read.rules] == ["/x"]


def test_a_sitemap_is_read_as_such() -> None:
    body = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://example.org/a</loc></url></urlset>"
    read = analyze(answer(body, kind="sitemap", content_type="application/xml"), TURBO)
    assert isinstance(read, Listing)
    assert read.pages == [("http://example.org/a", None)]


@pytest.mark.parametrize("kind", ["page", "robots", "sitemap"])
def test_whatever_was_asked_for_what_cannot_be_decoded_is_a_failure(kind: Any) -> None:
    outcome = analyze(answer(b"junk", kind=kind, content_encoding="gzip"), TURBO)
    assert isinstance(outcome, Failure)
    assert (outcome.fault, outcome.stage) == (Fault.DECODE, "analyze")


@pytest.mark.parametrize("number", [0, 1, 3, 10])
def test_most_frequent_is_the_head_of_the_sorted_list(number: int) -> None:
    counts = {"b": 2, "a": 2, "c": 5, "d": 1, "e": 2, "f": 1}
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]
    assert most_frequent(counts, number) == tuple(expected)


@pytest.mark.parametrize(("parser", "other"), [("turbo", "bs4"), ("soup", "crawler.analyze.turbo")])
def test_a_worker_imports_only_what_analysis_needs(parser: str, other: str) -> None:
    script = f"""
import sys
import time
from crawler.analyze.page import analyze
from crawler.model import Page
from crawler.settings import AnalyzeSettings
heavy = {{"aiohttp", "asyncio", "rich", "sqlite3", "bs4", "multiprocessing", "threading_room", "lxml"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
analyze(Page("http://a.b/", 200, (), b"<p>x"), AnalyzeSettings(parser={parser!r}))
assert not {{{other!r}, "crawler.analyze.robots", "crawler.analyze.listing"}} & set(sys.modules)
assert not heavy - {{"bs4", "lxml"}} & set(sys.modules), heavy & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_whoever_times_an_analysis_is_told_its_steps_and_changes_nothing() -> None:
    page = Page("http://a.test/", 200, (("content-type", "text/html"),), b"<a href=/b>one two</a>")
    steps: list[str] = []
    assert analyze(page, AnalyzeSettings(), steps.append) == analyze(page, AnalyzeSettings())
    assert steps == ["decode", "parse", "count"]
