"""An analysis in two parts: the same as in one, and its first part needs nothing that loads in few interpreters."""

import gzip
import pickle
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.analyze.beginning import begin
from crawler.analyze.page import analyze, complete
from crawler.bare import Mishap
from crawler.model import Failure, Page, Reading
from crawler.settings import AnalyzeSettings
from crawler.site.pages import render
from crawler.site.settings import SiteSettings
from crawler.site.web import Web
from crawler.workers.guarded import bare
from tests.analyze.samples import ENCODINGS, page

TURBO = AnalyzeSettings()
SITE = Web(SiteSettings(pages=40, max_kb=8))


def in_two(asked: Page, settings: AnalyzeSettings = TURBO) -> Reading:
    """As the room of interpreters does it."""
    begun: Any = pickle.loads(pickle.dumps(begin(bare(asked), settings)))
    return Failure(*begun, "analyze") if isinstance(begun, Mishap) else complete(asked, begun, settings)


@pytest.mark.parametrize("parser", ["turbo", "soup"])
@pytest.mark.parametrize(("name", "language", "codec"), ENCODINGS)
def test_in_every_encoding_two_parts_make_the_whole(name: str, language: str, codec: str, parser: str) -> None:
    asked = Page("http://a.test/", 200, (), page(language, f"<meta charset={name}>").encode(codec, "ignore"))
    settings = replace(TURBO, parser=parser)
    assert in_two(asked, settings) == analyze(asked, settings)


def test_on_every_page_of_the_site_two_parts_make_the_whole() -> None:
    for known in (render(SITE, each) for each in SITE.pages()):
        asked = Page(known.url, 200, (("content-type", known.content_type),), known.body)
        assert in_two(asked) == analyze(asked, TURBO)


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        ((), b"", "page"),
        ((("content-encoding", "gzip"),), b"junk", "page"),
        ((("content-encoding", "gzip"),), gzip.compress(b"<p>" + b"word " * 9_999), "page"),
        ((), b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "page"),
        ((("x-robots-tag", "noindex, nofollow"),), b"<a href=x>y</a>", "page"),
        ((("content-language", "de"),), b"<base href=/b/><a href=x>y</a><a rel=nofollow href=z>y</a>", "page"),
        ((), b"User-agent: *\nDisallow: /x", "robots"),
        ((), b"http://a.test/1\nhttp://a.test/2", "sitemap"),
    ],
)
def test_whatever_comes_two_parts_make_the_whole(headers: Any, body: bytes, kind: Any) -> None:
    settings = replace(TURBO, max_text_bytes=9_999)
    asked = Page("http://a.test/", 200, headers, body, kind=kind)
    assert in_two(asked, settings) == analyze(asked, settings)


@given(
    st.lists(st.sampled_from(["<p>", "Wort", " ", "日本語の本", "ภาษาไทย", "ß", "<a href=x>", "東京", "2026", "é"]))
)
def test_words_of_all_scripts_are_counted_in_two_parts_as_in_one(pieces: list[str]) -> None:
    asked = Page("http://a.test/", 200, (), "".join(pieces).encode())
    assert in_two(asked) == analyze(asked, TURBO)


@pytest.mark.parametrize("parser", ["turbo", "soup"])
def test_the_first_part_loads_nothing_that_other_interpreters_refuse(parser: str) -> None:
    script = f"""
import sys
import crawler.workers.within
from crawler.analyze.beginning import begin
from crawler.bare import BarePage
from crawler.settings import AnalyzeSettings
assert begin(BarePage("http://a.b/", (), "<p>日本語".encode(), "page"), AnalyzeSettings(parser={parser!r}))
refused = {{"msgspec", "icu4py.breakers", "ada_url", "crawler.model", "crawler.urls", "crawler.analyze.listing"}}
assert not refused & set(sys.modules), refused & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
