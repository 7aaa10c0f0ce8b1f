"""robots.txt read: whose rules, which lines, what is bounded; and nothing that a server sends is an error."""

import re

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.analyze.robots import (
    MAX_BYTES,
    MAX_LINE_BYTES,
    MAX_RULES,
    MAX_SITEMAPS,
    MAX_WILDCARD_OCTETS,
    read_robots,
)
from crawler.model import Robots, RobotsRule, pack

ALL = b"User-agent: *\n"


def told(text: str, name: str = "crawler") -> list[str]:
    """The rules as one reads them, such as `-/private` and `+/public`."""
    return ["-+"[rule.allow] + rule.pattern for rule in read_robots(text.encode(), name).rules]


RFC_EXAMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("crawler", ["-*.gif$", "-/example/", "+/publications/"]),
        ("foobot", ["-/", "+/example/page.html", "+/example/allowed.gif"]),
        ("barbot", ["-/example/page.html"]),
        ("bazbot", ["-/example/page.html"]),
        ("quxbot", []),
    ],
)
def test_the_example_of_the_rfc(name: str, rules: list[str]) -> None:
    assert told(RFC_EXAMPLE, name) == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", []),
        ("User-agent: other\nDisallow: /", []),
        ("Disallow: /a\nUser-agent: *\nDisallow: /b", ["-/b"]),
        ("User-agent: crawler\nDisallow: /a\nUser-agent: *\nDisallow: /b", ["-/a"]),
        ("User-agent: *\nDisallow: /b\nUser-agent: crawler\nDisallow: /a", ["-/a"]),
        ("User-agent: *\nDisallow: /b\nUser-agent: crawler", []),
        ("User-agent: *\nDisallow: /b\nUser-agent: crawler\nDisallow:", []),
        ("User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: *\nAllow: /c", ["-/a", "+/c"]),
        ("User-agent: *\nUser-agent: crawler\nDisallow: /a\nUser-agent: crawler\nDisallow: /b", ["-/a", "-/b"]),
        ("User-agent: crawler\nUser-agent: other\nDisallow: /a\nUser-agent: other\nDisallow: /b", ["-/a"]),
        ("User-agent: other\nDisallow:\nUser-agent: crawler\nDisallow: /a", ["-/a"]),
        ("User-agent: crawler\nDisallow:\nUser-agent: other\nDisallow: /a", []),
        ("User-agent: *\n\n# and\n\nDisallow: /a\n\nDisallow: /b", ["-/a", "-/b"]),
        ("User-agent: *\nDisallow: /a\nDisallow: /a\nAllow: /a", ["-/a", "+/a"]),
    ],
)
def test_whose_rules(text: str, rules: list[str]) -> None:
    assert told(text) == rules


@pytest.mark.parametrize(
    "line", ["Sitemap: http://a.org/", "Crawl-delay: 3", "Unknown: x", "prose", "Disallow a b", ""]
)
def test_only_rules_end_a_list_of_agents(line: str) -> None:
    assert told(f"User-agent: crawler\n{line}\nUser-agent: other\nDisallow: /a") == ["-/a"]
    assert told(f"User-agent: other\n{line}\nUser-agent: x\nDisallow: /a") == []


@pytest.mark.parametrize(
    "agent", ["crawler", "CRAWLER", "crawler/2.1", "Crawler bot", "crawler*", "*crawler", "cra*wler"]
)
def test_agents_that_are_meant(agent: str) -> None:
    assert told(f"User-agent: *\nDisallow: /\nUser-agent: {agent}\nDisallow: /a") == ["-/a"]


@pytest.mark.parametrize(
    "agent", ["craw", "crawlers", "crawler2", "my-crawler", "bot crawler", "x/crawler", "", "**", "é"]
)
def test_agents_that_are_others(agent: str) -> None:
    assert told(f"User-agent: *\nDisallow: /\nUser-agent: {agent}\nDisallow: /a") == ["-/"]


