"""Sitemaps and feeds: every format under any name, what is left out, and that none of them can do harm."""

import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import brotli
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.analyze.listing import (
    MAX_ADDRESS_CHARS,
    MAX_DEPTH,
    MAX_MARKUP_CHARS,
    MAX_MENDED,
    MAX_NAMES,
    read_listing,
)
from crawler.model import Failure, Fault, Listing, Page
from crawler.settings import AnalyzeSettings

SETTINGS = AnalyzeSettings()
URL = "http://example.org/maps/sitemap.xml"
SITEMAP_NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM_NS = "http://www.w3.org/2005/Atom"

SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{SITEMAP_NS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
    xmlns:xhtml="http://www.w3.org/1999/xhtml">
  <!-- the front page -->
  <url>
    <loc>http://example.org/</loc>
    <lastmod>2005-01-01</lastmod>
    <changefreq>monthly</changefreq>
    <priority>0.8</priority>
    <image:image><image:loc>http://example.org/logo.png</image:loc><loc>http://example.org/nested</loc></image:image>
    <image:loc>http://example.org/other.png</image:loc>
    <xhtml:link rel="alternate" hreflang="de" href="http://example.org/de/"/>
  </url>
  <url>
    <image:loc>http://example.org/before.png</image:loc>
    <loc>http://example.org/catalog?item=12&amp;desc=vacation_hawaii</loc>
    <changefreq>weekly</changefreq>
  </url>
  <url><lastmod>2004-12-23T18:00:15+00:00</lastmod><loc>http://example.org/catalog?item=73</loc></url>
</urlset>
"""
SITEMAP_PAGES = [
    ("http://example.org/", "2005-01-01"),
    ("http://example.org/catalog?item=12&desc=vacation_hawaii", None),
    ("http://example.org/catalog?item=73", "2004-12-23T18:00:15+00:00"),
]
INDEX = f"""<?xml version="1.0"?><sitemapindex xmlns="{SITEMAP_NS}">
  <sitemap><loc>http://example.org/sitemap1.xml.gz</loc><lastmod>2004-10-01</lastmod></sitemap>
  <sitemap><loc>sitemap2.xml?utm_source=x</loc></sitemap>
  <sitemap><loc>http://example.org/sitemap1.xml.gz#again</loc></sitemap>
  <url><loc>http://example.org/page</loc></url>
</sitemapindex>"""
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
  <title>News</title><link>http://example.org/channel</link><pubDate>Tue, 10 Jun 2003 04:00:00 GMT</pubDate>
  <atom:link href="http://example.org/feed" rel="self" type="application/rss+xml"/>
  <image><url>http://example.org/logo.png</url><link>http://example.org/logo</link></image>
  <item>
    <title>One &amp; only</title>
    <atom:link href="http://example.org/comments" rel="alternate"/>
    <link> http://example.org/one </link>
    <pubDate>Tue, 03 Jun 2003 09:39:21 GMT</pubDate>
    <guid>http://example.org/guid-of-one</guid>
    <enclosure url="http://example.org/one.mp3" length="1" type="audio/mpeg"/>
    <content:encoded><![CDATA[<p>A <a href="http://example.org/inside">link</a> & more</p>]]></content:encoded>
  </item>
  <item><description>No address.</description></item>
  <item><guid>http://example.org/two</guid></item>
</channel></rss>"""
RSS_PAGES = [("http://example.org/one", "Tue, 03 Jun 2003 09:39:21 GMT"), ("http://example.org/two", None)]
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">
  <channel rdf:about="http://example.org/rss"><link>http://example.org/</link>
    <items><rdf:Seq><rdf:li resource="http://example.org/one"/></rdf:Seq></items></channel>
  <item rdf:about="http://example.org/one"><link>http://example.org/one</link>
    <dc:date>2003-06-03T09:39:21Z</dc:date></item>
</rdf:RDF>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="{ATOM_NS}">
  <link href="http://example.org/"/><link rel="self" href="http://example.org/feed"/>
  <updated>2003-12-14T00:00:00Z</updated>
  <entry>
    <link rel="enclosure" href="http://example.org/one.mp3"/>
    <link rel="edit" href="http://example.org/edit"/>
    <link href="http://example.org/one"/>
    <id>http://example.org/id</id>
    <published>2003-12-13T08:29:29-04:00</published>
    <updated>2003-12-13T18:30:02Z</updated>
    <source><link href="http://example.org/source"/><updated>1999-01-01</updated></source>
  </entry>
  <entry><link rel="alternate" href="http://example.org/two"/><published>2003-12-12</published></entry>
  <entry><link rel="self" href="http://example.org/three"/></entry>
</feed>"""
ATOM_PAGES = [("http://example.org/one", "2003-12-13T18:30:02Z"), ("http://example.org/two", "2003-12-12")]
TEXT = "http://example.org/one\nhttps://example.org/two\n"
TEXT_PAGES = [("http://example.org/one", None), ("https://example.org/two", None)]

FORMATS = [(SITEMAP, SITEMAP_PAGES), (RSS, RSS_PAGES), (ATOM, ATOM_PAGES), (TEXT, TEXT_PAGES)]
FORMAT_NAMES = ["sitemap", "rss", "atom", "text"]


def outcome(
    body: str | bytes, settings: AnalyzeSettings = SETTINGS, headers: tuple[tuple[str, str], ...] = ()
) -> Listing | Failure:
    return read_listing(Page(URL, 200, headers, body.encode() if isinstance(body, str) else body), settings)


def listing(
    body: str | bytes, settings: AnalyzeSettings = SETTINGS, headers: tuple[tuple[str, str], ...] = ()
) -> Listing:
    found = outcome(body, settings, headers)
    assert isinstance(found, Listing), found
    return found


def failure(
    body: str | bytes, settings: AnalyzeSettings = SETTINGS, headers: tuple[tuple[str, str], ...] = ()
) -> Failure:
    found = outcome(body, settings, headers)
    assert isinstance(found, Failure), found
    assert found.stage == "analyze"
    assert found.text
    assert "\n" not in found.text
    assert len(found.text) <= 200
    return found


def sitemap(*locs: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{loc}</loc></url>' for loc in locs)}</urlset>"


def urls_of(body: str | bytes, settings: AnalyzeSettings = SETTINGS) -> list[str]:
    return [url for url, _ in listing(body, settings).pages]


# The formats


@pytest.mark.parametrize(
    ("body", "expected"), [*FORMATS, (RDF, [("http://example.org/one", "2003-06-03T09:39:21Z")])]
)
def test_each_format(body: str, expected: list[tuple[str, str | None]]) -> None:
    found = listing(body)
    assert found.pages == expected
    assert found.sitemaps == ()


def test_an_index_lists_sitemaps_and_no_pages() -> None:
    found = listing(INDEX)
    assert found.sitemaps == ("http://example.org/sitemap1.xml.gz", "http://example.org/maps/sitemap2.xml")
    assert found.pages == []
    assert listing(INDEX.removesuffix("</sitemapindex>")) == found


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream", "text/plain", "image/png", ""])
@pytest.mark.parametrize(("body", "expected"), FORMATS, ids=FORMAT_NAMES)
def test_the_content_type_does_not_matter(
    body: str, expected: list[tuple[str, str | None]], content_type: str
) -> None:
    assert listing(body, headers=(("content-type", content_type),)).pages == expected


def test_a_document_type_kept_elsewhere_is_not_asked_for(tmp_path: Path) -> None:
    dtd = tmp_path / "rss-0.91.dtd"
    dtd.write_text('<!ENTITY eacute "e">')
    assert urls_of(
        f'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "{dtd.as_uri()}">'
        "<rss version='0.91'><channel><item><title>&eacute;</title><link>/caf&eacute;</link></item></channel></rss>"
    ) == ["http://example.org/caf&eacute;"]


@pytest.mark.parametrize(
    "body", [sitemap(), "<sitemapindex/>", "<rss><channel/></rss>", f'<feed xmlns="{ATOM_NS}"/>']
)
def test_a_list_may_be_empty(body: str) -> None:
    assert listing(body) == Listing(packed_pages=b"\x90")


@pytest.mark.parametrize(
    ("open_tag", "prefix"),
    [
        (f'<urlset xmlns="{SITEMAP_NS}">', ""),
        ('<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">', ""),
        ('<urlset xmlns="urn:x">', ""),
        ("<urlset>", ""),
        (f'<sm:urlset xmlns:sm="{SITEMAP_NS}">', "sm:"),
        ("<sm:urlset>", "sm:"),
    ],
)
def test_any_namespace_or_none(open_tag: str, prefix: str) -> None:
    body = f"{open_tag}<{prefix}url><{prefix}loc>http://a.b/</{prefix}loc></{prefix}url></{prefix}urlset>"
    assert urls_of(body) == ["http://a.b/"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<link>http://a.b/1</link><guid>http://a.b/2</guid>", ["http://a.b/1"]),
        ("<guid>http://a.b/2</guid><link>http://a.b/1</link>", ["http://a.b/1"]),
        ("<link/><guid>http://a.b/2</guid>", ["http://a.b/2"]),
        ("<link>mailto:a@b.c</link><guid>http://a.b/2</guid>", ["http://a.b/2"]),
        ('<guid isPermaLink="true">HTTP://a.b/2</guid>', ["http://a.b/2"]),
        ('<guid isPermaLink="false">http://a.b/2</guid>', []),
        ("<guid>4711</guid>", []),
        ("<guid>tag:a.b,2005:2</guid>", []),
        ("<link>4711</link>", ["http://example.org/maps/4711"]),
        ("<link/><link>http://a.b/1</link><link>http://a.b/2</link>", ["http://a.b/1"]),
        ("<link><![CDATA[http://a.b/?x=1&y=2]]></link>", ["http://a.b/?x=1&y=2"]),
        ("<link>http://<!-- no -->a.b/<![CDATA[1]]>&#x32;</link>", ["http://a.b/12"]),
    ],
)
def test_where_an_rss_item_is(item: str, expected: list[str]) -> None:
    assert urls_of(f"<rss><channel><item>{item}</item></channel></rss>") == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link href="http://a.b/"/>', ["http://a.b/"]),
        ('<link href=" http://a.b/&#10;"/>', ["http://a.b/"]),
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="http://a.b/"/>', ["http://a.b/"]),
        ('<link rel="related" href="http://a.b/"/>', []),
        ('<link rel="alternate"/>', []),
        ('<link href=""/>', []),
        ('<link href=" "/>', []),
        ('<link href="tag:a"/>', []),
        ('<link href="/1" type="text/html"/><link href="/2" type="text/plain"/>', ["http://example.org/1"]),
        ('<x:link xmlns:x="urn:x" href="http://a.b/"/>', []),
        ('<link xml:base="http://a.b/c/" href="d"/>', ["http://a.b/c/d"]),
    ],
)
def test_where_an_atom_entry_is(link: str, expected: list[str]) -> None:
    assert urls_of(f'<feed xmlns="{ATOM_NS}"><entry>{link}</entry></feed>') == expected


def test_xml_base_holds_for_what_is_inside() -> None:
    body = """<feed xml:base="/feeds/"><entry xml:base="one/"><title xml:base="no/"/><link href="1"/></entry>
        <entry><link href="2"/></entry><entry xml:base="mailto:a"><link href="3"/></entry></feed>"""
    assert urls_of(body) == [f"http://example.org/feeds/{path}" for path in ("one/1", "2", "3")]


# Encodings and wrappings


@pytest.mark.parametrize(
    "codec",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "shift_jis",
        "euc_jp",
        "iso2022_jp",
        "gb18030",
        "big5",
    ],
)
def test_encodings_declared_in_xml(codec: str) -> None:
    label = {"utf-8-sig": "utf-8", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP", "shift_jis": "Shift_JIS"}
    body = f'<?xml version="1.0" encoding="{label.get(codec, codec)}"?>{sitemap("http://a.b/日本&amp;本日", "/二")}'
    assert urls_of(body.encode(codec)) == [
        "http://a.b/%E6%97%A5%E6%9C%AC&%E6%9C%AC%E6%97%A5",
        "http://example.org/%E4%BA%8C",
    ]


@pytest.mark.parametrize("codec", ["iso-8859-1", "windows-1252", "iso-8859-15"])
def test_western_encodings_declared_in_xml(codec: str) -> None:
    body = f'<?xml version="1.0" encoding="{codec}"?>{sitemap("http://a.b/é")}'
    assert urls_of(body.encode(codec)) == ["http://a.b/%C3%A9"]


def test_the_encoding_may_be_in_the_header_and_the_declaration_wrong() -> None:
    text = sitemap("http://a.b/éà")
    headers = (("content-type", "text/xml; charset=iso-8859-1"),)
    assert listing(text.encode("latin-1"), headers=headers).pages == [("http://a.b/%C3%A9%C3%A0", None)]
    assert urls_of('<?xml version="1.0" encoding="utf-16"?>' + text) == ["http://a.b/%C3%A9%C3%A0"]


@pytest.mark.parametrize("before", ["\ufeff", "\n", "\r\n\t ", "\ufeff\n\ufeff"])
@pytest.mark.parametrize(("body", "expected"), FORMATS, ids=FORMAT_NAMES)
def test_blanks_and_byte_order_marks_in_front(body: str, expected: list[tuple[str, str | None]], before: str) -> None:
    assert listing(before + body).pages == expected


@pytest.mark.parametrize(("body", "expected"), FORMATS, ids=FORMAT_NAMES)
@pytest.mark.parametrize(
    ("encoding", "wrap"),
    [
        ("identity", gzip.compress),
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("gzip", lambda body: gzip.compress(gzip.compress(body))),
        ("br", lambda body: brotli.compress(gzip.compress(body))),
    ],
)
def test_gzip_files_and_content_codings(
    body: str, expected: list[tuple[str, str | None]], encoding: str, wrap: Callable[[bytes], bytes]
) -> None:
    headers = (("content-encoding", encoding), ("content-type", "application/octet-stream"))
    assert listing(wrap(body.encode()), headers=headers).pages == expected


def test_nested_gzip_files_are_refused() -> None:
    body = gzip.compress(gzip.compress(SITEMAP.encode()))
    assert failure(body).fault is Fault.DECODE
    assert failure(gzip.compress(body), headers=(("content-encoding", "gzip"),)).fault is Fault.DECODE


@pytest.mark.parametrize("body", [gzip.compress(SITEMAP.encode())[:-9], b"\x1f\x8b\x08junk"])
def test_a_broken_gzip_file(body: bytes) -> None:
    assert failure(body).fault is Fault.DECODE


# Plain text


def test_each_line_of_a_text_that_is_a_url() -> None:
    body = "\ufeff\r\n  HTTP://a.b/1\t\r\n\r\nhttps://a.b/é\nftp://a.b/\n/2\nb.c/3\nhttp://a.b/4 5\nhttp://\nhttp://a.b/6"
    assert urls_of(body) == ["http://a.b/1", "https://a.b/%C3%A9", "http://a.b/6"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        "\0" * 9,
        "Not found",
        "/a/b",
        "a.b/",
        "See\nhttp://a.b/",
        "http://a.b/ moved",
        '{"a": "http://a.b/"}',
    ],
)
def test_other_texts_are_no_list(body: str) -> None:
    assert failure(body).fault is Fault.CONTENT_TYPE


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body>Not found: <a href='http://a.b/'>x</a></body></html>",
        "<!doctype html>\n<title>Sorry</title>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><p>unclosed</html>",
        "<br />\n<b>Warning</b>: in line 3\n" + SITEMAP,
        "<opml><outline xmlUrl='http://a.b/'/></opml>",
        "<url><loc>http://a.b/</loc></url>",
        "<URLSET/>",
        "<" + "x" * 200 + "/>",
        "<",
    ],
)
def test_other_markup_is_no_list(body: str) -> None:
    assert failure(body).fault is Fault.CONTENT_TYPE


def test_what_it_was_instead_is_named() -> None:
    assert failure("<?xml version='1.0'?><html/>").text == "neither a sitemap nor a feed, but <html>"


# Addresses and dates


@pytest.mark.parametrize(
    ("loc", "expected"),
    [
        ("\n http://a.b/c \n", "http://a.b/c"),
        ("c/d", "http://example.org/maps/c/d"),
        ("//a.b", "http://a.b/"),
        ("HTTP://A.b:80/%7Ec?#d", "http://a.b/~c"),
        ("http://a.b/?utm_source=x&amp;c=1&amp;gclid=y", "http://a.b/?c=1"),
        ("http://a.b/&lt;&quot;&apos;&gt;", "http://a.b/%3C%22'%3E"),
        ("http://a.b/&#65;&#x42;", "http://a.b/AB"),
        ("http://a.b/<b>1</b>2", "http://a.b/12"),
        ("http://a.b/?c=1&d=2&e;&amp;f", "http://a.b/?c=1&d=2&e;&f"),
        ("http://a.b/?&copy=1&&#x;&#99999999999;", "http://a.b/?&copy=1&&"),
        ("http://a.b/?c&", "http://a.b/?c&"),
        ("http://a.b/" + "c" * (MAX_ADDRESS_CHARS - 11), "http://a.b/" + "c" * (MAX_ADDRESS_CHARS - 11)),
    ],
)
def test_addresses(loc: str, expected: str) -> None:
    assert urls_of(sitemap(loc)) == [expected]


def test_only_so_much_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.analyze.listing.MAX_MENDED", 2)
    assert urls_of(sitemap("http://a.b/?c&d", "http://a.b/?e&f", "http://a.b/?g&h")) == [
        "http://a.b/?c&d",
        "http://a.b/?e&f",
    ]


@pytest.mark.parametrize(
    "loc",
    [
        "",
        " ",
        "ftp://a.b/",
        "mailto:a@b.c",
        "javascript:void(0)",
        "http://[a/",
        "http://a.b/" + "c" * (MAX_ADDRESS_CHARS - 10),
        "http://a.b/" + "é" * 500,
        " " * (MAX_ADDRESS_CHARS - 13) + "http://a.b/?c&amp;d",
    ],
)
def test_entries_without_a_usable_address_are_passed_over(loc: str) -> None:
    assert urls_of(sitemap(loc, "http://a.b/ok")) == ["http://a.b/ok"]


def test_parameters_are_stripped_as_the_settings_say() -> None:
    body = sitemap("http://a.b/?utm_source=x&amp;c=1")
    assert urls_of(body, replace(SETTINGS, strip_params=("c",))) == ["http://a.b/?utm_source=x"]


def test_the_first_of_several_that_are_the_same_counts() -> None:
    body = """<urlset><url><loc>http://a.b/2</loc></url><url><loc>http://a.b/1</loc><lastmod>2001</lastmod></url>
        <url><loc>http://A.b/1#x</loc><lastmod>2002</lastmod></url></urlset>"""
    assert listing(body).pages == [("http://a.b/2", None), ("http://a.b/1", "2001")]
    assert urls_of("http://a.b/1\nhttp://a.b/1?utm_id=2\n") == ["http://a.b/1"]


@pytest.mark.parametrize(
    "lastmod",
    [
        "1997", "1997-07", "1997-07-16", "1997-07-16T19:20+01:00", "1997-07-16T19:20:30+01:00",
        "1997-07-16T19:20:30Z",
        "1997-07-16T19:20:30.4512345+01:00", "1997-07-16 19:20:30", "1997-07-16T19:20:30+0100", "\n 1997 \n",
        "Sat, 07 Sep 2002 00:00:01 GMT", "7 Sep 02 00:00 +0200", "Saturday, 7 September 2002 0:00:01", "07 Sep 2002",
    ],
)  # fmt: skip
def test_dates_are_kept_as_written(lastmod: str) -> None:
    body = f"<urlset><url><loc>/</loc><lastmod>{lastmod}</lastmod></url></urlset>"
    assert listing(body).pages == [("http://example.org/", lastmod.strip())]


@pytest.mark.parametrize(
    "lastmod",
    [
        "", "yesterday", "19970716", "97-07-16", "1997-7-16", "1997-07-16T", "16.07.1997", "07/16/1997", "1997\n-07",
        "１９９７", "1997-07-16T19:20:30." + "1" * 21, "1997 1997", "0000-00-00x", "1997-07-16&lt;b&gt;", "Sat, 2002",
        " " * 5_000 + "1997",
    ],
)  # fmt: skip
def test_what_is_no_date_is_left_out(lastmod: str) -> None:
    body = f"<urlset><url><loc>/</loc><lastmod>{lastmod}</lastmod></url></urlset>"
    assert listing(body).pages == [("http://example.org/", None)]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<published>2001</published><updated>2002</updated>", "2002"),
        ("<updated>2002</updated><updated>2003</updated>", "2002"),
        ("<updated>soon</updated><published>2001</published>", "2001"),
        ("<issued>2000</issued><modified>2001</modified>", "2001"),
        ("<dc:updated xmlns:dc='urn:dc'>2002</dc:updated>", "2002"),
        ("<x><updated>2002</updated></x>", None),
    ],
)
def test_which_date_counts(dates: str, expected: str | None) -> None:
    assert listing(f"<feed><entry>{dates}<link href='/'/></entry></feed>").pages == [
        ("http://example.org/", expected)
    ]


