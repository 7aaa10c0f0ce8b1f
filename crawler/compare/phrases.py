"""How the lab writes numbers and names in its sentences."""

from collections.abc import Iterable
from typing import Final

from crawler.compare.judgement import Interval

_MOST_DIGITS: Final = 2
_FAR: Final = 10.0
_FEW: Final = 3


def times(found: Interval) -> str:
    """`1.9 times (1.7-2.1)`, `1.06 times (1.03-1.09)`, `32 times (30-34)`: digits that tell the three apart.

    And from 1, so that an interval that leaves it out does not read as if it ended there.
    """
    those = found.middle, found.low, found.high
    for digits in range(0 if found.middle >= _FAR else 1, _MOST_DIGITS + 1):
        middle, low, high = said = [f"{value:.{digits}f}" for value in those]
        if low != middle != high and not any(
            float(shown) == 1 != value for shown, value in zip(said, those, strict=True)
        ):
            break
    return f"{middle} times ({low}-{high})"


def within(found: Interval, most: float) -> str:
    """Whether what takes so many times as long keeps within a bound, as far as the interval can tell.

    `within the 15 % ...`, `more than the 15 % ...`, or that it cannot be told.
    """
    bound = f"the {per_cent(most)} that it may be behind"
    if found.high <= 1 + most:
        return f"within {bound}"
    return f"more than {bound}" if found.low > 1 + most else f"which may be within {bound}, or more"


def per_cent(share: float) -> str:
    """`81 %`, `1.5 %`: as a noise floor is written elsewhere."""
    percent = share * 100
    return f"{percent:.1f} %" if percent < _FAR else f"{percent:.0f} %"


def seconds(value: float) -> str:
    """`0.08 s`, `1.2 s`, `33 s`."""
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s" if value < _FAR else f"{value:.0f} s"


def named(arms: Iterable[str]) -> str:
    """Names in code marks: `a`, `b` and `c`."""
    return listed(f"`{arm}`" for arm in arms)


def each_of(arms: list[str], others: int) -> str:
    """`` `a` ``, `` each of `a` and `b` ``, or where many are all `others` there are, that."""
    if len(arms) == others > _FEW:
        return f"any of the other {others}"
    return f"{'each of ' * (len(arms) > 1)}{named(arms)}"


def listed(things: Iterable[str]) -> str:
    """One, two and three."""
    *first, last = things
    return f"{', '.join(first)} and {last}" if first else last


def between(values: list[float], digits: int) -> str:
    """`1.0`, or `0.9-1.0` where they differ in so many digits; `?` without values."""
    if not values:
        return "?"
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return low if low == high else f"{low}-{high}"