def test_all_may_be_followed_by_words() -> None:
    assert told("User-agent: * (all of you)\nDisallow: /a") == ["-/a"]


@pytest.mark.parametrize(
    "line",
    [
        "Disallow: /a", "DISALLOW:/a", "  disallow\t:\t/a  ", "disallow /a", "disallow\t /a", "Dissallow: /a",
        "dissalow: /a", "disalow: /a", "diasllow: /a", "disallaw: /a", "Disallow: /a#b", "Disallow: /a # b: c",
        "Disallow: /a\0b", "Disallow: /a\v",
    ],
)  # fmt: skip
def test_lines_that_are_rules(line: str) -> None:
    assert told(f"User-agent: *\n{line}\n") == ["-/a"]


@pytest.mark.parametrize(
    "line",
    [
        "Disallow", "Disallow:", "Disallow: # /a", "# Disallow: /a", ": /a", "Disallow /a /b", "Disallow all of it",
        "Dis allow: /a", "Disallows: /a", "X-Disallow: /a", "\0Disallow: /a", "\ufeffDisallow: /a", "Disallow=/a",
        "Disallow： /a",
    ],
)  # fmt: skip
def test_lines_that_are_none(line: str) -> None:
    assert told(f"User-agent: *\n{line}\nDisallow: /b") == ["-/b"]


@pytest.mark.parametrize(
    "line", ["User-agent: crawler", "useragent: crawler", "User Agent: crawler", "user-agent crawler"]
)
def test_ways_to_write_an_agent(line: str) -> None:
    assert told(f"{line}\nDisallow: /a") == ["-/a"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_have_numbers(end: str) -> None:
    text = end.join(["# hello", "User-agent: *", "", "Allow: /index.html", "Disallow: /b", "Disallow: /b"])
    assert read_robots(text.encode(), "crawler").rules == (
        RobotsRule(True, "/index.html", 4),
        RobotsRule(True, "/$", 4),
        RobotsRule(False, "/b", 5),
    )


def test_what_ends_lines_elsewhere_ends_none_here() -> None:
    assert told("User-agent: *\nDisallow: /a\v\fb\x1c\x85\u2028c") == ["-/a%0B%0Cb%1C%C2%85%E2%80%A8c"]


def test_a_byte_order_mark() -> None:
    assert told("\ufeffUser-agent: *\nDisallow: /a") == ["-/a"]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        (b"/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        (b"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar"),
        (b"/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
        ("/foo/bar/ツ".encode(), "/foo/bar/%E3%83%84"),
        (b"/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
        (b"/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84"),
        (b"/foo/bar/%62%61%7A", "/foo/bar/baz"),
        (b"/%7ejoe/%2d%2e%5f", "/~joe/-._"),
        (b"/caf\xe9", "/caf%E9"),
        (b"/a b<c>\"{|}\\^`'", "/a%20b%3Cc%3E%22%7B%7C%7D%5C%5E%60%27"),
        (b"/:?[]@!&()+,;=", "/:?[]@!&()+,;="),
        (b"/100%", "/100%"),
        (b"/%zz%4", "/%zz%4"),
        (b"/%2541", "/%2541"),
        (b"/***a**$", "/*a*$"),
        (b"/%2A%24", "/%2A%24"),
        (b"/a$b$", "/a%24b$"),
        (b"/$$", "/%24$"),
        (b"*a", "*a"),
        (b"$", "/$"),
        (b"private/", "/private/"),
        (b"http://example.org/a", "/http://example.org/a"),
    ],
)
def test_patterns_in_normal_form(path: bytes, pattern: str) -> None:
    robots = read_robots(ALL + b"Disallow: " + path, "crawler")
    assert [rule.pattern for rule in robots.rules] == [pattern]


@pytest.mark.parametrize(
    ("path", "patterns"),
    [
        ("/a/index.html", ["+/a/index.html", "+/a/$"]),
        ("/a/index.htm", ["+/a/index.htm", "+/a/$"]),
        ("/index.html$", ["+/index.html$", "+/$"]),
        ("/a/index.htmlx", ["+/a/index.htmlx"]),
        ("/aindex.html", ["+/aindex.html"]),
    ],
)
def test_an_index_page_allows_its_folder(path: str, patterns: list[str]) -> None:
    assert told(f"User-agent: *\nAllow: {path}") == patterns
    assert told(f"User-agent: *\nDisallow: {path}") == ["-" + patterns[0][1:]]


@pytest.mark.parametrize(
    ("values", "delay_s"),
    [
        (["10"], 10.0), ([".5"], 0.5), (["0"], 0.0), (["1", "2"], 2.0), (["1", "x"], 1.0), ([], None), ([""], None),
        (["-1"], None), (["nan"], None), (["inf"], None), (["1e999"], None), (["5s"], None), (["١٠é"], None),
    ],
)  # fmt: skip
def test_delays(values: list[str], delay_s: float | None) -> None:
    lines = "".join(f"Crawl-delay: {value}\n" for value in values)
    assert read_robots(f"User-agent: *\n{lines}".encode(), "crawler").delay_s == delay_s


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        ("Crawl-delay: 1\nUser-agent: crawler\nDisallow: /", None),
        ("User-agent: *\nCrawl-delay: 1\nUser-agent: crawler\nDisallow: /", None),
        ("User-agent: crawler\nDisallow: /\nUser-agent: other\nCrawl-delay: 1", None),
        ("User-agent: crawler\nCrawl-delay: 1\nUser-agent: *\nCrawl-delay: 2", 1.0),
        ("User-agent: *\nCrawl-delay: 1\nUser-agent: other\nCrawl-delay: 2", 1.0),
        ("User-agent: crawler\nCrawl-delay: 1\nUser-agent: other\nDisallow: /\nCrawl-delay: 2", 1.0),
        ("User-agent: other\nUser-agent: crawler\nCrawl delay: 1", 1.0),
        ("User-agent: other\nCrawl-delay: 2\nUser-agent: crawler\nUser-agent: other\nCrawl-delay: 1", 1.0),
    ],
)
def test_whose_delay(text: str, delay_s: float | None) -> None:
    assert read_robots(text.encode(), "crawler").delay_s == delay_s