# Limits


@pytest.mark.parametrize("number", [1, 2, 3])
def test_only_so_many_entries_are_read(number: int) -> None:
    settings = replace(SETTINGS, max_listed=number)
    locs = [f"http://a.b/{each}" for each in range(3)]
    assert urls_of(sitemap(*locs), settings) == locs[:number]
    assert urls_of("\n".join(locs), settings) == locs[:number]
    index = sitemap(*locs).replace("urlset", "sitemapindex").replace("url>", "sitemap>")
    assert listing(index, settings).sitemaps == tuple(locs[:number])


def test_entries_count_even_where_they_lead_nowhere_or_repeat() -> None:
    locs = ["mailto:a", "http://a.b/1", "http://a.b/1", "", "http://a.b/2", "http://a.b/3"]
    assert urls_of(sitemap(*locs), replace(SETTINGS, max_listed=5)) == ["http://a.b/1", "http://a.b/2"]


def test_what_follows_the_last_entry_is_not_even_looked_at() -> None:
    body = sitemap("http://a.b/1", "http://a.b/2").removesuffix("</urlset>") + "<broken"
    assert urls_of(body, replace(SETTINGS, max_listed=2)) == ["http://a.b/1", "http://a.b/2"]
    assert listing(sitemap("mailto:a"), replace(SETTINGS, max_listed=1)).pages == []


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_cap_on_the_size_is_exact(wrap: Callable[[bytes], bytes]) -> None:
    size = len(SITEMAP.encode())
    assert listing(wrap(SITEMAP.encode()), replace(SETTINGS, max_listing_bytes=size)).pages == SITEMAP_PAGES
    found = failure(wrap(SITEMAP.encode()), replace(SETTINGS, max_listing_bytes=size - 1))
    assert found.fault is Fault.TOO_LARGE


