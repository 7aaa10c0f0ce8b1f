"""Every URL within reach ends exactly once, at its least depth, whatever the order, the room in memory and the kills."""

from collections import Counter

from hypothesis import HealthCheck, event, given, settings

from crawler.orders import WAITING
from crawler.settings import FrontierSettings
from tests.frontier import webs
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.reference import Fate, fates
from tests.frontier.world import Web

quick = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=False)


def came(crawl: Crawl) -> dict[str, Fate]:
    """What a crawl came to."""
    return {
        url.url: Fate(
            url.state,
            (url.reason or "").partition(":")[0] if url.state == "failed" else None,
            url.depth,
            url.hops,
        )
        for url in crawl.disk.urls.values()
    }


@settings(quick, max_examples=3000)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.schedules)
def test_every_url_ends_as_it_must_whatever_the_order(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    crawl = Crawl(web, seeds, setting, schedule).run()
    assert came(crawl) == fates(web, seeds, setting)


@settings(quick, max_examples=3000)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_every_url_ends_as_it_must_whatever_is_killed_when(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    crawl = Crawl(web, seeds, setting, schedule).run()
    assert came(crawl) == fates(web, seeds, setting)
