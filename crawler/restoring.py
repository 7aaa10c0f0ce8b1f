"""The frontier as a run begins: its seeds expected, and what earlier sessions and runs left behind taken over."""

import asyncio
from dataclasses import replace

from crawler.canonical import canonicalizer
from crawler.frontier.state import Frontier
from crawler.seeds import Seeds
from crawler.settings import Settings
from crawler.sites import site_of
from crawler.store.beginning import Run
from crawler.store.database import Database


async def restored_frontier(database: Database, run: Run, seeds: Seeds, settings: Settings) -> Frontier:
    """The frontier of a run, before any seed is offered to it."""
    if settings.frontier.scope == "site":
        await asyncio.to_thread(site_of, "")  # reads the list of public suffixes
    canonical = canonicalizer(settings.analyze.strip_params)
    rules = replace(settings.frontier, sitemaps=settings.frontier.sitemaps and run.retried is None)
    frontier = Frontier(rules, site_of=site_of, canonical=canonical, first_id=run.first_id)
    await asyncio.to_thread(frontier.expect, seeds.jobs)
    if run.is_resumed:
        async for rows in database.urls(run.id):
            frontier.restore(rows)
    now = asyncio.get_running_loop().time()
    known = await database.robots(settings.fetch.agent, settings.frontier.robots_ttl_s)
    frontier.restore_robots((origin, robots, now + left_s) for origin, robots, left_s in known)
    frontier.restore_holds(await database.holds(), now)
    return frontier
