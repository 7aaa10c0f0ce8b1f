"""The whole way from an answer to what it says, by both parsers."""

import gzip
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from crawler.analyze.page import analyze, most_frequent
from crawler.analyze.xhtml import as_html
from crawler.model import Analysis, Failure, Fault, Page
from crawler.settings import AnalyzeSettings
from tests.analyze.samples import ENCODINGS, page

TURBO = AnalyzeSettings()
SOUP = replace(TURBO, parser="soup")
EITHER = pytest.mark.parametrize("settings", [TURBO, SOUP], ids=["turbo", "soup"])

HTML = """<!DOCTYPE html><html lang="en-GB"><head><base href="/docs/"><title> A
 page </title></head><body><h1>One two</h1><p>two <b>th</b>ree three three</p><a href="a#x">x</a><a href="a">y</a>
 <a href="mailto:x@y.z">z</a></body></html>"""


def answer(body: str | bytes = HTML, **headers: str) -> Page:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page("http://example.org/dir/", 200, fields, body.encode() if isinstance(body, str) else body)


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


def test_what_the_parser_refuses_is_a_failure() -> None:
    outcome = analyze(answer("<![x y]>"), SOUP)
    assert isinstance(outcome, Failure)
    assert (outcome.fault, outcome.stage) == (Fault.DECODE, "analyze")


def test_bounds_on_title_links_and_top() -> None:
    body = f"<title>{'t ' * 500}</title>" + "".join(f"<a href=/{number}>w{number} </a>" for number in range(50))
    found = analysis(answer(body), replace(TURBO, max_title_chars=9, max_links=7, top=3))
    assert found.title == "t t t t t"
    assert len(found.links) == 7
    assert found.top == (("w0", 1), ("w1", 1), ("w10", 1))
    assert found.distinct == 50


@EITHER
def test_lone_surrogates_are_packed(settings: AnalyzeSettings) -> None:
    found = analysis(answer("<title>&#xD800;</title>a&#xDFFF;b<a href='/&#xD800;'>x</a>"), settings)
    assert found.title == "\ufffd"
    assert found.words == {"a": 1, "bx": 1}
    assert found.links == ["http://example.org/%EF%BF%BD"]


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
assert {other!r} not in sys.modules
assert not heavy - {{"bs4", "lxml"}} & set(sys.modules), heavy & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