# Broken XML


def test_a_sitemap_cut_anywhere_yields_the_entries_before_the_cut() -> None:
    whole = sitemap(*(f"http://a.b/{each}" for each in range(3)))
    for cut in range(len(whole)):
        complete = whole[:cut].count("</url>")
        found = outcome(whole[:cut])
        if complete:
            assert isinstance(found, Listing)
            assert [url for url, _ in found.pages] == [f"http://a.b/{each}" for each in range(complete)]
        else:
            assert isinstance(found, Failure)


@pytest.mark.parametrize(
    "damage",
    [
        "<",
        "</nothing>",
        "\0",
        "\x0b",
        "<a b=c/>",
        "<a b='' b=''/>",
        "&#0;",
        "<![CDATA[",
        "<!-- -- -->",
        "]]>",
        "<?xml?>",
    ],
)
def test_what_stands_before_the_damage_counts(damage: str) -> None:
    body = sitemap("http://a.b/1", f"http://a.b/{damage}", "http://a.b/3")
    assert urls_of(body) == ["http://a.b/1"]
    assert failure(sitemap(f"http://a.b/{damage}", "http://a.b/3")).fault is Fault.DECODE


def test_what_follows_the_document_does_no_harm() -> None:
    assert listing(SITEMAP + "<!-- cached --><script>junk</script>").pages == SITEMAP_PAGES


