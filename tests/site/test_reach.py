"""What /crawl.json promises, against a crawl of the running site by other means: protego, turbohtml, and no map."""

import http.client
from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import pytest
from protego import Protego

from crawler.site.asides import Aside
from crawler.site.reach import Walk
from crawler.site.settings import SiteSettings
from crawler.site.web import Page, Web
from tests.site.asking import ask
from tests.site.reading import count, turbo_manners, turbo_text
from tests.sites import Site

AGENT = "crawler"
LONG = SiteSettings(pages=900, languages=("fr",), min_kb=2, max_kb=3)


class PoliteCrawl:
    """Layer after layer over the wire; what it sees is all that it knows."""

    def __init__(self, wire: http.client.HTTPConnection, hosts: list[str]) -> None:
        self.wire = wire
        self.depths: dict[str, int] = {}
        self.disallowed: set[str] = set()
        self.noindex: set[str] = set()
        self.bodies: dict[str, bytes] = {}
        self.rules = {host: self.robots(f"http://{host}/robots.txt") for host in hosts}
        layer, depth = {f"http://{host}/" for host in hosts}, 0
        while layer:
            layer = {link for url in layer for link in self.visit(url, depth)}
            layer = {link for link in layer if link not in self.depths}
            depth += 1

    def robots(self, url: str) -> Protego:
        answer, body = ask(self.wire, url)
        if answer.status == 301:
            answer, body = ask(self.wire, urljoin(url, str(answer.getheader("Location"))))
        return Protego.parse(body.decode() if answer.status == 200 else "")

    def visit(self, url: str, depth: int) -> set[str]:
        """Fetch a URL and those it redirects to; the links to follow from where it ends."""
        while url not in self.depths:
            if not self.rules[urlsplit(url).netloc].can_fetch(url, AGENT):
                self.disallowed.add(url)
                break
            self.depths[url] = depth
            answer, body = ask(self.wire, url)
            if answer.status == 200:
                return self.read(url, answer, body)
            if not 300 <= answer.status < 400:
                break
            url = urljoin(url, str(answer.getheader("Location")))
        return set()

    def read(self, url: str, answer: http.client.HTTPResponse, body: bytes) -> set[str]:
        manners = turbo_manners(body, str(answer.getheader("Content-Type")).partition("charset=")[2] or None)
        asked = {*manners.robots, answer.getheader("X-Robots-Tag")}
        if "noindex" in asked:
            self.noindex.add(url)
        else:
            self.bodies[url] = body
        hrefs = [*manners.ahead, *(href for href, barred in manners.anchors if not barred)]
        links = {urljoin(url, href.replace("é", "%C3%A9")) for href in hrefs if not href.startswith("mailto:")}
        return set() if "nofollow" in asked else set(map(tidy, links))


def tidy(url: str) -> str:
    parts = urlsplit(urldefrag(url).url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")]
    return parts._replace(query=urlencode(query)).geturl()


class Noting(Walk):
    """Notes how deep the first link to each URL has it that is not on a side page."""

    def __init__(self, web: Web) -> None:
        super().__init__(web)
        self.linked: dict[str, int] = {}

    def _read(self, url: str, page: Page | Aside) -> list[str]:
        followed = super()._read(url, page)
        if isinstance(page, Page):
            for link in followed:
                self.linked.setdefault(link, self.depths[url] + 1)
        return followed


@cache
def walked(settings: SiteSettings) -> tuple[Web, Noting, list[str]]:
    """A site, a walk through the whole of it, and the URLs in the order of the visits."""
    web = Web(settings)
    walk = Noting(web)
    return web, walk, list(walk.steps())


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, Any]:
    return site.crawl_truth()


@pytest.fixture(scope="module")
def crawled(site: Site) -> PoliteCrawl:
    wire = http.client.HTTPConnection(site.process.host, site.process.port, timeout=60)
    crawl = PoliteCrawl(wire, [urlsplit(url).netloc for url in site.urls if urlsplit(url).path == "/"])
    wire.close()
    return crawl


def test_a_crawl_by_other_means_finds_the_same_as_deep(told: dict[str, Any], crawled: PoliteCrawl) -> None:
    assert told["depths"] == crawled.depths
    assert set(told["disallowed"]) == crawled.disallowed
    assert set(told["noindex"]) == crawled.noindex
    assert told["depth"] >= max(10, *crawled.depths.values())


def test_each_text_is_counted_once_where_it_is_first(told: dict[str, Any], crawled: PoliteCrawl) -> None:
    firsts: dict[bytes, str] = {}
    for url in sorted(crawled.bodies, key=lambda url: (crawled.depths[url], url)):
        firsts.setdefault(crawled.bodies[url], url)
    assert told["counted"] == {url: crawled.depths[url] for url in firsts.values()}
    twins = {url: firsts[body] for url, body in crawled.bodies.items() if firsts[body] != url}
    assert told["twins"] == twins
    assert {url: url.replace("twin-b", "twin-a") for url in twins} == twins
    assert len(twins) == 10


