"""Sitemaps, read by an XML parser: all listed pages and the quiet ones, whole, in an index, and in gzip files."""

import gzip
import http.client
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from crawler.site import sitemaps
from crawler.site.asides import QUIET
from crawler.site.settings import SiteSettings
from crawler.site.sitemaps import INDEXED, listed, sitemap
from crawler.site.web import Web
from tests.site.asking import ask
from tests.sites import Site

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(body: bytes, root: str) -> list[str]:
    """The locations in a sitemap or an index."""
    tree = ET.fromstring(body)
    assert tree.tag == SPACE + root
    return [str(node.text) for node in tree.iter(f"{SPACE}loc")]


def whole(web: Web, host: int, path: str) -> bytes:
    pieces = sitemap(web, host, path)
    assert pieces is not None
    body = list(pieces)
    assert all(body), "an empty piece would end the stream"
    return b"".join(body)


def all_of(web: Web, host: int) -> list[str]:
    """What a host lists by itself, and what nothing links to."""
    pages = [web.url(page) for page in web.pages() if page.host == host]
    return sorted([*pages, *(web.at(host, path) for path in QUIET)])


def test_a_sitemap_lists_the_pages_of_its_host_and_the_quiet_ones(
    site: Site, wire: http.client.HTTPConnection
) -> None:
    web = Web(SiteSettings(pages=40, min_kb=2, max_kb=8))
    for number, host in enumerate(web.hosts):
        answer, body = ask(wire, f"http://{host}/sitemap.xml")
        assert (answer.status, answer.getheader("Content-Type")) == (200, "application/xml")
        if number != INDEXED:
            assert sorted(read(body, "urlset")) == all_of(web, number)
            assert ask(wire, f"http://{host}/sitemap-1.xml")[0].status == 404
    assert ask(wire, "http://nobody.test/sitemap.xml")[0].status == 404


def test_one_host_has_an_index_of_two_one_of_them_a_gzip_file(site: Site, wire: http.client.HTTPConnection) -> None:
    web = Web(SiteSettings(pages=40, min_kb=2, max_kb=8))
    home = f"http://{web.hosts[INDEXED]}"
    parts = read(ask(wire, f"{home}/sitemap.xml")[1], "sitemapindex")
    assert parts == [f"{home}/sitemap-1.xml", f"{home}/sitemap-2.xml.gz"]
    plain, body = ask(wire, parts[0])
    packed, squeezed = ask(wire, parts[1], Accept_Encoding="gzip")
    assert plain.getheader("Content-Type") == "application/xml"
    assert packed.getheader("Content-Type") == "application/gzip"
    assert packed.getheader("Content-Encoding") is None, "the file itself is what is compressed"
    lists = [read(body, "urlset"), read(gzip.decompress(squeezed), "urlset")]
    assert sorted(lists[0] + lists[1]) == all_of(web, INDEXED)
    for urls in lists:
        assert len([url for url in urls if "/quiet/" in url]) == 1


def test_the_time_of_modification_is_that_of_the_page(site: Site, wire: http.client.HTTPConnection) -> None:
    tree = ET.fromstring(ask(wire, "http://en.crawler.test/sitemap.xml")[1])
    for entry in tree:
        url, when = (str(entry.findtext(SPACE + name)) for name in ("loc", "lastmod"))
        told = datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        answer, _ = ask(wire, url)
        assert answer.status == 200
        assert told.strftime("%a, %d %b %Y %H:%M:%S GMT") == answer.getheader("Last-Modified")


def test_a_large_host_has_as_many_sitemaps_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 100)
    monkeypatch.setattr(sitemaps, "PIECE", 1000)
    web = Web(SiteSettings(pages=299, languages=("en",)))
    parts = read(whole(web, 0, "/sitemap.xml"), "sitemapindex")
    assert [part.rpartition("/")[2] for part in parts] == [
        "sitemap-1.xml",
        "sitemap-2.xml.gz",
        "sitemap-3.xml",
        "sitemap-4.xml.gz",
    ]
    found = []
    for part in parts:
        body = whole(web, 0, part.removeprefix("http://en.crawler.test"))
        urls = read(gzip.decompress(body) if part.endswith(".gz") else body, "urlset")
        assert 0 < len(urls) <= 100
        found += urls
    assert sorted(found) == all_of(web, 0)
    assert sorted(listed(web, 0)) == all_of(web, 0)
    assert sitemap(web, 0, "/sitemap-5.xml") is None


def test_a_sitemap_is_sent_in_pieces_of_some_size() -> None:
    web = Web(SiteSettings(pages=5000, languages=("en",)))
    pieces = list(sitemap(web, 0, "/sitemap.xml") or ())
    assert len(pieces) > 5
    assert max(map(len, pieces)) < 40_000
    assert len(read(b"".join(pieces), "urlset")) == 5002