@pytest.mark.parametrize(
    "body",
    [
        "<?xml version='1.0'?>",
        "<?xml version='9.0'?><urlset/>",
        "<?xml version='1.0'?><urlset",
        "<rss><channel>",
        f"<rss></{'y' * 300}>",
    ],
)
def test_broken_before_the_first_entry(body: str) -> None:
    assert failure(body).fault is Fault.DECODE


# Hostile files

LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))


@pytest.mark.parametrize(
    ("subset", "reference"),
    [
        (f'<!ENTITY l0 "ha">{LAUGHS}', "&l9;"),
        (f'<!ENTITY l0 "{"ha" * 30_000}">', "&l0;" * 30_000),
        ('<!ENTITY l0 "&l0;">', "&l0;"),
        ("<!ENTITY % p \"<!ENTITY l0 'ha'>\">%p;", "&l0;"),
    ],
    ids=["billion laughs", "quadratic", "recursive", "parameter"],
)
def test_entities_of_the_document_do_not_expand(subset: str, reference: str) -> None:
    entries = "<url><loc>/1</loc></url><url><loc>http://a.b/{}</loc></url><url><loc>/2</loc></url>"
    body = f"<!DOCTYPE urlset [{subset}]><urlset>{entries.format(reference)}</urlset>"
    assert not any("ha" in url for url in urls_of(body))
    assert urls_of(body)[-1] == "http://example.org/2"


