"""A made-up web: what stands at each URL, and what an attempt to visit it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from crawler.model import (
    Analysis,
    Answer,
    Failure,
    Fault,
    Job,
    Listing,
    Outcome,
    Redirect,
    Robots,
    RobotsRule,
    Timings,
    Visit,
    pack,
)
from crawler.urls import host as host_of

WORDS = pack({"word": 1})


class Text(NamedTuple):
    """A page that can be read."""

    links: tuple[str, ...] = ()
    is_noindex: bool = False


class To(NamedTuple):
    """A redirect."""

    target: str


class Ill(NamedTuple):
    """A failure: a status, or a fault without any answer."""

    status: int = 0
    fault: Fault = Fault.STATUS
    retry_after_s: float | None = None

    @property
    def text(self) -> str:
        return str(self.status or self.fault.value)


class Index(NamedTuple):
    """A sitemap."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


Thing: TypeAlias = Text | To | Ill | Index | Robots
NOT_FOUND = Ill(404)


@dataclass(frozen=True)
class Web:
    """All that stands anywhere; where nothing stands is a 404, also instead of a robots.txt.

    `flukes` are what the first attempts at a URL come to; `latency_s` is how long the first byte of a host takes.
    """

    things: Mapping[str, Thing]
    flukes: Mapping[str, tuple[Ill, ...]] = field(default_factory=dict)
    latency_s: Mapping[str, float] = field(default_factory=dict)

    def visit(self, job: Job, attempt: int) -> Visit:
        """What becomes of the attempt of that number, from 0, at the job's URL."""
        flukes = self.flukes.get(job.url, ())
        thing = flukes[attempt] if attempt < len(flukes) else self.things.get(job.url, NOT_FOUND)
        if isinstance(thing, Ill) and not thing.status:
            return Visit(job, None, Failure(thing.fault, thing.text))
        status, retry_after_s = (thing.status, thing.retry_after_s) if isinstance(thing, Ill) else (200, None)
        timings = Timings(first_byte_s=self.latency_s.get(host_of(job.url), 0.0))
        return Visit(job, Answer(status, "text/html", 100, timings, retry_after_s), _outcome(job, thing))


def robots_txt(*disallowed: str, delay_s: float | None = None, sitemaps: tuple[str, ...] = ()) -> Robots:
    """A robots.txt that forbids these paths."""
    rules = tuple(RobotsRule(allow=False, pattern=path, line=line) for line, path in enumerate(disallowed, 2))
    return Robots(rules, delay_s, sitemaps)


def origin(url: str) -> str:
    """Scheme, host and port."""
    return "/".join(url.split("/")[:3])


def site_of(host: str) -> str:
    """The last two labels."""
    return ".".join(host.split(".")[-2:])


def _outcome(job: Job, thing: Thing) -> Outcome:
    """As crawler/visit judges an answer: a robots.txt that is refused for good allows everything."""
    outcome: Outcome = Failure(Fault.CONTENT_TYPE, f"no {job.kind}", "analyze")
    match job.kind, thing:
        case _, To(target):
            outcome = Redirect(target)
        case "robots", Robots():
            outcome = thing
        case "robots", Ill(status, _, _) if 400 <= status < 500 and status != 429:
            outcome = Robots()
        case _, Ill(_, fault, _):
            outcome = Failure(fault, thing.text)
        case "robots", _:
            outcome = Robots()
        case "sitemap", Index(pages, sitemaps):
            outcome = Listing(pack([(url, "2025-01-01") for url in pages]), sitemaps)
        case "page", Text(links, is_noindex):
            outcome = Analysis("utf-8", "", None, 1, 1, (), WORDS, pack(links), is_noindex=is_noindex)
    return outcome
