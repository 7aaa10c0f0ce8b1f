"""Who may be sent which secret, and that seeds lose theirs."""

from base64 import b64encode

import pytest

from crawler.credentials import by_origin
from crawler.headers import Header, basic_authorization
from crawler.intake import digest_of, headers_of
from crawler.model import Job
from crawler.seeds import UnusableSeeds, read_seeds
from crawler.settings import FetchSettings, Settings
from crawler.source import source_of

COOKIE = Header("Cookie", "s3cret")


def test_seeds_lose_user_and_password_which_are_kept_by_origin() -> None:
    lines = [
        "https://us%20er:p%C3%A4s%3As@a.test/x",
        "https://a.test/y",
        "http://only@b.test:8080/",
        "http://@c.test/",
    ]
    seeds = read_seeds([line.encode() for line in lines], "urls.txt")
    assert seeds.jobs == [
        Job("https://a.test/x"),
        Job("https://a.test/y"),
        Job("http://b.test:8080/"),
        Job("http://c.test/"),
    ]
    assert seeds.credentials.by_origin == {
        "https://a.test": Header("Authorization", f"Basic {b64encode('us er:päs:s'.encode()).decode()}"),
        "http://b.test:8080": Header("Authorization", f"Basic {b64encode(b'only:').decode()}"),
    }
    assert "Basic" not in repr(seeds)


def test_a_second_password_for_one_origin_is_rejected_and_not_shown() -> None:
    lines = [
        b"http://us:s3cret@a.test/x",
        b"http://us:s3cret@a.test/y",
        b"http://us:s3cret2@a.test/z",
        b"http://u%3a:s3cret@b.test/",
    ]
    seeds = read_seeds(lines, "urls.txt")
    assert [job.url for job in seeds.jobs] == ["http://a.test/x", "http://a.test/y"]
    assert [str(line) for line in seeds.rejected] == [
        "line 3: 'http://…@a.test/z': http://a.test has other credentials above; give one user and password a host",
        "line 4: 'http://…@b.test/': a user name with a colon cannot be sent (RFC 7617); use --header Authorization",
    ]
    assert seeds.credentials.by_origin == {"http://a.test": basic_authorization(b"us", b"s3cret")}


def test_a_changed_password_carries_the_run_on() -> None:
    some, others = (read_seeds([f"http://us:{word}@a.test/".encode()], "urls.txt") for word in ("one", "two"))
    without = read_seeds([b"http://a.test/"], "urls.txt")
    assert digest_of(some, Settings()) == digest_of(others, Settings()) == digest_of(without, Settings())


@pytest.mark.parametrize(
    "line",
    [
        "http://us:s3cret@a.test:x/",
        "https//us:s3cret@a.test",
        "us:s3cret@a.test",
        "s3cret:x@a.test",
        "ftp://us:s3cret@a.test/",
        "http://us:s3/s3cret@a.test:x",
        "http://us:x@s3cret@a.test:x",
        "http://us:s3cret",
        "ftp://us:s3cret",
        "https:us:s3cret%40a.test/",
        "HTTPS:\\\\us:s3cret@[a.test/",
        "http://us:s3cret＠a.test/",
        "http://us:" + "s3cret" * 50 + "@a.test:x/",
        "http://us:s3cret@",
    ],
)
def test_what_may_be_a_password_is_not_shown_of_a_line_that_is_no_url(line: str) -> None:
    seeds = read_seeds([b"http://a.test/", line.encode()], "urls.txt")
    assert len(seeds.rejected) == 1
    assert "s3cret" not in f"{seeds.rejected[0]} {seeds.rejected!r}"
    with pytest.raises(UnusableSeeds) as refused:
        read_seeds([line.encode()], "urls.txt")
    assert "s3cret" not in str(refused.value)


def test_a_source_shows_no_password() -> None:
    source = source_of("http://us:s3cret@a.test/x")
    assert source.lines == ("http://us:s3cret@a.test/x",)
    assert (source.name, source.identity, str(source.folder)) == (
        "http://a.test/x",
        "http://a.test/x",
        "output/a.test",
    )
    assert "s3cret" not in f"{source!r} {source_of(['http://us:s3cret@a.test/'])!r}"
    with pytest.raises(UnusableSeeds, match=r"^…@a\.test/: its scheme is not crawled; only http and https are"):
        source_of("ftp://us:s3cret@a.test/")


