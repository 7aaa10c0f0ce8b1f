"""robots.txt: what is read from it, and that its verdicts are those of a matcher as plain as the RFC."""

import re
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from hypothesis import strategies as st

from crawler import urls
from crawler.analyze.robots import MAX_RULES, MAX_SITEMAPS, read_robots
from crawler.frontier.robots import verdict
from crawler.model import Robots, RobotsRule
from tests.fuzz.material import bodies, texts
from tests.fuzz.properties import crosses_walls, is_crawlable
from tests.fuzz.target import Target

MAX_REFERENCE_CHARS = 60
MAX_REFERENCE_STARS = 4
PATTERN = re.compile(r"[/*](?:[A-Za-z0-9\-._~:/?\[\]@!&()+,;=%]|\*(?!\*))*\$?")
_RESERVED = "/:?[]@!&()+,;=%"

SAMPLE = b"""# robots
User-agent: *
Disallow: /private/
Allow: /private/index.html
Crawl-delay: 2.5

User-Agent: Crawler/2.1
User-agent: other
Disallow: /*.gif$
Disallow: /a%7eb/\xe3\x83\x84?x=*
Allow: /
Sitemap: https://example.org/sitemap.xml
"""
PIECES = [
    b"User-agent:", b"user-agent: *\n", b"User-agent: crawler\n", b"useragent ", b"Disallow:", b"disallow ",
    b"Dissalow: ", b"Allow:", b"Crawl-delay:", b"Sitemap:", b"http://a.b/", b"http://[", b"\n", b"\n", b"\r",
    b"\r\n", b"\0", b"#", b":", b" ", b"\t", b"\v", b"/", b"/a", b"/b", b"*", b"$", b"%", b"%4", b"%6a", b"%2F",
    b"%2f", b"%00", b"?", b"a", b"crawler", b"Crawler/2", b"\xe3\x83\x84", b"\xe3", b"\xff", b"\xef\xbb\xbf",
    b"1", b".5", b"1e999", b"nan", b"1_0", b"-1", b"9" * 400, b"index.html", b"index.htm$", b"'", b"{", b"\x85",
    b"\xe2\x80\xa8",
]  # fmt: skip
path = texts(
    ["/", "a", "b", "%61", "%2F", "%2f", "*", "$", "?", "=", "&", "'", "index.html", "ツ", "%", ".gif", "~"],
    max_size=10,
)
line = st.tuples(st.sampled_from(["Allow", "Disallow", "disallow"]), path).map(": ".join)
other_line = st.builds(
    "{}: {}".format,
    st.sampled_from(["Crawl-delay", "Sitemap"]),
    st.sampled_from(["2", ".5", "nan", "-1", "1e999", "1_0", "http://a.b/", "HTTP://A.B:80/c d#e", "/c", "http://["]),
)
group = st.builds(
    lambda agents, rules: "\n".join([*(f"User-agent: {agent}" for agent in agents), *rules, ""]).encode(
        "utf-8", "replace"
    ),
    st.lists(st.sampled_from(["crawler", "*", "other", "Crawler/1"]), min_size=1, max_size=2),
    st.lists(line | other_line, max_size=5),
)
inputs = st.tuples(
    bodies([SAMPLE, SAMPLE.replace(b"\n", b"\r\n"), b"<html>no</html>"], PIECES)
    | st.lists(group, max_size=3).map(b"".join),
    st.sampled_from(["crawler", "other", "*", "my_bot"]),
    st.lists(path, max_size=3),
)


def check(given: Any) -> None:
    body, name, references = given
    robots = read_robots(body, name)
    assert read_robots(body, name) == robots
    crosses_walls(robots, Robots)
    assert len(robots.rules) <= MAX_RULES + 1
    assert len(robots.sitemaps) <= MAX_SITEMAPS
    assert robots.delay_s is None or 0 <= robots.delay_s < float("inf")
    for each in robots.rules:
        assert PATTERN.fullmatch(each.pattern), each
        assert 1 <= each.line <= len(body) + 1
    for address in robots.sitemaps:
        is_crawlable(address)
    is_small = all(
        len(each.pattern) <= MAX_REFERENCE_CHARS and each.pattern.count("*") <= MAX_REFERENCE_STARS
        for each in robots.rules
    )
    for reference in references:
        url = urls.join("http://example.org/", reference)
        if url is not None:
            said = verdict(robots, url)
            if is_small and len(url) < MAX_REFERENCE_CHARS:
                assert said == _reference(robots.rules, url)


def _reference(rules: tuple[RobotsRule, ...], url: str) -> RobotsRule | None:
    """RFC 9309, 2.2.2, word for word: octets compared unescaped but for reserved ones, the longest match decides."""
    path = "/" + url.split("/", 3)[3]
    if path == "/robots.txt":
        return None
    normal = "".join(map(_octets, re.split("(%[0-9A-Fa-f]{2})", path)))
    matching = [rule for rule in rules if re.match(_expression(rule.pattern), normal)]
    longest = max((len(rule.pattern) for rule in matching), default=0)
    decisive = [rule for rule in matching if len(rule.pattern) == longest]
    return None if any(rule.allow for rule in decisive) else next(iter(decisive), None)


def _octets(part: str) -> str:
    if re.fullmatch("%[0-9A-Fa-f]{2}", part):
        return quote_from_bytes(unquote_to_bytes(part), safe="")
    return quote_from_bytes(part.encode(), safe=_RESERVED)


def _expression(pattern: str) -> str:
    end = "(?:$|%24)" if pattern.endswith("$") else ""
    return re.escape(pattern.removesuffix("$")).replace(r"\*", ".*") + end


TARGET = Target(inputs, check)
