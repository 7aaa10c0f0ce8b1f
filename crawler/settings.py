"""What can be set: one small frozen class a stage, each field carrying its public name, its reader and its help.

The command line, the TOML file and the `CRAWLER_*` variables are all made from these fields (`configure.py`,
`cli/parser.py`), so that an option cannot exist in one of them only.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from crawler import readers
from crawler.headers import Header
from crawler.public import PUBLIC, Public, public
from crawler.readers import ConnectTo, FailIf

DEFAULT_USER_AGENT = "crawler/0.1 (word frequencies)"
DEFAULT_STRIPPED = (
    "utm_*", "gclid", "gclsrc", "dclid", "fbclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid",
    "_ga", "_gl", "phpsessid", "jsessionid", "aspsessionid*",
)  # fmt: skip
"""What advertisers and newsletters add to follow a reader, and servers to know a visit; no page says other things
for it. A session id in its links would make every page new for ever."""
MAX_DEPTH = 500
MOST_SHARDS = 64
INTERPRETERS_SINCE = (3, 14)
"""The first CPython with a pool of interpreters."""
_MANNERS = readers.choice("obey", "ignore")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How bytes get here, and the bounds on what a server may send.

    `named_hosts` are those of the seeds (lower case, IPv6 in brackets), which may be at private addresses.
    """

    room: str = public(
        "async",
        "fetch",
        readers.choice("async", "threads", "sequential", "auto"),
        "async|threads|sequential|auto",
        "how pages are fetched: an event loop (aiohttp), a thread pool (curl), one at a time, or as turns out best",
    )
    concurrency: int = public(32, "concurrency", readers.whole_number(1, 10_000), "N", "pages in the air at once")
    timeout_s: float = public(
        30.0, "timeout", readers.duration, "TIME", "the most that one page may take to arrive (30s, 2m)"
    )
    max_body_bytes: int = public(
        10 * 2**20, "max-body", readers.size, "SIZE", "the most bytes of one page as sent (500KB, 10MB)"
    )
    user_agent: str = public(
        DEFAULT_USER_AGENT, "user-agent", readers.header_value, "TEXT", "what servers are told about who asks"
    )
    contact: str = public(
        "", "contact", readers.header_value, "TEXT", "whom to write to: a URL or an address, added to the user agent"
    )
    connect_to: tuple[ConnectTo, ...] = public(
        (),
        "connect-to",
        ConnectTo.read,
        "HOST:PORT:ADDRESS:PORT",
        "connect elsewhere for a host, as curl has it (IPv6 in brackets, .host for all below it)",
        repeatable=True,
    )
    allow_private: bool = public(
        False,
        "allow-private",
        readers.switch,
        "",
        "fetch from private, loopback, link-local and metadata addresses too, whoever leads there",
    )
    named_hosts: frozenset[str] = frozenset()
    headers: tuple[Header, ...] = public(
        (),
        "header",
        Header.read,
        "'[HOST] NAME: VALUE'",
        "send this header, to one host of the seeds only; it may hold a secret",
        repeatable=True,
    )
    headers_by_origin: Mapping[str, tuple[Header, ...]] = field(default_factory=dict, hash=False)
    connect_timeout_s: float = 10.0
    first_byte_timeout_s: float = 20.0
    idle_per_slot: int = 4
    max_header_line_bytes: int = 16 * 2**10
    max_header_bytes: int = 64 * 2**10
    max_header_count: int = 256

    @property
    def agent(self) -> str:
        """The User-Agent header: the crawler and whom to write to."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robots_name(self) -> str:
        """The name that robots.txt and meta robots know this crawler by: the user agent's product token."""
        return readers.product_token(self.user_agent)


