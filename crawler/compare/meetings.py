"""Where two curves change places: stretches on which one of them leads, and the point at which they are level."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from math import exp, isinf, log
from typing import NamedTuple

from crawler.compare.judgement import Interval


class Lead(NamedTuple):
    """Two arms on one rung: how many times as fast as the second the first is, and whether that is a difference.

    `load` is what the rungs are ordered by; it may be infinite on the last one.
    """

    load: float
    speed: Interval
    is_clear: bool

    @property
    def sign(self) -> int:
        """1 where the first leads, -1 where the second does, 0 where no difference was found."""
        return 0 if not self.is_clear else 1 if self.speed.middle > 1 else -1


class Stretch(NamedTuple):
    """Neighbouring rungs on which the same one leads (`sign` as in `Lead`)."""

    sign: int
    leads: tuple[Lead, ...]


def stretches(leads: Sequence[Lead]) -> tuple[Stretch, ...]:
    """The ladder as stretches, from the least load on."""
    ordered = sorted(leads, key=lambda lead: lead.load)
    return tuple(Stretch(sign, tuple(of)) for sign, of in groupby(ordered, key=lambda lead: lead.sign))


def level(leads: Sequence[Lead]) -> Interval | None:
    """The load at which the two are level, between a first rung where one leads and a last where the other does.

    Between rungs the logarithm of their ratio is taken to be linear in that of the load. The interval's ends are
    where the ends of the ratios' intervals pass through 1: before the first of them one leads for certain, beyond the
    last the other. None where that is beyond the last rung with a finite load, so that nothing can be interpolated.
    """
    ordered = sorted(leads, key=lambda lead: lead.load)
    if ordered[0].speed.middle > 1:  # so that it always rises
        ordered = [_turned(lead) for lead in ordered]
    low = _passes([(lead.load, lead.speed.high) for lead in ordered])
    middle = _passes([(lead.load, lead.speed.middle) for lead in ordered])
    high = _passes([(lead.load, lead.speed.low) for lead in ordered])
    if not low or not middle or not high or isinf(high[-1]):
        return None
    return Interval(low[0], min(max(middle[0], low[0]), high[-1]), high[-1])


def _turned(lead: Lead) -> Lead:
    speed = lead.speed
    return lead._replace(speed=Interval(1 / speed.high, 1 / speed.middle, 1 / speed.low))


def _passes(curve: Sequence[tuple[float, float]]) -> list[float]:
    """The loads at which a curve rises through 1; infinity for one that is on the way to an infinite load."""
    found = []
    for (load, below), (next_load, above) in pairwise(curve):
        if below <= 1 < above:
            if isinf(next_load):
                found.append(next_load)
                continue
            share = -log(below) / (log(above) - log(below))
            found.append(exp(log(load) + share * (log(next_load) - log(load))))
    return found
