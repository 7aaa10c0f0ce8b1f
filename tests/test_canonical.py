"""Canonical URLs: what is one page to every server becomes one URL, and nothing else changes."""

import re
import string
import time
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler import urls
from crawler.canonical import canonicalizer
from crawler.settings import DEFAULT_STRIPPED

UNRESERVED = (string.ascii_letters + string.digits + "-._~").encode()


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://a.test/", "http://a.test/"),
        ("http://a.test/?", "http://a.test/"),
        ("http://a.test/x?#", "http://a.test/x?#"),
        ("http://a.test/??", "http://a.test/??"),
        ("http://a.test/%7euser/%41?%2d=%2E", "http://a.test/~user/A?-=."),
        ("http://a.test/%e3%81%82%2f%3f", "http://a.test/%E3%81%82%2F%3F"),
        ("http://a.test/%2541", "http://a.test/%2541"),
        ("http://a.test/%%41", "http://a.test/%%41"),
        ("http://a.test/%%341", "http://a.test/%%341"),
        ("http://a.test/%4%31", "http://a.test/%4%31"),
        ("http://a.test/%zz%", "http://a.test/%zz%"),
        ("http://%7e:%7e@a.test/%7e", "http://%7e:%7e@a.test/~"),
        ("https://[::1]:8443/%7e", "https://[::1]:8443/~"),
        ("http://a.test/?b=2&a=1&&b", "http://a.test/?b=2&a=1&&b"),
        ("http://a.test/?utm_source=x&b=2&gclid&a=1", "http://a.test/?b=2&a=1"),
        ("http://a.test/?UTM_Source=x", "http://a.test/"),
        ("http://a.test/?%75tm_source=x", "http://a.test/"),
        ("http://a.test/?xutm_=1&gclid2=3&q=utm_source", "http://a.test/?xutm_=1&gclid2=3&q=utm_source"),
        ("http://a.test/utm_source=x?utm=x", "http://a.test/utm_source=x?utm=x"),
        ("http://a.test/?b=?&utm_source=?", "http://a.test/?b=?"),
        ("http://a.test/x;jsessionid=A1.b?b=2&PHPSESSID=c", "http://a.test/x?b=2"),
        ("http://a.test/x;v=1;JSESSIONID=A1/y;w=2", "http://a.test/x;v=1/y;w=2"),
        (
            "http://a.test/x;xjsessionid=1;utm_a=2?c=;jsessionid=3",
            "http://a.test/x;xjsessionid=1;utm_a=2?c=;jsessionid=3",
        ),
        ("http://a.test/?ASPSESSIONIDQWERT=1&sessionid=2", "http://a.test/?sessionid=2"),
    ],
)
def test_what_becomes_of_a_url(url: str, canonical: str) -> None:
    assert canonicalizer(DEFAULT_STRIPPED)(url) == canonical


@pytest.mark.parametrize(
    ("patterns", "query"),
    [
        ((), "?a=1&b.c=2&abc=3&=4"),
        (("*",), ""),
        (("a*",), "?b.c=2&=4"),
        (("*c",), "?a=1&=4"),
        (("b.c", "A"), "?abc=3&=4"),
        (("b?c", "a|b", "[a]", ""), "?a=1&b.c=2&abc=3"),
    ],
)
def test_a_star_is_anything_and_all_else_itself(patterns: tuple[str, ...], query: str) -> None:
    assert canonicalizer(patterns)("http://a.test/?a=1&b.c=2&abc=3&=4") == f"http://a.test/{query}"


def test_no_name_takes_long() -> None:
    start = time.process_time()
    canonicalizer(("*a*a*a*a*b",))(f"http://a.test/?{'a' * 100_000}=1")
    canonicalizer(("*",))("http://a.test/?" + "%4%" * 100_000 + "&" * 100_000)
    assert time.process_time() - start < 5, "the square of their length would take minutes"


def test_most_urls_are_handed_back_untouched() -> None:
    url = "http://a.test/dir/page.html"
    assert canonicalizer(DEFAULT_STRIPPED)(url) is url


def test_one_canonicalizer_a_process() -> None:
    assert canonicalizer(DEFAULT_STRIPPED) is canonicalizer(DEFAULT_STRIPPED)


PIECES = st.sampled_from(
    [
        "%", "%%", "%4", "4", "1", "e", "E", "2", "5", "a", "f", "%41", "%2e", "%2E", "%2f", "%25", "%e3", "%E3%81",
        "%7E", "%7f", "é", "/", ".", "..", "?", "&", "=", "utm_", "utm_x=1", "%75tm_y", "gclid", "+", "~", "&&", " ",
        ";", ";jsessionid=", ";JSESSIONID=%2e",
    ]
)  # fmt: skip
TARGETS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20)


@given(TARGETS)
@example("%%341")
@example("%4%31")
@example("%2%65/")
def test_the_canonical_form_stays_and_is_still_a_url_to_the_standard(target: str) -> None:
    canonical = canonicalizer(DEFAULT_STRIPPED)
    url = canonical(urls.parse(f"http://u:p@a.test/{target}"))
    assert canonical(url) == url
    assert urls.parse(url) == url


@given(TARGETS)
def test_escapes_change_their_form_and_not_what_they_say(target: str) -> None:
    """But for lone percent signs, which say nothing, what a server decodes is the same."""
    url = urls.parse(f"http://a.test/{target}")
    canonical = canonicalizer(())(url)
    assert unquote_to_bytes(canonical) == unquote_to_bytes(url.removesuffix("?") if url.count("?") == 1 else url)
    if not re.search("%(?![0-9a-fA-F]{2})", url):
        escapes = re.findall("%(..)", canonical)
        assert all(escape == escape.upper() and int(escape, 16) not in UNRESERVED for escape in escapes)
        assert re.sub("%..", "", canonical).count("/") == re.sub("%..", "", url).count("/")


@given(TARGETS)
def test_other_parameters_are_kept_byte_for_byte(target: str) -> None:
    url = urls.parse(f"http://a.test/?{target}")
    kept = canonicalizer(("utm_*",))(url).partition("?")[2].split("&")
    every = canonicalizer(())(url).partition("?")[2].split("&")
    assert [each for each in every if not each.lower().startswith("utm_")] in (kept, [])
