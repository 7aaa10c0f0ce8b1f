"""Whether a robots.txt lets a URL be fetched (RFC 9309, section 2.2.2)."""

import re

from crawler.model import Robots, RobotsRule

_SHORTEST_ORIGIN = len("http://h")
_DOLLAR = "%24"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_NORMALISE = re.compile(r"%([0-9a-fA-F]{2})|[$'*\\^`{|}]")


def verdict(robots: Robots, url: str) -> RobotsRule | None:
    """The rule that forbids a serialised http(s) URL, or None when it may be fetched.

    Of the rules that match the longest decides, an Allow before a Disallow of its length.
    """
    path = _TO_NORMALISE.sub(_normal_character, url[url.index("/", _SHORTEST_ORIGIN) :])
    if path == "/robots.txt":
        return None
    decisive: RobotsRule | None = None
    longest = 0
    starts_with = path.startswith
    for rule in robots.rules:
        pattern = rule.pattern
        if starts_with(pattern) or (("*" in pattern or "$" in pattern) and matches(pattern, path)):
            length = len(pattern)
            if length > longest or (length == longest and rule.allow):
                decisive, longest = rule, length
    return None if decisive is None or decisive.allow else decisive


def matches(pattern: str, path: str) -> bool:
    """Whether a normal pattern with a wildcard matches a normal path; a `$` stands for the end and for itself.

    What stands between two `*` is taken where it is first found, which never rules out a later match, so that nothing
    is tried twice, whatever the pattern.
    """
    head, star, rest = pattern.partition("*")
    if not star:
        return path == head[:-1] or path.startswith(head[:-1] + _DOLLAR)
    if not path.startswith(head):
        return False
    at = len(head)
    if "*" in rest:
        *stretches, rest = rest.split("*")
        for stretch in stretches:
            found = path.find(stretch, at)
            if found < 0:
                return False
            at = found + len(stretch)
    if rest.endswith("$"):
        return path.endswith(rest[:-1], at) or path.find(rest[:-1] + _DOLLAR, at) >= 0
    return path.find(rest, at) >= 0


def _normal_character(found: re.Match[str]) -> str:
    """Escapes in upper case, none for what needs none, one for all that a pattern cannot hold as it is."""
    character = chr(int(found[1], 16)) if found[1] else found[0]
    return character if character in _UNRESERVED else f"%{ord(character):02X}"
