"""The map: which hosts, pages, redirects and errors there are, and which page links to which.

/                    the index of a host: links to its first pages and to the other hosts
/trains/14.html      a page; page n links on to its own ten pages, so that 5,000 are three steps away
/go/3, /go/hop-1     redirects; hop-1 to hop-4 are a chain
/gone/0              an error

The side pages that an index links to as well are in `asides`; a URL is found with utm parameters as without.
"""

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from random import Random
from typing import Final

from crawler.site.asides import LINKED, UNFOLLOWED, Aside, asides
from crawler.site.settings import SiteSettings

DOMAIN: Final = "crawler.test"
SECTIONS: Final = ("weather", "trains", "markets", "books", "kitchen", "gardens", "harbour", "music")
NUMBER: Final = re.compile(r"\d+")
FAN_OF_INDEX: Final = 60
FAN: Final = 10
HOPS: Final = 4
STATUSES: Final = (301, 302, 307, 308)
TRACKING: Final = "utm_"
EPOCH_S: Final = 1_546_300_800
"""The beginning of 2019; every page was last modified in the six years after it."""
YEARS_S: Final = 6 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Redirect:
    """A URL that answers with another: `location` as it is sent, `target` as it resolves."""

    status: int
    location: str
    target: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its host's place in the settings and its number there; 0 is the index."""

    host: int
    number: int


@dataclass(frozen=True, slots=True)
class Error:
    """A URL that answers with an error, always the same."""

    status: int


def path_of(number: int) -> str:
    """Where a page lives on its host; the forms differ so that relative links have something to resolve."""
    if number == 0:
        return "/"
    section = SECTIONS[number % len(SECTIONS)]
    form = number % 5
    if form == 1:
        return f"/{section}/{number}/"
    if form == 2:  # noqa: PLR2004
        return f"/{section}/view?page={number}&set=a"
    if form == 3:  # noqa: PLR2004
        return f"/{section}/caf%C3%A9-{number}"
    return f"/{section}/{number}.html"


def relative(base: str, path: str) -> str:
    """A path as written on the page at `base`: from its folder, by ../ where needed."""
    here = base.partition("?")[0].split("/")[1:-1]
    there = path.split("/")[1:]
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    return "../" * (len(here) - same) + "/".join(there[same:]) or "./"


def untracked(url: str) -> str:
    """A URL or path without its utm parameters."""
    base, _, query = url.partition("?")
    kept = "&".join(item for item in query.split("&") if not item.startswith(TRACKING))
    return f"{base}?{kept}" if kept else base


