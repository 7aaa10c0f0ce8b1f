"""The map of the site: everything is found, reached, and resolves as written."""

import time
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.site.pages import render
from crawler.site.settings import SiteSettings
from crawler.site.truth import seeds
from crawler.site.web import Error, Page, Redirect, Web, path_of, relative, untracked


@pytest.mark.parametrize(
    "settings",
    [
        SiteSettings(max_kb=8),
        SiteSettings(pages=10, max_kb=3),
        SiteSettings(pages=3, languages=("en", "ja"), max_kb=3),
        SiteSettings(pages=1, languages=("de",), max_kb=3),
        SiteSettings(pages=900, languages=("fr",), min_kb=2, max_kb=3),
    ],
)
def test_every_url_is_reached_from_the_indexes_without_side_pages_and_without_nofollow(
    settings: SiteSettings,
) -> None:
    web = Web(settings)
    todo = [Page(host, 0) for host in range(len(web.hosts))]
    seen = {web.url(page) for page in todo}
    sides = {web.at(host, path) for host, asides in enumerate(web.asides) for path in asides}
    for page in todo:
        known = render(web, page)
        for link in known.links:
            url = link
            if url in sides or url in known.nofollow or "utm_source" in url:
                assert page.number == 0 or url in known.nofollow
                continue
            while url not in seen:
                seen.add(url)
                parts = urlsplit(url)
                found = web.find(parts.netloc, parts.path + ("?" + parts.query if parts.query else ""))
                assert found is not None, url
                if isinstance(found, Page):
                    todo.append(found)
                elif isinstance(found, Redirect):
                    url = found.target
    assert seen == set(seeds(web).split())
    assert len(todo) == settings.pages


def test_ten_links_and_more_on_a_page() -> None:
    web = Web(SiteSettings())
    linked = [len(render(web, page).links) for page in web.pages()]
    assert min(linked) >= 8
    assert max(linked[number] for number, page in enumerate(web.pages()) if page.number) <= 85
    assert max(linked) <= 85 + 12, "the index links to side pages besides"
    assert sorted(linked)[150] > 15


def test_pages_are_found_by_their_own_url_only() -> None:
    web = Web(SiteSettings())
    for page in web.pages():
        parts = urlsplit(web.url(page))
        path = parts.path + ("?" + parts.query if parts.query else "")
        assert web.find(parts.netloc, path) == page
        assert web.find("elsewhere.test", path) is None
        assert web.find(parts.netloc, path + "x") is None
    assert web.find("en.crawler.test", path_of(30)) is None
    assert web.find("en.crawler.test", "/trains/" + "9" * 5000) is None


def test_utm_parameters_change_nothing() -> None:
    web = Web(SiteSettings())
    for path in ("/", "/trains/1/", "/markets/view?page=2&set=a", "/go/1", "/gone/0", "/deep/1.html"):
        found = web.find("en.crawler.test", path)
        assert found is not None
        for tracking in ("utm_source=x", "utm_source=x&utm_medium=y"):
            tracked = path + ("&" if "?" in path else "?") + tracking
            assert web.find("en.crawler.test", tracked) == found
            assert untracked(tracked) == path
            assert untracked(web.at(0, tracked)) == web.at(0, path)
    assert web.find("en.crawler.test", "/trains/1/?utm=x") is None
    assert web.find("en.crawler.test", "/trains/1/?x=1&utm_source=x") is None
    assert web.find("en.crawler.test", "/utm_source/1/") is None
    assert web.find("en.crawler.test", "/nowhere?utm_source=x") is None


def test_urls_are_looked_up_as_they_are_found() -> None:
    web = Web(SiteSettings())
    for url in ("http://ja.crawler.test/", "http://ja.crawler.test/go/1", "http://ja.crawler.test/deep/2.html"):
        assert web.lookup(url) == web.find("ja.crawler.test", url.removeprefix("http://ja.crawler.test"))
        assert web.lookup(url) is not None
    assert web.lookup("http://nobody.test/") is None


def test_times_of_modification_are_fixed_by_the_seed() -> None:
    urls = seeds(Web(SiteSettings())).split()
    times, others = ([Web(SiteSettings(seed=seed)).modified_s(url) for url in urls] for seed in (1, 2))
    assert times == list(map(Web(SiteSettings()).modified_s, urls))
    assert times != others
    assert len(set(times)) == len(urls)
    assert {time.gmtime(when).tm_year for when in times} == {2019, 2020, 2021, 2022, 2023, 2024}


def test_locations_resolve_to_their_targets() -> None:
    web = Web(SiteSettings())
    forms = set()
    for url, redirect in web.redirects.items():
        assert urljoin(url, redirect.location) == redirect.target
        forms.add(redirect.location[:1])
    assert forms >= {"h", "/", "."}
    assert {redirect.status for redirect in web.redirects.values()} == {301, 302, 307, 308}
    assert {error.status for error in web.errors.values()} == {404, 500}


def test_one_chain_has_several_hops() -> None:
    web = Web(SiteSettings())
    url, hops = "http://en.crawler.test/go/hop-1", 0
    while url in web.redirects:
        url, hops = web.redirects[url].target, hops + 1
    assert (url, hops) == ("http://ru.crawler.test/", 4)


@pytest.mark.parametrize("base", [0, 1, 2, 3, 5, 8, 9])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 8, 9, 17])
def test_relative_paths_resolve(base: int, number: int) -> None:
    home = "http://en.crawler.test"
    assert urljoin(home + path_of(base), relative(path_of(base), path_of(number))) == home + path_of(number)


def test_errors_are_told_apart_from_nothing() -> None:
    web = Web(SiteSettings())
    assert isinstance(web.find("en.crawler.test", "/gone/0"), Error)
    assert web.find("en.crawler.test", "/gone/77") is None


def test_thousands_of_pages_are_three_steps_away_without_luck() -> None:
    web = Web(SiteSettings(pages=5000, languages=("en", "ja")))
    steps = {web.url(Page(host, 0)): 0 for host in range(2)}
    for page in web.pages():
        for url in web.duties(page):
            steps.setdefault(url, steps[web.url(page)] + 1)
    assert set(map(web.url, web.pages())) <= set(steps)
    assert set(web.errors) <= set(steps)
    assert max(steps.values()) == 3
