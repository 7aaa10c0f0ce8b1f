"""What is held in memory is bounded, whatever waits: the nearest few of each host, and a hash of every URL."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.orders import ANALYSED, Load
from crawler.settings import FrontierSettings
from tests.frontier import webs
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.world import Ill, Text, Web

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def tree(hosts: int, pages: int, wide: int = 7) -> Web:
    """Each page links to the next few, some of them at the next host."""
    urls = [f"http://h{number % hosts}.test/{number}" for number in range(pages)]
    return Web({url: Text(tuple(urls[at * wide + 1 : at * wide + wide + 1])) for at, url in enumerate(urls)})


def held(crawl: Crawl) -> dict[str, int]:
    """How many URLs of each host wait in memory."""
    return {name: len(host.held) for name, host in crawl.frontier._found.hosts.items()}


def watch_memory(crawl: Crawl) -> None:
    """What is loaded is what is near, and those that were in flight or waited to be tried again and did not come."""
    setting = crawl.settings
    found = crawl.frontier._found
    most = 0
    for name, number in held(crawl).items():
        host = found.hosts[name]
        assert number <= setting.held_per_host + crawl.schedule.lanes + host.retrying
        most += setting.held_per_host + crawl.schedule.lanes + host.retrying
    assert found.held == sum(held(crawl).values()) <= setting.held_in_all + most
    stored = sum(host.stored for host in found.hosts.values())
    assert found.waiting == found.held + stored
    assert crawl.frontier.waiting >= found.waiting


def watch_loads(crawl: Crawl) -> None:
    """Nothing more is asked for than fits, beyond what lies on disk as waiting but is under way."""
    for order, rows in crawl.brought[-1:]:
        if isinstance(order, Load):
            assert rows <= order.most <= crawl.settings.held_per_host + crawl.schedule.lanes


@pytest.mark.parametrize(("held_per_host", "held_in_all", "hosts"), [(1, 1, 3), (8, 20, 5), (64, 100, 2), (9, 9, 40)])
def test_thousands_of_urls_pass_through_a_few_places(held_per_host: int, held_in_all: int, hosts: int) -> None:
    web = tree(hosts, 3_000)
    setting = FrontierSettings(
        depth=9, scope="any", robots="ignore", delay_s=0, held_per_host=held_per_host, held_in_all=held_in_all
    )

    def watch(crawl: Crawl) -> None:
        watch_memory(crawl)
        watch_loads(crawl)
        assert sum(held(crawl).values()) <= held_in_all + hosts * held_per_host

    crawl = Crawl(web, ["http://h0.test/0"], setting, Schedule(lanes=8), watch).run()
    assert Counter(crawl.states().values()) == {ANALYSED: 3_000}
    loads = [rows for order, rows in crawl.brought if isinstance(order, Load)]
    assert len(loads) <= 1.5 * 3_000 / held_per_host + 2 * hosts, "more loads than it takes"


def test_what_is_met_when_memory_is_full_waits_on_disk() -> None:
    links = tuple(f"http://h{number % 40}.test/{number}" for number in range(400))
    web = Web({"http://h.test/": Text(links)})
    setting = FrontierSettings(depth=1, scope="any", robots="ignore", held_per_host=5, held_in_all=9)
    crawl = Crawl(web, ["http://h.test/"], setting)
    while crawl.frontier.discovered == 1:
        crawl.step()
    assert crawl.frontier.discovered == 401
    assert sum(held(crawl).values()) == 9
    crawl.run()
    assert len(crawl.pages()) == 401


def test_where_there_is_room_for_all_nothing_is_loaded() -> None:
    crawl = Crawl(tree(3, 500), ["http://h0.test/0"], FrontierSettings(depth=9, scope="any", held_per_host=500)).run()
    assert Counter(crawl.states().values()) == {ANALYSED: 500}
    assert not crawl.brought


def test_what_is_loaded_is_the_nearest() -> None:
    web = tree(1, 400)
    setting = FrontierSettings(depth=9, robots="ignore", held_per_host=5, delay_s=0)
    crawl = Crawl(web, ["http://h0.test/0"], setting, Schedule(lanes=1)).run()
    depths = [job.depth for job in crawl.pages()]
    assert depths == sorted(depths)


def test_a_resumed_run_loads_what_it_needs_and_no_more() -> None:
    web = tree(2, 900)
    setting = FrontierSettings(depth=9, scope="any", robots="ignore", delay_s=0, held_per_host=10)
    schedule = Schedule(lanes=4, kills=frozenset({300, 700}))
    crawl = Crawl(web, ["http://h0.test/0"], setting, schedule, watch_memory).run()
    assert Counter(crawl.states().values()) == {ANALYSED: 900}
    assert crawl.life == 2


def test_urls_to_be_tried_again_come_on_top_of_a_load() -> None:
    """They lie on disk as waiting, nearer than the rest: a load that did not reckon with them would bring nothing."""
    urls = [f"http://h0.test/{number}" for number in range(60)]
    web = Web({url: Text() for url in urls}, {url: (Ill(500),) for url in urls[:25]})
    setting = FrontierSettings(robots="ignore", delay_s=0, per_host=5, held_per_host=2)
    crawl = Crawl(web, urls, setting, Schedule(lanes=5, durations_s=(0.0, 0.01)), watch_memory).run()
    assert Counter(crawl.states().values()) == {ANALYSED: 60}
    assert max(order.most for order, _ in crawl.brought if isinstance(order, Load)) > 20


@settings(quick, max_examples=60)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_the_books_balance_at_every_step(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    def watch(crawl: Crawl) -> None:
        watch_memory(crawl)
        frontier = crawl.frontier
        assert frontier.in_flight == crawl.flying
        assert frontier._errands.waiting == sum(len(host.errands) for host in frontier._found.hosts.values())
        assert frontier._timetable.retries == sum(host.retrying for host in frontier._found.hosts.values())

    Crawl(web, seeds, setting, schedule, watch).run()


def test_why_a_crawl_is_not_faster_is_told() -> None:
    urls = [f"http://h{number % 2}.test/{number}" for number in range(10)]
    crawl = Crawl(Web({url: Text() for url in urls}), urls, FrontierSettings(robots="ignore", delay_s=3.0))
    for _ in range(2):
        crawl.step()
    assert crawl.frontier.outlook(0.0) == (8, 2, 8, 2, 3.0)
    assert crawl.frontier.outlook(2.0) == (8, 2, 8, 2, 1.0)
    assert crawl.frontier.outlook(3.5) == (8, 2, 0, 0, 0.0)
    crawl.run()
    assert crawl.frontier.outlook(crawl.now) == (0, 0, 0, 0, None)
    assert all(second.at >= first.at for first, second in pairwise(crawl.starts))


@given(st.integers(1, 50))
@settings(quick, max_examples=5)
def test_the_number_of_hosts_makes_no_difference_to_what_is_found(hosts: int) -> None:
    setting = FrontierSettings(depth=9, scope="any", held_per_host=3, held_in_all=4, delay_s=0)
    crawl = Crawl(tree(hosts, 300), ["http://h0.test/0"], setting, Schedule(lanes=6)).run()
    assert Counter(crawl.states().values()) == {ANALYSED: 300}
