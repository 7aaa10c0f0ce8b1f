"""How a crawl fetches and analyses, in a word; and `auto`, which leaves that to the crawl itself."""

from dataclasses import replace
from typing import Final, NamedTuple

from crawler.settings import Settings

AUTO: Final = "auto"
_BEGINS_WITH: Final = {"fetch": "async", "analyze": "processes"}
"""Where `auto` stands: what is never far behind, and keeps a bad page to itself."""


class Strategy(NamedTuple):
    """A way to fetch, a place to analyse with so many workers; or so many shards, which each do both."""

    fetch: str
    analyze: str
    workers: int
    shards: int = 0

    def __str__(self) -> str:
        """`async + processes (2)`, `4 x (async + inline)`."""
        if self.shards:
            return f"{self.shards} x ({self.fetch} + inline)"
        return f"{self.fetch} + {self.analyze}" + f" ({self.workers})" * (self.analyze != "inline")


def begun(settings: Settings) -> Settings:
    """The settings to begin with; `visit.may_change` if some of them were `auto`."""
    fetch, analyze = settings.fetch, settings.analyze
    if AUTO not in (fetch.room, analyze.room):
        return settings
    return replace(
        settings,
        fetch=replace(fetch, room=_BEGINS_WITH["fetch"]) if fetch.room == AUTO else fetch,
        analyze=replace(analyze, room=_BEGINS_WITH["analyze"]) if analyze.room == AUTO else analyze,
        visit=replace(settings.visit, may_change=True),
    )


def strategy_of(settings: Settings) -> Strategy:
    """What these settings make of a crawl."""
    return Strategy(settings.fetch.room, settings.analyze.room, settings.analyze.worker_count, settings.visit.shards)


def under(strategy: Strategy, settings: Settings) -> Settings:
    """The settings that make it a crawl in as many shards as the strategy has."""
    return replace(settings, visit=replace(settings.visit, shards=strategy.shards, may_change=False))


def alternatives(settings: Settings) -> list[Strategy]:
    """What could take over from a crawl begun so and isolates as well, fewer processes first.

    That is shards, as far as there are cores; nothing where a number of workers or shards was asked for.
    """
    now = strategy_of(settings)
    if now.shards or settings.analyze.workers or now.analyze != "processes" or now.fetch == "sequential":
        return []
    return [Strategy(now.fetch, "inline", 0, shards) for shards in range(2, now.workers + 1)]
