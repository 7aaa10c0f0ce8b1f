"""What goes into a run: its seeds, wherever they come from, and what makes it the same run as the one before."""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from crawler.credentials import Credentials, by_origin
from crawler.headers import Header
from crawler.model import Job
from crawler.seeds import Seeds, UnusableSeeds, read_seeds
from crawler.settings import Settings
from crawler.source import Source
from crawler.store.files import read_lines
from crawler.urls import NotCrawlable, masked, parse


async def read(source: Source, settings: Settings) -> Seeds:
    """The seeds, in canonical form, with the sitemaps that the settings name.

    Raises UnusableSeeds.
    """
    strip_params = settings.analyze.strip_params
    if source.lines is not None:
        lines: Sequence[bytes] = [line.encode() for line in source.lines]
    else:
        try:
            lines = await read_lines(source.path)
        except OSError as error:
            why = f"{error.strerror}; give a file of URLs, a URL, or - for stdin"
            raise UnusableSeeds(f"{masked(source.name)}: {why}") from None
    seeds = await asyncio.to_thread(read_seeds, lines, source.name, strip_params)
    sitemaps = [_sitemap(url, seeds.credentials) for url in settings.frontier.sitemap]
    return seeds._replace(jobs=[*seeds.jobs, *sitemaps])


def _sitemap(url: str, credentials: Credentials) -> Job:
    try:
        job = Job(parse(url), kind="sitemap")
        credentials.take(url)
    except NotCrawlable as error:
        raise UnusableSeeds(f"--sitemap {masked(url)}: {error}") from None
    return job


def headers_of(seeds: Seeds, settings: Settings) -> Mapping[str, tuple[Header, ...]]:
    """The headers, secret ones among them, that each origin is sent beyond those that all are.

    Raises UnusableSeeds for a header that is meant for a host that the seeds do not name.
    """
    try:
        return by_origin(settings.fetch.headers, seeds.credentials.by_origin, (job.url for job in seeds.jobs))
    except ValueError as error:
        raise UnusableSeeds(f"--header: {error}") from None


def digest_of(seeds: Seeds, settings: Settings) -> bytes:
    """What makes a run another run: its URLs, and where it may go from there; no password is part of it."""
    frontier = settings.frontier
    patterns = [[pattern.pattern for pattern in some] for some in (frontier.include, frontier.exclude)]
    rules = (frontier.depth, frontier.scope, patterns, frontier.max_per_host, frontier.sitemaps, frontier.robots)
    reach = settings.fetch.allow_private
    reading = (settings.analyze.nofollow, settings.analyze.noindex, settings.analyze.strip_params)
    return blake2b(repr(([job.url for job in seeds.jobs], rules, reading, reach)).encode(), digest_size=16).digest()
