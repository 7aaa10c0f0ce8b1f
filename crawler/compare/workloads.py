"""The work that every arm is given: pages of the built-in site, made from a seed and served by a process of its own.

    io        small pages that take their time to come: whoever waits for one at a time waits for ever
    cpu       large pages, Japanese among them, that come at once: parsing and counting is all there is
    mixed     something of both, in six languages
    hostile   innocent pages among those that crash the parser, hang it, or arrive byte by byte; scored by pages lost

Only pages that count are asked for: no redirects, no errors, nothing twice, nothing that asks not to be counted. So
the right words are known from the site's own truth, before anybody has crawled it.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from crawler.compare.hazards import with_hazards
from crawler.compare.loopback import transfer_s
from crawler.compare.result import Work
from crawler.fetch.limits import request_headers
from crawler.settings import FetchSettings
from crawler.site.latency import Latency
from crawler.site.pages import KB, render
from crawler.site.process import SiteProcess, start_hostile_site, start_site
from crawler.site.responses import CACHE_BYTES
from crawler.site.settings import LANGUAGES, LARGEST_KB, SiteSettings
from crawler.site.web import Web
from crawler.store.wordlist import WordList

DELAY_S: Final = 0.0
"""The pause between two starts at a host, for every arm: the lab's site is its own."""

_READERS: Final = 64
_TIMEOUT_S: Final = 120.0
_S_A_MB: Final = 2.0
"""More than any arm takes for a megabyte: BeautifulSoup, alone on a busy core."""


class Unfit(ValueError):
    """No workload can be such; `field` is the argument of `resized` that is to blame, `why` has reason and mend."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is served: so many pages around `page_kb`, none smaller or larger than that by more than `spread` times.

    There are `hosts` hosts, each in one of `languages` as they stand. `patience_s` is what every arm gets beside the
    time that the slowest would need; `hazards` are how many pages crash, hang and drip.
    """

    name: str
    about: str
    pages: int
    page_kb: float
    spread: float
    latency: str
    languages: tuple[str, ...]
    hosts: int
    patience_s: float = 30.0
    hazards: tuple[int, int, int] = (0, 0, 0)
    seed: int = 1

    @property
    def is_ranked(self) -> bool:
        """Whether speed counts: among hazards it is what survives that counts."""
        return not any(self.hazards)

    @property
    def site(self) -> SiteSettings:
        """The site that serves it."""
        return SiteSettings(
            seed=self.seed,
            pages=self.pages,
            languages=(*self.languages, *(code for code in LANGUAGES if code not in self.languages))[: self.hosts],
            min_kb=max(1, self.page_kb / self.spread),
            max_kb=min(LARGEST_KB, self.page_kb * self.spread),
            latency=self.latency,
        )

    def resized(
        self,
        latency: str | None = None,
        page_kb: float | None = None,
        pages: int | None = None,
        hosts: int | None = None,
        seed: int | None = None,
    ) -> Self:
        """The same workload in another size, or with other pages of that size; what is None stays. Raises Unfit."""
        other = replace(
            self,
            latency=self.latency if latency is None else latency,
            page_kb=self.page_kb if page_kb is None else page_kb,
            pages=self.pages if pages is None else pages,
            hosts=self.hosts if hosts is None else hosts,
            seed=self.seed if seed is None else seed,
        )
        other._check("pages" if page_kb is None else "page_kb")
        return other

    def _check(self, large: str) -> None:
        """Raises Unfit; where all pages together are too large, for the field `large`."""
        if not 1 <= self.hosts <= len(LANGUAGES):
            most = len(LANGUAGES)
            why = f"{self.hosts} are not to be had, as each has a language of its own; give 1 to {most}"
            raise Unfit("hosts", why)
        if not 1 <= self.page_kb <= LARGEST_KB:
            raise Unfit("page_kb", f"{self.page_kb:g} is no size of a page; give 1 to {LARGEST_KB:,}")
        if self.pages < self.hosts:
            why = f"{self.pages} are too few for {self.name}, which has {self.hosts} hosts; give {self.hosts} or more"
            raise Unfit("pages", why)
        try:
            Latency.parse(self.latency)
        except ValueError as error:
            raise Unfit("latency", str(error).removeprefix("latency ").replace(": ", "; ", 1)) from None
        if self.pages * self.site.max_kb * KB > CACHE_BYTES:  # or making pages would be timed with every arm
            what = f"{self.name} would have {self.pages} pages of {self.page_kb:g} KB"
            raise Unfit(
                large, f"{what}, and the site keeps {CACHE_BYTES // 10**6} MB ready; give fewer or smaller ones"
            )


