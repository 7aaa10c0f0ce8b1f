"""Side pages: small, true, in the language of their host, and asking for manners as the map says."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import pytest

from crawler.site.pages import render
from crawler.site.settings import LANGUAGES, SiteSettings
from crawler.site.sheet import Rendered
from crawler.site.web import Web
from tests.site.reading import count, soup_text, turbo_manners, turbo_text


def rendered(web: Web) -> Iterator[Rendered]:
    for asides in web.asides:
        for path, aside in asides.items():
            assert aside.path == path
            yield render(web, aside)


@pytest.fixture(scope="module")
def web() -> Web:
    return Web(SiteSettings())


@pytest.fixture(scope="module")
def sides(web: Web) -> dict[str, Rendered]:
    return {page.url: page for page in rendered(web)}


def test_two_parsers_count_the_words_that_every_side_page_knows(sides: dict[str, Rendered]) -> None:
    for page in sides.values():
        charset = page.content_type.partition("charset=")[2] or None
        assert count(turbo_text(page.body, charset)[0]) == page.words, page.url
        assert count(soup_text(page.body.decode())) == page.words, page.url
        assert len(page.words) > 20


@pytest.mark.parametrize("seed", range(2, 6))
def test_they_are_small_in_every_site(seed: int) -> None:
    for page in rendered(Web(SiteSettings(seed=seed, min_kb=50, max_kb=50))):
        assert 1000 <= len(page.body) <= 3000, page.url


def test_they_speak_the_language_of_their_host(sides: dict[str, Rendered]) -> None:
    for url, page in sides.items():
        assert url.startswith(f"http://{page.language}.crawler.test/")
        assert f'<html lang="{page.language}' in page.body.decode()
        assert f"<title>{page.title}</title>" in page.body.decode()
    assert {page.language for page in sides.values()} == set(LANGUAGES)
    assert len(sides) == len(LANGUAGES) * 21


def test_their_links_and_what_they_ask_for_are_what_is_written(sides: dict[str, Rendered]) -> None:
    for page in sides.values():
        manners = turbo_manners(page.body, "utf-8")
        links = [urldefrag(urljoin(page.url, href)).url for href, _ in manners.anchors]
        assert [url for url in links if url.startswith("http")] == page.links
        assert not any(barred for _, barred in manners.anchors)
        assert page.nofollow == []
        assert tuple(urljoin(page.url, href) for href in manners.ahead) == page.ahead
        assert [*manners.robots, *filter(None, [page.x_robots_tag])] == [*filter(None, [page.robots])]
        assert urljoin(page.url, "/") in page.links


def test_each_host_has_the_same_map(web: Web, sides: dict[str, Rendered]) -> None:
    for number, host in enumerate(web.hosts):
        home = f"http://{host}"
        ways = {
            "/aside/noindex.html": "/aside/beyond-noindex.html",
            "/aside/nofollow.html": "/aside/unreached.html",
            **{f"/deep/{step}.html": f"/deep/{step + 1}.html" for step in range(1, 6)},
        }
        for url, page in sides.items():
            if url.startswith(home):
                path = url.removeprefix(home)
                onwards = [home + ways[path]] if path in ways else []
                assert page.links == [*onwards, home + "/"]
                ahead = [home + "/aside/next.html"] if path == "/aside/series.html" else []
                assert page.followed == ([] if path == "/aside/nofollow.html" else [*ahead, *page.links])
        assert sides[home + "/aside/noindex.html"].robots == "noindex"
        assert sides[home + "/aside/noindex.html"].x_robots_tag == ""
        assert sides[home + "/aside/nofollow.html"].robots == "nofollow"
        assert sides[home + "/aside/nofollow.html"].x_robots_tag == ("nofollow" if number % 2 else "")
    asking = {url.rpartition("/")[2] for url, page in sides.items() if page.robots}
    assert asking == {"noindex.html", "nofollow.html"}


def test_twins_are_the_same_bytes_and_nothing_else_is(sides: dict[str, Rendered]) -> None:
    urls: dict[bytes, list[str]] = {}
    for url, page in sides.items():
        urls.setdefault(page.body, []).append(url)
    twins = [same for same in urls.values() if len(same) > 1]
    assert twins == [
        [f"http://{code}.crawler.test/aside/twin-{letter}.html" for letter in "ab"] for code in LANGUAGES
    ]


def test_a_side_page_does_not_depend_on_the_one_before(web: Web, sides: dict[str, Rendered]) -> None:
    for asides in reversed(web.asides):
        for aside in reversed(asides.values()):
            assert render(web, aside) == sides[web.at(aside.host, aside.path)]


def test_another_seed_says_other_things(sides: dict[str, Rendered]) -> None:
    other = {page.url: page.body for page in rendered(Web(SiteSettings(seed=2)))}
    assert other.keys() == sides.keys()
    assert not {url for url in other if other[url] == sides[url].body}
