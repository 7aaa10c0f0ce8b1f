"""How often the lab's intervals hold the truth, and how often identical arms are called different.

    python -m benchmarks.intervals                   2,000 comparisons of each kind, about three minutes
    python -m benchmarks.intervals --trials 200

Wall times are drawn: log-normal, skewed with a long tail, exponential, or good but for one in ten. Arms run in
rounds, on a machine that is steady or has slow minutes (15 % slower for 5 to 40 samples on end). For each number of
samples: in how many of 100 comparisons of an arm with its like the 95 % interval holds 1, by each way to draw one;
how many are called different once the A/A control has its say; and in how many an arm that takes 10 % longer is
found, in the way that is used and without pairs of rounds.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from math import log, sqrt
from random import Random
from statistics import NormalDist, median
from typing import Final

from crawler.compare.judgement import Interval
from crawler.compare.standings import is_clear
from crawler.compare.statistics import ratio, ratio_by_round

SAMPLES: Final = (3, 4, 5, 8, 10, 15)
RESAMPLES: Final = 400
SLOWER: Final = 1.1
SLOW: Final = 1.15
SELDOM: Final = 0.03
ONE_IN_TEN: Final = 0.1
ARMS: Final = 8
NOISES: Final[dict[str, Callable[[Random], float]]] = {
    "log-normal": lambda random: random.lognormvariate(0, 0.05),
    "skewed": lambda random: 1 + 0.03 * random.lognormvariate(0, 1),
    "exponential": lambda random: 1 + 0.05 * random.expovariate(1),
    "outliers": lambda random: (
        1 + 0.01 * abs(random.gauss(0, 1)) + (0.3 * random.random() if random.random() < ONE_IN_TEN else 0)
    ),
}
_NORMAL: Final = NormalDist()


def rounds(random: Random, noise: str, size: int, *, is_steady: bool) -> list[dict[int, float]]:
    """Wall times of identical arms by round, each round in random order."""
    arms: list[dict[int, float]] = [{} for _ in range(ARMS)]
    slow = 0
    for number in range(size):
        for arm in random.sample(arms, ARMS):
            slow = slow - 1 if slow else random.randrange(5, 40) if random.random() < SELDOM else 0
            arm[number] = NOISES[noise](random) * (1 if is_steady or not slow else SLOW)
    return arms


def others(random: Random, over: list[float], under: list[float]) -> Iterator[tuple[str, Interval]]:
    """Intervals that the lab does not use: the basic bootstrap on logs, and BCa (Efron, 1987)."""
    middle = log(median(over) / median(under))
    drawn = sorted(log(_again(random, over) / _again(random, under)) for _ in range(RESAMPLES))
    low, high = drawn[round(0.025 * RESAMPLES)], drawn[round(0.975 * RESAMPLES) - 1]
    yield "basic", Interval(2 * middle - high, middle, 2 * middle - low)
    below = sum((one < middle) + (one == middle) / 2 for one in drawn) / RESAMPLES
    bias = _NORMAL.inv_cdf(min(max(below, 1 / RESAMPLES), 1 - 1 / RESAMPLES))
    skew = _skew(over, under)
    places = [_NORMAL.cdf(bias + (bias + z) / (1 - skew * (bias + z))) for z in (-1.96, 1.96)]
    low, high = (drawn[min(int(place * RESAMPLES), RESAMPLES - 1)] for place in places)
    yield "BCa", Interval(low, middle, high)


def measured(trials: int, noise: str, size: int, *, is_steady: bool) -> Counter[str]:
    """In how many trials what happened."""
    random = Random(f"{noise} {size} {is_steady}")
    seen: Counter[str] = Counter()
    for _ in range(trials):
        first, again, other, *_ = rounds(random, noise, size, is_steady=is_steady)
        unpaired = ratio(list(other.values()), list(first.values()))
        used, control = ratio_by_round(other, first), ratio_by_round(again, first)
        seen["percentile"] += unpaired.low <= 1 <= unpaired.high
        seen["used"] += used.low <= 1 <= used.high
        seen["called different"] += is_clear(used, floor(control))
        seen["found"] += is_clear(longer(used), floor(control))
        seen["found unpaired"] += is_clear(longer(unpaired), floor(ratio(list(again.values()), list(first.values()))))
        for name, found in others(random, list(other.values()), list(first.values())):
            seen[name] += found.low <= 0 <= found.high
    return seen


def floor(control: Interval) -> float:
    """The share by which an arm differed from itself."""
    return max(control.middle, 1 / control.middle) - 1


def longer(found: Interval) -> Interval:
    """What would have been found of an arm that is slower."""
    return Interval(found.low * SLOWER, found.middle * SLOWER, found.high * SLOWER)


def main() -> None:
    """Print a row for each kind of noise, machine and number of samples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=2_000)
    trials = parser.parse_args().trials
    columns = ("percentile", "basic", "BCa", "used", "called different", "found", "found unpaired")
    print("noise        machine  samples ", *(f"{column:>16}" for column in columns))
    for noise in NOISES:
        for is_steady in (True, False):
            for size in SAMPLES:
                seen = measured(trials, noise, size, is_steady=is_steady)
                shares = (f"{seen[column] / trials * 100:16.1f}" for column in columns)
                print(f"{noise:12} {'steady' if is_steady else 'slow':8} {size:7} ", *shares, flush=True)


def _again(random: Random, values: list[float]) -> float:
    return median(random.choices(values, k=len(values)))


def _skew(over: list[float], under: list[float]) -> float:
    """The acceleration of two samples: the skewness of what leaving one value out makes of each."""
    thirds = squares = 0.0
    for sign, values in ((1, over), (-1, under)):
        left = [sign * log(median(values[:at] + values[at + 1 :])) for at in range(len(values))]
        middle = sum(left) / len(left)
        thirds += sum((middle - one) ** 3 for one in left)
        squares += sum((middle - one) ** 2 for one in left)
    return thirds / (6 * sqrt(squares) ** 3) if squares else 0.0


if __name__ == "__main__":
    main()