@dataclass(frozen=True, slots=True)
class AnalyzeSettings:
    """What is read from a page, where that runs, and the bounds on it."""

    room: str = public(
        "processes",
        "analyze",
        readers.since(
            INTERPRETERS_SINCE,
            "interpreters",
            readers.choice("processes", "interpreters", "threads", "inline", "auto"),
        ),
        "processes|interpreters|threads|inline|auto",
        "where pages are analysed; only processes (and auto) keep a bad page from harming the run",
    )
    parser: str = public(
        "turbo", "parser", readers.choice("turbo", "soup"), "turbo|soup", "turbohtml, or BeautifulSoup (slower)"
    )
    workers: int = public(0, "workers", readers.whole_number(0, 1_024), "N", "workers that analyse; 0 is one a core")
    top: int = public(
        10, "top", readers.whole_number(0, 1_000), "N", "top words a page in pages.jsonl, and in the table"
    )
    nofollow: str = public(
        "obey", "nofollow", _MANNERS, "obey|ignore", "links that a page asks not to follow (rel, meta, X-Robots-Tag)"
    )
    noindex: str = public(
        "obey", "noindex", _MANNERS, "obey|ignore", "pages that ask not to be counted (meta robots, X-Robots-Tag)"
    )
    strip_params: tuple[str, ...] = public(
        DEFAULT_STRIPPED,
        "strip-params",
        readers.names,
        "NAMES",
        "query parameters of seeds and links that only track or name a session, with *; - for none",
    )
    robots_name: str = "crawler"
    max_text_bytes: int = 32 * 2**20
    max_listing_bytes: int = 50 * 2**20
    max_listed: int = 50_000
    max_links: int = 10_000
    max_links_bytes: int = 2 * 2**20
    max_title_chars: int = 300
    deadline_s: float = 10.0
    deadline_s_per_mib: float = 5.0
    max_growth_bytes: int = 768 * 2**20

    @property
    def worker_count(self) -> int:
        """The workers to start: as asked, or one for each core this process may use."""
        if self.workers:
            return self.workers
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def deadline_s_of(self, body_bytes: int) -> float:
        """How long the analysis of so large a body may take."""
        return self.deadline_s + self.deadline_s_per_mib * body_bytes / 2**20


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """How a page's two stages are put together; `may_change` in the middle, where that is left to the crawl."""

    shards: int = public(
        0,
        "shards",
        readers.whole_number(0, MOST_SHARDS),
        "N",
        "N processes that each fetch and analyse, hosts dealt among them; 0: one fetches, workers analyse",
    )
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class FrontierSettings:
    """What may be visited, and how gently."""

    depth: int = public(
        0, "depth", readers.whole_number(0, MAX_DEPTH), "N", "links to follow from the seeds; 0 is only the seeds"
    )
    scope: str = public(
        "host",
        "scope",
        readers.choice("host", "site", "prefix", "list", "any"),
        "host|site|prefix|list|any",
        "where links may lead: the seeds' hosts, their sites, their folders, only listed URLs, anywhere",
    )
    include: tuple[re.Pattern[str], ...] = public(
        (), "include", readers.pattern, "REGEX", "follow only links in which this is found", repeatable=True
    )
    exclude: tuple[re.Pattern[str], ...] = public(
        (), "exclude", readers.pattern, "REGEX", "follow no link in which this is found", repeatable=True
    )
    max_per_host: int = public(
        0, "max-per-host", readers.whole_number(0, 10**9), "N", "URLs of one host to visit; 0 is no limit"
    )
    sitemaps: bool = public(
        False, "sitemaps", readers.switch, "", "visit what the hosts' sitemaps list (robots.txt, /sitemap.xml)"
    )
    sitemap: tuple[str, ...] = public(
        (), "sitemap", str, "URL", "visit what this sitemap or feed lists", repeatable=True, is_shown=False
    )
    robots: str = public("obey", "robots", _MANNERS, "obey|ignore", "what robots.txt forbids")
    per_host: int = public(2, "per-host", readers.whole_number(1, 1_000), "N", "pages in the air at once per host")
    delay_s: float = public(
        1.0, "delay", readers.pause, "TIME", "between the starts of two requests to one host (1s, 500ms, 0)"
    )
    max_redirects: int = 10
    max_crawl_delay_s: float = 30.0
    robots_ttl_s: float = 86_400.0
    held_per_host: int = 64
    held_in_all: int = 20_000


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where results go."""

    out: Path | None = public(
        None, "out", readers.folder, "FOLDER", "where results go; output/<name of the seeds> if not given"
    )
    commit_interval_s: float = 0.25


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How the run behaves as a whole."""

    loop: str = public("uvloop", "loop", readers.choice("uvloop", "asyncio"), "uvloop|asyncio", "the event loop")
    fail_if: FailIf = public(
        FailIf(50.0, is_percent=True),
        "fail-if",
        FailIf.read,
        "errors>N|errors>N%",
        "exit with 3 when more URLs than that failed",
    )
    fresh: bool = public(False, "fresh", readers.switch, "", "forget what the output folder holds, and start over")
    retry_failed: bool = public(
        False, "retry-failed", readers.switch, "", "try the failures of the last run again, once it is finished"
    )
    max_pages: int = public(
        0, "max-pages", readers.whole_number(0, 10**9), "N", "stop after so many pages; 0 is no limit"
    )
    deadline_s: float | None = public(None, "deadline", readers.duration, "TIME", "stop after so long (50m)")
    verbose: bool = public(
        False,
        "verbose",
        readers.switch,
        "",
        "tell on standard error of each URL, and what log.jsonl is told",
        short="v",
    )
    quiet: bool = public(False, "quiet", readers.switch, "", "print nothing unless something is wrong", short="q")
    json: bool = public(False, "json", readers.switch, "", "print the summary as one JSON object on standard output")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, by stage; `Settings()` is the default run."""

    fetch: FetchSettings = FetchSettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    visit: VisitSettings = VisitSettings()
    frontier: FrontierSettings = FrontierSettings()
    store: StoreSettings = StoreSettings()
    run: RunSettings = RunSettings()


class Option(NamedTuple):
    """A public field and where it lives: `getattr(getattr(settings, stage), attribute)`."""

    stage: str
    attribute: str
    default: Any
    public: Public


def options() -> list[Option]:
    """Every public option, in the order of the stages."""
    return [
        Option(stage.name, item.name, item.default, item.metadata[PUBLIC])
        for stage in fields(Settings)
        for item in fields(stage.default)  # type: ignore[arg-type]
        if PUBLIC in item.metadata
    ]
