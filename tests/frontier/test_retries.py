"""What is tried again, when and how often; what makes a host be given up, and what becomes of its URLs then."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from crawler.frontier.hosts import Host
from crawler.frontier.pace import Pace
from crawler.frontier.state import Frontier
from crawler.model import Failure, Fault, Job, Visit
from crawler.orders import ANALYSED, FAILED, GIVEN_UP, Note, Settled, Wait
from crawler.orders import ROBOTS as FORBIDDEN
from crawler.settings import FrontierSettings
from tests.frontier.drive import Crawl, Schedule
from tests.frontier.world import Ill, Index, Text, Thing, To, Web, robots_txt

A, B, SITE = "http://a.test", "http://b.test", "http://x.crawler.test"
AT_ONCE = Schedule(lanes=1, durations_s=(0.0,))
POLITE = FrontierSettings(delay_s=1.0)
IGNORANT = FrontierSettings(delay_s=1.0, robots="ignore")

WAITS_S: list[tuple[Ill, list[float]]] = [
    (Ill(fault=Fault.DNS), [5]),
    (Ill(fault=Fault.CONNECT), [2, 4]),
    (Ill(fault=Fault.TIMEOUT), [10]),
    (Ill(fault=Fault.RESET), [2, 4]),
    (Ill(408), [5]),
    (Ill(429), [1, 2, 4, 8]),
    (Ill(429, retry_after_s=3600.0), [3600] * 4),
    (Ill(500), [5]),
    (Ill(502), [5, 10]),
    (Ill(503), [1, 2, 4, 8]),
    (Ill(503, retry_after_s=5.0), [5, 5, 5, 8]),
    (Ill(504), [5, 10]),
]
FINAL_STATUSES = (400, 401, 403, 404, 410, 418, 451, 501, 505, 511, 522, 599, 299, 304)
PASSING = (Fault.LOST, Fault.DNS, Fault.CONNECT, Fault.TIMEOUT, Fault.RESET, Fault.STATUS)
FINAL = [*map(Ill, FINAL_STATUSES), *(Ill(fault=fault) for fault in Fault if fault not in PASSING)]
ROBOTS_FAULTS = (Fault.DNS, Fault.BLOCKED, Fault.CONNECT, Fault.TLS, Fault.TIMEOUT, Fault.TOO_LARGE, Fault.CRASHED)


def crawl_of(things: Mapping[str, Thing], seeds: list[str], setting: FrontierSettings = IGNORANT) -> Crawl:
    return Crawl(Web(things), seeds, setting, AT_ONCE).run()


def times(crawl: Crawl, url: str) -> list[float]:
    return [start.at for start in crawl.starts if start.job.url == url]


def has_given_up(settled: Settled) -> bool:
    return any(isinstance(change, Note) and change.event == "given-up" for change in settled.changes)


@pytest.mark.parametrize(("ill", "waits_s"), WAITS_S, ids=str)
def test_what_may_pass_is_tried_again(ill: Ill, waits_s: list[float]) -> None:
    crawl = crawl_of({f"{A}/": ill}, [f"{A}/"])
    assert [second - first for first, second in pairwise(times(crawl, f"{A}/"))] == waits_s
    assert crawl.states() == {f"{A}/": FAILED}
    number = len(waits_s) + 1
    assert crawl.reasons() == {f"{A}/": f"{ill.fault.value}: {ill.text} (given up after {number} tries)"}
    assert len(crawl.notes("retry")) == len(waits_s)


@pytest.mark.parametrize(("ill", "waits_s"), WAITS_S, ids=str)
def test_what_passes_in_time_counts_as_if_nothing_had_been(ill: Ill, waits_s: list[float]) -> None:
    web = Web({f"{A}/": Text()}, {f"{A}/": (ill,) * len(waits_s)})
    crawl = Crawl(web, [f"{A}/"], IGNORANT, AT_ONCE).run()
    assert (crawl.states(), crawl.reasons()) == ({f"{A}/": ANALYSED}, {})
    assert len(crawl.disk.visits) == 1


@pytest.mark.parametrize("ill", FINAL, ids=str)
def test_everything_else_is_final(ill: Ill) -> None:
    crawl = crawl_of({f"{A}/": ill}, [f"{A}/"])
    assert len(crawl.starts) == 1
    state = {Fault.ROBOTS: FORBIDDEN, Fault.GIVEN_UP: GIVEN_UP}.get(ill.fault, FAILED)
    assert crawl.states() == {f"{A}/": state}
    assert crawl.reasons()[f"{A}/"] == (f"{ill.fault.value}: {ill.text}" if state == FAILED else ill.text)


def test_the_users_own_site_is_tried_again_at_once() -> None:
    url = f"{SITE}/"
    assert times(crawl_of({url: Ill(502)}, [url]), url) == [0, 0, 0]
    assert times(crawl_of({url: Ill(503, retry_after_s=7.0)}, [url]), url) == [0, 7, 14, 21, 29]


def test_others_of_the_host_go_out_while_one_waits_to_be_tried_again() -> None:
    urls = [f"{A}/{number}" for number in range(4)]
    crawl = Crawl(Web({url: Text() for url in urls}, {urls[0]: (Ill(500),)}), urls, IGNORANT, AT_ONCE).run()
    assert [(start.at, start.job.url, start.job.tries) for start in crawl.starts] == [
        (0, urls[0], 0),
        (1, urls[1], 0),
        (2, urls[2], 0),
        (3, urls[3], 0),
        (5, urls[0], 1),
    ]


@pytest.mark.parametrize(
    ("ill", "attempts", "reason"),
    [
        (Ill(fault=Fault.DNS), 4, "4 attempts ended in dns, and none in an answer"),
        (Ill(fault=Fault.CONNECT), 9, "9 attempts ended in connect, and none in an answer"),
        (Ill(fault=Fault.TLS), 9, "9 attempts ended in tls, and none in an answer"),
        (Ill(fault=Fault.TIMEOUT), 9, "9 attempts ended in timeout, and none in an answer"),
        (Ill(fault=Fault.RESET), 20, "20 attempts ended in reset, and none in an answer"),
        (Ill(429), 8, "8 requests in a row were refused (429 or 503)"),
        (Ill(503, retry_after_s=1.0), 8, "8 requests in a row were refused (429 or 503)"),
        (Ill(503, retry_after_s=3601.0), 1, "it asks to be left alone for 3,601 s"),
    ],
    ids=str,
)
def test_a_host_that_never_answers_is_given_up_with_all_its_urls(ill: Ill, attempts: int, reason: str) -> None:
    urls = [f"{A}/{number}" for number in range(40)]
    crawl = crawl_of({**dict.fromkeys(urls, ill), f"{B}/": Text()}, [*urls, f"{B}/"])
    assert len([start for start in crawl.starts if start.host == "a.test"]) == attempts
    assert [note.text for note in crawl.notes("given-up")] == [reason]
    states = crawl.states()
    assert states.pop(f"{B}/") == ANALYSED
    tried = {start.job.url for start in crawl.starts}
    assert {states[url] for url in urls if url not in tried} == {GIVEN_UP}
    assert {crawl.reasons()[url] for url in urls if url not in tried} == {f"the host was given up: {reason}"}
    assert set(states.values()) <= {FAILED, GIVEN_UP}
    assert crawl.now < 3_600


def test_an_answer_between_keeps_a_host_alive() -> None:
    urls = [f"{A}/{number}" for number in range(40)]
    things: dict[str, Thing] = {url: Text() if at % 9 == 8 else Ill(fault=Fault.TLS) for at, url in enumerate(urls)}
    assert not crawl_of(things, urls).notes("given-up")
    del things[urls[8]]
    things[urls[8]] = Ill(fault=Fault.TLS)
    assert crawl_of(things, urls).notes("given-up")


def test_each_fault_is_counted_for_itself() -> None:
    urls = [f"{A}/{number}" for number in range(4)]
    crawl = crawl_of({**dict.fromkeys(urls, Ill(fault=Fault.TLS)), urls[3]: Ill(fault=Fault.DNS)}, urls)
    assert not crawl.notes("given-up")
    assert len(times(crawl, urls[3])) == 2


def test_what_was_in_flight_when_its_host_was_given_up_is_not_tried_again() -> None:
    urls = [f"{A}/{number}" for number in range(30)]
    web = Web(dict.fromkeys(urls, Ill(fault=Fault.TIMEOUT)))
    setting = FrontierSettings(robots="ignore", per_host=5, delay_s=0)
    crawl = Crawl(web, urls, setting, Schedule(lanes=5, durations_s=(30.0,))).run()
    given_up_at = next(written.at for written in crawl.kept if has_given_up(written.settled))
    assert given_up_at == 9 * 30.0, "what fails together counts once"
    assert max(start.at for start in crawl.starts) < given_up_at
    assert max(end.at for end in crawl.ends) == given_up_at
    assert len(crawl.notes("given-up")) == 1
    assert set(crawl.states().values()) == {FAILED, GIVEN_UP}


def test_a_host_that_is_given_up_ends_its_urls_now_and_not_when_it_might_have_been_asked_again() -> None:
    urls = [f"{A}/{number}" for number in range(9)]
    web = Web({urls[0]: Ill(429, retry_after_s=3_600.0), **dict.fromkeys(urls[1:], Ill(429, retry_after_s=3_601.0))})
    setting = FrontierSettings(robots="ignore", delay_s=0.0)
    crawl = Crawl(web, urls, setting, Schedule(lanes=2, durations_s=(0.1,))).run()
    assert crawl.now == 0.1
    assert set(crawl.states().values()) == {GIVEN_UP, FAILED}


def test_a_host_that_is_given_up_ends_its_errands_too() -> None:
    things: dict[str, Thing] = {
        f"{A}/robots.txt": robots_txt(sitemaps=(f"{A}/1.xml", f"{A}/2.xml", f"{B}/3.xml")),
        f"{A}/1.xml": Ill(503, retry_after_s=4_000.0),
        f"{B}/robots.txt": To(f"{A}/robots.txt"),
        f"{B}/3.xml": Index((f"{A}/listed",)),
    }
    crawl = crawl_of(things, [f"{A}/", f"{B}/"], FrontierSettings(sitemaps=True))
    assert len(crawl.notes("given-up")) == 1
    assert crawl.states()[f"{A}/"] == GIVEN_UP
    assert any("2.xml is not read: the host was given up" in note.text for note in crawl.notes("sitemap-failed"))


@pytest.mark.parametrize("ill", [Ill(500), Ill(503), Ill(429), Ill(599)], ids=str)
def test_a_robots_txt_that_could_not_be_had_closes_its_origin(ill: Ill) -> None:
    things: dict[str, Thing] = {f"{A}/robots.txt": ill, f"{A}/": Text(), f"{A}:81/": Text()}
    crawl = crawl_of(things, [f"{A}/", f"{A}:81/"], POLITE)
    assert crawl.states() == {f"{A}/": FORBIDDEN, f"{A}:81/": ANALYSED}
    assert crawl.reasons() == {f"{A}/": f"robots.txt could not be had ({ill.text}), which closes the host"}
    assert f"{A}/" not in {start.job.url for start in crawl.starts}
    assert [note.text for note in crawl.notes("robots")] == [f"robots.txt of {A} could not be had: {ill.text}"]


@pytest.mark.parametrize("fault", ROBOTS_FAULTS)
def test_a_robots_txt_that_fails_gives_its_urls_the_fault(fault: Fault) -> None:
    things: dict[str, Thing] = {f"{A}/robots.txt": Ill(fault=fault), f"{A}/": Text(), f"{A}/1": Text()}
    crawl = crawl_of(things, [f"{A}/", f"{A}/1"], POLITE)
    assert set(crawl.states().values()) == {FAILED}
    assert set(crawl.reasons().values()) == {f"{fault.value}: robots.txt: {fault.value}"}
    assert {start.job.kind for start in crawl.starts} == {"robots"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int) -> None:
    crawl = crawl_of({f"{A}/robots.txt": Ill(status), f"{A}/": Text()}, [f"{A}/"], POLITE)
    assert crawl.states() == {f"{A}/": ANALYSED}


@pytest.mark.parametrize(("redirects", "state"), [(1, FORBIDDEN), (5, FORBIDDEN), (6, ANALYSED)])
def test_a_robots_txt_is_followed_through_five_redirects(redirects: int, state: str) -> None:
    chain = [f"{A}/robots.txt", *(f"http://h{number}.test/r" for number in range(redirects))]
    things: dict[str, Thing] = {first: To(second) for first, second in pairwise(chain)}
    crawl = crawl_of({**things, chain[-1]: robots_txt("/"), f"{A}/": Text()}, [f"{A}/"], POLITE)
    assert crawl.states() == {f"{A}/": state}
    asked = [start.job for start in crawl.starts if start.job.kind == "robots"]
    assert [job.hops for job in asked] == list(range(min(redirects, 5) + 1))
    assert {job.origin for job in asked} == {A}


def test_a_sitemap_that_fails_is_tried_again_and_then_told() -> None:
    web = Web({}, {f"{A}/map.xml": (Ill(500),)})
    crawl = Crawl(web, [Job(f"{A}/map.xml", kind="sitemap")], IGNORANT, AT_ONCE).run()
    assert times(crawl, f"{A}/map.xml") == [0, 5]
    assert [note.text for note in crawl.notes("sitemap-failed")] == [f"{A}/map.xml could not be read: 404"]


def test_one_burst_of_pleas_counts_once_and_what_follows_counts_again() -> None:
    urls = [f"http://c.crawler.test/{number}" for number in range(64)]
    web = Web(dict.fromkeys(urls, Text()), flukes={url: (Ill(503),) for url in urls})
    crawl = Crawl(web, urls, FrontierSettings(robots="ignore"), Schedule(lanes=64, durations_s=(1.0,))).run()
    assert set(crawl.states().values()) == {ANALYSED}
    assert not crawl.notes("given-up")


def test_a_host_that_asked_an_earlier_session_to_be_left_alone_is() -> None:
    frontier = Frontier(FrontierSettings(robots="ignore"))
    frontier.restore_holds([("a.test", 120.0), ("b.test", 7_200.0)], 10.0)
    told = frontier.offer([Job(f"{A}/"), Job("http://b.test/")], 10.0).changes
    why = "the host was given up: it asked an earlier run to be left alone for another 7,200 s"
    assert [note for note in told if isinstance(note, Note)] == [
        Note("long-wait", "a.test", "asked an earlier start to be left alone for another 120 s"),
        Note("given-up", "b.test", why),
    ], "or nobody knew why nothing happens"
    ended = frontier.next(10.0)
    assert isinstance(ended, Settled) and ended.visit is not None
    assert ended.visit.outcome == Failure(
        Fault.GIVEN_UP, "the host was given up: it asked an earlier run to be left alone for another 7,200 s"
    )
    assert frontier.next(10.0) == Wait(130.0)
    assert isinstance(frontier.next(130.0), Job)


LOST = Ill(fault=Fault.LOST)


def test_what_was_lost_is_asked_for_again_at_the_pace_of_its_host_and_counts_as_no_attempt() -> None:
    urls = [f"{A}/", f"{A}/next"]
    flukes = {f"{A}/": (LOST,) * 7 + (Ill(500),), f"{A}/robots.txt": (LOST,)}
    crawl = Crawl(Web({url: Text() for url in urls}, flukes), urls, POLITE, AT_ONCE).run()
    assert crawl.states() == dict.fromkeys(urls, ANALYSED)
    assert [(start.at, start.job.url, start.job.tries) for start in crawl.starts] == [
        (0, f"{A}/robots.txt", 0),
        (1, f"{A}/robots.txt", 0),
        *((at, urls[0], 0) for at in range(2, 10)),
        (10, urls[1], 0),
        (14, urls[0], 1),
    ]


def test_those_who_were_lost_together_are_asked_for_again_one_by_one() -> None:
    """Whoever waited elsewhere for being visited alone would start at no pace at all."""
    urls = [f"{host}/{number}" for host in (A, B) for number in range(2)]
    setting = FrontierSettings(robots="ignore", per_host=2, delay_s=0)
    web = Web({url: Text() for url in urls}, dict.fromkeys(urls, (LOST,)))
    crawl = Crawl(web, urls, setting, Schedule(lanes=8, durations_s=(1.0,))).run()
    assert [start.at for start in crawl.starts] == [0, 0, 0, 0, 1, 2, 3, 4]
    assert crawl.states() == dict.fromkeys(urls, ANALYSED)


def test_who_was_lost_and_is_not_asked_for_again_keeps_no_other_waiting() -> None:
    urls = [f"{A}/{number}" for number in range(3)]
    setting = FrontierSettings(robots="ignore", per_host=3, delay_s=0)
    things: dict[str, Thing] = {urls[0]: Ill(503, retry_after_s=4_000.0), urls[1]: Text(), urls[2]: Text()}
    web = Web(things, dict.fromkeys(urls[1:], (LOST,)))
    crawl = Crawl(web, urls, setting, Schedule(lanes=3, durations_s=(1.0,))).run()
    assert crawl.states() == {urls[0]: FAILED, urls[1]: GIVEN_UP, urls[2]: GIVEN_UP}


def test_what_was_lost_says_nothing_about_its_host() -> None:
    """It is no failure of the host, it does not hide one, and it does not take one back."""
    urls = [f"{A}/{number}" for number in range(40)]
    silent = {url: Ill(fault=Fault.TLS) for url in urls}
    crawl = Crawl(Web(silent, dict.fromkeys(urls, (LOST,))), urls, IGNORANT, AT_ONCE).run()
    assert [note.text for note in crawl.notes("given-up")] == ["9 attempts ended in tls, and none in an answer"]
    assert len(crawl.starts) == 2 * 9


def test_what_is_lost_makes_no_echo_of_the_failures_beside_it() -> None:
    host = Host("a.test", Pace(1.0, is_paced=True), limit=3)
    host.in_flight = 2
    lost, refused = (Visit(Job(f"{A}/"), None, Failure(fault, "")) for fault in (Fault.LOST, Fault.TLS))
    assert host.learn(lost, 0.0) is None
    host.in_flight = 0
    reasons = [host.learn(refused, 1.0) for _ in range(9)]
    assert reasons == [None] * 8 + ["9 attempts ended in tls, and none in an answer"]


def test_what_is_lost_when_its_host_has_been_given_up_is_not_asked_for_again() -> None:
    urls = [f"{A}/0", f"{A}/1"]
    setting = FrontierSettings(robots="ignore", per_host=2, delay_s=0)
    web = Web({urls[0]: Ill(503, retry_after_s=4_000.0), urls[1]: Text()}, {urls[1]: (LOST,)})
    crawl = Crawl(web, urls, setting, Schedule(lanes=2, durations_s=(1.0,))).run()
    assert crawl.states() == {urls[0]: FAILED, urls[1]: GIVEN_UP}
    assert len(crawl.starts) == 2
