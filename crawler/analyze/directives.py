"""What a page asks of robots: not to be counted (noindex), not to have its links followed (nofollow), or both (none).

It asks by `<meta name="robots" content="noindex, nofollow">`, unless there is a meta tag of the crawler's own name,
which then goes instead; and by headers `X-Robots-Tag: noindex`, of which those that begin with a robot's name and a
colon are for that robot alone. Whatever is asked anywhere counts. Directives with a value (`max-image-preview: none`,
`unavailable_after: Friday, 1 Jan 2027 15:00 GMT`) are passed over.
"""

from collections.abc import Iterable
from typing import NamedTuple

_NOINDEX = frozenset(("noindex", "none"))
_NOFOLLOW = frozenset(("nofollow", "none"))
_VALUED = frozenset(("max-image-preview", "max-snippet", "max-video-preview", "unavailable_after"))


class Directives(NamedTuple):
    """Whether a page asks not to be counted, and not to have its links followed."""

    is_noindex: bool
    is_nofollow: bool


def directives_of(
    headers: Iterable[tuple[str, str]], metas: Iterable[tuple[str, str]], robots_name: str
) -> Directives:
    """What headers and meta tags, each a name and its value, ask of the robot of that name (in lower case)."""
    asked = _in_metas(metas, robots_name)
    for name, value in headers:
        if name == "x-robots-tag":
            asked |= _in_header(value, robots_name)
    return Directives(not asked.isdisjoint(_NOINDEX), not asked.isdisjoint(_NOFOLLOW))


def _in_metas(metas: Iterable[tuple[str, str]], robots_name: str) -> set[str]:
    contents: dict[str, list[str]] = {}
    for name, content in metas:
        contents.setdefault(name.strip().lower(), []).append(content.lower())
    meant = contents.get(robots_name) or contents.get("robots", [])
    return {word for content in meant for part in content.split(",") for word in _words(part)}


def _in_header(value: str, robots_name: str) -> set[str]:
    asked: set[str] = set()
    is_meant = True
    for part in value.lower().split(","):
        name, colon, rest = part.strip().partition(":")
        if not colon or name.rstrip() in _VALUED:
            rest = part
        elif len(name.split()) == 1:  # more than one word is the rest of a date
            is_meant = name.rstrip() == robots_name
        if is_meant:
            asked |= _words(rest)
    return asked


def _words(part: str) -> set[str]:
    """The directives between two commas, which some forget; none where there is a value."""
    return set() if ":" in part else set(part.split())
