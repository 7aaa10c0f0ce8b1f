"""Links: joined as browsers do, distinct, bounded."""

import pytest

from crawler.analyze.links import absolute

PAGE = "http://example.org/dir/page.html?q=1"


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
        (["HTTPS://EXAMPLE.org:443/%7Ea b"], None, ["https://example.org/%7Ea%20b"]),
        (["http://日本語.jp/あ"], None, ["http://xn--wgv71a119e.jp/%E3%81%82"]),
        ([" x\n", "y\tz"], None, ["http://example.org/dir/x", "http://example.org/dir/yz"]),
        (["a", "/b"], "/sub/", ["http://example.org/sub/a", "http://example.org/b"]),
        (["a"], "https://cdn.org/x/y", ["https://cdn.org/x/a"]),
        (["a"], "http://[", ["http://example.org/dir/a"]),
        (["a"], "javascript:0", ["http://example.org/dir/a"]),
        (["a"], "", ["http://example.org/dir/a"]),
    ],
)  # fmt: skip
def test_absolute(hrefs: list[str], base: str | None, links: list[str]) -> None:
    assert absolute(hrefs, PAGE, base, 100) == links


def test_at_most_so_many() -> None:
    hrefs = [f"p{number // 2}" for number in range(100)]
    assert absolute(hrefs, PAGE, None, 10) == [f"http://example.org/dir/p{number}" for number in range(10)]


def test_links_that_lead_nowhere_do_not_count_towards_the_limit() -> None:
    assert absolute(["mailto:x", "a", "b"], PAGE, None, 1) == ["http://example.org/dir/a"]