def test_entities_beyond_what_is_mended_hardly_expand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.analyze.listing.MAX_MENDED", 1)
    entries = f"<url><loc>/1?&</loc></url><url>{'&e;' * 30_000}</url><url><loc>/2</loc></url>"
    body = f'<!DOCTYPE urlset [<!ENTITY e "{"ha" * 30_000}">]><urlset>{entries}</urlset>'
    assert urls_of(body) == ["http://example.org/1?&"]


@pytest.mark.parametrize("mended", [1, MAX_MENDED])
@pytest.mark.parametrize(
    "doctype",
    [
        'SYSTEM "{}"',
        '[<!ENTITY e SYSTEM "{}">]',
        '[<!ENTITY e PUBLIC "x" "{}">]',
        '[<!ENTITY % p SYSTEM "{}"> %p;]',
        "[<!ENTITY % p '<!ENTITY e SYSTEM \"{}\">'> %p;]",
    ],
)
def test_nothing_outside_the_document_is_read(
    doctype: str, mended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.analyze.listing.MAX_MENDED", mended)
    outside = tmp_path / "outside"
    outside.write_text('<!ENTITY e "secret">')
    body = f"<!DOCTYPE urlset {doctype.format(outside.as_uri())}>{sitemap('http://a.b/?&', 'http://a.b/&e;')}"
    assert urls_of(body) == ["http://a.b/?&", "http://a.b/" if mended == 1 else "http://a.b/&e;"]


def test_nothing_is_included(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("secret")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{outside.as_uri()}" parse="text"/>'
    assert urls_of(sitemap(f"http://a.b/{include}")) == ["http://a.b/"]


FEW_EVENTS = 100_000
WORTHLESS = {
    "elements": "<a/>" * (FEW_EVENTS // 2 + 20_000),
    "fields": "<loc>x</loc>" * (FEW_EVENTS // 3 + 20_000),
    "texts": "&amp;" * (FEW_EVENTS + 20_000),
    "bases": "<a xml:base='b'/>" * (FEW_EVENTS // 12 + 20_000),
    "names": "".join(f"<a{number}/>" for number in range(MAX_NAMES)),
    "attributes": "".join(f"<a a{number}=''/>" for number in range(MAX_NAMES)),
    "prefixes": "".join(f"<a xmlns:a{number}='a'/>" for number in range(MAX_NAMES)),
    "namespaces": "".join(f"<a xmlns='{number}'/>" for number in range(MAX_NAMES)),
    "long name": f"<{'a' * 300}/>",
    "long namespace": f"<a xmlns:p='{'p' * 300}'/>",
    "a long tag": f"<a a='{'b' * 2 * MAX_MARKUP_CHARS}'/>",
    "a long comment": f"<!--{'b' * 2 * MAX_MARKUP_CHARS}-->",
    "instructions": "<?a?>" * (MAX_MARKUP_CHARS // 2),
}


@pytest.mark.parametrize("junk", WORTHLESS.values(), ids=WORTHLESS)
def test_no_file_is_read_that_is_worth_less_than_the_work(junk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.analyze.listing.MAX_EVENTS", FEW_EVENTS)
    assert failure(f"<urlset><url>{junk}</url></urlset>").fault is Fault.TOO_LARGE
    assert urls_of(f"<urlset><url><loc>http://a.b/</loc></url><url>{junk}</url></urlset>") == ["http://a.b/"]


def test_depth_beyond_reason_ends_the_reading() -> None:
    nested = "<a>" * 200_000 + "</a>" * 200_000
    assert failure(f"<urlset>{nested}</urlset>").fault is Fault.TOO_LARGE


def test_depth_within_reason_is_no_fault() -> None:
    junk = "<a>" * (MAX_DEPTH - 10) + "</a>" * (MAX_DEPTH - 10)
    assert urls_of(f"<urlset><url>{junk}<loc>http://a.b/</loc></url></urlset>") == ["http://a.b/"]


def test_a_long_article_is_no_long_tag() -> None:
    article = f"<description>{'word ' * MAX_MARKUP_CHARS}</description>"
    assert urls_of(f"<rss><channel><item>{article}<link>http://a.b/</link></item></channel></rss>") == ["http://a.b/"]


CHILD = """
import resource, sys
from pathlib import Path
import msgspec
from crawler.analyze.listing import read_listing
from crawler.model import Listing, Page
from crawler.settings import AnalyzeSettings

page = Page("http://a.b/", 200, (("content-encoding", sys.argv[1]),), sys.stdin.buffer.read())
mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (mapped + int(sys.argv[2]),) * 2)
found = read_listing(page, AnalyzeSettings())
print(f"{len(found.pages)} pages" if isinstance(found, Listing) else found.fault.value)
"""


def gzipped(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


@cache
def spaces() -> bytes:
    return gzipped(b" " * 2**20 for _ in range(300))


def filled(start: str, junk: str, mebibytes: int) -> bytes:
    piece = junk.encode() * (2**20 // len(junk))
    return gzipped([start.encode(), *[piece] * mebibytes])


BOMBS: dict[str, tuple[str, Callable[[], bytes], int, str]] = {  # made when needed: each process collects all tests
    "gzip file": ("identity", spaces, 160, "too_large"),
    "coding": ("gzip", spaces, 160, "too_large"),
    "coding and file": ("br", lambda: brotli.compress(spaces()), 160, "too_large"),
    "coding of a coding": ("gzip, gzip", lambda: gzip.compress(spaces()), 160, "too_large"),
    "big file of a sitemap": (
        "gzip",
        lambda: filled("<urlset>", "<url><loc>http://a.b/</loc><a>words and words</a></url>\n", 49),
        256,
        "1 pages",
    ),
    "big file of comments": ("gzip", lambda: filled("<urlset>", "<!-- x -->", 49), 256, "too_large"),
    "big file of elements": ("gzip", lambda: filled("<urlset>", "<a>words</a>", 49), 256, "too_large"),
    "big file of openings": ("gzip", lambda: filled("<urlset>", "<a>", 49), 256, "too_large"),
    "big text": ("gzip", lambda: filled("<urlset><url><loc>", "x\r\n", 49), 256, "too_large"),
    "big attribute": ("gzip", lambda: filled("<urlset a='", "words", 49), 256, "too_large"),
    "big declaration": ("gzip", lambda: filled("<!DOCTYPE urlset [", "<!ELEMENT a ANY>", 49), 256, "too_large"),
    "big list": ("gzip", lambda: filled("", "http://a.b/\n", 49), 256, "1 pages"),
    "big list of nothing": ("gzip", lambda: filled("http://a.b/\n", "ab\n", 49), 256, "1 pages"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is enforced on Linux only")
@pytest.mark.parametrize(("encoding", "make", "mebibytes", "expected"), BOMBS.values(), ids=BOMBS)
def test_bombs_take_little_memory(encoding: str, make: Callable[[], bytes], mebibytes: int, expected: str) -> None:
    body = make()
    assert len(body) < 2**20
    command = [sys.executable, "-c", CHILD, encoding, str(mebibytes * 2**20)]
    done = subprocess.run(command, input=body, capture_output=True, check=False)
    assert done.stdout.decode().strip() == expected, done.stderr.decode()


@given(
    st.binary(max_size=2_000), st.sampled_from([b"", b"<urlset>", b"<rss><item>", b"http://a.b/\n", b"\xff\xfe<\0"])
)
def test_random_bytes_raise_nothing(junk: bytes, start: bytes) -> None:
    assert isinstance(outcome(start + junk), Listing | Failure)


PIECES = [
    "<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "<rss>", "<item>", "</item>", "<link>", "</link>",
    "<feed>", "<entry>", "</entry>", "<link href='a'/>", "<lastmod>", "</lastmod>", "2001", "http://a.b/", "&", "'",
    "&amp;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE a [", "]>", ">",
    "<!ENTITY a 'b'>", "&a;", " xmlns='a'", " xml:base='b'", "<x:y>", "\0", "\ufeff", "\U0001f600", "\n", "<", '"',
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-7"]))
def test_random_markup_raises_nothing(pieces: list[str], codec: str) -> None:
    assert isinstance(outcome("".join(pieces).encode(codec)), Listing | Failure)


@given(st.integers(0, len(SITEMAP) - 1), st.binary(min_size=1, max_size=3))
def test_damage_raises_nothing_and_adds_nothing_before_it(at: int, damage: bytes) -> None:
    body = SITEMAP.encode()
    found = outcome(body[:at] + damage + body[at:])
    if isinstance(found, Listing):
        complete = SITEMAP[:at].count("</url>")
        assert found.pages[:complete] == SITEMAP_PAGES[:complete]


def test_a_listing_crosses_process_walls() -> None:
    found = listing(SITEMAP)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Listing | Failure) == found
