"""The statistics on distributions whose truth is known; every simulation is seeded."""

import statistics
from collections.abc import Callable
from itertools import product
from random import Random

import pytest

from crawler.compare.judgement import Interval
from crawler.compare.standings import is_clear
from crawler.compare.statistics import (
    PAIRED_FROM,
    geometric_mean,
    inverse,
    mean_of,
    ratio,
    ratio_by_round,
    spread,
)

NOISES: dict[str, Callable[[Random], float]] = {
    "log-normal": lambda random: random.lognormvariate(0, 0.05),
    "long tail": lambda random: 1 + 0.03 * random.lognormvariate(0, 1),
    "exponential": lambda random: 1 + 0.05 * random.expovariate(1),
    "outliers": lambda random: 1 + 0.01 * abs(random.gauss(0, 1)) + 0.3 * (random.random() < 0.1),
}


def drawn(random: Random, noise: str, size: int) -> list[float]:
    return [NOISES[noise](random) for _ in range(size)]


def in_rounds(random: Random, noise: str, size: int, *, slow: bool = False) -> list[dict[int, float]]:
    """Three identical arms; now and then the machine is slower by 15 % for some samples on end."""
    arms: list[dict[int, float]] = [{}, {}, {}]
    left = 0
    for number in range(size):
        for arm in random.sample(arms, 3):
            left = left - 1 if left else random.randrange(3, 15) if random.random() < 0.08 else 0
            arm[number] = NOISES[noise](random) * (1.15 if slow and left else 1)
    return arms


def test_quartiles_are_those_of_the_standard_library() -> None:
    random = Random(1)
    for size in range(2, 25):
        values = drawn(random, "long tail", size)
        q1, middle, q3 = statistics.quantiles(values, n=4, method="inclusive")
        found = spread(values)
        assert (found.q1, found.median, found.q3) == pytest.approx((q1, middle, q3))


def test_quartiles_of_a_known_sample() -> None:
    found = spread([5.0, 1.0, 4.0, 2.0, 3.0])
    assert (found.q1, found.median, found.q3) == (2.0, 3.0, 4.0)
    assert spread([7.0]).q1 == spread([7.0]).q3 == 7.0


@pytest.mark.parametrize(("over", "under"), [(3, 3), (4, 4), (4, 5), (1, 4), (2, 3)])
def test_interval_is_that_of_all_resamples(over: int, under: int) -> None:
    """Small enough to try each resample that there is."""
    random = Random(over * 10 + under)
    some, others = drawn(random, "long tail", over), drawn(random, "long tail", under)
    every = sorted(
        statistics.median(one) / statistics.median(other)
        for one, other in product(list(product(some, repeat=over)), list(product(others, repeat=under)))
    )
    cut = int(0.025 * len(every))
    found = ratio(some, others)
    assert found.low == pytest.approx(every[cut])
    assert found.high == pytest.approx(every[-1 - cut])
    assert found.middle == pytest.approx(statistics.median(some) / statistics.median(others))


@pytest.mark.parametrize(("over", "under"), [(8, 8), (9, 12), (20, 19)])
def test_interval_is_that_of_very_many_resamples(over: int, under: int) -> None:
    random = Random(over)
    some, others = drawn(random, "log-normal", over), drawn(random, "log-normal", under)
    many = sorted(
        statistics.median(random.choices(some, k=over)) / statistics.median(random.choices(others, k=under))
        for _ in range(10_000)
    )
    found = ratio(some, others)
    assert found.low == pytest.approx(many[250], rel=0.005)
    assert found.high == pytest.approx(many[-251], rel=0.005)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize(("size", "least"), [(3, 0.84), (5, 0.92), (8, 0.92), (15, 0.92)])
