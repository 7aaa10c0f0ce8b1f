"""Links: joined as browsers do, canonical, distinct, bounded."""

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler import urls
from crawler.analyze.links import absolute
from crawler.canonical import canonicalizer

PAGE = "http://example.org/dir/page.html?q=1"
CANONICAL = canonicalizer(("utm_*",))


@pytest.mark.parametrize(
    ("hrefs", "base", "links"),
    [
        (["a", "/b", "../c", "?d", "//other.org/e"], None, [
            "http://example.org/dir/a", "http://example.org/b", "http://example.org/c",
            "http://example.org/dir/page.html?d", "http://other.org/e",
        ]),
        (["a#x", "a#y", "a", "./a", "A"], None, ["http://example.org/dir/a", "http://example.org/dir/A"]),
        (["", "#top"], None, [PAGE]),
        (["javascript:void(0)", "mailto:a@b.c", "tel:1", "data:,x", "ftp://x/y", "about:blank"], None, []),
        (["http://", "http://[", "https://a b/", "//"], None, []),
        (["HTTPS://EXAMPLE.org:443/%7Ea b"], None, ["https://example.org/~a%20b"]),
        (["http://日本語.jp/あ"], None, ["http://xn--wgv71a119e.jp/%E3%81%82"]),
        (["a?", "%61", "a?utm_source=x#y", "a?b=1&utm_source=x"], None, [
            "http://example.org/dir/a", "http://example.org/dir/a?b=1",
        ]),
        ([" x\n", "y\tz"], None, ["http://example.org/dir/x", "http://example.org/dir/yz"]),
        (["a", "/b"], "/sub/", ["http://example.org/sub/a", "http://example.org/b"]),
        (["a"], "https://cdn.org/x/y", ["https://cdn.org/x/a"]),
        (["a"], "http://[", ["http://example.org/dir/a"]),
        (["a"], "javascript:0", ["http://example.org/dir/a"]),
        (["a"], "", ["http://example.org/dir/a"]),
    ],
)  # fmt: skip
def test_absolute(hrefs: list[str], base: str | None, links: list[str]) -> None:
    assert absolute(hrefs, PAGE, base, CANONICAL, limit=100) == links


def test_at_most_so_many() -> None:
    hrefs = [f"p{number // 2}?utm_source={number}" for number in range(100)]
    assert absolute(hrefs, PAGE, None, CANONICAL, limit=10) == [
        f"http://example.org/dir/p{number}" for number in range(10)
    ]


def test_links_that_lead_nowhere_do_not_count_towards_the_limit() -> None:
    assert absolute(["mailto:x", "a", "b"], PAGE, None, CANONICAL, limit=1) == ["http://example.org/dir/a"]


BASES = [
    PAGE, "https://a.b", "http://u:p@h.org:8080/x/?q=/y/", "http://[::1]/z", "http://h.org/a//b;c",
    "http://H.org/é?/",
]  # fmt: skip
PIECES = [
    "http://", "https://", "//", "/", ".", "..", "-", "--", "?", "=", "&", ":", "@", "#", "%2e", " ", "\t",
    "\\", "a", "B", "_", "~", "0", "1.2.3.4", "0x7f", "example.org", "EXAMPLE.org", "xn--", "xn--wgv71a119e.jp",
    "é", "a.b", "a-b.c",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=20), st.sampled_from(BASES))
@example("http://a.b--c.org/", PAGE)
@example("http://1.2.3.04/", PAGE)
@example("http://xn--zz.org/", PAGE)
@example("http://a.bc/d#e", PAGE)
@example("a", "http://h.org/x/?q=/y/")
@example("/a?", PAGE)
@example("a\n", PAGE)
def test_the_short_cut_joins_as_ever(reference: str, base: str) -> None:
    assert urls.joiner(base)(reference) == urls.join(base, reference)


def test_a_base_of_many_folders_takes_memory_in_proportion() -> None:
    base = "http://example.org/" + "a/" * 30_000
    tracemalloc.start()
    try:
        join = urls.joiner(base)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * len(base)
    for reference in ("x", "../x", "/x", "//h.test/x", "?x", "", "#x", "mailto:x"):
        assert join(reference) == urls.join(base, reference)


def test_a_long_base_does_not_make_much_of_many_short_links() -> None:
    base = f"http://example.org/{'x' * 1_000}/"
    found = absolute(map(str, range(100)), PAGE, base, CANONICAL, limit=1_000, max_chars=10_300)
    assert found == [f"{base}{number}" for number in range(10)]
    again = ["a", "./a"] * 50 + ["b"]
    assert len(absolute(again, PAGE, None, CANONICAL, limit=9, max_chars=100)) == 2, "repeats cost nothing"
