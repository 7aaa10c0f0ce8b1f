"""How a page's links are written: absolute, from the root, relative, without a scheme, with fragments, as areas."""

import html
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from crawler.site.web import relative

FORMS: Final = 4
RARE: Final = 32
"""One draw of 256 in this many bytes' worth is a rarity: a fragment."""

FOLLOWED: Final = 0
MAYBE_NOT: Final = 16
BARRED: Final = 256


class Link(NamedTuple):
    """A URL to link to, and how many draws of 256 give its anchor rel=nofollow."""

    url: str
    nofollow: int


class Linker:
    """Writes the links of one page in the order given, and remembers which it has written."""

    def __init__(self, base: str, links: Sequence[Link], draw: Callable[[], int]) -> None:
        self._scheme, self._host, self._path, *_ = urlsplit(base)
        self._left = list(links[::-1])
        self._draw = draw
        self._written: dict[str, bool] = {}

    def __len__(self) -> int:
        """How many links are still to be written."""
        return len(self._left)

    def add(self, links: Sequence[Link]) -> None:
        """More links, to be written after those that are left."""
        self._left[:0] = links[::-1]

    @property
    def written(self) -> list[str]:
        """The distinct URLs linked so far, in document order."""
        return list(self._written)

    @property
    def nofollow(self) -> list[str]:
        """Those of them that were never written without rel=nofollow."""
        return [url for url, followed in self._written.items() if not followed]

    def anchor(self, label: str) -> str:
        """The next link as an anchor around escaped text."""
        barred = self._draw() < self._left[-1].nofollow
        follow = ' rel="nofollow"' if barred else ""
        return f'<a href="{self._next(followed=not barred)}"{follow}>{label}</a>'

    def area(self) -> str:
        """The next link as an area of an image map."""
        return f'<area shape="rect" coords="0,0,9,9" href="{self._next(followed=True)}" alt="decoyalt">'

    def _next(self, *, followed: bool) -> str:
        url = self._left.pop().url
        self._written[url] = followed or self._written.get(url, False)
        _, host, *_ = urlsplit(url)
        path = url.partition(host)[2]
        form = self._draw() % FORMS
        if form == 0:
            written = url
        elif form == 1 or host != self._host:
            written = f"//{host}{path}" if host != self._host or self._draw() < RARE else path
        else:
            written = relative(self._path, path) if form == 2 else path  # noqa: PLR2004
        if self._draw() < RARE:
            written = written.replace("%C3%A9", "é")
        if self._draw() < RARE:
            written += f"#part-{self._draw() % 9}"
        return html.escape(written)
