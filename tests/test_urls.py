"""URLs as browsers read them."""

import pytest

from crawler import urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://Example.com:80/a/../b?x#f", "http://example.com/b?x"),
        ("https://example.com:443", "https://example.com/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://日本語.jp/パス", "http://xn--wgv71a119e.jp/%E3%83%91%E3%82%B9"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
    ],
)
def test_a_url_is_serialised_as_the_standard_says(text: str, url: str) -> None:
    assert urls.parse(text) == url


@pytest.mark.parametrize("text", ["", "a b", "/path", "http://", "http://[bad/", "mailto:a@b.test", "javascript:1"])
def test_what_cannot_be_crawled_is_refused(text: str) -> None:
    with pytest.raises(urls.NotCrawlable):
        urls.parse(text)


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("../x#y", "http://a.test/x"),
        ("//b.test", "http://b.test/"),
        ("?q", "http://a.test/dir/page?q"),
        ("", "http://a.test/dir/page"),
        ("mailto:x@y.test", None),
        ("ftp://b.test/", None),
        ("http://[bad", None),
    ],
)
def test_links_are_joined(reference: str, target: str | None) -> None:
    assert urls.join("http://a.test/dir/page", reference) == target


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://example.com/", "example.com", 80),
        ("https://example.com/?x:1@y", "example.com", 443),
        ("http://user:pass@example.com:81/", "example.com", 81),
        ("http://[::1]:8080/", "[::1]", 8080),
        ("https://[::1]/", "[::1]", 443),
    ],
)
def test_host_and_port(url: str, host: str, port: int) -> None:
    assert (urls.host(url), urls.port(url)) == (host, port)


@pytest.mark.parametrize(
    "user", ["us:s3cret", "us", ":s3cret", "us:@s3cret", "%40:s3cret", "us:s3\tcret", "us:s3cret@"]
)
def test_no_url_has_a_user_or_a_password(user: str) -> None:
    assert urls.parse(f"http://{user}@a.test:81/@x?y@z") == "http://a.test:81/@x?y@z"
    for base in ("http://b.test/dir/page", f"http://{user}@b.test/dir/page"):
        for join in (lambda text, base=base: urls.join(base, text), urls.joiner(base)):
            assert join(f"http://{user}@a.test") == "http://a.test/"
            assert join(f"https://{user}@a.test/x@y") == "https://a.test/x@y"
            assert join(f"//{user}@a.test/x") == "http://a.test/x"
            assert join(f"/\\{user}@a.test/x") == "http://a.test/x"
            assert join("x@y") == "http://b.test/dir/x@y"
            assert join("../") == "http://b.test/"
            assert join("?@") == "http://b.test/dir/page?@"
            assert join("") == "http://b.test/dir/page"


@pytest.mark.parametrize(
    "text", ["a.test/x", "http://a.test:8080", "http://[::1]:80/x:y", "ftp://a.test:21", "a.test/x:y", "C:\\urls.txt"]
)
def test_what_can_be_no_password_is_shown(text: str) -> None:
    assert urls.masked(text) == text


@pytest.mark.parametrize("text", ["\x0b" * 10**6 + "ftp://a.test/", "https:" + "/" * 10**6, "//" + "a" * 10**6])
def test_a_hostile_location_is_shown_in_linear_time(text: str) -> None:
    assert urls.masked(text) == text
