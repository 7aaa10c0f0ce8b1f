"""The choice of a strategy: a table of works and machines, and what must hold of all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.calibrate import Bounds, Choice, Measured, bounds, choose, parted
from crawler.strategy import Strategy

MANY = 1_000_000
TINY, SMALL, LARGE = (0.247e-3, 0.087e-3, 0.5e-3), (0.285e-3, 0.108e-3, 1.9e-3), (0.469e-3, 0.214e-3, 7.3e-3)
"""CPU a page as it was measured, on pages of 4, 30 and 170 KB: of the loop, aside, of analysis."""


def begun(cores: int, fetch: str = "async") -> Strategy:
    return Strategy(fetch, "processes", cores)


def shards(most: int, fetch: str = "async") -> list[Strategy]:
    return [Strategy(fetch, "inline", 0, shards) for shards in range(2, most + 1)]


def pages(
    costs_s: tuple[float, float, float], cores: int, latency_s: float = 0.0, wall_s: float | None = None
) -> Measured:
    """As they are measured where nothing else is in the way, or where a page takes `wall_s`."""
    measured = Measured(0.0, latency_s, *costs_s, slots=32, cores=cores)
    return measured._replace(wall_s=max(bounds(measured, begun(cores))) if wall_s is None else wall_s)


def chosen(measured: Measured, left: int = MANY, fetch: str = "async") -> Choice:
    return choose(measured, begun(measured.cores, fetch), shards(measured.cores, fetch), left)


@pytest.mark.parametrize(
    ("costs_s", "cores", "latency_s", "expected"),
    [
        (TINY, 1, 0.0, 0),
        (TINY, 2, 0.0, 0),
        (TINY, 4, 0.0, 3),
        (TINY, 8, 0.0, 4),
        (TINY, 8, 0.08, 0),  # 32 at once: 2.5 ms a page, whatever the loop can do
        (TINY, 64, 0.0, 4),  # then it is the main process's own part that bounds it
        (SMALL, 2, 0.0, 0),
        (SMALL, 4, 0.0, 0),
        (SMALL, 16, 0.0, 11),
        (LARGE, 2, 0.0, 0),
        (LARGE, 8, 0.0, 0),
        (LARGE, 64, 0.0, 25),
    ],
)
def test_shards_take_over_where_one_loop_is_too_slow_for_its_cores(
    costs_s: tuple[float, float, float], cores: int, latency_s: float, expected: int
) -> None:
    choice = chosen(pages(costs_s, cores, latency_s))
    assert choice.strategy.shards == expected, choice
    assert choice.is_final
    assert (choice.times_as_fast > 1.1) == bool(expected)


@pytest.mark.parametrize(
    ("measured", "why"),
    [
        (pages(TINY, 2, latency_s=0.08), "it waits for the network: 80 ms a page, 32 in the air at once"),
        (pages(LARGE, 2), "a page takes 8.08 ms of CPU, and no core is idle"),
        (pages(SMALL, 8, latency_s=0.2, wall_s=0.008), "it waits for the network: 200 ms a page"),
        (pages(TINY, 8, wall_s=0.5), "neither the network nor CPU is what it waits for most"),
        (pages((1.0, 0.1, 0.1), 1), "a page takes 1.4e+03 ms of CPU, and no core is idle"),
        (
            pages((1.0, 0.1, 0.6), 2),
            "one process needs 1e+03 ms to fetch a page and pass it on, and no core is left for more",
        ),
    ],
)
def test_why_nothing_changes(measured: Measured, why: str) -> None:
    choice = chosen(measured)
    assert choice.strategy == begun(measured.cores)
    assert why in choice.because
    assert choice.is_final


def test_a_change_says_what_is_gained() -> None:
    assert str(chosen(pages(TINY, 8), 9_000)) == (
        "4 x (async + inline), because one process needs 0.247 ms to fetch a page and pass it on; shared by 4 it will"
        " be 1.5 times as fast by estimate as with async + processes (8), and 9,000 URLs are left"
    )


def test_what_is_told_can_be_taken_apart() -> None:
    choice = chosen(pages(TINY, 8))
    assert parted(str(choice)) == (str(choice.strategy), choice.because)


def test_opening_must_pay_for_what_is_left() -> None:
    measured = pages(TINY, 8)
    few = chosen(measured, 500)
    assert (few.strategy, few.is_final) == (begun(8), False)
    assert few.because == (
        "4 x (async + inline) would be 1.5 times as fast by estimate, but not worth opening for 500 more URLs"
    )
    assert chosen(measured, 50_000).strategy.shards == 4


def test_where_pages_bring_their_process_down_no_shard_takes_over() -> None:
    choice = chosen(pages(TINY, 8)._replace(casualties=1))
    assert choice.strategy == begun(8)
    assert choice.because.startswith("some pages bring their process down")


SECONDS = some.floats(0, 1, allow_subnormal=False).map(lambda exponent: 10 ** (6 * exponent - 6))
MEASURED = some.builds(
    Measured,
    wall_s=SECONDS,
    latency_s=SECONDS,
    loop_cpu_s=SECONDS,
    aside_cpu_s=SECONDS,
    analyze_cpu_s=SECONDS,
    slots=some.integers(1, 1_000),
    cores=some.integers(1, 64),
)
FETCH = some.sampled_from(["async", "threads"])
COSTS = some.sampled_from(["latency_s", "loop_cpu_s", "aside_cpu_s", "analyze_cpu_s"])


@given(MEASURED, FETCH, some.integers(1, 64), COSTS, some.floats(1, 100))
def test_what_costs_more_is_never_faster(
    measured: Measured, fetch: str, shards: int, cost: str, times: float
) -> None:
    dearer = measured._replace(**{cost: getattr(measured, cost) * times})
    for strategy in (begun(measured.cores, fetch), Strategy(fetch, "inline", 0, shards)):
        assert all(
            more >= less for more, less in zip(bounds(dearer, strategy), bounds(measured, strategy), strict=True)
        )


@given(MEASURED, FETCH, some.integers(1, 64), some.integers(1, 64))
def test_more_cores_slots_or_shards_are_never_slower(measured: Measured, fetch: str, number: int, more: int) -> None:
    def there(measured: Measured, number: int) -> Bounds:
        return bounds(measured, Strategy(fetch, "inline", 0, number))

    here = there(measured, number)
    others = (
        there(measured._replace(cores=measured.cores + more), number),
        there(measured._replace(slots=measured.slots + more), number),
        there(measured, number + more),
    )
    for other in others:
        assert all(now <= before for now, before in zip(other, here, strict=True))


@given(MEASURED, FETCH, some.integers(0, MANY))
def test_whatever_is_measured_the_choice_is_one_of_those_there_are(measured: Measured, fetch: str, left: int) -> None:
    choice = chosen(measured, left, fetch)
    now = begun(measured.cores, fetch)
    assert choice.strategy in [now, *shards(measured.cores, fetch)]
    assert choice.because
    assert choice.times_as_fast >= 1.0
    if choice.strategy == now:
        return
    assert choice.times_as_fast > 1.08
    here = bounds(measured, now)
    assert here.interpreter == max(here), "that is all that shards relieve"
    assert chosen(measured, left * 2, fetch).strategy == choice.strategy, "what pays, pays for more pages too"


@given(MEASURED, FETCH, some.floats(0.01, 100))
def test_the_unit_of_time_does_not_matter_to_many_pages(measured: Measured, fetch: str, times: float) -> None:
    seconds = {name: value * times for name, value in measured._asdict().items() if name.endswith("_s")}
    scaled = measured._replace(**seconds)
    one, other = chosen(measured, 10**15, fetch), chosen(scaled, 10**15, fetch)
    assert other.times_as_fast == pytest.approx(one.times_as_fast, rel=0.03, abs=0.11)


@given(MEASURED, FETCH)
def test_what_nothing_explains_keeps_everything_as_it_is(measured: Measured, fetch: str) -> None:
    """A polite crawl, a slow disk: its CPU and its network are next to nothing of its time."""
    explained_s = max(bounds(measured, begun(measured.cores, fetch)))
    assert chosen(measured._replace(wall_s=11 * explained_s), MANY, fetch).strategy == begun(measured.cores, fetch)
