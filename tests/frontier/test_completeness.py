"""Every URL within reach ends exactly once, at its least depth, whatever the order, the room in memory, the kills."""

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.canonical import canonicalizer
from crawler.frontier import discovery, errands, retries
from crawler.frontier.discovery import LINKS_A_STEP
from crawler.frontier.state import Frontier
from crawler.model import Answer, Job, Redirect, Timings, Visit
from crawler.orders import (
    ANALYSED,
    EXCLUDED,
    OUT_OF_SCOPE,
    OVER_LIMIT,
    REDIRECTED,
    TRAP,
    WAITING,
    Found,
    Recall,
    Reopen,
)
from crawler.settings import FrontierSettings
from tests.frontier import webs
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.reference import Fate, fates
from tests.frontier.world import Ill, Index, Text, To, Web, robots_txt


@pytest.fixture(autouse=True, scope="module")
def _patient() -> Iterator[None]:
    """No host is given up here, because that is a matter of order; `test_retries.py` sees to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retries, "HOST_KILLERS", {})
        patch.setattr(retries, "MAX_REFUSALS", 10**9)
        yield


REFUSED = {OUT_OF_SCOPE, EXCLUDED, TRAP, OVER_LIMIT}
MOST_ATTEMPTS = 5
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


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


def check(crawl: Crawl, web: Web, seeds: list[str]) -> None:
    assert came(crawl) == fates(web, seeds, crawl.settings)
    states = Counter(crawl.states().values())
    assert states.total() == crawl.frontier.discovered == len(crawl.disk.urls)
    visited = {url.id for url in crawl.disk.urls.values() if url.state not in REFUSED}
    assert set(crawl.disk.visits) == visited
    assert crawl.frontier.settled == len(visited)
    assert (crawl.frontier.waiting, crawl.frontier.in_flight, states[WAITING]) == (0, 0, 0)
    for url in crawl.disk.urls.values():
        visit = crawl.disk.visits.get(url.id)
        assert visit is None or visit.job.url == url.url


def check_attempts(crawl: Crawl) -> None:
    """Nothing goes out twice, but to be tried again, one attempt after the other."""
    attempts: dict[str, list[Job]] = {}
    for start in crawl.starts:
        attempts.setdefault(start.job.url, []).append(start.job)
    for jobs in attempts.values():
        kinds = Counter((job.kind, job.origin, job.hops) if job.kind != "page" else "page" for job in jobs)
        assert kinds["page"] <= MOST_ATTEMPTS
        assert [job.tries for job in jobs if job.kind == "page"] == list(range(kinds["page"]))
    starts_and_ends = sorted(
        [(start.at, 1, start.job.url) for start in crawl.starts if start.job.kind == "page"]
        + [(end.at, 0, end.visit.job.url) for end in crawl.ends if end.visit.job.kind == "page"]
    )
    under_way = Counter[str]()
    for _, is_start, url in starts_and_ends:
        under_way[url] += 1 if is_start else -1
        assert under_way[url] <= 1


@settings(quick, max_examples=150)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.schedules)
def test_every_url_ends_as_it_must_whatever_the_order(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    crawl = Crawl(web, seeds, setting, schedule).run()
    check(crawl, web, seeds)
    check_attempts(crawl)


@settings(quick, max_examples=150)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_every_url_ends_as_it_must_whenever_it_is_killed(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    check(Crawl(web, seeds, setting, schedule).run(), web, seeds)


@settings(quick, max_examples=150)
@given(random=st.integers(0, 2**32).map(Random), setting=webs.settings, schedule=webs.schedules | webs.killed)
def test_larger_webs_end_as_they_must(random: Random, setting: FrontierSettings, schedule: Schedule) -> None:
    web, seeds = webs.grown(random), random.sample(webs.URLS, 5)
    check(Crawl(web, seeds, setting, schedule).run(), web, seeds)


@settings(quick, max_examples=60)
@given(random=st.integers(0, 2**32).map(Random), schedule=webs.schedules | webs.killed, portion=st.integers(1, 4))
def test_what_enters_in_portions_enters_whole(random: Random, schedule: Schedule, portion: int) -> None:
    web, seeds = webs.grown(random, 40), random.sample(webs.URLS, 5)
    setting = FrontierSettings(depth=4, scope="site", sitemaps=True, held_per_host=3, held_in_all=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discovery, "LINKS_A_STEP", portion)
        patch.setattr(errands, "LINKS_A_STEP", portion)
        check(Crawl(web, seeds, setting, schedule).run(), web, seeds)


def test_a_page_that_links_to_itself_is_as_near_on_disk_as_in_memory() -> None:
    web = Web({f"{A}/go": To(f"{A}/"), f"{A}/": Text((f"{A}/", f"{A}/1", f"{A}/2"))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discovery, "LINKS_A_STEP", 1)
        crawl = Crawl(web, [f"{A}/go"], FrontierSettings(depth=1)).run()
    check(crawl, web, [f"{A}/go"])


@settings(quick, max_examples=1)
@given(seed=st.integers(0, 2**16))
def test_a_kill_at_any_step_changes_nothing(seed: int) -> None:
    web, seeds = webs.grown(Random(4), 20), [webs.URLS[0], webs.URLS[3], webs.URLS[8]]
    setting = FrontierSettings(depth=3, scope="site", sitemaps=True, held_per_host=3, held_in_all=5)
    steps = Crawl(web, seeds, setting, Schedule(seed, write_share=0.2)).run().steps
    for step in range(1, steps + 1):
        check(Crawl(web, seeds, setting, Schedule(seed, write_share=0.2, kills=frozenset({step}))).run(), web, seeds)


@settings(quick, max_examples=150)
@given(
    web=webs.webs(),
    seeds=st.lists(st.sampled_from(webs.URLS), min_size=1, max_size=8),
    schedule=webs.killed,
    limit=st.integers(1, 3),
    scope=st.sampled_from(webs.SCOPES),
)
def test_no_host_has_more_urls_than_it_may(
    web: Web, seeds: list[str], schedule: Schedule, limit: int, scope: str
) -> None:
    setting = FrontierSettings(depth=4, scope=scope, max_per_host=limit, delay_s=0, held_per_host=2, held_in_all=3)
    crawl = Crawl(web, seeds, setting, schedule).run()
    per_host = Counter(url.host for url in crawl.disk.urls.values() if url.state not in REFUSED)
    assert max(per_host.values()) <= limit
    hosts_over = {url.host for url in crawl.disk.urls.values() if url.state == OVER_LIMIT}
    assert all(per_host[host] == limit for host in hosts_over)


A, B = "http://a.test", "http://b.test"


def test_a_redirect_of_a_seed_brings_back_what_was_out_of_scope() -> None:
    web = Web({
        f"{A}/": Text((f"{B}/1", f"{B}/2?no", "http://c.test/")),
        f"{A}/away": To(f"{B}/"),
        f"{B}/": Text(),
        f"{B}/1": Text((f"{B}/3",)),
    })  # fmt: skip
    setting = FrontierSettings(depth=2, exclude=(re.compile("no"),), delay_s=5.0, per_host=1)
    crawl = Crawl(web, [f"{A}/", f"{A}/away"], setting).run()
    assert [order for order, _ in crawl.brought if isinstance(order, Recall)]
    assert came(crawl) == {
        f"{A}/": Fate(ANALYSED, None, 0, 0),
        f"{A}/away": Fate(REDIRECTED, None, 0, 0),
        f"{B}/": Fate(ANALYSED, None, 0, 1),
        f"{B}/1": Fate(ANALYSED, None, 1, 0),
        f"{B}/3": Fate("failed", "status", 2, 0),
        f"{B}/2?no": Fate(EXCLUDED, None, 1, 0),
        "http://c.test/": Fate(OUT_OF_SCOPE, None, 1, 0),
    }


def test_more_than_one_recall_of_rows_is_read_in_turn() -> None:
    pages = {f"{A}/{page}": Text(tuple(f"{B}/{page}{link}" for link in range(100, 1_000))) for page in range(3)}
    setting = FrontierSettings(depth=1, robots="ignore", per_host=1, delay_s=0)
    crawl = Crawl(Web({**pages, f"{A}/away": To(f"{B}/")}), [*pages, f"{A}/away"], setting, Schedule(lanes=1)).run()
    assert [rows for order, rows in crawl.brought if isinstance(order, Recall)] == [1_000, 1_000, 700]
    assert Counter(crawl.states().values())["failed"] == 2_701


def test_a_shorter_way_found_late_brings_everything_behind_it_nearer() -> None:
    chain = {f"{A}/{number}": Text((f"{A}/{number + 1}",)) for number in range(1, 6)}
    web = Web({f"{A}/": Text((f"{A}/1",)), f"{B}/": To(f"{A}/3"), **chain}, flukes={f"{B}/": (Ill(500),)})
    setting = FrontierSettings(depth=4, delay_s=0, robots="ignore")
    crawl = Crawl(web, [f"{A}/", f"{B}/"], setting, Schedule(durations_s=(0.0,))).run()
    assert [order for order, _ in crawl.brought if isinstance(order, Reopen)]
    assert [came(crawl)[f"{A}/{number}"].depth for number in range(1, 7)] == [1, 2, 0, 1, 2, 3]


@pytest.mark.parametrize("robots", ["obey", "ignore"])
def test_a_run_killed_while_a_sitemap_is_read_reads_it_again(robots: str) -> None:
    web = Web({f"{A}/": Text(), f"{A}/sitemap.xml": Index((f"{A}/listed",)), f"{A}/listed": Text()})
    setting = FrontierSettings(sitemaps=True, robots=robots)
    steps = Crawl(web, [f"{A}/"], setting, Schedule(write_share=1.0)).run().steps
    for step in range(1, steps + 1):
        crawl = Crawl(web, [f"{A}/"], setting, Schedule(write_share=1.0, kills=frozenset({step}))).run()
        assert crawl.states() == {f"{A}/": ANALYSED, f"{A}/listed": ANALYSED}


def test_an_errand_that_is_forbidden_or_fails_holds_nothing_up() -> None:
    web = Web({
        f"{A}/robots.txt": robots_txt("/no", sitemaps=(f"{A}/no/sitemap.xml", f"{A}/gone.xml", f"{B}/broken.xml")),
        f"{A}/": Text(),
        f"{B}/broken.xml": Ill(410),
    })  # fmt: skip
    crawl = Crawl(web, [f"{A}/", Job(f"{A}/more.xml", kind="sitemap")], FrontierSettings(sitemaps=True)).run()
    assert crawl.states() == {f"{A}/": ANALYSED}
    assert len(crawl.notes("sitemap-failed")) == 4, "nor is b.test, which has no page, asked for sitemaps of its own"


def test_a_page_of_many_links_enters_in_portions_and_whole_even_when_killed_in_between() -> None:
    web = Web({f"{A}/": Text(tuple(f"{A}/{number}" for number in range(2_500)))})
    setting = FrontierSettings(depth=1, robots="ignore", delay_s=0)
    for kills in (frozenset[int](), frozenset({4}), frozenset({6})):
        crawl = Crawl(web, [f"{A}/"], setting, Schedule(write_share=1.0, kills=kills)).run()
        assert len(crawl.states()) == 2_501
        assert max(sum(isinstance(c, Found) for c in kept.settled.changes) for kept in crawl.kept) <= LINKS_A_STEP
        assert not any(url.must_reopen for url in crawl.disk.urls.values())


def test_a_redirect_is_followed_in_canonical_form_but_to_the_letter_where_that_leads_back() -> None:
    canonical = canonicalizer(("utm_*",))
    frontier = Frontier(FrontierSettings(robots="ignore"), canonical=canonical)
    frontier.offer([Job(f"{A}/go"), Job(f"{A}/self")], 0.0)
    targets = []
    for now in (0.0, 1.0):
        job = frontier.next(now)
        assert isinstance(job, Job)
        where = f"{A}/b?utm_source=x" if job.url.endswith("go") else f"{A}/self?utm_source=x"
        visit = frontier.settle(Visit(job, Answer(301, "", 0, Timings()), Redirect(where)), now).visit
        assert visit is not None and isinstance(visit.outcome, Redirect)
        targets.append(visit.outcome.target)
    assert targets == [f"{A}/b", f"{A}/self?utm_source=x"]
