"""Verdicts: RFC 9309's rules of matching, also against protego and a plain expression; and no pattern is slow."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from protego import Protego

from crawler import urls
from crawler.analyze.robots import MAX_RULES, read_robots
from crawler.frontier.robots import matches, verdict
from crawler.model import Robots, RobotsRule

HOST = "http://example.org"


def robots_of(*lines: str) -> Robots:
    return read_robots("\n".join(["User-agent: *", *lines]).encode(), "crawler")


def is_allowed(url: str, *lines: str) -> bool:
    return verdict(robots_of(*lines), url) is None


def test_the_rule_itself_is_the_answer() -> None:
    robots = robots_of("Allow: /a", "Disallow: /a/b", "Disallow: /a/b/c")
    assert verdict(robots, "http://example.org/a/b/") == RobotsRule(False, "/a/b", 3)
    assert verdict(robots, "https://u@example.org:8080/a/b/c?d") == RobotsRule(False, "/a/b/c", 4)
    assert verdict(robots, "http://a/a/b") == RobotsRule(False, "/a/b", 3)
    assert verdict(robots, "http://example.org/a") is None
    assert verdict(robots, "http://example.org/") is None
    assert verdict(Robots(), "http://example.org/a/b") is None


@pytest.mark.parametrize(
    ("lines", "allowed", "forbidden"),
    [
        (["Disallow: *.gif$", "Disallow: /example/", "Allow: /publications/"],
         ["/", "/a.gifs", "/a.gif?b", "/publications/a.gif"], ["/a.gif", "/x/a.gif?x.gif", "/example/"]),
        (["Disallow:/", "Allow:/example/page.html", "Allow:/example/allowed.gif"],
         ["/example/page.html", "/example/allowed.gif", "/example/page.html?x"], ["/", "/example/", "/example/page"]),
        (["Allow: /example/page/", "Disallow: /example/page/disallowed.gif"],
         ["/", "/example/page/", "/example/page/other.gif"], ["/example/page/disallowed.gif"]),
        (["Disallow: /this/path/exactly$"], ["/this/path/exactly/", "/this/path"], ["/this/path/exactly"]),
        (["Disallow: /this/*/exactly"], ["/this/exactly", "/this/x"], ["/this//exactly", "/this/a/b/exactly/c"]),
        (["Disallow: /path/file-with-a-%2A.html"], ["/path/file-with-a-x.html"], ["/path/file-with-a-*.html"]),
        (["Disallow: /path/foo-%24"], ["/path/foo-"], ["/path/foo-$", "/path/foo-$x", "/path/foo-%24"]),
        (["Disallow: /Case"], ["/case", "/CASE"], ["/Case", "/Cases"]),
        (["Disallow: /"], ["/robots.txt"], ["/", "/robots.txt?x", "/x/robots.txt", "/Robots.txt"]),
        (["Disallow: /robots.txt"], ["/robots.txt", "/"], []),
        (["Disallow: /a", "Allow: /a"], ["/a", "/ab"], []),
        (["Allow: /a", "Disallow: /a"], ["/a", "/ab"], []),
        (["Allow: /a", "Disallow: /*b"], ["/a"], ["/ab"]),
        (["Allow: /*b", "Disallow: /ab"], ["/ab"], []),
        (["Disallow: /a*", "Allow: /a"], [], ["/a"]),
        (["Allow: /$", "Disallow: /"], ["/"], ["/a", "/?a"]),
        (["Allow: /a/index.html", "Disallow: /a/"], ["/a/", "/a/index.html"], ["/a/b", "/a/index", "/a/?b"]),
        (["Disallow: /*?s="], ["/?", "/s=", "/?t=&s="], ["/?s=", "/a/b?s=1"]),
        (["Disallow: /*a$"], ["/ab", "/", "/a?"], ["/a", "/aa", "/aba", "/b?a"]),
        (["Disallow: /ab*b$"], ["/ab", "/a"], ["/abb", "/abab"]),
        (["Disallow: /a*b*c$"], ["/acb", "/abcd"], ["/abc", "/abcbc", "/abxcc"]),
        (["Disallow: /*/"], ["/", "/a"], ["//", "/a/"]),
        (["Disallow: *"], [], ["/", "/a"]),
        (["Disallow: /a$"], ["/ab"], ["/a", "/a$", "/a$b"]),
        (["Disallow: /*a$"], ["/ab"], ["/a", "/xa$b"]),
        (["Disallow: /x$y"], ["/x", "/x%"], ["/x$y", "/x%24yz"]),
    ],
)  # fmt: skip
def test_matching(lines: list[str], allowed: list[str], forbidden: list[str]) -> None:
    for path in allowed:
        assert is_allowed(HOST + path, *lines), path
    for path in forbidden:
        assert not is_allowed(HOST + path, *lines), path


@pytest.mark.parametrize(
    ("path", "same", "others"),
    [
        ("/foo/bar/ツ", ["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", "/foo/bar/ツ"], ["/foo/bar/%E3%83"]),
        ("/foo/bar/%62%61%7A", ["/foo/bar/baz", "/foo/bar/%62%61%7a", "/foo/bar/b%61z"], ["/foo/bar/ba"]),
        ("/a%3cd.html", ["/a%3Cd.html", "/a<d.html"], ["/a"]),
        ("/a<d.html", ["/a%3Cd.html", "/a<d.html"], ["/a"]),
        ("/~joe/", ["/%7Ejoe/", "/%7ejoe/", "/~joe/"], ["/joe/"]),
        ("/a%2fb", ["/a%2Fb", "/a%2fb"], ["/a/b"]),
        ("/a/b", ["/a/b"], ["/a%2fb"]),
        ("/q?x='y z'{|}\\^`", ["/q?x='y z'{|}\\^`", "/q?x=%27y%20z%27%7B%7C%7D%5C%5E%60"], ["/q"]),
        ("/p'{|}^`", ["/p'{|}^`", "/p%27%7B%7C%7D%5E%60"], ["/p"]),
        ("/a b", ["/a b", "/a%20b"], ["/a+b"]),
        ("/100%", ["/100%"], ["/100"]),
    ],
)
def test_escapes_are_compared_in_one_form(path: str, same: list[str], others: list[str]) -> None:
    for reference in same:
        assert not is_allowed(urls.parse(HOST + reference), f"Disallow: {path}"), reference
    for reference in others:
        assert is_allowed(urls.parse(HOST + reference), f"Disallow: {path}"), reference


@given(st.text(max_size=30) | st.text(st.sampled_from("/a%41%2f?&=$*'\"<>{}|\\^`[]é ;"), max_size=30))
@example("a$")
@example("?'")
@example("%2A%24%7e%")
def test_a_path_written_as_the_url_has_it_is_forbidden(reference: str) -> None:
    url = urls.join(HOST, f"/x{reference}")
    assume(url is not None and url.startswith(f"{HOST}/x"))
    assert url is not None
    assert not is_allowed(url, f"Disallow: {url.removeprefix(HOST)}")
    assert not is_allowed(url, f"Disallow: {url.removeprefix(HOST)}", "Allow: /")


WILD = st.text(st.sampled_from("ab*"), max_size=8).filter(lambda text: "*" in text and "**" not in text)


@given(WILD, st.sampled_from(["", "$"]), st.text(st.sampled_from("ab"), max_size=10))
@example("ab*b", "$", "ab")
@example("*", "$", "")
def test_matching_is_what_a_plain_expression_says(text: str, end: str, path: str) -> None:
    expression = re.escape(text).replace(r"\*", ".*") + end
    assert matches("/" + text + end, "/" + path) == bool(re.match("/" + expression, "/" + path))


AGENTS = st.lists(st.sampled_from(["crawler", "Crawler", "*", "other"]), min_size=1, max_size=3)
STEPS = ["a", "b", "/", ".html", "*", "%61", "%2F", "ツ", "-"]
PATHS = st.lists(st.sampled_from(STEPS), max_size=5).map("".join).filter(lambda path: "**" not in path)
PATTERNS = st.tuples(PATHS, st.sampled_from(["", "$", "?a", "?*b", "?b=a"])).map(lambda parts: "/" + "".join(parts))
RULES = st.tuples(st.sampled_from(["Allow", "Disallow"]), st.just("") | PATTERNS).map(": ".join)
EXTRAS = st.sampled_from(["", "# Disallow: /", "Sitemap: http://a.org/", "Crawl-delay: 2", "Crawl-delay: .5"])
GROUPS = st.tuples(AGENTS, st.lists(RULES, min_size=1, max_size=5), st.lists(EXTRAS, max_size=2)).map(
    lambda group: "\n".join([*(f"User-agent: {agent}" for agent in group[0]), *group[1], *group[2]])
)
PATHS_OF_URLS = st.lists(st.sampled_from([step for step in STEPS if step != "*"]), max_size=6).map("".join)
URLS = st.tuples(PATHS_OF_URLS, st.sampled_from(["", "?a", "?b", "?b=a"])).map(
    lambda parts: f"{HOST}/" + "".join(parts)
)


@given(st.lists(GROUPS, max_size=4).map("\n".join), st.lists(URLS, min_size=1, max_size=5))
@example("User-agent: crawler\nAllow: /*$\nDisallow: /?a", [f"{HOST}/?a"])
def test_as_protego_where_that_follows_the_rfc(text: str, paths: list[str]) -> None:
    """Which is where names are whole, no other record stands among agents, and nothing reserved is escaped."""
    theirs = Protego.parse(text)
    ours = read_robots(text.encode(), "crawler")
    assert ours.delay_s == theirs.crawl_delay("crawler")
    assert set(ours.sitemaps) == set(theirs.sitemaps)
    for path in paths:
        url = urls.parse(path)
        if not hangs_on_a_question_mark(ours, url):
            assert (verdict(ours, url) is None) == theirs.can_fetch(url, "crawler"), url


def hangs_on_a_question_mark(robots: Robots, url: str) -> bool:
    """Whether protego may take another rule for the longest: it counts `?` as the three octets of its escape."""
    alone = (RobotsRule(False, rule.pattern, rule.line) for rule in robots.rules)
    met = [rule.pattern for rule in alone if verdict(Robots((rule,)), url)]
    asking, plain = (max((len(one) for one in met if ("?" in one) is asks), default=-9) for asks in (True, False))
    return 0 <= plain - asking <= 2


class Counted(str):
    """A path that remembers from where it was searched."""

    __slots__ = ("starts",)
    starts: list[int]

    def find(self, sub: str, start: int = 0, end: int | None = None, /) -> int:  # type: ignore[override]
        self.starts.append(start)
        return super().find(sub, start, end)


@pytest.mark.parametrize("pattern", ["/" + "*a" * 1_000 + "*b", "/" + "*a" * 1_000 + "*b$", "/*" + "a*" * 500 + "$"])
def test_a_star_bomb_is_searched_for_once_a_star_and_never_backwards(pattern: str) -> None:
    path = Counted("/" + "a" * 2_000)
    path.starts = []
    matches(pattern, path)
    assert len(path.starts) >= 500
    assert len(path.starts) <= pattern.count("*") + 1
    assert all(one < other for one, other in pairwise(path.starts[:-1]))


def test_ten_thousand_hostile_rules() -> None:
    robots = robots_of(*(f"Disallow: /*a*a*a*a*a*b{number}" for number in range(5_000)), "Disallow: /aa")
    assert len(robots.rules) > 3_000
    assert verdict(robots, f"{HOST}/{'a' * 2_000}") == robots.rules[-1]
    assert verdict(robots, f"{HOST}/b{'a' * 2_000}") is None


def test_of_ten_thousand_rules_the_longest_decides() -> None:
    robots = robots_of(
        *(f"Disallow: /{'a' * (number % 10)}{number}/" for number in range(MAX_RULES - 1)), "Disallow: /"
    )
    assert verdict(robots, f"{HOST}/aaaaaaaa9998/x") == RobotsRule(False, "/aaaaaaaa9998/", MAX_RULES)
    assert verdict(robots, f"{HOST}/aaaaaaaaa9999/") == RobotsRule(False, "/", MAX_RULES + 1)