def test_interval_holds_the_truth_as_often_as_it_says(noise: str, size: int, least: float) -> None:
    """Of an arm that takes twice as long as another: 500 comparisons, so a share is known to about 2 in 100."""
    random, trials, held = Random(size), 500, 0
    for _ in range(trials):
        found = ratio([2 * value for value in drawn(random, noise, size)], drawn(random, noise, size))
        held += found.low <= 2 <= found.high
    assert least <= held / trials < 1


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("size", [PAIRED_FROM, 15])
def test_paired_interval_holds_the_truth_as_often_as_it_says(noise: str, size: int) -> None:
    random, trials, held = Random(size), 500, 0
    for _ in range(trials):
        one, other, _ = in_rounds(random, noise, size, slow=True)
        found = ratio_by_round(one, other)
        held += found.low <= 1 <= found.high
    assert 0.92 <= held / trials < 1


def test_pairing_finds_more_where_the_machine_has_slow_minutes() -> None:
    random, trials, paired, unpaired = Random(4), 300, 0, 0
    for _ in range(trials):
        one, other, _ = in_rounds(random, "long tail", 12, slow=True)
        longer = {number: value * 1.1 for number, value in one.items()}
        paired += ratio_by_round(longer, other).low > 1
        unpaired += ratio(list(longer.values()), list(other.values())).low > 1
    assert paired > unpaired + trials / 10


def test_rounds_are_paired_only_from_so_many_on() -> None:
    random = Random(5)
    one, other, _ = in_rounds(random, "log-normal", PAIRED_FROM - 1)
    assert ratio_by_round(one, other) == ratio(list(one.values()), list(other.values()))
    one[PAIRED_FROM - 1], other[PAIRED_FROM - 1] = 1.0, 1.1
    assert ratio_by_round(one, other) != ratio(list(one.values()), list(other.values()))


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("size", [3, 5, 8, 12])
def test_identical_arms_are_seldom_called_different(noise: str, size: int) -> None:
    """The A/A control: what differs from the reference by no more than the reference from itself does not differ."""
    random, trials, different = Random(size), 400, 0
    for _ in range(trials):
        reference, again, other = in_rounds(random, noise, size, slow=bool(random.getrandbits(1)))
        control = ratio_by_round(reference, again).middle
        different += is_clear(ratio_by_round(other, reference), max(control, 1 / control) - 1)
    assert different / trials <= 0.05


@pytest.mark.parametrize("noise", NOISES)
def test_a_large_difference_is_found(noise: str) -> None:
    random, trials, found = Random(3), 100, 0
    for _ in range(trials):
        reference, again, other = in_rounds(random, noise, 8)
        control = ratio_by_round(reference, again).middle
        longer = {number: value * 1.5 for number, value in other.items()}
        found += is_clear(ratio_by_round(longer, reference), max(control, 1 / control) - 1)
    assert found / trials >= 0.9


def test_the_inverse_is_the_ratio_the_other_way_round() -> None:
    random = Random(6)
    one, other = drawn(random, "long tail", 8), drawn(random, "long tail", 8)
    there, back = ratio(one, other), inverse(ratio(other, one))
    assert (there.low, there.middle, there.high) == pytest.approx((back.low, back.middle, back.high))


def test_geometric_mean_of_opposites_is_one() -> None:
    assert geometric_mean([2.0, 0.5, 4.0, 0.25]) == pytest.approx(1)


def test_mean_of_intervals_holds_the_truth_as_often_as_it_says() -> None:
    random, trials, held = Random(9), 400, 0
    truth = (0.5 * 2 * 1.5) ** (1 / 3)
    for _ in range(trials):
        found = mean_of(
            [
                ratio([times * value for value in drawn(random, "long tail", 8)], drawn(random, "long tail", 8))
                for times in (0.5, 2, 1.5)
            ]
        )
        held += found.low <= truth <= found.high
    assert 0.92 <= held / trials < 1


def test_mean_of_one_interval_is_that_interval() -> None:
    found = mean_of([Interval(1.7, 1.9, 2.1)])
    assert (found.low, found.middle, found.high) == pytest.approx((1.7, 1.9, 2.1))
