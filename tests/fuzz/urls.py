"""URLs: parsed, joined by either way, in canonical form, and taken apart again."""

from typing import Any

from hypothesis import strategies as st

from crawler import urls
from crawler.canonical import canonicalizer
from crawler.frontier.scope import Scope
from crawler.settings import FrontierSettings
from crawler.sites import site_of
from tests.fuzz.material import MAX_REPEATED, texts
from tests.fuzz.properties import is_crawlable
from tests.fuzz.target import Target

PIECES = [
    "http://", "https://", "HTTP:\\\\", "http:", "//", "/", "/", "\\", "?", "#", "@", ":", ":80", ":443", ":0",
    ":65536", "u:p@", "example.org", "EXAMPLE.com", "a.b", "日本語.jp", "xn--wgv71a119e", "xn--", "[::1]",
    "[::ffff:1.2.3.4]", "[", "]", "127.1", "0x7f", "256", "1.2.3.4.", ".", "..", "../", "./", "%2e%2E/", "%2e",
    "%", "%4", "%41", "%7e", "%7E", "%2f", "%25", "%%341", "%00", "%zz", "%e3%81%82", "&", "=", "utm_source=x",
    "UTM_x", "gclid", "a=1", ";", " ", "\t", "\n", "\r", "\0", "\u3000", "\u00ad", "\u200d", "。", "ß", "K",
    "ﬁ", "𠮷", "\ufffd", "é", "~", "-", "_", "*", "|", "^", "`", "{", "}", "<", ">", '"', "'", "$", "!",
    "javascript:", "mailto:", "data:,", "file:///", "ftp://", "ws://", "blob:http://", "a" * 70, "x" * 260,
    "a/" * 60,
]  # fmt: skip
url = texts(PIECES, max_size=12)
repeated = st.builds(
    lambda unit, times, end: (unit * times)[:MAX_REPEATED] + end,
    url,
    st.sampled_from([1, 1, 1, 100, 1_000, 10_000]),
    st.sampled_from(PIECES),
)
base = st.one_of(
    st.just("http://example.org/a/b/c?d"),
    url.map("http://example.org/{}".format),
    repeated.map("http://example.org/{}".format),
    url.map("http://{}".format),
)
inputs = st.tuples(base, repeated, st.sampled_from([(), ("utm_*", "gclid"), ("*",), ("a*", "?", "[", "a|b", "")]))


def check(given: Any) -> None:
    text, reference, stripped = given
    _hides_its_password(text)
    canonical = canonicalizer(stripped)
    found = [_parsed(text), _parsed(reference)]
    if found[0] is not None:
        joined = urls.join(found[0], reference)
        assert urls.joiner(found[0])(reference) == joined
        found += [joined, urls.joiner(found[0])("")]
    for each in found:
        if each is not None:
            is_crawlable(each)
            normal = canonical(each)
            is_crawlable(normal)
            assert canonical(normal) == normal
            assert (urls.host(normal), urls.port(normal)) == (urls.host(each), urls.port(each))
            _is_judged(normal)


def _hides_its_password(text: str) -> None:
    """Neither what is shown of a URL nor the URL that is crawled holds the password that was in it."""
    for whole in (text, text.replace("http://", "http://someone:PassWord@", 1)):
        urls.masked(whole).encode()
        if "PassWord" in whole:
            assert "PassWord" not in urls.masked(whole)
            assert "PassWord" not in (_parsed(whole) or "")


def _parsed(text: str) -> str | None:
    try:
        return urls.parse(text)
    except urls.NotCrawlable as error:
        str(error).encode()
        return None


def _is_judged(url: str) -> None:
    """Every scope has an answer, and a URL is in its own unless it looks like a trap."""
    host = urls.host(url)
    for kind in ("host", "site", "prefix", "any"):
        scope = Scope(FrontierSettings(scope=kind), site_of)
        scope.add(url, host)
        refusal = scope.refusal(url, host)
        assert refusal is None or refusal[1].startswith("trap: ")


TARGET = Target(inputs, check)
