"""Where the marks of an axis stand, also when one ratio should look as long as another."""

import math
from collections.abc import Sequence
from typing import Final

MOST_TICKS: Final = 5
_STEPS: Final = ((1, 1.2, 1.5, 2, 3, 4, 5, 6, 8), (1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))
"""What stands within a decade, the densest first."""
_FINE: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5)
"""What evenly divides a decade."""


def is_drawable(*values: float) -> bool:
    """Whether a logarithmic axis can show them."""
    return all(math.isfinite(value) and value > 0 for value in values)


def span_of(values: Sequence[float], margin: float = 1.08) -> tuple[float, float]:
    """A domain around them all; some decade where there are none."""
    able = [value for value in values if is_drawable(value)] or [1.0, 10.0]
    return min(able) / margin, max(able) * margin


def log_ticks(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`, a handful: as dense as that allows, in even steps if all is near."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in _STEPS:
        found = [step * 10.0**decade for decade in decades for step in steps]
        found = [round(tick, 12) for tick in found if low <= tick <= high]
        if len(found) <= MOST_TICKS:
            break
    else:
        found = found[:: math.ceil(len(found) / MOST_TICKS)]
    return found if len(found) > 2 else _even(low, high) or found  # noqa: PLR2004


def even_ticks(high: float) -> list[float]:
    """Round numbers from 0 to `high`, a handful."""
    return _even(0.0, high) if is_drawable(high) else [0.0]


def _even(low: float, high: float) -> list[float]:
    size = 10.0 ** math.floor(math.log10(high))
    for step in (size * fine for fine in _FINE):
        found = [round(step * at, 12) for at in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if len(found) <= MOST_TICKS:
            return found
    return []