def test_sitemaps_are_everybodys_absolute_and_distinct() -> None:
    text = """\
        Sitemap: https://example.org/a.xml
        User-agent: other
        Disallow: /
        SITEMAP: HTTP://example.org:80/b c.xml#top
        Site-map: https://example.org/ツ
        Sitemaps: https://example.org/d.xml
        Sitemap: https://example.org/a.xml
        Sitemap: /relative.xml
        Sitemap: ftp://example.org/
        Sitemap: http://
        Sitemap:
    """
    assert read_robots(text.encode(), "crawler") == Robots(
        sitemaps=(
            "https://example.org/a.xml",
            "http://example.org/b%20c.xml",
            "https://example.org/%E3%83%84",
            "https://example.org/d.xml",
        )
    )


PATTERN = re.compile(r"[/*](?:[A-Za-z0-9\-._~:/?\[\]@!&()+,;=%]|\*(?!\*))*\$?")
PIECES = [b"User-agent:", b"*", b"crawler", b"Disallow:", b"Allow:", b"Crawl-delay:", b"Sitemap:", b"http://a.b/"]
PIECES += [
    b"/",
    b" ",
    b"\n",
    b"\r",
    b"\0",
    b"#",
    b"$",
    b"%",
    b"%4",
    b"%6a",
    b"\xe3",
    b"\xef\xbb\xbf",
    b"1",
    b"index.html",
]


@given(st.binary() | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | st.text().map(str.encode))
@example(b"User-agent:\xff\nSitemap:http://\xff")
def test_whatever_comes_is_read(body: bytes) -> None:
    for robots in (read_robots(body, "crawler"), read_robots(ALL + b"Disallow: " + body, "crawler")):
        assert msgspec.msgpack.decode(pack(robots), type=Robots) == robots
        for rule in robots.rules:
            assert PATTERN.fullmatch(rule.pattern)
            assert 1 <= rule.line <= len(body) + 2


