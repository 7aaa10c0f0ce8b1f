"""From settings to open rooms: a fetcher and a worker room behind one visitor; and the built-in site where needed."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

from crawler.analyze.page import analyze
from crawler.fetch.catalog import open_fetcher
from crawler.headers import Header
from crawler.model import Traits
from crawler.readers import ConnectTo, destination
from crawler.seeds import Seeds
from crawler.settings import Settings
from crawler.site.process import SiteProcess, start_site
from crawler.site.settings import SiteSettings
from crawler.urls import host, port
from crawler.visit.pipeline import Pipeline
from crawler.workers.catalog import load_room

SITE_DOMAIN = ".crawler.test"
"""The built-in site's: these names lead nowhere else, since RFC 6761 keeps `test` out of the DNS."""


def _is_on_site(url: str) -> bool:
    return f".{host(url)}".endswith(SITE_DOMAIN)


async def start_site_for(seeds: Seeds, settings: Settings, stack: AsyncExitStack) -> SiteProcess | None:
    """The built-in site, when a seed lies on it and --connect-to does not lead its hosts elsewhere."""
    rules = settings.fetch.connect_to
    places = ((host(job.url), port(job.url)) for job in seeds.jobs if _is_on_site(job.url))
    if all(destination(rules, *place) != place for place in places):
        return None
    site = await asyncio.to_thread(start_site, SiteSettings())
    stack.push_async_callback(asyncio.to_thread, site.close)
    return site


def connected(settings: Settings, site: SiteProcess | None, headers: Mapping[str, tuple[Header, ...]]) -> Settings:
    """The settings under which the names of the site lead to it, and each origin is sent the headers meant for it."""
    rules = settings.fetch.connect_to
    if site is not None:
        rules = (*rules, ConnectTo(SITE_DOMAIN, None, site.host, site.port))
    return replace(settings, fetch=replace(settings.fetch, connect_to=rules, headers_by_origin=headers))


def guarded(settings: Settings, seeds: Seeds) -> Settings:
    """The settings under which the hosts of the seeds, and only they, may be at private addresses."""
    if settings.fetch.allow_private:
        return settings
    named = settings.fetch.named_hosts.union(host(job.url) for job in seeds.jobs)
    return replace(settings, fetch=replace(settings.fetch, named_hosts=named))


async def open_rooms(settings: Settings) -> tuple[Pipeline, Traits]:
    """The visitor, and what its worker room promises."""
    heart = partial(analyze, settings=replace(settings.analyze, robots_name=settings.fetch.robots_name))
    preload = ("crawler.analyze.page", f"crawler.analyze.{settings.analyze.parser}")
    # Imports take their time, so they happen in a thread; nothing else may wait for them.
    open_analyzer = await asyncio.to_thread(load_room, settings.analyze.room)
    fetcher = await asyncio.to_thread(open_fetcher, settings.fetch)
    analyzer = open_analyzer(heart, settings.analyze, preload)
    return Pipeline(fetcher, analyzer), analyzer.traits