def test_what_is_not_found_is_told_too(site: Site, told: dict[str, Any], crawled: PoliteCrawl) -> None:
    homes = [url for url in site.urls if urlsplit(url).path == "/"]
    quiet = [f"{home}quiet/{n}.html" for home in homes for n in (1, 2)]
    assert sorted(told["sitemap_only"]) == sorted(quiet)
    unreached = {f"{home}aside/unreached{end}.html" for home in homes for end in ("", "-2")}
    assert set(told["unreached"]) == unreached
    lawful = [home for home in homes if not home.startswith("http://zh.")]
    forbidden = {home + path for home in lawful for path in ("private/secret.html", "aside/print")}
    assert set(told["disallowed"]) == forbidden
    assert told["noindex"] == [f"{home}aside/noindex.html" for home in homes]
    sides = set(told["side"])
    assert {*forbidden, *unreached, *quiet, *told["noindex"]} <= sides
    listed = set(site.truth()["pages"])
    assert set(told["counted"]) == (sides | listed) - forbidden - unreached - {
        *quiet,
        *told["noindex"],
        *told["twins"],
    }


def test_every_listed_url_is_reached_however_links_are_drawn(site: Site, told: dict[str, Any]) -> None:
    assert set(site.urls) <= set(told["depths"])


def test_depths_are_as_the_map_has_them(told: dict[str, Any]) -> None:
    for code in ("en", "ja", "ru"):
        home = f"http://{code}.crawler.test"
        assert told["depths"][home + "/"] == 0
        assert told["depths"][home + "/private/open.html"] == 1
        assert told["depths"][home + "/aside/beyond-noindex.html"] == 2
        assert told["depths"][home + "/aside/next.html"] == 2
        assert [told["depths"][f"{home}/deep/{step}.html"] for step in range(1, 7)] == [1, 2, 3, 4, 5, 6]
    assert {told["depths"][f"http://en.crawler.test/go/hop-{hop}"] for hop in range(1, 5)} == {1}
    assert told["depths"]["http://zh.crawler.test/private/secret.html"] == 1
    assert "http://en.crawler.test/gone/0" in told["depths"]
    assert not [url for url in told["depths"] if "utm_" in url]


def test_a_redirect_is_as_deep_as_the_link_to_it_and_so_is_where_it_leads() -> None:
    web, walk, _ = walked(LONG)
    targets = {url: redirect.target for url, redirect in web.redirects.items()}
    assert [url for url, target in targets.items() if walk.depths[target] > walk.depths[url]] == []
    pages = {web.url(page) for page in web.pages() if page.number}
    assert {url for url in pages if walk.depths[url] < walk.linked[url]}, "a redirect is a short cut somewhere"
    assert {url for url in pages if walk.depths[url] != walk.linked[url]} <= {*targets.values()}


def test_side_pages_are_told_as_pages_are(site: Site, told: dict[str, Any], wire: http.client.HTTPConnection) -> None:
    assert len(told["side"]) == 210
    for url, side in told["side"].items():
        answer, body = ask(wire, url)
        assert answer.status == 200, url
        charset = str(answer.getheader("Content-Type")).partition("charset=")[2] or None
        assert count(turbo_text(body, charset)[0]) == side["words"]
        assert side["tokens"] == sum(side["words"].values())
        assert f"<title>{side['title']}</title>" in body.decode()
        assert (side["language"], side["charset"]) == (urlsplit(url).netloc[:2], "utf-8")
        assert urljoin(url, "/") in side["links"]
        assert side["nofollow"] == []
        manners = turbo_manners(body, charset)
        assert [urljoin(url, href) for href in manners.ahead] == side["ahead"]
        in_header = answer.getheader("X-Robots-Tag")
        assert [*manners.robots, *filter(None, [in_header])] == list(filter(None, [side["robots"]]))


def test_words_of_some_urls_are_theirs_alone(site: Site, told: dict[str, Any]) -> None:
    pages = site.truth()["pages"]
    assert site.true_words_of(pages) == site.true_words()
    one, two = "http://en.crawler.test/quiet/1.html", "http://en.crawler.test/"
    counts = Counter(told["side"][one]["words"]) + Counter(pages[two]["words"])
    lines = site.true_words_of([one, two]).decode().splitlines()
    assert lines[0] == "word,count,pages"
    assert {word: int(n) for word, n, _ in (line.split(",") for line in lines[1:])} == dict(counts)
    shared = told["side"][one]["words"].keys() & pages[two]["words"].keys()
    assert {word for word, _, times in (line.split(",") for line in lines[1:]) if times == "2"} == shared
    assert site.true_words_of(told["counted"]) != site.true_words()


@pytest.mark.parametrize(
    "settings",
    [
        SiteSettings(pages=10, max_kb=3),
        SiteSettings(pages=3, languages=("en", "ja"), max_kb=3),
        SiteSettings(pages=1, languages=("de",), max_kb=3),
        LONG,
    ],
)
def test_sites_of_any_size_are_reached_whole(settings: SiteSettings) -> None:
    web, walk, visited = walked(settings)
    assert len(visited) == len(set(visited)) == len(walk.depths)
    assert {web.url(page) for page in web.pages()} | web.redirects.keys() | web.errors.keys() <= walk.depths.keys()
    assert len(walk.counted) == settings.pages + len(web.hosts) * (21 - 2 - 2 - 2 - 1 - 1) + 2 * (len(web.hosts) > 2)
    assert len(walk.noindex) == len(walk.twins) == len(web.hosts)
