"""Pages say what the truth says they say, to two parsers, in every encoding, and in every process."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from random import Random
from urllib.parse import urldefrag, urljoin

import pytest

from crawler.site.lexicon.model import BOM, HEADER, HTTP_EQUIV, META, UNDECLARED
from crawler.site.pages import plan_of, render
from crawler.site.settings import SiteSettings
from crawler.site.sheet import Rendered
from crawler.site.web import Page, Web
from tests.site.reading import count, soup_text, turbo_manners, turbo_text

PYTHON_CODECS = {
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}


@pytest.fixture(scope="module")
def web() -> Web:
    return Web(SiteSettings())


@pytest.fixture(scope="module")
def site(web: Web) -> list[Rendered]:
    return [render(web, page) for page in web.pages()]


def declared(page: Rendered) -> str | None:
    return page.content_type.partition("charset=")[2] or None


def python_text(page: Rendered) -> str:
    return page.body.decode(PYTHON_CODECS.get(page.charset, page.charset)).lstrip("\ufeff")


def test_a_whatwg_parser_counts_the_words_that_every_page_knows(site: list[Rendered]) -> None:
    for page in site:
        text, _ = turbo_text(page.body, declared(page))
        assert count(text) == page.words, page.url


@pytest.mark.parametrize("seed", range(2, 5))
def test_other_seeds_are_as_true(seed: int) -> None:
    web = Web(SiteSettings(seed=seed, pages=40, max_kb=40))
    for page in (render(web, page) for page in web.pages()):
        assert count(turbo_text(page.body, declared(page))[0]) == page.words, page.url


def test_beautifulsoup_reads_the_same(site: list[Rendered]) -> None:
    for page in site[::9]:
        assert count(soup_text(python_text(page))) == page.words, page.url


def test_declared_or_found_the_encoding_is_the_right_one(site: list[Rendered]) -> None:
    for page in site:
        text, _ = turbo_text(page.body, declared(page))
        strict, _ = turbo_text(python_text(page).encode(), "utf-8")
        assert text == strict, (page.url, page.charset)
        marks = {b"\xff\xfe": "utf-16le", b"\xfe\xff": "utf-16be", b"\xef\xbb": "utf-8"}
        assert marks.get(page.body[:2], page.charset) == page.charset


def test_links_resolve_to_what_the_page_knows(site: list[Rendered]) -> None:
    for page in site:
        _, hrefs = turbo_text(page.body, declared(page))
        resolved = [urldefrag(urljoin(page.url, href.replace("é", "%C3%A9"))).url for href in hrefs]
        assert list(dict.fromkeys(url for url in resolved if url.startswith("http"))) == page.links
        assert {urldefrag(href).fragment for href in hrefs} <= {"", *(f"part-{n}" for n in range(9))}


def test_nofollow_names_the_links_that_never_go_without(site: list[Rendered]) -> None:
    barred_somewhere = 0
    for page in site:
        free: set[str] = set()
        barred: set[str] = set()
        for href, is_barred in turbo_manners(page.body, declared(page)).anchors:
            url = urldefrag(urljoin(page.url, href.replace("é", "%C3%A9"))).url
            (barred if is_barred else free).add(url)
        assert page.nofollow == [url for url in page.links if url in barred - free]
        barred_somewhere += bool(page.nofollow)
    assert barred_somewhere > len(site) / 4


@pytest.mark.parametrize(
    "settings", [SiteSettings(max_kb=8), SiteSettings(pages=900, languages=("fr",), min_kb=2, max_kb=3)]
)
def test_what_must_be_linked_never_carries_nofollow(settings: SiteSettings) -> None:
    web = Web(settings)
    for page in web.pages():
        known = render(web, page)
        assert set(web.duties(page)) <= set(known.links) - set(known.nofollow), known.url


def test_only_indexes_link_to_side_pages(web: Web, site: list[Rendered]) -> None:
    for page, known in zip(web.pages(), site, strict=True):
        beside = [url for url, _ in web.side_links(page.host)]
        if page.number:
            assert not set(beside) & set(known.links)
        else:
            assert known.links[-len(beside) :] == beside
            assert set(beside) & set(known.nofollow) == {web.at(page.host, "/aside/unreached-2.html")}


def test_links_are_written_in_every_form(site: list[Rendered]) -> None:
    html = "".join(map(python_text, site))
    for form in (
        'href="http://',
        'href="//',
        'href="/',
        'href="../',
        "é-",
        "#part-",
        "&amp;set=a",
        'rel="nofollow"',
        "<area",
    ):
        assert form in html


def test_decoys_are_everywhere_and_never_counted(site: list[Rendered]) -> None:
    kinds = [
        "script",
        "style",
        "noscript",
        "template",
        "comment",
        "title",
        "alt",
        "value",
        "placeholder",
        "meta",
        "name",
        "action",
    ]
    html = "".join(map(python_text, site))
    assert [kind for kind in kinds if f"decoy{kind}" not in html] == []
    assert not [word for page in site for word in page.words if "decoy" in word]


def test_every_kind_of_block_occurs_in_every_language(site: list[Rendered]) -> None:
    tags = [
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "table",
        "caption",
        "th",
        "td",
        "select",
        "option",
        "dl",
        "dt",
        "dd",
        "br",
        "blockquote",
        "form",
        "figure",
        "map",
        "hr",
    ]
    for code in {page.language for page in site}:
        html = "".join(python_text(page) for page in site if page.language == code)
        assert [tag for tag in tags if f"<{tag}" not in html] == []
        for soft in ("</p><p>", "</td><td>", "</option><option", "</dt><dd>", "</div>", "&amp;", "&nbsp;", "&lt;"):
            assert soft in html


def test_disguises_are_worn(site: list[Rendered]) -> None:
    html = {code: "".join(python_text(page) for page in site if page.language == code) for code in ("de", "ja", "fr")}
    assert "&szlig;" in html["de"]
    assert "&eacute;" in html["fr"]
    assert "<wbr>" in html["de"]
    assert re.search("<rt>[ぁ-ん]+</rt>", html["ja"])
    assert any("０" <= char <= "９" for char in html["ja"])
    assert any("ｱ" <= char <= "ﾝ" for char in html["ja"])


def test_titles_are_known_and_not_counted(site: list[Rendered]) -> None:
    for page in site:
        assert f"<title>{page.title}</title>" in python_text(page) or "&#" in python_text(page)


def test_every_encoding_and_declaration_occurs(web: Web, site: list[Rendered]) -> None:
    plans = [plan_of(web, page, Random(0)) for page in web.pages()]
    assert {plan.way for plan in plans} == {HEADER, META, HTTP_EQUIV, BOM, UNDECLARED}
    labels = Counter(page.charset for page in site)
    assert set(labels) == {
        "utf-8",
        "utf-16le",
        "utf-16be",
        "us-ascii",
        "windows-1252",
        "iso-8859-1",
        "iso-8859-15",
        "shift_jis",
        "euc-jp",
        "iso-2022-jp",
        "gb18030",
        "gbk",
        "gb2312",
        "big5",
        "euc-kr",
        "windows-874",
        "tis-620",
        "windows-1256",
        "iso-8859-6",
        "windows-1251",
        "koi8-r",
        "iso-8859-5",
    }
    assert labels["utf-16le"] + labels["utf-16be"] < 8


def test_sizes_spread_from_two_to_two_hundred_kilobytes(site: list[Rendered]) -> None:
    sizes = sorted(len(page.body) for page in site)
    assert 2000 <= sizes[0] < 4500
    assert 15_000 < sizes[150] < 26_000
    assert 120_000 < sizes[-1] < 205_000


@pytest.mark.parametrize("languages", [("en", "de", "fr"), ("ja", "zh", "th")])
def test_a_size_that_is_asked_for_is_given(languages: tuple[str, ...]) -> None:
    web = Web(SiteSettings(pages=5000, languages=languages, min_kb=30, max_kb=30))
    for number in (0, 7, 59, 1600):
        assert len(render(web, Page(1, number)).body) == pytest.approx(30_000, rel=0.07)


def test_a_page_does_not_depend_on_the_one_before(web: Web, site: list[Rendered]) -> None:
    backwards = [render(web, page) for page in reversed(web.pages()[::7])]
    assert backwards[::-1] == site[::7]


def test_every_process_writes_the_same_site() -> None:
    program = (
        "import hashlib; from crawler.site.pages import render; from crawler.site.web import Web\n"
        "from crawler.site.settings import SiteSettings; web = Web(SiteSettings(seed=7, pages=20, max_kb=20))\n"
        "pages = [render(web, page) for page in web.pages()]\n"
        "print(hashlib.sha256(repr(pages).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in ("1", "2")
    }
    here = Web(SiteSettings(seed=7, pages=20, max_kb=20))
    digests.add(hashlib.sha256(repr([render(here, page) for page in here.pages()]).encode()).hexdigest() + "\n")
    assert len(digests) == 1


def test_another_seed_is_another_site(web: Web, site: list[Rendered]) -> None:
    other = render(Web(SiteSettings(seed=2)), web.pages()[40])
    assert other.url == site[40].url
    assert other.body != site[40].body