def test_nothing_is_read_beyond_the_limit() -> None:
    body = ALL + b"Disallow: /a\n"
    body += b"#" * (MAX_BYTES - len(body) - 1) + b"\n"
    assert len(body) == MAX_BYTES
    assert told((body + b"Disallow: /b\n").decode()) == ["-/a"]


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_that_is_cut_by_the_limit_says_nothing(end: bytes) -> None:
    body = ALL + b"Disallow: /a\nDisallow: /b" + end
    body = body.replace(b"Disallow: /a", b"Disallow: /a #" + b"#" * (MAX_BYTES - len(body) - 2))
    assert len(body) == MAX_BYTES
    whole = ["-/a", "-/b"]
    assert told(body.decode()) == whole
    assert told((body + b"x").decode()) == whole
    assert told(body.removesuffix(end).decode()) == whole
    assert told((body.removesuffix(end) + b"/b/b/b").decode()) == ["-/a"]


def test_one_endless_line_says_nothing() -> None:
    assert read_robots(b"Disallow: /" + b"a" * MAX_BYTES, "crawler") == Robots()
    assert told("User-agent: *\rDisallow: /" + "a" * MAX_BYTES) == []


def test_long_lines_are_cut() -> None:
    (rule,) = read_robots(ALL + b"Disallow: /" + b"a" * (2 * MAX_LINE_BYTES), "crawler").rules
    assert rule.pattern == "/" + "a" * (MAX_LINE_BYTES - len("Disallow: /"))


def test_so_many_rules() -> None:
    lines = b"".join(b"Disallow: /%d\n" % number for number in range(MAX_RULES + 5))
    rules = read_robots(ALL + lines + ALL + b"Allow: /z", "crawler").rules
    assert len(rules) == MAX_RULES
    assert rules[-1] == RobotsRule(False, f"/{MAX_RULES - 1}", MAX_RULES + 1)


def test_the_rules_of_others_are_not_counted() -> None:
    lines = b"".join(b"Disallow: /%d\n" % number for number in range(MAX_RULES + 5))
    assert told((b"User-agent: other\n" + lines + ALL + b"Disallow: /z").decode()) == ["-/z"]


def test_wildcards_are_rationed_but_plain_rules_are_not() -> None:
    path = b"/*" + b"a" * 1_000
    lines = b"".join(b"Disallow: %s%d\n" % (path, number) for number in range(100))
    rules = read_robots(ALL + lines + b"Disallow: /plain\nDisallow: /*x", "crawler").rules
    octets = sum(len(rule.pattern) for rule in rules if "*" in rule.pattern)
    assert MAX_WILDCARD_OCTETS - len(path) - 2 < octets <= MAX_WILDCARD_OCTETS
    assert {"/plain", "/*x"} <= {rule.pattern for rule in rules}


def test_what_is_said_twice_takes_no_room() -> None:
    lines = (b"Disallow: /*" + b"a" * 1_000 + b"\n") * 100
    assert len(read_robots(ALL + lines + b"Disallow: /*b", "crawler").rules) == 2


def test_so_many_sitemaps() -> None:
    lines = b"".join(b"Sitemap: http://a.org/%d\n" % number for number in range(MAX_SITEMAPS + 5))
    assert read_robots(lines, "crawler").sitemaps == tuple(f"http://a.org/{number}" for number in range(MAX_SITEMAPS))


def test_a_hundred_thousand_agents_and_rules() -> None:
    body = b"user-agent *\n" * 20_000 + b"".join(b"allow /%d\n" % number for number in range(20_000))
    assert len(body) < MAX_BYTES
    assert len(read_robots(body, "crawler").rules) == MAX_RULES


def test_lines_of_nothing() -> None:
    assert read_robots(b"\n" * 2 * MAX_BYTES, "crawler") == Robots()
