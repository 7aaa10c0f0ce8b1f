"""What a handful of skewed wall times allows one to say: medians, quartiles, and an interval of their ratio."""

from functools import cache
from math import comb, exp, fsum, log
from statistics import median
from typing import Final

from crawler.compare.judgement import Interval, Spread

_TAIL: Final = 0.025
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
    return Interval(low=_tail(shares), middle=median(over) / median(under), high=_tail(shares[::-1]))


def geometric_mean(values: list[float]) -> float:
    """The mean of ratios: what is twice as fast here and half as fast there is as fast."""
    return exp(fsum(map(log, values)) / len(values))


def _quantile(ordered: list[float], share: float) -> float:
    below, part = divmod((len(ordered) - 1) * share, 1)
    low = ordered[int(below)]
    return low + part * (ordered[min(int(below) + 1, len(ordered) - 1)] - low)


def _tail(shares: list[tuple[float, float]]) -> float:
    """The first value, in the given order, up to which lies more than the tail."""
    passed = 0.0
    for value, share in shares:
        passed += share
        if passed > _TAIL:
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
