"""The frontier: once each, in order, redirects with a limit and no circles."""

from hypothesis import given, strategies

from crawler.frontier.state import Frontier
from crawler.model import Answer, Failure, Fault, Job, Redirect, Timings, Visit
from crawler.settings import FrontierSettings

ANSWER = Answer(301, "", 0, Timings())
URLS = [f"http://a.test/{letter}" for letter in "abcdefgh"]


def redirecting(job: Job, target: str) -> Visit:
    return Visit(job, ANSWER, Redirect(target))


def failing(job: Job) -> Visit:
    return Visit(job, None, Failure(Fault.DNS, "gone"))


def test_urls_go_out_once_and_in_order() -> None:
    frontier = Frontier(FrontierSettings())
    frontier.offer(Job(url) for url in (URLS[0], URLS[1], URLS[0], URLS[2]))
    jobs = [frontier.next() for _ in range(3)]
    assert [job and job.url for job in jobs] == URLS[:3]
    assert frontier.next() is None
    assert (frontier.in_flight, frontier.waiting, frontier.is_drained) == (3, 0, False)
    for job in jobs:
        assert job is not None
        frontier.settle(failing(job))
    assert (frontier.in_flight, frontier.settled, frontier.is_drained) == (0, 3, True)


def test_a_redirect_is_a_new_job_unless_its_target_is_known() -> None:
    frontier = Frontier(FrontierSettings())
    frontier.offer([Job(URLS[0], 3), Job(URLS[1])])
    first, second = frontier.next(), frontier.next()
    assert first is not None and second is not None
    assert frontier.settle(redirecting(first, URLS[2])) == redirecting(first, URLS[2])
    assert frontier.next() == Job(URLS[2], 3, 1)
    frontier.settle(redirecting(second, URLS[2]))
    assert frontier.next() is None


def test_more_redirects_than_allowed_are_a_failure() -> None:
    frontier = Frontier(FrontierSettings(max_redirects=3))
    frontier.offer([Job(URLS[0])])
    for target in URLS[1:4]:
        job = frontier.next()
        assert job is not None
        assert isinstance(frontier.settle(redirecting(job, target)).outcome, Redirect)
    job = frontier.next()
    assert job is not None
    assert frontier.settle(redirecting(job, URLS[4])).outcome == Failure(Fault.REDIRECT, "more than 3 redirects")
    assert frontier.is_drained


def test_a_circle_is_a_failure_at_the_url_that_closes_it() -> None:
    frontier = Frontier(FrontierSettings())
    frontier.offer([Job(URLS[0]), Job(URLS[1])])
    first, second = frontier.next(), frontier.next()
    assert first is not None and second is not None
    frontier.settle(redirecting(first, URLS[1]))
    closed = frontier.settle(redirecting(second, URLS[0]))
    assert closed.outcome == Failure(Fault.REDIRECT, f"the redirect to {URLS[0]} leads back here")
    frontier.offer([Job(URLS[2])])
    alone = frontier.next()
    assert alone is not None
    assert isinstance(frontier.settle(redirecting(alone, URLS[2])).outcome, Failure)


def test_a_restored_frontier_knows_what_was_settled_and_follows_its_redirects() -> None:
    frontier = Frontier(FrontierSettings())
    frontier.restore([(Job(URLS[0]), None), (Job(URLS[1]), URLS[2]), (Job(URLS[3]), URLS[0])])
    frontier.offer(Job(url) for url in URLS[:5])
    assert frontier.settled == 3
    assert [frontier.next() for _ in range(3)] == [Job(URLS[2], 0, 1), Job(URLS[4]), None]


@given(
    seeds=strategies.lists(strategies.sampled_from(URLS), min_size=1),
    redirects=strategies.dictionaries(strategies.sampled_from(URLS), strategies.sampled_from(URLS)),
    order=strategies.randoms(use_true_random=False),
    lanes=strategies.integers(1, 5),
)
def test_whatever_the_order_every_url_ends_once_and_no_chain_circles(
    seeds: list[str], redirects: dict[str, str], order: object, lanes: int
) -> None:
    frontier = Frontier(FrontierSettings())
    frontier.offer(map(Job, seeds))
    in_flight: list[Job] = []
    kept: dict[str, Visit] = {}
    while not frontier.is_drained:
        while len(in_flight) < lanes and (job := frontier.next()) is not None:
            in_flight.append(job)
        order.shuffle(in_flight)  # type: ignore[attr-defined]
        job = in_flight.pop()
        target = redirects.get(job.url)
        visit = frontier.settle(redirecting(job, target) if target else failing(job))
        assert job.url not in kept
        kept[job.url] = visit
    reachable = set(seeds)
    while more := {redirects[url] for url in reachable if url in redirects} - reachable:
        reachable |= more
    assert set(kept) == reachable
    for visit in kept.values():
        outcome, hops = visit.outcome, 0
        while isinstance(outcome, Redirect):
            outcome, hops = kept[outcome.target].outcome, hops + 1
            assert hops <= len(URLS), "a circle"