@pytest.mark.parametrize(
    ("named", "granted"),
    [
        (["http://a.test/x", "http://a.test/y"], {"http://a.test", "https://a.test"}),
        (["https://a.test/"], {"https://a.test"}),
        (["http://a.test:8080/"], {"http://a.test:8080"}),
        (["https://a.test:80/"], {"https://a.test:80"}),
        (["https://a.test:8443/", "http://a.test/"], {"https://a.test:8443", "http://a.test", "https://a.test"}),
    ],
)
def test_a_header_is_for_the_origins_that_are_named_and_their_https(named: list[str], granted: set[str]) -> None:
    assert by_origin([COOKIE], {}, named) == dict.fromkeys(granted, (COOKIE,))
    password = basic_authorization(b"us", b"word")
    origin = named[0].rpartition("/")[0]
    assert by_origin([], {origin: password}, named).keys() == by_origin([COOKIE], {}, named[:1]).keys()


def test_a_header_with_a_host_is_for_that_host_only() -> None:
    named = ["https://xn--wgv71a119e.jp/", "https://sub.xn--wgv71a119e.jp/", "https://b.test/"]
    some, other = Header("Cookie", "s3cret", "日本語.JP"), Header("X", "y", "b.test")
    assert by_origin([some, other], {}, named) == {"https://xn--wgv71a119e.jp": (some,), "https://b.test": (other,)}


def test_an_origin_with_a_password_of_its_own_is_sent_that() -> None:
    http, https = basic_authorization(b"us", b"1"), basic_authorization(b"us", b"2")
    own = {"http://a.test": http, "https://a.test": https}
    named = [f"{origin}/" for origin in own]
    assert by_origin([COOKIE], own, named) == {"http://a.test": (COOKIE, http), "https://a.test": (COOKIE, https)}


@pytest.mark.parametrize(
    ("headers", "url", "message"),
    [
        (
            ["Cookie: s3cret"],
            "http://b.test/",
            "for which host is Cookie, of a.test, b.test? write it as 'HOST Cookie: …'",
        ),
        (
            ["c.test Cookie: s3cret"],
            "http://b.test/",
            "the host of Cookie is none that the seeds name (a.test, b.test);",
        ),
        (["est Cookie: s3cret"], "http://b.test/", "the host of Cookie is none that the seeds name"),
        (["[ Cookie: s3cret"], "http://b.test/", "the host of Cookie is none that the seeds name"),
        (["Cookie: s3cret", "cookie: s3cret2"], "http://a.test/", "cookie is given twice for a.test; give it once"),
        (
            ["authorization: s3cret"],
            "http://u:s3cret@a.test/",
            "Authorization for a.test stands in its URL too; give one",
        ),
    ],
)
def test_a_header_that_is_for_nobody_or_twice_is_refused(headers: list[str], url: str, message: str) -> None:
    seeds = read_seeds([b"http://a.test/", url.encode()], "urls.txt")
    settings = Settings(fetch=FetchSettings(headers=tuple(map(Header.read, headers))))
    with pytest.raises(UnusableSeeds) as refused:
        headers_of(seeds, settings)
    assert str(refused.value).startswith(f"--header: {message}")
    assert "s3cret" not in str(refused.value)


def test_a_sitemap_that_is_named_names_its_host() -> None:
    seeds = read_seeds([b"http://a.test/"], "urls.txt")
    seeds = seeds._replace(jobs=[*seeds.jobs, Job("https://b.test/map.xml", kind="sitemap")])
    header = Header.read("b.test Cookie: s3cret")
    assert headers_of(seeds, Settings(fetch=FetchSettings(headers=(header,)))) == {"https://b.test": (header,)}
    with pytest.raises(UnusableSeeds, match=r"for which host is Cookie, of a\.test, b\.test"):
        headers_of(seeds, Settings(fetch=FetchSettings(headers=(COOKIE,))))
