"""What a crawl of a made-up web must come to, worked out the slow way: as a least fixpoint, with no order at all.

Whatever leads to a URL is a way to it: a link from a page (one deeper), a redirect (one hop more), a seed, a sitemap.
Ways are added until none is left to add; only then is it said what became of each URL.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.model import Robots
from crawler.orders import ANALYSED, EXCLUDED, FAILED, NOINDEX, OUT_OF_SCOPE, REDIRECTED
from crawler.orders import ROBOTS as FORBIDDEN
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of
from tests.frontier.world import NOT_FOUND, Ill, Index, Text, Thing, To, Web, origin, site_of

MAX_ERRAND_REDIRECTS = 5


class Fate(NamedTuple):
    """How a URL ends, the fault if it failed, and the least depth and hops over all ways to it."""

    state: str
    fault: str | None
    depth: int
    hops: int


def fates(web: Web, seeds: list[str], settings: FrontierSettings) -> dict[str, Fate]:
    """Every URL that is met, and its fate."""
    return _Closure(web, seeds, settings).fates()


@dataclass
class _Closure:
    web: Web
    seeds: list[str]
    settings: FrontierSettings
    ways: dict[str, tuple[int, int]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    sitemaps: set[str] = field(default_factory=set)
    has_more: bool = True

    def fates(self) -> dict[str, Fate]:
        for seed in self.seeds:
            self.named.add(seed)
            self._way(seed, 0, 0)
        while self.has_more:
            self.has_more = False
            for url in list(self.ways):
                self._spread(url)
            for url in list(self.sitemaps):
                self._read_sitemap(url)
        return {url: Fate(*self._state(url), *way) for url, way in self.ways.items()}

    def _way(self, url: str, depth: int, hops: int) -> None:
        known = self.ways.get(url, (10**6, 10**6))
        nearer = min(depth, known[0]), min(hops, known[1])
        if nearer != known:
            self.ways[url] = nearer
            self.has_more = True

    def _spread(self, url: str) -> None:
        if self._refusal(url) is not None:
            return
        self._touch(origin(url))
        if self._closed(url) is not None:
            return
        depth, hops = self.ways[url]
        match self._thing(url):
            case Text(links) if depth < self.settings.depth:
                for link in links:
                    self._way(link, depth + 1, 0)
            case To(target) if hops < self.settings.max_redirects:
                if depth == 0 and target not in self.named:
                    self.named.add(target)
                    self.has_more = True
                self._way(target, depth, hops + 1)

    def _state(self, url: str) -> tuple[str, str | None]:
        refusal = self._refusal(url)
        if refusal is not None:
            return refusal, None
        closed = self._closed(url)
        if closed is not None:
            return closed
        match self._thing(url):
            case Text(_, is_noindex):
                return (NOINDEX if is_noindex else ANALYSED), None
            case To():
                return REDIRECTED, None
            case Ill(_, fault, _):
                return FAILED, fault.value
        return FAILED, "content_type"

    def _thing(self, url: str) -> Thing:
        return self.web.things.get(url, NOT_FOUND)

    def _refusal(self, url: str) -> str | None:
        if url in self.named:
            return None
        settings = self.settings
        if not any(self._is_near(url, place) for place in self.named):
            return OUT_OF_SCOPE
        if settings.include and not any(pattern.search(url) for pattern in settings.include):
            return EXCLUDED
        return EXCLUDED if any(pattern.search(url) for pattern in settings.exclude) else None

    def _is_near(self, url: str, place: str) -> bool:
        match self.settings.scope:
            case "host":
                return host_of(url) == host_of(place)
            case "site":
                return site_of(host_of(url)) == site_of(host_of(place))
            case "prefix":
                return url.startswith(place[: place.rindex("/") + 1])
        return self.settings.scope == "any"

    def _closed(self, url: str) -> tuple[str, str | None] | None:
        """The state in which robots.txt lets a URL end, if it does."""
        if self.settings.robots == "ignore":
            return None
        robots = self._robots(origin(url))
        if isinstance(robots, Ill):
            return (FORBIDDEN, None) if robots.status else (FAILED, robots.fault.value)
        path = url.removeprefix(origin(url))
        matching = [(len(rule.pattern), rule.allow) for rule in robots.rules if path.startswith(rule.pattern)]
        return (FORBIDDEN, None) if matching and not max(matching)[1] else None

    def _robots(self, place: str) -> Robots | Ill:
        url = f"{place}/robots.txt"
        for _ in range(MAX_ERRAND_REDIRECTS + 1):
            thing = self._thing(url)
            if isinstance(thing, To):
                url = thing.target
                continue
            if isinstance(thing, Ill) and (not thing.status or thing.status >= 500 or thing.status == 429):
                return thing
            return thing if isinstance(thing, Robots) else Robots()
        return Robots()

    def _touch(self, place: str) -> None:
        """Have the sitemaps of an origin that is visited."""
        if not self.settings.sitemaps:
            return
        robots = Robots() if self.settings.robots == "ignore" else self._robots(place)
        if isinstance(robots, Robots):
            for url in robots.sitemaps or (f"{place}/sitemap.xml",):
                self._sitemap(url)

    def _sitemap(self, url: str) -> None:
        if url not in self.sitemaps:
            self.sitemaps.add(url)
            self.has_more = True

    def _read_sitemap(self, url: str) -> None:
        for _ in range(MAX_ERRAND_REDIRECTS + 1):
            if self._closed(url) is not None:
                return
            match self._thing(url):
                case To(target):
                    url = target
                case Index(pages, sitemaps):
                    for page in pages:
                        self._way(page, 1, 0)
                    for sitemap in sitemaps:
                        self._sitemap(sitemap)
                    return
                case _:
                    return
