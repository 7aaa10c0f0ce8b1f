"""Sitemaps and feeds: XML of five kinds, lists of URLs, gzip files of them, and what pretends to be one."""

import gzip
from typing import Any

from hypothesis import strategies as st

from crawler.analyze.listing import MAX_ADDRESS_CHARS, MAX_LASTMOD_CHARS, read_listing
from crawler.model import Failure, Fault, Listing, Page
from crawler.settings import AnalyzeSettings
from tests.fuzz.material import bodies, damaged, damages, texts
from tests.fuzz.properties import crosses_walls, is_a_failure, is_canonical
from tests.fuzz.target import Target

SETTINGS = AnalyzeSettings(max_listing_bytes=2**20, max_listed=3)
URL = "http://example.org/maps/sitemap.xml"

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?><urlset
 xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<!-- c --><url><loc>http://example.org/?a=1&amp;b=2</loc>
<lastmod>2005-01-01</lastmod><image:image><image:loc>http://example.org/logo.png</image:loc></image:image></url>
<url><loc> http://example.org/%7e&utm_source=x </loc><lastmod>2004-12-23T18:00:15Z</lastmod></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>
<loc>http://example.org/1.xml.gz</loc></sitemap><sitemap>
<loc><![CDATA[http://example.org/2.xml?a&b]]></loc></sitemap></sitemapindex>"""
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><link>http://example.org/</link><item>
<guid isPermaLink="false">1</guid><link>http://example.org/1</link><pubDate>Sun, 19 May 2002 15:21:36 GMT</pubDate>
</item><item><guid>http://a.b/</guid></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.org/x/">
<link rel="self" href="/feed"/><entry><link rel="edit" href="e"/><link href="2003/12/13/atom03"/>
<updated>2003-12-13T18:30:02.25Z</updated></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="x"><link>http://example.org/1</link>
<dc:date xmlns:dc="http://purl.org/dc/">2002-01-01</dc:date></item></rdf:RDF>"""
LIST = b"\xef\xbb\xbfhttp://example.org/a\r\n\r\n  https://example.org/b?c=d  \n# no\nhttp://[bad\n"
LAUGHS = b"""<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<urlset><url><loc>http://a.b/&b;&c;</loc></url></urlset>"""
WHOLE = [SITEMAP, INDEX, RSS, ATOM, RDF, LIST, LAUGHS]
SAMPLES = [
    *WHOLE,
    *(gzip.compress(body, mtime=0) for body in WHOLE),
    SITEMAP.replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"),
    SITEMAP.replace(b"UTF-8", b"Shift_JIS").replace(b"%7e", "日本".encode("cp932")),
]
PIECES = [
    b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='", b"shift_jis'?>", b"<urlset>",
    b"<urlset xmlns='x'>", b"</urlset>", b"<url>", b"</url>", b"<loc>", b"</loc>", b"<loc/>", b"<lastmod>",
    b"</lastmod>", b"<sitemapindex>", b"<sitemap>", b"</sitemap>", b"<rss>", b"<channel>", b"<item>",
    b"</item>", b"<link>", b"</link>", b"<link href='a'/>", b"<link rel='self' href='", b"'/>",
    b"<guid isPermaLink='false'>", b"<guid>", b"</guid>", b"<pubDate>", b"</pubDate>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<feed>", b"<entry>", b"</entry>", b"<updated>",
    b"</updated>", b"<RDF>", b"<html>", b"<a xml:base='", b"<entry xml:base='http://h.test/a/'>", b"<x:y>",
    b"<x:y xmlns:x='z'>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE a [", b"<!ENTITY a '&b;&b;'>",
    b"<!ENTITY % p SYSTEM 'http://x.test/'>", b"%p;", b"]>", b"&a;", b"&", b"&amp;", b"&#0;", b"&#x110000;",
    b"&#xD800;", b"&lt;", b"<?pi x?>", b"<", b">", b"'", b" ", b"\n", b"\r\n", b"\0", b"\xff", b"\xef\xbf\xbe",
    b"\xc2\x85", b"http://example.org/a", b"https://example.org/?utm_source=1&b", b"http://[bad",
    b"HTTP://EXAMPLE.ORG:80/%7e#f", b"/relative", b"../x", b"2005-01-01", b"2005-13-41T99:99Z",
    b"Sun, 19 May 2002 15:21:36 GMT", "日本".encode(), b"\x1f\x8b", b" a='b'", b" xmlns:b='c'", b"<a b='",
]  # fmt: skip
SHAPES = [
    ("urlset", "url", "loc", "lastmod"),
    ("sitemapindex", "sitemap", "loc", "lastmod"),
    ("rss", "item", "link", "pubDate"),
    ("rss", "item", "guid", "date"),
    ("feed", "entry", "link", "updated"),
    ("x:RDF", "x:item", "x:link", "date"),
    ("urlset", "x:url", "loc", "lastmod"),
    ("html", "url", "loc", "lastmod"),
]
address = texts(
    [
        "http://example.org/",
        "a",
        "%7e",
        "?",
        "&amp;",
        "&",
        " ",
        "#",
        "..",
        "/",
        "é",
        "<![CDATA[&]]>",
        "&#xe9;",
        "<b/>",
    ],
    max_size=8,
)
date = st.sampled_from(["2005-01-01", "2005", " 2005-01-01T00:00Z ", "x", "1 Jan 2005 00:00:00 GMT", "9" * 50])
extra = st.sampled_from(["", "", "", " xml:base='/b/'", " xmlns='other'", " xmlns:x='y'", " a='&'"])


def written(shape: tuple[str, str, str, str], entries: list[tuple[str, str, str]], codec: str) -> bytes:
    root, entry, where, when = shape
    inside = "".join(
        f"<{entry}{extra}><{where}>{address}</{where}><{when}>{date}</{when}></{entry}>"
        for extra, address, date in entries
    )
    return f"<{root} xmlns:x='n'>{inside}</{root}>".encode(codec, "replace")


document = st.builds(
    written,
    st.sampled_from(SHAPES),
    st.lists(st.tuples(extra, address, date), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8", "utf-16", "cp932"]),
)
inputs = st.tuples(
    bodies(SAMPLES, PIECES)
    | st.builds(damaged, document, damages(st.sampled_from(PIECES), document))
    | document
    | document,
    st.sampled_from(
        [None, "application/xml", "text/xml; charset=utf-8", "text/plain; charset=shift_jis", "text/html"]
    ),
    st.sampled_from([(), (), (), ("identity",), ("gzip",)]),
)


def check(given: Any) -> None:
    body, content_type, codings = given
    headers = [("content-type", content_type)] if content_type else []
    headers += [("content-encoding", coding) for coding in codings]
    page = Page(URL, 200, tuple(headers), body, kind="sitemap")
    reading = read_listing(page, SETTINGS)
    assert read_listing(page, SETTINGS) == reading
    crosses_walls(reading, Listing | Failure)
    if isinstance(reading, Failure):
        assert reading.fault in (Fault.DECODE, Fault.TOO_LARGE, Fault.CONTENT_TYPE)
        is_a_failure(reading)
        return
    addresses = [url for url, _ in reading.pages]
    assert len(set(addresses)) == len(addresses)
    assert len(addresses) + len(reading.sitemaps) <= SETTINGS.max_listed
    for url in (*addresses, *reading.sitemaps):
        assert len(url) <= MAX_ADDRESS_CHARS
        is_canonical(url)
    for _, lastmod in reading.pages:
        assert lastmod is None or (len(lastmod) <= MAX_LASTMOD_CHARS and lastmod.isascii() and lastmod.isprintable())


TARGET = Target(inputs, check)
