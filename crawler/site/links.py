"""How a page's links are written: absolute, from the root, relative, without a scheme, with fragments, as areas."""

import html
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from crawler.site.web import relative

FORMS: Final = 4
RARE: Final = 32
"""One draw of 256 in this many bytes' worth is a rarity: a fragment, a nofollow."""


class Linker:
    """Writes the links of one page in the order given, and remembers which it has written."""

    def __init__(self, base: str, urls: list[str], draw: Callable[[], int]) -> None:
        self._scheme, self._host, self._path, *_ = urlsplit(base)
        self._left = urls[::-1]
        self._draw = draw
        self._written: dict[str, None] = {}

    def __len__(self) -> int:
        """How many links are still to be written."""
        return len(self._left)

    @property
    def written(self) -> list[str]:
        """The distinct URLs linked so far, in document order."""
        return list(self._written)

    def anchor(self, label: str) -> str:
        """The next link as an anchor around escaped text."""
        follow = ' rel="nofollow"' if self._draw() < RARE // 2 else ""
        return f'<a href="{self._next()}"{follow}>{label}</a>'

    def area(self) -> str:
        """The next link as an area of an image map."""
        return f'<area shape="rect" coords="0,0,9,9" href="{self._next()}" alt="decoyalt">'

    def _next(self) -> str:
        url = self._left.pop()
        self._written[url] = None
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
