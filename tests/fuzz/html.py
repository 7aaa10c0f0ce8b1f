"""HTML, plain text and XHTML, through the whole of `analyze`: both parsers, links, directives, language, words."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from crawler.analyze.page import DIGEST_BYTES, analyze
from crawler.model import Analysis, Failure, Fault, Page, unpack_links, unpack_words
from crawler.settings import AnalyzeSettings
from tests.analyze.samples import ENCODINGS, page
from tests.analyze.test_document import well_formed
from tests.fuzz.material import bodies, mixed, texts
from tests.fuzz.properties import are_words, crosses_walls, is_a_failure, is_canonical
from tests.fuzz.target import Target

SETTINGS = AnalyzeSettings(max_text_bytes=2**20, max_links=4, max_links_bytes=300, max_title_chars=40, top=5)
SOUP = replace(SETTINGS, parser="soup")

ARTICLE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset=utf-8><base href="/docs/"><title> A
 page &amp; more</title><meta name=robots content="index, follow"><link rel=next href=?page=2></head>
<body class='x'><h1>One two</h1><p>two <b>th</b>ree <i>three<a href="a?utm_source=x#y">x</a></p></i>
<ul><li>a<li>b</ul><table><tr><td>1<td>2</table><!-- c --><script>if (a<b) "</p>"</script><svg><title>t</title></svg>
<select><option>o<option>p</select><ruby>漢<rt>かん</rt></ruby><p hidden>h</p>&nbsp;&#x4e00;</body></html>"""
XHTML = """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head>
<title/><script src="x"/></head><body><![CDATA[cdata]]><p id='a/b'/>one<br/>two<a href="/x/">four</a></body></html>"""
SAMPLES = [
    ARTICLE.encode(),
    XHTML.encode(),
    *(page(language, f'<meta charset="{name}">').encode(codec) for name, language, codec in ENCODINGS),
]
TAGS = [
    "a",
    "abbr",
    "annotation",
    "annotation-xml",
    "article",
    "b",
    "base",
    "body",
    "br",
    "button",
    "caption",
    "col",
    "colgroup",
    "datalist",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "font",
    "foreignObject",
    "form",
    "frame",
    "frameset",
    "h1",
    "head",
    "hr",
    "html",
    "i",
    "iframe",
    "image",
    "img",
    "input",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "math",
    "menu",
    "meta",
    "mi",
    "mtext",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "path",
    "plaintext",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "script",
    "section",
    "select",
    "slot",
    "source",
    "span",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xmp",
    "x-y",
]
ATTRIBUTES = [
    " hidden", " open", " href=x", " href='/a b?c=1&copy=2'", ' href="//h.test/%7e?utm_x=1#f"',
    " href='http://[bad'", " href=javascript:x", " href=''", " rel=nofollow", " rel=next",
    " rel=alternate type=text/html", " lang=ja", " xml:lang=de", " name=robots content=none",
    " name=crawler content='nofollow, noindex'", " http-equiv=refresh", " charset=shift_jis", " charset=utf-16",
    " http-equiv=content-type content='text/html; charset=euc-jp'", " href=&#xD800;", " =x", " '", ' "', " /",
    " a=1 a=2", " onclick='<p>'", " xlink:href=y", " shadowrootmode=open", " encoding=text/html",
    " type=hidden", " definitionurl=x", " href=" + "../" * 40, " href='?" + "&a" * 40 + "'",
]  # fmt: skip
ODDITIES = [
    "<!DOCTYPE html>", "<!doctype x PUBLIC '-//W3C//DTD HTML 4.01//EN'>", "<!--", "-->", "<!-->", "--!>",
    "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<?php", "?>", "<!", "</", "<", ">", "&", "&amp", "&amp;",
    "&#0;", "&#xD800;", "&#1114112;", "&notit;", "&CounterClockwiseContourIntegral;", "&#", "&#x", "\0", "\x0c",
    "\r", "\n", " ", "\t", "\u0085", "\ufeff", "\ufffe", "\x1b$B", "\x1b(B", "<script>", "</script ",
    "<script><!--<script>", "<a href", "<a href=", "<p/", "<![x y]>", "<title>", "</title>", "<textarea>",
    "<plaintext>", "<template>", "</template>", "</p>", "</br>", "<svg><p>", "<math><mi><table>",
    "<svg><foreignObject><p>", "<table><p>", "<select><input>", "\u0301", "\u0e4d\u0e32", "\u0e33", "\u3099",
    "か\u3099", "\u1100\u1161", "ß", "ẞ", "ſ", "Ǆ", "ͅ", "\u200d", "\U000e0041", "👩\u200d👩", "\ufdd0", "_",
]  # fmt: skip
PIECES = [
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag}>" for tag in TAGS),
    *(
        f"<{tag}{attribute}>"
        for tag in ("a", "p", "html", "meta", "link", "base", "svg", "div")
        for attribute in ATTRIBUTES
    ),
    *ODDITIES,
    *ODDITIES,
    *("<base href='", "<a href='", "<meta name=robots content='", "a/", "../", "<p class="),
]
TYPES = [
    None, "text/html", "text/html; charset=utf-8", "text/html;charset=shift_jis",
    "text/html; charset=windows-1252", "application/xhtml+xml", "text/plain", "text/plain; charset=big5",
    "TEXT/HTML ; Charset='utf-16le'", "; charset=",
]  # fmt: skip
HEADERS = [
    ("content-language", "de"), ("content-language", "en, fr"), ("content-language", "\u0130x"),
    ("x-robots-tag", "noindex"), ("x-robots-tag", "other: none"),
    ("x-robots-tag", "crawler: nofollow, noindex"),
    ("x-robots-tag", "unavailable_after: Fri, 1 Jan 2027 15:00 GMT,,:"), ("content-encoding", "gzip"),
    ("content-encoding", "identity, br"),
]  # fmt: skip
URLS = ["http://example.org/dir/page", "https://u:p@[::1]:8443/a/b?c=%7e", "http://example.org/"]

