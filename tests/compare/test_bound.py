"""What no strategy can undercut, by hand."""

import pytest

from crawler.compare.arms import REFERENCE
from crawler.compare.bound import bound_of
from crawler.compare.entrants import Entrant
from crawler.compare.judgement import Bound
from crawler.compare.loopback import transfer_s
from crawler.compare.report.words import facts
from tests.compare.cases import case, judged, runs
from tests.compare.examples import work


def bound(*, in_flight: int = 32, cores: float = 2, site_cpu_s: float | None = 0.0, **of: float) -> Bound:
    """Of two arms that take one and two seconds, and spend half a second and four seconds of CPU."""
    thrifty = Entrant(REFERENCE, tuple(runs(REFERENCE, 1.0, cores=0.5, site_cpu_s=site_cpu_s)))
    spender = Entrant("async+inline", tuple(runs("async+inline", 2.0, cores=2.0, site_cpu_s=site_cpu_s)))
    made = work("cpu", **{"delays_s": 0.0, "longest_delay_s": 0.0, **of})
    return bound_of(made, [spender, thrifty], in_flight, cores)


def test_delays_are_divided_among_the_pages_in_flight() -> None:
    found = bound(delays_s=64.0, longest_delay_s=0.5)
    assert (found.latency_s, found.least_s, found.by) == (2.0, 2.0, "latency")
    assert bound(delays_s=64.0, longest_delay_s=0.5, in_flight=1).latency_s == 64.0


def test_the_longest_delay_is_waited_for_however_many_are_in_flight() -> None:
    assert bound(delays_s=64.0, longest_delay_s=5.0, in_flight=1000).latency_s == 5.0


def test_the_least_cpu_is_divided_among_the_cores() -> None:
    found = bound()
    assert found.cpu_s == pytest.approx(0.25, rel=0.1)
    assert (found.by, found.least_s) == ("cpu", found.cpu_s)
    assert bound(cores=1).cpu_s == pytest.approx(2 * found.cpu_s)


def test_the_site_computes_on_the_same_cores() -> None:
    assert bound(site_cpu_s=1.0).cpu_s == pytest.approx(bound().cpu_s + 0.5, rel=0.02)
    assert bound(site_cpu_s=None).cpu_s == pytest.approx(bound().cpu_s, rel=0.02)


def test_politeness_may_be_the_bound() -> None:
    found = bound(politeness_s=10.0, delays_s=64.0)
    assert (found.by, found.least_s) == ("politeness", 10.0)


def test_the_bytes_may_be_the_bound() -> None:
    found = bound(bandwidth_s=3.0, delays_s=64.0)
    assert (found.by, found.least_s, found.bandwidth_s) == ("bandwidth", 3.0, 3.0)
    assert bound(bandwidth_s=0.001).by == "cpu"


def test_the_loopback_takes_longer_for_more_bytes() -> None:
    few_s, many_s = transfer_s(10_001), transfer_s(20_000_001)
    assert 0 < few_s < many_s
    assert transfer_s(0) < many_s


def test_the_fastest_waits_while_none_of_its_processes_computes() -> None:
    assert bound().waiting_share == pytest.approx(0.5)


def test_without_samples_only_the_work_bounds() -> None:
    found = bound_of(work("io"), [], 32, 2)
    assert (found.cpu_s, found.waiting_share, found.by) == (0.0, 0.0, "latency")


def test_what_the_bytes_take_is_told_where_it_was_measured() -> None:
    for bandwidth_s, told in ((0.0, "politeness 10.0 s, CPU"), (0.0024, "bandwidth of the loopback 0.002 s)")):
        of = case(runs(REFERENCE, 1.0), politeness_s=10.0, bandwidth_s=bandwidth_s)
        line = next(facts(of.works[0], judged(of)))
        assert line.startswith("bound: no strategy can take less than 10.0 s here (")
        assert told in line
        assert ("bandwidth" in line) == bool(bandwidth_s)
