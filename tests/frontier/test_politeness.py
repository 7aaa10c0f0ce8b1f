"""What we owe to hosts, read off what went out and when: not too many, not too soon, nothing that is forbidden."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.model import Fault, Redirect, Robots
from crawler.orders import ANALYSED, Learned
from crawler.orders import ROBOTS as FORBIDDEN
from crawler.settings import FrontierSettings
from crawler.urls import host as host_of
from tests.frontier import webs
from tests.frontier.drive import Crawl, End, Schedule, Start
from tests.frontier.world import Ill, Text, To, Web, origin, robots_txt

A, B, SITE = "http://a.test", "http://b.test", "http://x.crawler.test"
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
SHORT_TTL_S = 200.0
"""Longer than any pause in these webs, or a robots.txt could expire before anything that it allows goes out."""


def by_host(starts: Iterable[Start]) -> dict[tuple[int, str], list[Start]]:
    """The starts at each host in each life of the run."""
    grouped: dict[tuple[int, str], list[Start]] = {}
    for start in starts:
        grouped.setdefault((start.life, start.host), []).append(start)
    return grouped


def is_paced(host: str) -> bool:
    return not host.endswith("crawler.test")


def check_number_in_flight(crawl: Crawl) -> None:
    for (life, host), starts in by_host(crawl.starts).items():
        ends = [end for end in crawl.ends if (end.life, end.host) == (life, host)]
        events = sorted([(start.n, 1) for start in starts] + [(end.n, -1) for end in ends])
        in_flight = 0
        for _, change in events:
            in_flight += change
            assert in_flight <= crawl.settings.per_host or not is_paced(host)


def check_pauses(crawl: Crawl) -> None:
    for (life, host), starts in by_host(crawl.starts).items():
        ends = [end for end in crawl.ends if end.life == life]
        answers = [end for end in ends if isinstance(end.visit.outcome, Robots)]
        asked = [end for end in answers if host_of(end.visit.job.origin) == host]
        for first, second in pairwise(starts):
            gap_s = second.at - first.at
            assert gap_s >= (crawl.settings.delay_s if is_paced(host) else 0) - 1e-9
            for end in asked:
                if end.n < second.n:
                    assert gap_s >= crawl_delay_s(end, crawl.settings) - 1e-9
        for end in ends:
            answer = end.visit.answer
            if end.host == host and answer is not None and answer.status in {429, 503}:
                hold_s = max(1.0, answer.retry_after_s or 0.0)
                assert not [start for start in starts if start.n > end.n and start.at < end.at + hold_s - 1e-9]


def crawl_delay_s(end: End, setting: FrontierSettings) -> float:
    robots = end.visit.outcome
    assert isinstance(robots, Robots)
    return min(robots.delay_s or 0.0, setting.max_crawl_delay_s)


def check_ledger(crawl: Crawl) -> None:
    """What the frontier says that it did is what it did; each request kept the delay that was announced before it."""
    for host in {start.host for start in crawl.starts}:
        starts = [start.at for start in crawl.starts if start.host == host]
        asked = crawl.asked(host)
        gaps = [None, *(second - first for first, second in pairwise(starts))]
        assert [entry.gap_s for entry in asked] == pytest.approx(gaps)
        for before, after in pairwise(asked):
            assert after.gap_s is not None and after.gap_s >= before.delay_s - 1e-9


def check_robots(crawl: Crawl) -> None:
    ttl_s = crawl.settings.robots_ttl_s
    answers = [end for end in crawl.ends if end.visit.job.kind == "robots"]
    for start in crawl.starts:
        job, place = start.job, origin(start.job.url)
        if job.kind == "robots":
            if not job.hops and not job.tries:
                assert job.url == f"{job.origin}/robots.txt"
                earlier = [end for end in answers if end.visit.job.origin == job.origin and end.n < start.n]
                assert all(end.at + ttl_s <= start.at for end in earlier), "asked twice"
            continue
        known = [end for end in answers if end.visit.job.origin == place and end.n < start.n]
        assert known, "robots.txt was not asked"
        assert start.at < known[-1].at + ttl_s, "robots.txt has expired"
        outcome = known[-1].visit.outcome
        if isinstance(outcome, Redirect):
            assert known[-1].visit.job.hops == 5
            continue
        assert isinstance(outcome, Robots), "robots.txt could not be had"
        path = job.url.removeprefix(place)
        assert path == "/robots.txt" or not any(path.startswith(rule.pattern) for rule in outcome.rules), "forbidden"


@settings(quick, max_examples=150)
@given(
    web=webs.webs(),
    seeds=webs.seeds,
    setting=webs.settings,
    schedule=webs.schedules,
    ttl_s=st.sampled_from((SHORT_TTL_S, 86_400.0)),
)
def test_nothing_goes_out_too_soon_or_against_the_rules(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule, ttl_s: float
) -> None:
    crawl = Crawl(web, seeds, replace(setting, robots_ttl_s=ttl_s), schedule).run()
    check_number_in_flight(crawl)
    check_pauses(crawl)
    check_ledger(crawl)
    if setting.robots == "obey":
        check_robots(crawl)
    else:
        assert not [start for start in crawl.starts if start.job.kind == "robots"]


@settings(quick, max_examples=60)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_each_life_of_a_killed_run_is_as_polite(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    crawl = Crawl(web, seeds, setting, schedule).run()
    check_number_in_flight(crawl)
    check_pauses(crawl)
    for life in range(crawl.life + 1):
        asked = [start.job for start in crawl.starts if start.life == life and start.job.kind == "robots"]
        first = [job.origin for job in asked if not job.hops and not job.tries]
        assert len(first) == len(set(first))


@settings(quick, max_examples=60)
@given(web=webs.webs(), seeds=webs.seeds, setting=webs.settings, schedule=webs.killed)
def test_what_was_written_of_one_life_binds_the_next(
    web: Web, seeds: list[str], setting: FrontierSettings, schedule: Schedule
) -> None:
    """A kill loses what was not yet written: here, that of what was still in flight."""
    crawl = Crawl(web, seeds, setting, replace(schedule, write_share=1.0)).run()
    for end in crawl.ends:
        starts = [start for start in crawl.starts if start.host == end.host and start.n > end.n]
        answer = end.visit.answer
        hold_s = (answer.retry_after_s or 0.0) if answer is not None and answer.status in {429, 503} else 0.0
        asked_at = max(start.at for start in crawl.starts if start.host == end.host and start.n < end.n)
        resume_at = max(end.at + hold_s, asked_at + (setting.delay_s if is_paced(end.host) else 0.0))
        assert all(start.at >= resume_at - 1e-9 for start in starts)


def pages_of(base: str, number: int) -> dict[str, Text]:
    return {f"{base}/{page}": Text() for page in range(number)}


def gaps_s(crawl: Crawl, host: str) -> list[float]:
    return [second.at - first.at for first, second in pairwise(start for start in crawl.starts if start.host == host)]


def test_the_delay_is_kept_from_start_to_start() -> None:
    web = Web(pages_of(A, 9))
    crawl = Crawl(web, web.things, FrontierSettings(delay_s=1.5), Schedule(durations_s=(0.5,))).run()
    assert gaps_s(crawl, "a.test") == [1.5] * 9


def test_slow_answers_hold_up_the_next_request_only_when_enough_are_in_flight() -> None:
    web = Web(pages_of(A, 6))
    setting = FrontierSettings(delay_s=1.0, per_host=3, robots="ignore")
    crawl = Crawl(web, web.things, setting, Schedule(lanes=9, durations_s=(10.0,))).run()
    assert [start.at for start in crawl.starts] == [0, 1, 2, 10, 11, 12]


@pytest.mark.parametrize(("asked_s", "granted_s"), [(0.5, 1.0), (4.0, 4.0), (30.0, 30.0), (31.0, 30.0)])
def test_a_crawl_delay_is_granted_up_to_a_limit(asked_s: float, granted_s: float) -> None:
    pages = pages_of(A, 4)
    web = Web({**pages, f"{A}/robots.txt": robots_txt(delay_s=asked_s)})
    crawl = Crawl(web, pages, FrontierSettings()).run()
    assert gaps_s(crawl, "a.test") == [granted_s] * 4
    notes = [note.text for note in crawl.notes("crawl-delay")]
    assert notes == (["asks for 31 s between requests; 30 s is the most that is granted"] if asked_s > 30 else [])


@pytest.mark.parametrize("fluke", [Ill(500), Ill(503, retry_after_s=2.0), Ill(fault=Fault.TIMEOUT)])
def test_a_crawl_delay_counts_also_when_robots_txt_had_to_be_asked_twice(fluke: Ill) -> None:
    pages = pages_of(A, 3)
    asking = robots_txt(delay_s=20.0)
    web = Web({**pages, f"{A}/robots.txt": asking}, {f"{A}/robots.txt": (fluke,)})
    crawl = Crawl(web, pages, FrontierSettings()).run()
    assert min(gaps_s(crawl, "a.test")[-3:]) >= 20.0
    assert {change.origin: change.robots for change in crawl.changes if isinstance(change, Learned)} == {A: asking}


def test_where_a_robots_txt_is_redirected_to_is_a_host_with_its_own() -> None:
    pages = pages_of(A, 3) | pages_of(B, 3)
    web = Web({**pages, f"{A}/robots.txt": To(f"{B}/robots.txt"), f"{B}/robots.txt": robots_txt("/2", delay_s=20.0)})
    crawl = Crawl(web, pages, FrontierSettings(), Schedule(durations_s=(0.0,))).run()
    assert gaps_s(crawl, "a.test") == [20.0] * 2
    assert gaps_s(crawl, "b.test")[-2:] == [20.0] * 2
    assert {change.origin for change in crawl.changes if isinstance(change, Learned)} == {A, B}
    assert [url for url, state in crawl.states().items() if state == FORBIDDEN] == [f"{A}/2", f"{B}/2"]


def test_the_crawl_delay_of_one_origin_binds_its_host() -> None:
    pages = {**pages_of(A, 3), **pages_of(f"{A}:81", 3)}
    web = Web({**pages, f"{A}:81/robots.txt": robots_txt(delay_s=9.0)})
    crawl = Crawl(web, pages, FrontierSettings(), Schedule(durations_s=(0.0,))).run()
    asked = next(at for at, start in enumerate(crawl.starts) if start.job.url == f"{A}:81/robots.txt")
    assert gaps_s(crawl, "a.test")[asked:] == [9.0] * (7 - asked)


def test_robots_txt_is_asked_again_after_a_day_and_may_ask_for_more_then() -> None:
    pages = pages_of(A, 5)
    web = Web(pages | {f"{A}/robots.txt": robots_txt(delay_s=20_000.0)})
    setting = FrontierSettings(max_crawl_delay_s=30_000.0)
    crawl = Crawl(web, pages, setting, Schedule(durations_s=(0.0,))).run()
    asked = [start.at for start in crawl.starts if start.job.kind == "robots"]
    assert asked == [0.0, 100_000.0]
    assert len([change for change in crawl.changes if isinstance(change, Learned)]) == 2


def test_a_robots_txt_that_has_changed_is_obeyed() -> None:
    pages = pages_of(A, 30)
    before, after = robots_txt(), robots_txt("/2", delay_s=3.0)
    things: dict[str, Text | Robots] = {**pages, f"{A}/robots.txt": before}
    setting = FrontierSettings(robots_ttl_s=10.0)
    crawl = Crawl(Web(things), pages, setting, Schedule(lanes=1, durations_s=(0.0,)))
    while crawl.now < 5.0:
        assert crawl.step()
    things[f"{A}/robots.txt"] = after
    crawl.run()
    assert [url for url, state in crawl.states().items() if state == FORBIDDEN] == [f"{A}/2{n}" for n in range(10)]
    assert set(gaps_s(crawl, "a.test")) == {1.0, 3.0}


def test_a_plea_to_be_left_alone_is_heard_and_forgotten_slowly() -> None:
    pages = pages_of(A, 8)
    web = Web(pages, {f"{A}/2": (Ill(429, retry_after_s=40.0), Ill(503))})
    setting = FrontierSettings(robots="ignore", per_host=1)
    crawl = Crawl(web, pages, setting, Schedule(durations_s=(0.0,))).run()
    gaps = gaps_s(crawl, "a.test")
    assert gaps[:4] == [1.0, 1.0, 40.0, 2.0]
    assert gaps[4:] == pytest.approx([3.0, 2.8, 2.62, 2.458, 2.3122])
    assert [note.text for note in crawl.notes("slowed")] == [
        "answers 429; next request in 40.0 s",
        "answers 503; next request in 2.0 s",
    ]


def test_a_plea_for_a_long_pause_is_told_to_everybody() -> None:
    web = Web(pages_of(A, 2), {f"{A}/0": (Ill(503, retry_after_s=3_000.0),)})
    crawl = Crawl(web, list(web.things), FrontierSettings(robots="ignore"), Schedule(durations_s=(0.0,))).run()
    assert [note.text for note in crawl.notes("long-wait")] == ["answers 503; next request in 3,000.0 s"]
    assert crawl.notes("slowed") == []


def test_a_slow_host_is_asked_less_often() -> None:
    pages = {**pages_of(A, 40), **pages_of(B, 40)}
    setting = FrontierSettings(robots="ignore", per_host=5)
    crawl = Crawl(Web(pages, latency_s={"a.test": 9.0}), pages, setting, Schedule(durations_s=(0.0,))).run()
    slow = gaps_s(crawl, "a.test")
    assert slow[0] == 1.0 and 8.9 < slow[-1] <= 9.0 and slow == sorted(slow)
    assert set(gaps_s(crawl, "b.test")) == {1.0}


@pytest.mark.parametrize("kills", [frozenset[int](), frozenset({20})])
@pytest.mark.parametrize(
    "base", [SITE, "http://crawler.test", "http://127.0.0.1:80", "http://localhost", "http://[::1]:8"]
)
def test_what_is_the_users_own_is_not_spared(base: str, kills: frozenset[int]) -> None:
    pages = pages_of(base, 30)
    crawl = Crawl(Web(pages), pages, FrontierSettings(), Schedule(lanes=50, durations_s=(1.0,), kills=kills)).run()
    assert crawl.now <= 2.0 + len(kills) * 2.0
    assert set(crawl.states().values()) == {ANALYSED}


@pytest.mark.parametrize("base", ["http://127.0.0.1", "http://127.1.example", "http://mycrawler.test"])
def test_what_only_looks_like_the_users_own_is_spared(base: str) -> None:
    """A loopback host counts when a seed names it; a link from anywhere may lead there too."""
    pages = pages_of(base, 3)
    web = Web({**pages, f"{A}/": Text(tuple(pages))})
    seeds = [f"{A}/"] if base.endswith("0.0.1") else list(pages)
    setting = FrontierSettings(depth=1, scope="any")
    crawl = Crawl(web, seeds, setting, Schedule(durations_s=(0.0,))).run()
    assert gaps_s(crawl, host_of(f"{base}/")) == [1.0] * 3
