"""The robots.txt of the hosts: what it says to a parser of robots.txt is what the site takes for a trespass."""

import http.client

import pytest
from protego import Protego

from crawler.site.asides import QUIET, asides
from crawler.site.manners import LAWLESS, REDIRECTED, ROBOTS, forbidden, robots, robots_path
from tests.site.asking import ask, stats
from tests.sites import Site

PATHS = [
    "/",
    "/private",
    "/private/",
    "/private/x",
    "/private/secret.html",
    "/private/secret.html?utm_source=x",
    "/private/open.html",
    "/private/open.html?x=1",
    "/private/open.html/print",
    "/private/print",
    "/private/openXhtml",
    "/print",
    "/aside/print",
    "/aside/print?x=1",
    "/aside/print/",
    "/aside/print/all.html",
    "/aside/print/print",
    "/aside/printed",
    "/a/b/print",
    "/robots.txt",
    *asides(0),
    *QUIET,
]


@pytest.mark.parametrize("path", PATHS)
def test_a_parser_of_robots_txt_agrees_about_what_is_forbidden(path: str) -> None:
    rules = Protego.parse(robots("http://en.crawler.test/sitemap.xml"))
    url = f"http://en.crawler.test{path}"
    assert forbidden(0, path) != rules.can_fetch(url, "crawler")
    assert not rules.can_fetch(url, "greedybot") or path == ROBOTS
    assert not forbidden(LAWLESS, path)


def test_some_paths_are_forbidden_and_some_are_not() -> None:
    assert [path for path in asides(0) if forbidden(0, path)] == ["/private/secret.html", "/aside/print"]


def test_it_names_the_sitemap_and_asks_for_no_delay() -> None:
    rules = Protego.parse(robots("http://en.crawler.test/sitemap.xml"))
    assert list(rules.sitemaps) == ["http://en.crawler.test/sitemap.xml"]
    assert rules.crawl_delay("crawler") is None


def test_each_host_has_its_own_one_elsewhere_and_one_none(site: Site, wire: http.client.HTTPConnection) -> None:
    hosts = list(stats(wire)["requests_by_host"])
    for number, host in enumerate(hosts):
        answer, body = ask(wire, f"http://{host}/robots.txt")
        if number == LAWLESS:
            assert answer.status == 404
            assert ask(wire, f"http://{host}/robots/real.txt")[0].status == 404
            continue
        if number == REDIRECTED:
            assert (answer.status, answer.getheader("Location")) == (301, "/robots/real.txt")
            answer, body = ask(wire, f"http://{host}/robots/real.txt")
        else:
            assert ask(wire, f"http://{host}/robots/real.txt")[0].status == 404
        assert (answer.status, answer.getheader("Content-Type")) == (200, "text/plain; charset=utf-8")
        assert body.decode() == robots(f"http://{host}/sitemap.xml")
    assert ask(wire, "http://nobody.test/robots.txt")[0].status == 404
    assert {robots_path(number) for number in range(10)} == {ROBOTS, "/robots/real.txt", None}


def test_trespasses_are_counted(site: Site, wire: http.client.HTTPConnection) -> None:
    before = stats(wire)["trespasses"]
    for url in (
        "http://en.crawler.test/private/open.html",
        "http://en.crawler.test/",
        "http://zh.crawler.test/private/secret.html",
        "http://nobody.test/private/secret.html",
        "http://en.crawler.test/robots.txt",
    ):
        ask(wire, url)
    assert stats(wire)["trespasses"] == before
    assert ask(wire, "http://en.crawler.test/private/secret.html")[0].status == 200
    assert ask(wire, "http://ja.crawler.test/private/secret.html?utm_source=x", "HEAD")[0].status == 200
    ask(wire, "http://de.crawler.test/nowhere/print")
    assert stats(wire)["trespasses"] == before + 3
