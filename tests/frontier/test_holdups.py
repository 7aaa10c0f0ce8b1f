"""Why jobs wait for their host, from the frontier's own mouth."""

from crawler.bounds import Holdup
from crawler.frontier.state import Frontier
from crawler.model import Analysis, Answer, Failure, Fault, Job, Outcome, Robots, Timings, Visit, pack
from crawler.orders import Wait
from crawler.settings import FrontierSettings

URLS = [f"http://a.test/{n}" for n in range(4)]
SAID = Analysis("utf-8", "", None, 0, 0, (), pack({}), pack([]))


def frontier(robots: str = "ignore", delay_s: float = 0.0, per_host: int = 2) -> Frontier:
    made = Frontier(FrontierSettings(robots=robots, delay_s=delay_s, per_host=per_host))
    made.offer(map(Job, URLS), 0.0)
    return made


def given(made: Frontier, now: float) -> list[Job]:
    """All that may go out now."""
    jobs = []
    while not isinstance(order := made.next(now), Wait):
        assert isinstance(order, Job)
        jobs.append(order)
    return jobs


def answer(
    made: Frontier, job: Job, now: float, outcome: Outcome = SAID, *, status: int = 200, s: float = 0.0
) -> None:
    made.settle(Visit(job, Answer(status, "", 0, Timings(first_byte_s=s)), outcome), now)


def whys(made: Frontier, now: float) -> list[str]:
    holdups = made.holdups(now)
    assert all(holdup == Holdup("a.test", holdup.why) for holdup in holdups)
    return [holdup.why for holdup in holdups]


def test_nothing_is_held_up_that_can_go() -> None:
    made = frontier()
    assert made.has_due(0.0)
    assert whys(made, 0.0) == []


def test_a_host_that_has_its_fill_is_waited_for() -> None:
    made = frontier()
    first, _ = given(made, 0.0)
    assert whys(made, 0.0) == ["per-host"]
    assert not made.has_due(9.0)
    answer(made, first, 0.0)
    assert made.has_due(0.0)
    given(made, 0.0)
    assert whys(made, 0.0) == ["per-host"]


def test_our_delay_and_what_makes_it_longer() -> None:
    made = frontier(delay_s=1.0)
    (first,) = given(made, 0.0)
    assert whys(made, 0.5) == ["delay"]
    assert whys(made, 1.5) == []
    answer(made, first, 0.5, s=50.0)
    (second,) = given(made, 1.5)
    assert whys(made, 2.0) == ["slow"]
    answer(made, second, 2.0, Failure(Fault.STATUS, "429"), status=429)
    assert whys(made, 2.5) == ["refused"]


def test_what_robots_txt_asks_for_and_the_wait_for_it() -> None:
    made = frontier("obey")
    (asks,) = given(made, 0.0)
    assert asks.kind == "robots"
    assert whys(made, 0.0) == ["robots"]
    answer(made, asks, 0.0, Robots(delay_s=2.0))
    assert whys(made, 0.5) == ["crawl-delay"]
    assert len(given(made, 2.0)) == 1
    assert whys(made, 3.0) == ["crawl-delay"]


def test_what_is_tried_again_later() -> None:
    made = Frontier(FrontierSettings(robots="ignore", delay_s=0.0))
    made.offer([Job(URLS[0])], 0.0)
    (job,) = given(made, 0.0)
    made.settle(Visit(job, None, Failure(Fault.RESET, "gone")), 0.0)
    assert made.waiting == 1
    assert whys(made, 0.0) == ["retry"]


def test_an_earlier_run_was_asked_to_leave_it_alone() -> None:
    made = frontier()
    made.restore_holds([("a.test", 60.0)], 0.0)
    assert whys(made, 1.0) == ["refused"]


def test_a_host_that_was_given_up_is_not_waited_for() -> None:
    made = frontier()
    made.restore_holds([("a.test", 100_000.0)], 0.0)
    assert whys(made, 1.0) == []
