"""What a shard is made of: a fetcher, and behind it an analysis on the same loop, under an alarm of its own."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from crawler.fetch.catalog import open_fetcher
from crawler.model import Page, Reading
from crawler.protocols import Fetcher
from crawler.settings import AnalyzeSettings, FetchSettings, Settings
from crawler.visit.inside import Recipe
from crawler.visit.pipeline import Pipeline
from crawler.wall.confined import set_alarm
from crawler.workers.guarded import Heart
from crawler.workers.inline import InlineRoom

_A_SLOT_BYTES: Final = 8 * 2**20
"""What the stack of a thread takes of the address space, whether it fetches or looks up names."""
_BODIES_A_SLOT: Final = 2
"""One that arrives, and its copy when it is whole."""
_LOOKERS: Final = min(32, (os.cpu_count() or 1) + 4)
"""The most threads that a loop starts to look up names."""
_GRACE_S: Final = 5.0
_MODULES: Final = {"async": "aio", "threads": "threads", "sequential": "sequential"}


def recipe_of(
    settings: Settings, heart: Heart, module: str, fetcher: Callable[[FetchSettings], Fetcher] = open_fetcher
) -> Recipe:
    """The recipe of one of the shards that the settings ask for; `module` is where the heart comes from."""
    fetch, analyze = settings.fetch, settings.analyze
    own = replace(fetch, concurrency=-(-fetch.concurrency // settings.visit.shards))
    capacity = 1 if fetch.room == "sequential" else own.concurrency
    in_the_air = capacity * (_BODIES_A_SLOT * fetch.max_body_bytes + _A_SLOT_BYTES) + _LOOKERS * _A_SLOT_BYTES
    longest_s = fetch.timeout_s + analyze.deadline_s_of(fetch.max_body_bytes)
    preload = [module, f"crawler.analyze.{analyze.parser}", f"crawler.fetch.{_MODULES[fetch.room]}", __name__]
    return Recipe(
        open_rooms=partial(open_pipeline, fetcher, own, heart, analyze),
        capacity=capacity,
        loop=settings.run.loop,
        max_growth_bytes=analyze.max_growth_bytes + in_the_air,
        patience_s=longest_s + _GRACE_S,
        preload=(*preload, settings.run.loop),
    )


def open_pipeline(
    fetcher: Callable[[FetchSettings], Fetcher], fetch: FetchSettings, heart: Heart, analyze: AnalyzeSettings
) -> Pipeline:
    """The rooms of a shard; called in its process."""
    return Pipeline(fetcher(fetch), InlineRoom(partial(_in_time, heart, analyze)))


def _in_time(heart: Heart, settings: AnalyzeSettings, page: Page) -> Reading:
    set_alarm(settings.deadline_s_of(len(page.body)))
    try:
        return heart(page)
    finally:
        set_alarm(0)
