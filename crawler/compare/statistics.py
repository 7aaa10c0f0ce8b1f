"""What a handful of skewed wall times allows one to say: medians, quartiles, and an interval of their ratio.

The interval is that of the percentile bootstrap. The median of a resample is one value of the sample, or between two,
and how often each of these comes is known (Maritz and Jarrett, 1978), so nothing is drawn: the interval is what
endless resampling would give, and the same each time. How often it holds the truth, in per cent, by simulation (wall
times log-normal, with a long tail, exponential, and one in ten up to 30 % too long):

    samples of each        3      4      5      8      10     15    with slow minutes, 5-15
    percentile           89-91  93-95  96-98  96-97  96-97  97-98   98-99
    basic, on logs       72-78  84-90  84-92  87-93  88-91  86-91   83-92
    BCa                  88-91  92-94  95-97  94-96  94-95  94-96   97-99
    paired by round                                  96-97  96-97   95-97

So it is the percentile: BCa is no better for what it takes to explain, and the basic bootstrap claims too much. From
ten rounds on, samples of the same round are compared with each other: a true difference of 10 % is found about as
often on a steady machine (71-94 times in 100, and 76-93 unpaired), and far more often on one with slow minutes
(58-85, and 27-31). With fewer rounds a steady machine pays for it (at eight 79 are found, and 92 unpaired).
`python -m benchmarks.intervals` draws the table anew.
"""

from collections.abc import Mapping
from functools import cache
from math import comb, exp, fsum, hypot, log
from statistics import median
from typing import Final

from crawler.compare.judgement import Interval, Spread

FEWEST: Final = 3
"""With fewer samples nothing is said; with fewer than `ENOUGH`, intervals hold in nine of ten cases only."""
ENOUGH: Final = 5
PAIRED_FROM: Final = 10
_TAIL: Final = 0.025
_PAIRED_TAIL: Final = 0.008
"""A single median has few values, and the next one inwards would cut off too much: 0.025 holds in 87 % at seven."""
_NEVER: Final = 1e-9


def spread(values: list[float]) -> Spread:
    """Median and quartiles of at least one value.

    A quartile lies between its two neighbours in proportion (definition 7 of Hyndman and Fan, 1996: that of R, NumPy
    and `statistics.quantiles(method="inclusive")`).
    """
    ordered = sorted(values)
    return Spread(median=median(ordered), q1=_quantile(ordered, 0.25), q3=_quantile(ordered, 0.75))


def ratio(over: list[float], under: list[float]) -> Interval:
    """The median of `over` by that of `under`, both positive and not empty, with its 95 % bootstrap interval."""
    shares = sorted(
        (numerator / denominator, share * of)
        for numerator, share in _medians(over)
        for denominator, of in _medians(under)
    )
    low, high = _tail(shares, _TAIL), _tail(shares[::-1], _TAIL)
    return Interval(low=low, middle=median(over) / median(under), high=high)


def ratio_by_round(over: Mapping[int, float], under: Mapping[int, float]) -> Interval:
    """The same of samples that were taken in rounds, so that a slow minute of the machine befell both."""
    shared = over.keys() & under.keys()
    if len(shared) < PAIRED_FROM:
        return ratio(list(over.values()), list(under.values()))
    logs = [log(over[each] / under[each]) for each in shared]
    shares = sorted(_medians(logs))
    low, high = _tail(shares, _PAIRED_TAIL), _tail(shares[::-1], _PAIRED_TAIL)
    return Interval(low=exp(low), middle=exp(median(logs)), high=exp(high))


def inverse(found: Interval) -> Interval:
    """How many times as fast the one is, from how many times as long it takes; and the other way round."""
    return Interval(low=1 / found.high, middle=1 / found.middle, high=1 / found.low)


def mean_of(found: list[Interval]) -> Interval:
    """The geometric mean of independent ratios: their errors, on logs, add up as squares do."""
    middle = geometric_mean([one.middle for one in found])
    below = hypot(*(log(one.middle / one.low) for one in found)) / len(found)
    above = hypot(*(log(one.high / one.middle) for one in found)) / len(found)
    return Interval(low=middle * exp(-below), middle=middle, high=middle * exp(above))


def geometric_mean(values: list[float]) -> float:
    """The mean of ratios: what is twice as fast here and half as fast there is as fast."""
    return exp(fsum(map(log, values)) / len(values))


def _quantile(ordered: list[float], share: float) -> float:
    below, part = divmod((len(ordered) - 1) * share, 1)
    low = ordered[int(below)]
    return low + part * (ordered[min(int(below) + 1, len(ordered) - 1)] - low)


def _tail(shares: list[tuple[float, float]], tail: float) -> float:
    """The first value, in the given order, up to which lies more than so much."""
    passed = 0.0
    for value, share in shares:
        passed += share
        if passed > tail:
            return value
    return shares[-1][0]


def _medians(values: list[float]) -> list[tuple[float, float]]:
    """Each median that a resample can have, with the share of all resamples that have it."""
    ordered = sorted(values)
    return [((ordered[low] + ordered[high]) / 2, share) for low, high, share in _middles(len(ordered))]


@cache
def _middles(size: int) -> list[tuple[int, int, float]]:
    """How often which two of the sample are the middle of a resample (the same one twice, if its size is odd)."""
    half = size // 2
    lower = (size + 1) // 2
    found = []
    for at in range(size):
        alone = _at_least(lower, (at + 1) / size, size) - _at_least(lower, at / size, size)
        if size % 2 == 0:
            for other in range(at + 1, size):
                beside = comb(size, half) * _exactly(at, half, size) * _exactly(size - 1 - other, half, size)
                found.append((at, other, beside))
                alone -= beside
        found.append((at, at, alone))
    return [one for one in found if one[2] > _NEVER]


def _at_least(count: int, chance: float, size: int) -> float:
    draws = range(count, size + 1)
    return fsum(comb(size, drawn) * chance**drawn * (1 - chance) ** (size - drawn) for drawn in draws)


def _exactly(at: int, draws: int, size: int) -> float:
    """The chance that the greatest of the draws is the value at this place."""
    return ((at + 1) / size) ** draws - (at / size) ** draws
