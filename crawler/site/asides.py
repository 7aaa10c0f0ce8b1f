"""The side pages of a host: what a polite crawler that follows links has to be tried with.

    / ──> /private/secret.html, /aside/print            robots.txt forbids them
      ──> /private/open.html, /aside/print/all.html     near to what is forbidden, and allowed
      ──> /aside/noindex.html                           not to be counted   ──> /aside/beyond-noindex.html
      ──> /aside/nofollow.html                          not to be followed  ──> /aside/unreached.html
      ─x> /aside/unreached-2.html                       a link that carries rel=nofollow
      ──> /aside/twin-a.html, /aside/twin-b.html        the same bytes twice
      ──> /aside/series.html                            its head's rel=next ──> /aside/next.html
      ──> /deep/1.html ──> ... ──> /deep/6.html
          /quiet/1.html, /quiet/2.html                  linked from nowhere: the sitemap lists them

All of them are small, and link back to the index.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

NOINDEX: Final = "noindex"
NOFOLLOW: Final = "nofollow"
DEEPEST: Final = 6
QUIET: Final = ("/quiet/1.html", "/quiet/2.html")
TWINS: Final = ("/aside/twin-a.html", "/aside/twin-b.html")
LINKED: Final = (
    "/private/secret.html", "/private/open.html", "/aside/print", "/aside/print/all.html", "/aside/noindex.html",
    "/aside/nofollow.html", *TWINS, "/aside/series.html", "/deep/1.html",
)  # fmt: skip
UNFOLLOWED: Final = "/aside/unreached-2.html"
"""What the index links to with rel=nofollow."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A side page: what it links to, which manners it asks for and how, and what its text is drawn by."""

    host: int
    path: str
    text: str
    links: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    robots: str = ""
    robots_in_header: bool = False


def asides(host: int) -> dict[str, Aside]:
    """The side pages of a host, by path; every other host says nofollow in a header and not in the page."""
    deep = [f"/deep/{step}.html" for step in range(1, DEEPEST + 1)]
    pages = [
        *(Aside(host, path, path) for path in (*LINKED[:4], UNFOLLOWED)),
        Aside(host, "/aside/noindex.html", "noindex", links=("/aside/beyond-noindex.html",), robots=NOINDEX),
        Aside(host, "/aside/beyond-noindex.html", "beyond-noindex"),
        Aside(
            host,
            "/aside/nofollow.html",
            "nofollow",
            links=("/aside/unreached.html",),
            robots=NOFOLLOW,
            robots_in_header=host % 2 == 1,
        ),
        Aside(host, "/aside/unreached.html", "unreached"),
        *(Aside(host, path, "twin") for path in TWINS),
        Aside(host, "/aside/series.html", "series", ahead=("/aside/next.html",)),
        Aside(host, "/aside/next.html", "next"),
        *(Aside(host, here, here, links=(there,)) for here, there in pairwise(deep)),
        *(Aside(host, path, path) for path in (deep[-1], *QUIET)),
    ]
    return {page.path: page for page in pages}
