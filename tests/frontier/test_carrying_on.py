"""A run killed before any of its steps and carried on comes to the same: a web for each thing to remember."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from crawler.frontier.state import Frontier
from crawler.model import Answer, Fault, Job, Robots, Timings, Visit
from crawler.orders import ANALYSED, OUT_OF_SCOPE, OVER_LIMIT, REDIRECTED, Change, Learned, Load, Row, Wait
from crawler.settings import FrontierSettings
from tests.frontier.disk import Disk
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.reference import fates
from tests.frontier.test_completeness import came
from tests.frontier.world import Ill, Index, Text, Thing, To, Web, robots_txt

A, A81, B = "http://a.test", "http://a.test:81", "http://b.test"
IGNORANT = FrontierSettings(robots="ignore", delay_s=0.0)
CAREFUL = Schedule(lanes=2, durations_s=(0.1,), write_share=1.0)


class Forgetful(Disk):
    """Has lost every robots.txt, as if more than a day had passed."""

    def _write(self, change: Change, now: float) -> None:
        if not isinstance(change, Learned):
            super()._write(change, now)


def lives(
    web: Web,
    seeds: list[str],
    setting: FrontierSettings,
    disk: Callable[[], Disk] = Disk,
    schedule: Schedule = CAREFUL,
) -> list[Crawl]:
    """The crawl as it is without a kill, and with one before each of its steps."""
    whole = Crawl(web, seeds, setting, schedule, disk=disk()).run()
    kills = [frozenset({step}) for step in range(1, whole.steps + 1)]
    return [whole, *(Crawl(web, seeds, setting, replace(schedule, kills=kill), disk=disk()).run() for kill in kills)]


def test_a_shorter_way_is_followed_up() -> None:
    chain = {f"{A}/{number}": Text((f"{A}/{number + 1}",)) for number in range(1, 6)}
    web = Web({f"{A}/": Text((f"{A}/1",)), f"{B}/": To(f"{A}/3"), **chain}, flukes={f"{B}/": (Ill(502),) * 2})
    setting = replace(IGNORANT, depth=4)
    for crawl in lives(web, [f"{A}/", f"{B}/"], setting):
        assert came(crawl) == fates(Web(web.things), [f"{A}/", f"{B}/"], setting)
        assert not any(url.must_reopen for url in crawl.disk.urls.values())


def test_a_scope_that_grew_lets_in_what_it_had_kept_out() -> None:
    web = Web({f"{A}/": Text((f"{B}/1", f"{B}/2")), f"{A}/away": To(f"{B}/"), f"{B}/": Text(), f"{B}/1": Text()})
    setting = replace(IGNORANT, depth=1)
    for crawl in lives(web, [f"{A}/", f"{A}/away"], setting):
        assert came(crawl) == fates(web, [f"{A}/", f"{A}/away"], setting)


def test_a_redirect_too_many_never_makes_the_scope_larger() -> None:
    web = Web({f"{A}/": Text((f"{B}/1",)), f"{A}/go": To(f"{A}/on"), f"{A}/on": To(f"{B}/")})
    for crawl in lives(web, [f"{A}/", f"{A}/go"], replace(IGNORANT, depth=1, max_redirects=1)):
        assert crawl.states() == {
            f"{A}/": ANALYSED,
            f"{A}/go": REDIRECTED,
            f"{A}/on": REDIRECTED,
            f"{B}/1": OUT_OF_SCOPE,
        }


def test_what_comes_back_into_scope_counts_for_the_limit_of_its_host() -> None:
    web = Web({f"{A}/": Text(tuple(f"{B}/{number}" for number in range(5))), f"{A}/away": To(f"{B}/")})
    for crawl in lives(web, [f"{A}/", f"{A}/away"], replace(IGNORANT, depth=1, max_per_host=2)):
        assert Counter(crawl.states().values()) == {ANALYSED: 1, REDIRECTED: 1, "failed": 2, OVER_LIMIT: 4}


def test_seeds_over_the_limit_of_their_host_stay_out() -> None:
    seeds = [f"{A}/{number}" for number in range(4)]
    for crawl in lives(Web({seed: Text() for seed in seeds}), [*seeds, *seeds], replace(IGNORANT, max_per_host=2)):
        assert Counter(crawl.states().values()) == {ANALYSED: 2, OVER_LIMIT: 2}


@pytest.mark.parametrize("disk", [Disk, Forgetful])
@pytest.mark.parametrize("robots", ["obey", "ignore"])
def test_a_sitemap_that_was_not_read_to_its_end_is_read_again(robots: str, disk: Callable[[], Disk]) -> None:
    pages = {f"{origin}/{page}": Text() for origin in (A, A81) for page in ("", "listed")}
    maps = {f"{origin}/sitemap.xml": Index((f"{origin}/listed",)) for origin in (A, A81)}
    web = Web({**pages, **maps})
    setting = FrontierSettings(sitemaps=True, robots=robots, delay_s=0.0)
    for crawl in lives(web, [f"{A}/", f"{A81}/"], setting, disk):
        assert set(crawl.states().values()) == {ANALYSED} and len(crawl.states()) == 4
        asked = Counter((start.life, start.job.url) for start in crawl.starts if start.job.kind == "robots")
        assert set(asked.values()) <= {1}, "robots.txt was asked twice"


def test_hosts_that_never_answered_are_not_asked_for_sitemaps_again() -> None:
    web = Web({f"{A}/robots.txt": Ill(fault=Fault.CONNECT), f"{A}/": Text()})
    crawl = Crawl(web, [f"{A}/"], FrontierSettings(sitemaps=True), CAREFUL).run()
    crawl.disk.write(crawl.now)
    again = Crawl(web, [f"{A}/"], FrontierSettings(sitemaps=True), CAREFUL, disk=crawl.disk).run()
    assert len(crawl.starts) == 3
    assert again.starts == []


@pytest.mark.parametrize("ill", [Ill(500), Ill(503), To(f"{B}/robots.txt")])
def test_only_the_sitemaps_that_robots_txt_names_are_read_however_it_was_had(ill: Ill | To) -> None:
    told = robots_txt(sitemaps=(f"{A}/named.xml",))
    there = f"{B}/robots.txt" if isinstance(ill, To) else f"{A}/robots.txt"
    flukes = {} if isinstance(ill, To) else {there: (ill,)}
    things: dict[str, Thing] = {
        f"{A}/robots.txt": ill,
        there: told,
        f"{A}/": Text(),
        f"{A}/named.xml": Index((f"{A}/listed",)),
    }
    crawl = Crawl(Web(things, flukes), [f"{A}/"], FrontierSettings(sitemaps=True), CAREFUL).run()
    assert [start.job.url for start in crawl.starts if start.job.kind == "sitemap"] == [f"{A}/named.xml"]


def test_a_crawl_delay_known_from_before_counts_from_the_last_request_of_this_life() -> None:
    frontier = Frontier(FrontierSettings())
    frontier.restore_robots([(A, robots_txt(), 1e6), (A81, robots_txt(delay_s=20.0), 1e6)])
    frontier.offer([Job(f"{A}/"), Job(f"{A81}/1"), Job(f"{A81}/2")], 0.0)
    now, starts = 0.0, []
    while now < 60.0:
        if isinstance(frontier.next(now), Job):
            starts.append(now)
        now += 0.5
    assert starts == [0.0, 20.0], "and no more, because two are in flight"


def test_a_plea_holds_back_also_the_robots_txt_that_was_due() -> None:
    """It was the next to go, before the one in flight was answered."""
    things: dict[str, Thing] = {f"{A}/robots.txt": robots_txt(sitemaps=(f"{A81}/m.xml",)), f"{A}/": Text()}
    web = Web(things, {f"{A}/": (Ill(429, retry_after_s=40.0),)})
    crawl = Crawl(web, [f"{A}/"], FrontierSettings(sitemaps=True), Schedule(durations_s=(0.5,))).run()
    assert [(start.at, start.job.url) for start in crawl.starts[1:3]] == [(1.0, f"{A}/"), (41.5, f"{A81}/robots.txt")]


def test_a_host_of_two_origins_waits_until_the_robots_txt_of_both_are_known() -> None:
    frontier = Frontier(FrontierSettings(sitemaps=True, delay_s=0.0, per_host=9))
    frontier.restore([Row(1, f"{A}/", 0, 0, ANALYSED), Row(2, f"{A81}/", 0, 0, ANALYSED), Row(3, f"{A}/1", 1, 0)])
    frontier.offer([], 0.0)
    asked = [job for job in (frontier.next(0.0), frontier.next(0.0)) if isinstance(job, Job)]
    assert {job.url for job in asked} == {f"{A}/robots.txt", f"{A81}/robots.txt"}
    for job in asked:
        assert frontier.next(0.0) == Wait(None)
        frontier.settle(Visit(job, Answer(200, "", 0, Timings()), Robots()), 0.0)
    more = [frontier.next(0.0) for _ in range(3)]
    assert {order.url for order in more if isinstance(order, Job)} == {f"{A}/sitemap.xml", f"{A81}/sitemap.xml"}
    assert [order.host for order in more if isinstance(order, Load)] == ["a.test"]
