"""robots.txt read by RFC 9309: the rules that bind one crawler, the delay asked of it, and everybody's sitemaps.

Where the RFC leaves room, files are read as Google reads them, which is what their authors tested them with: names
misspelled in the usual ways count, and so do two words without a colon between them; `User-agent: Foo Bar` and
`Foo/1.0` mean Foo; a line too long is cut; rules bind all agents since the last rule, whatever stands between; an
allowed index.html allows its folder. Unlike there, a delay is for the agents since the last delay, a name must be the
whole word, a `*` within an agent's name says nothing, and a path without its leading slash gets one.
"""

import re
from math import inf

from crawler import urls
from crawler.model import Robots, RobotsRule

MAX_BYTES = 500 * 2**10
MAX_LINE_BYTES = 16 * 2**10
MAX_RULES = 10_000
MAX_WILDCARD_OCTETS = 64 * 2**10
MAX_SITEMAPS = 1_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SPELLINGS = {
    "user-agent": (b"user-agent", b"useragent", b"user agent"),
    "allow": (b"allow",),
    "disallow": (b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw"),
    "crawl-delay": (b"crawl-delay", b"crawl delay"),
    "sitemap": (b"sitemap", b"sitemaps", b"site-map"),
}
_NAMES = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}
_END_OF_TEXT = re.compile(rb"[#\0]")
_END_OF_AGENT = re.compile(rb"[\s/]")

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_NORMALISE = re.compile(rb"%([0-9a-fA-F]{2})|[^A-Za-z0-9._~:/?\[\]@!&()*+,;=%-]")


def read_robots(body: bytes, name: str) -> Robots:
    """What the file says to the crawler whose product token is `name`, in lower case, or else to all (`*`)."""
    audience = _Audience(name)
    sitemaps: dict[str, None] = {}
    for number, line in enumerate(_lines(body), 1):
        field, value = _field(line)
        match field:
            case "user-agent":
                audience.add(_agent(value))
            case "allow" | "disallow":
                audience.bind(field == "allow", value, number)
            case "crawl-delay":
                audience.slow(value)
            case "sitemap" if len(sitemaps) < MAX_SITEMAPS:
                sitemaps |= dict.fromkeys(_absolute(value))
    told = audience.told.get(name) or audience.told.get("*") or _Told()
    return Robots(rules=told.rules, delay_s=told.delay_s, sitemaps=tuple(sitemaps))


class _Audience:
    """Whom a line speaks to: agents named since the last rule if it is one, if a delay since the last of either."""

    def __init__(self, name: str) -> None:
        self.told: dict[str, _Told] = {}
        self._names = (name, "*")
        self._bound: dict[str, _Told] = {}
        self._slowed: dict[str, _Told] = {}
        self._has_rules = False
        self._has_delay = False

    def add(self, agent: str) -> None:
        if self._has_rules:
            self._bound = {}
        if self._has_rules or self._has_delay:
            self._slowed = {}
        self._has_rules = self._has_delay = False
        if agent in self._names:
            self._bound[agent] = self._slowed[agent] = self.told.setdefault(agent, _Told())

    def bind(self, allow: bool, path: bytes, line: int) -> None:
        self._has_rules = True
        for told in self._bound.values():
            told.add_rules(_rules(allow, path, line))

    def slow(self, value: bytes) -> None:
        self._has_delay = True
        for told in self._slowed.values():
            told.delay_s = _seconds(value, told.delay_s)


class _Told:
    """What one agent is told, in however many groups; wildcards are rationed, since matching them takes longer."""

    def __init__(self) -> None:
        self.delay_s: float | None = None
        self._rules: dict[tuple[bool, str], RobotsRule] = {}
        self._wildcard_octets = 0

    @property
    def rules(self) -> tuple[RobotsRule, ...]:
        return tuple(self._rules.values())

    def add_rules(self, rules: list[RobotsRule]) -> None:
        for rule in rules:
            key = (rule.allow, rule.pattern)
            if key in self._rules or len(self._rules) == MAX_RULES:
                continue
            octets = len(rule.pattern) if "*" in rule.pattern else 0
            if self._wildcard_octets + octets <= MAX_WILDCARD_OCTETS:
                self._wildcard_octets += octets
                self._rules[key] = rule


def _lines(body: bytes) -> list[bytes]:
    """The lines within the first MAX_BYTES, without one that goes on beyond them."""
    lines = body[:MAX_BYTES].removeprefix(_BYTE_ORDER_MARK).splitlines(keepends=True)
    if len(body) > MAX_BYTES and not lines[-1].endswith((b"\n", b"\r")):
        lines.pop()
    return lines


def _field(line: bytes) -> tuple[str, bytes]:
    """The name and value of a line; the name is empty where it means nothing here."""
    text = _END_OF_TEXT.split(line[:MAX_LINE_BYTES], maxsplit=1)[0]
    name, colon, value = text.partition(b":")
    if not colon:
        match text.split():
            case [name, value]:
                pass
            case _:
                return "", b""
    return _NAMES.get(name.strip().lower(), ""), value.strip()


def _agent(value: bytes) -> str:
    word = _END_OF_AGENT.split(value, maxsplit=1)[0].decode(errors="replace").lower()
    return word if word == "*" else word.replace("*", "")


def _seconds(value: bytes, otherwise: float | None) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return otherwise
    return seconds if 0 <= seconds < inf else otherwise


def _absolute(value: bytes) -> list[str]:
    try:
        return [urls.parse(value.decode(errors="replace"))]
    except urls.NotCrawlable:
        return []


def _rules(allow: bool, path: bytes, line: int) -> list[RobotsRule]:
    if not path:
        return []
    pattern = _normal(path)
    rules = [RobotsRule(allow, pattern, line)]
    folder, _, file = pattern.rpartition("/")
    if allow and file.removesuffix("$") in ("index.htm", "index.html"):
        rules.append(RobotsRule(allow, f"{folder}/$", line))
    return rules


def _normal(path: bytes) -> str:
    """The path escaped as the frontier escapes a URL's before it compares the two: `*` and `$` are wildcards here."""
    end = b"$" if path.endswith(b"$") else b""
    octets = re.sub(rb"\*+", b"*", path.removesuffix(end))
    if not octets.startswith((b"/", b"*")):
        octets = b"/" + octets
    return (_TO_NORMALISE.sub(_normal_octet, octets) + end).decode("ascii")


def _normal_octet(found: re.Match[bytes]) -> bytes:
    octet = int(found[1], 16) if found[1] else found[0][0]
    return bytes((octet,)) if octet in _UNRESERVED else b"%%%02X" % octet