@dataclass(frozen=True)
class Web:
    """Every URL of one site, found without rendering anything."""

    settings: SiteSettings
    hosts: tuple[str, ...] = field(init=False)
    redirects: dict[str, Redirect] = field(init=False)
    errors: dict[str, Error] = field(init=False)
    asides: tuple[dict[str, Aside], ...] = field(init=False)

    def __post_init__(self) -> None:
        hosts = tuple(f"{code}.{DOMAIN}" for code in self.settings.languages)
        object.__setattr__(self, "hosts", hosts)
        object.__setattr__(self, "redirects", {})
        object.__setattr__(self, "errors", {})
        object.__setattr__(self, "asides", tuple(map(asides, range(len(hosts)))))
        for host in range(len(hosts)):
            self._redirect(host)
            for k in range(self._errors(host)):
                self.errors[self.at(host, f"/gone/{k}")] = Error(500 if (host + k) % 3 == 1 else 404)

    def _redirect(self, host: int) -> None:
        rng = Random(f"{self.settings.seed}/{self.hosts[host]}/redirects")
        for k in range(self._redirects(host)):
            path = path_of(rng.randrange(self.size(host)))
            target = self.at(host, path)
            if k % 3 == 0:
                other = rng.randrange(len(self.hosts))
                location = target = self.at(other, path_of(rng.randrange(self.size(other))))
            else:
                location = path if k % 3 == 1 else relative("/go/", path)
            self.redirects[self.at(host, f"/go/{k}")] = Redirect(STATUSES[(host + k) % 4], location, target)
        if host == 0:
            for hop in range(1, HOPS):
                here, there = self.at(host, f"/go/hop-{hop}"), self.at(host, f"/go/hop-{hop + 1}")
                self.redirects[here] = Redirect(STATUSES[hop - 1], f"hop-{hop + 1}", there)
            end = self.at(len(self.hosts) - 1, "/")
            self.redirects[self.at(host, f"/go/hop-{HOPS}")] = Redirect(STATUSES[HOPS - 1], end, end)

    def _redirects(self, host: int) -> int:
        return 3 + self.size(host) // 40

    def _errors(self, host: int) -> int:
        return 1 + self.size(host) // 40

    def at(self, host: int, path: str) -> str:
        """The absolute URL of a path."""
        return f"http://{self.hosts[host]}{path}"

    def url(self, page: Page) -> str:
        """The absolute URL of a page."""
        return self.at(page.host, path_of(page.number))

    def size(self, host: int) -> int:
        """How many pages a host has, its index included."""
        each, rest = divmod(self.settings.pages, len(self.hosts))
        return each + (host < rest)

    def lookup(self, url: str) -> Page | Aside | Redirect | Error | None:
        """What the site has at an absolute URL."""
        host, _, path = url.removeprefix("http://").partition("/")
        return self.find(host, f"/{path}")

    def pages(self) -> list[Page]:
        """Every page, host after host, in order of number."""
        return [Page(host, number) for host in range(len(self.hosts)) for number in range(self.size(host))]

    def modified_s(self, url: str) -> int:
        """When a URL was last modified, in seconds since 1970: the seed knows."""
        digest = blake2b(f"{self.settings.seed}/modified/{url}".encode(), digest_size=8).digest()
        return EPOCH_S + int.from_bytes(digest, "big") % YEARS_S

    def find(self, host: str, path: str) -> Page | Aside | Redirect | Error | None:
        """What a host (without port, in lower case) has at a path with its query; None for nothing."""
        if host not in self.hosts:
            return None
        at = self.hosts.index(host)
        url = self.at(at, path)
        if url in self.redirects or url in self.errors:
            return self.redirects.get(url) or self.errors[url]
        found = NUMBER.findall(path.replace("%C3%A9", ""))
        number = int(found[0][:9]) if found else 0
        if number < self.size(at) and path_of(number) == path:
            return Page(at, number)
        if TRACKING in path and (plain := untracked(path)) != path:
            return self.find(host, plain)
        return self.asides[at].get(path)

    def duties(self, page: Page) -> list[str]:
        """The URLs that a page must link to, so that everything is reached from the indexes."""
        count = self.size(page.host)
        first = 1 if page.number == 0 else FAN_OF_INDEX + 1 + FAN * (page.number - 1)
        last = first + (FAN_OF_INDEX if page.number == 0 else FAN)
        duties = [self.url(Page(page.host, number)) for number in range(first, min(last, count))]
        duties += [self.at(page.host, f"/go/{k}") for k in range(page.number, self._redirects(page.host), count)]
        duties += [self.at(page.host, f"/gone/{k}") for k in range(page.number, self._errors(page.host), count)]
        if page.number == 0:
            duties += [self.at(host, "/") for host in range(len(self.hosts)) if host != page.host]
            duties += [self.at(0, "/go/hop-1")] if page.host == 0 else []
        return duties

    def side_links(self, host: int) -> list[tuple[str, bool]]:
        """What the index of a host links to besides, each with whether it may be followed.

        These are side pages, and a page that is known without utm parameters as well.
        """
        page = self.url(Page(host, min(host + 1, self.size(host) - 1)))
        tracked = f"{page}{'&' if '?' in page else '?'}{TRACKING}source=x&{TRACKING}medium=y"
        followed = [*(self.at(host, path) for path in LINKED), tracked]
        return [*((url, True) for url in followed), (self.at(host, UNFOLLOWED), False)]

    def wishes(self, page: Page, rng: Random, count: int) -> list[str]:
        """Links that a page has for company: mostly to popular pages (low numbers) of its own host."""
        wishes = []
        for _ in range(count):
            host = page.host if rng.random() < 0.7 else int(rng.random() * len(self.hosts))  # noqa: PLR2004
            wishes.append(self.url(Page(host, int(rng.random() ** 2 * self.size(host)))))
        return wishes