WORKLOADS: Final = {
    workload.name: workload
    for workload in (
        Workload(
            name="io",
            about="small pages that take their time to come",
            pages=160,
            page_kb=4,
            spread=1.2,
            latency="lognormal:80ms",
            languages=("en", "ja", "de", "fr"),
            hosts=4,
        ),
        Workload(
            name="cpu",
            about="large pages, Japanese among them, that come at once",
            pages=90,
            page_kb=174,
            spread=1.15,
            latency="none",
            languages=("ja", "en", "zh", "de"),
            hosts=4,
        ),
        Workload(
            name="mixed",
            about="pages of many sizes and languages, after a short wait",
            pages=180,
            page_kb=30,
            spread=2.0,
            latency="lognormal:30ms",
            languages=("ja", "en", "ru", "de", "zh", "es"),
            hosts=6,
        ),
        Workload(
            name="hostile",
            about="innocent pages among those that crash the parser, hang it, or arrive byte by byte",
            pages=120,
            page_kb=20,
            spread=1.5,
            latency="lognormal:150ms",
            languages=("en", "ja", "de", "fr"),
            hosts=4,
            patience_s=6.0,
            hazards=(3, 2, 4),
        ),
    )
}
"""Every workload by name, in the order in which they are shown."""


class Served(NamedTuple):
    """A workload that is being served: the file of seeds, the rules that lead to the site, and its process.

    `notes` say what a reader of the result has to know about it.
    """

    work: Work
    seeds: Path
    connect_to: tuple[str, ...]
    site_pid: int
    notes: tuple[str, ...] = ()


class _Truth(NamedTuple):
    """What a right crawl makes of a site: the digest of its words.csv, from pages of so many bytes."""

    words: str
    bytes: int


@contextmanager
def served(workload: Workload, folder: Path) -> Iterator[Served]:
    """Serve it, its seeds in `folder`, with every page made before anybody asks for one.

    Raises SiteStartError, OSError.
    """
    web = Web(workload.site)
    urls = [web.url(page) for page in web.pages()]
    Random(workload.seed).shuffle(urls)
    with ExitStack() as stack:
        site = stack.enter_context(start_site(web.settings))
        connect_to = site.connect_to
        if not workload.is_ranked:
            connect_to += stack.enter_context(start_hostile_site()).connect_to
        seeds = folder / f"{workload.name}.txt"
        seeds.write_text("".join(f"{url}\n" for url in with_hazards(urls, *workload.hazards)), encoding="utf-8")
        with ThreadPoolExecutor(_READERS) as readers:
            sizes = readers.map(partial(_fetched_bytes, site), (urls[n::_READERS] for n in range(_READERS)))
            truth = _truth(web)
            body_bytes = sum(sizes)
        yield Served(_work(workload, urls, body_bytes, truth), seeds, connect_to, site.pid)


def _fetched_bytes(site: SiteProcess, urls: list[str]) -> int:
    """Have pages made and kept by asking for them as the arms will; how many bytes they are sent as, in all."""
    headers = dict(request_headers(FetchSettings()))
    size = 0
    with closing(HTTPConnection(site.host, site.port, _TIMEOUT_S)) as connection:
        for url in urls:
            host = urlsplit(url).netloc
            connection.request("GET", url.partition(host)[2], headers={**headers, "Host": host})
            answer = connection.getresponse()
            assert answer.status == HTTPStatus.OK, url  # only pages that count are asked for
            size += len(answer.read())
    return size


def _truth(web: Web) -> _Truth:
    """Known from what the site meant to write, and from no tokenizer."""
    size = 0
    digest = sha256()

    def words_of_pages() -> Iterator[dict[str, int]]:
        nonlocal size
        for page in web.pages():
            known = render(web, page)
            size += len(known.body)
            yield known.words

    for some in WordList(run=0, top=0).lines_of(words_of_pages()):
        digest.update(some)
    return _Truth(digest.hexdigest(), size)


def _work(workload: Workload, urls: list[str], body_bytes: int, truth: _Truth) -> Work:
    latency = Latency.parse(workload.latency)
    delays_s = [latency.delay_s(workload.seed, url) for url in urls]
    pages_of_hosts = Counter(urlsplit(url).netloc for url in urls)
    return Work(
        name=workload.name,
        about=workload.about,
        pages=len(urls),
        hosts=len(pages_of_hosts),
        body_bytes=body_bytes,
        latency=workload.latency,
        seed=workload.seed,
        delays_s=sum(delays_s),
        longest_delay_s=max(delays_s),
        politeness_s=max((pages - 1) * DELAY_S for pages in pages_of_hosts.values()),
        deadline_s=workload.patience_s + 2 * sum(delays_s) + _S_A_MB * truth.bytes / 10**6,
        words=truth.words,
        is_ranked=workload.is_ranked,
        bandwidth_s=transfer_s(body_bytes),
    )
