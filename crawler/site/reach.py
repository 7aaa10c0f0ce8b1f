"""What a polite crawl must find that follows links from every index as far as they lead, and what it must not.

It walks breadth first over the links that the pages really have, obeys robots.txt, noindex and nofollow, stays on the
site, drops utm parameters, and takes a redirect to be as deep as the link to it. Sitemaps it does not read: what only
they would show it is told apart.
"""

import json
from collections import deque
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from crawler.site.asides import NOINDEX, Aside
from crawler.site.manners import forbidden
from crawler.site.pages import render
from crawler.site.sitemaps import listed
from crawler.site.truth import told
from crawler.site.web import Page, Redirect, Web, untracked

UNLIMITED: Final = 10
"""The least depth that is told to be enough."""


class Walk:
    """A crawl without a network: where it came, and what it found there."""

    def __init__(self, web: Web) -> None:
        self.depths: dict[str, int] = {}
        self.disallowed: dict[str, None] = {}
        self.noindex: list[str] = []
        self._web = web
        self._texts: dict[str, bytes] = {}

    def steps(self) -> Iterator[str]:
        """Visit URL after URL, and name each."""
        web = self._web
        ahead = deque((web.at(host, "/"), 0) for host in range(len(web.hosts)))
        while ahead:
            url, depth = ahead.popleft()
            if url in self.depths or url in self.disallowed:
                continue
            if self._is_forbidden(url):
                self.disallowed[url] = None
                continue
            self.depths[url] = depth
            found = web.lookup(url)
            if isinstance(found, Redirect):
                ahead.appendleft((untracked(found.target), depth))
            elif isinstance(found, Page | Aside):
                ahead.extend((untracked(link), depth + 1) for link in self._read(url, found))
            yield url

    def _is_forbidden(self, url: str) -> bool:
        host, _, path = url.removeprefix("http://").partition("/")
        return forbidden(self._web.hosts.index(host), f"/{path}")

    def _read(self, url: str, page: Page | Aside) -> list[str]:
        """What is to be followed from a page."""
        known = render(self._web, page)
        if known.robots == NOINDEX:
            self.noindex.append(url)
        else:
            self._texts[url] = blake2b(known.body).digest()
        return known.followed

    @property
    def twins(self) -> dict[str, str]:
        """The pages that say what another says, and that other: the first in order of depth and URL."""
        firsts: dict[bytes, str] = {}
        twins = {}
        for url in sorted(self._texts, key=lambda url: (self.depths[url], url)):
            first = firsts.setdefault(self._texts[url], url)
            if first != url:
                twins[url] = first
        return twins

    @property
    def counted(self) -> dict[str, int]:
        """The pages to be counted, each text once, with their depths."""
        twins = self.twins
        return {url: self.depths[url] for url in self._texts if url not in twins}


def crawl_truth(web: Web) -> Iterator[str]:
    """The truth about such a crawl as pieces of one JSON object; a blank a visit lets others have their turn."""
    yield '{"side": {'
    comma = ""
    for aside in (aside for asides in web.asides for aside in asides.values()):
        known = render(web, aside)
        side = told(known) | {"robots": known.robots, "ahead": known.ahead}
        yield f"{comma}\n{json.dumps(known.url)}: {json.dumps(side, ensure_ascii=False)}"
        comma = ","
    yield "},\n"
    walk = Walk(web)
    for _ in walk.steps():
        yield " "
    sitemap_only = [url for host in range(len(web.hosts)) for url in listed(web, host) if url not in walk.depths]
    found = walk.depths.keys() | walk.disallowed.keys() | set(sitemap_only)
    sides = (web.at(host, path) for host, asides in enumerate(web.asides) for path in asides)
    rest = {
        "depth": max(UNLIMITED, *walk.depths.values()),
        "counted": walk.counted,
        "depths": walk.depths,
        "disallowed": list(walk.disallowed),
        "noindex": walk.noindex,
        "unreached": [url for url in sides if url not in found],
        "twins": walk.twins,
        "sitemap_only": sitemap_only,
    }
    yield json.dumps(rest)[1:] + "\n"
