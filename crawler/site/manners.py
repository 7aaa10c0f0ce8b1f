"""The robots.txt of the hosts, and what it forbids: one host redirects to it, and one has none.

The rules are a table; what is sent and what counts as a trespass are both made of it.
"""

import re
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """A line of robots.txt: the longest pattern that fits a path decides; `*` is anything, `$` the end."""

    allow: bool
    pattern: str

    @property
    def line(self) -> str:
        """The rule as it is sent."""
        return f"{'Allow' if self.allow else 'Disallow'}: {self.pattern}\n"

    @property
    def regex(self) -> str:
        """The rule as a regular expression, to be matched from the start of a path."""
        return re.escape(self.pattern).replace(r"\*", ".*").replace(r"\$", r"\Z")


RULES: Final = (
    Rule(allow=False, pattern="/private/"),
    Rule(allow=True, pattern="/private/open.html"),
    Rule(allow=False, pattern="/*/print$"),
)
LONGEST_FIRST: Final = sorted(RULES, key=lambda rule: len(rule.pattern), reverse=True)
VERDICT: Final = re.compile("|".join(f"({rule.regex})" for rule in LONGEST_FIRST))

ROBOTS: Final = "/robots.txt"
REDIRECTED: Final = 1
"""The host whose robots.txt is elsewhere."""
LAWLESS: Final = 2
"""The host that has no robots.txt."""


def robots_path(host: int) -> str | None:
    """Where the robots.txt of a host is; None if it has none."""
    if host == LAWLESS:
        return None
    return "/robots/real.txt" if host == REDIRECTED else ROBOTS


def robots(sitemap: str) -> str:
    """The text of a robots.txt: another crawler may read nothing, all others nearly everything."""
    rules = "".join(rule.line for rule in RULES)
    return f"User-agent: greedybot\nDisallow: /\n\nUser-agent: *\n{rules}\nSitemap: {sitemap}\n"


def forbidden(host: int, path: str) -> bool:
    """Whether the robots.txt of a host forbids a path, its query included, to everybody."""
    verdict = VERDICT.match(path)
    if verdict is None or host == LAWLESS:
        return False
    return not LONGEST_FIRST[(verdict.lastindex or 1) - 1].allow