inputs = st.tuples(
    st.one_of(
        bodies(SAMPLES, [piece.encode() for piece in PIECES]),
        texts(PIECES, max_size=60).map(lambda text: text.encode("utf-8", "replace")),
        mixed(PIECES),
        well_formed,
    ),
    st.sampled_from(TYPES),
    st.lists(st.sampled_from(HEADERS), max_size=2),
    st.sampled_from(URLS),
)


def check(value: Any) -> None:
    """Text instead of bytes is well-formed HTML, in which both parsers find the same."""
    body, content_type, extra, url = value
    headers = (*((("content-type", content_type),) if content_type else ()), *extra)
    if isinstance(body, str):
        page = Page(url, 200, (), body.encode())
        fast, slow = analyze(page, SETTINGS), analyze(page, SOUP)
        assert isinstance(fast, Analysis) and fast == slow
    else:
        page = Page(url, 200, headers, body)
    for settings in (SETTINGS, SOUP):
        reading = analyze(page, settings)
        assert analyze(page, settings) == reading
        if isinstance(reading, Failure):
            assert reading.fault in (Fault.DECODE, Fault.TOO_LARGE)
            assert settings is SOUP or extra
            is_a_failure(reading)
        else:
            assert isinstance(reading, Analysis)
            _check(reading, settings)


def _check(reading: Analysis, settings: AnalyzeSettings) -> None:
    crosses_walls(reading, Analysis)
    assert len(reading.title) <= settings.max_title_chars
    assert reading.title == " ".join(reading.title.split())
    assert reading.language is None or (reading.language.isascii() and reading.language.islower())
    words = unpack_words(reading.packed_words)
    are_words(words)
    assert (reading.tokens, reading.distinct) == (sum(words.values()), len(words))
    assert reading.top == tuple(sorted(words.items(), key=lambda item: (-item[1], item[0]))[: settings.top])
    assert len(reading.digest) == (DIGEST_BYTES if words else 0)
    links = unpack_links(reading.packed_links)
    assert len(links) == len(set(links)) <= settings.max_links
    assert sum(map(len, links)) <= settings.max_links_bytes
    for link in links:
        is_canonical(link)


TARGET = Target(inputs, check)
