"""The ladder of a crossover as a table: what was waited for and computed on each rung, and each arm's time there."""

import math
from collections.abc import Iterator

from crawler.compare.judgement import Judgement, Spread
from crawler.compare.report import figures


def walls_s(judgement: Judgement) -> dict[str, dict[str, Spread]]:
    """Each arm's seconds, by rung; those that had no sound sample there are not."""
    found: dict[str, dict[str, Spread]] = {}
    for judged in judgement.works:
        for standing in judged.standings:
            if standing.wall_s and standing.finding != "disqualified":
                found.setdefault(standing.arm, {})[judged.work] = standing.wall_s
    return found


def head(judgement: Judgement) -> list[str]:
    """The names of the columns: those of the ladder, then the arms."""
    return ["rung", "CPU ms, a page", "CPU by, latency", *walls_s(judgement)]


def rows(judgement: Judgement, *, is_short: bool = False) -> Iterator[list[str]]:
    """A row for each rung, the one that waits longest first; seconds are medians, and middle halves."""
    found = walls_s(judgement)
    for rung in judgement.crossover.rungs if judgement.crossover else ():
        told = figures.median if is_short else figures.spread
        seconds = (told(of.get(rung.work)) for of in found.values())
        load = "∞" if math.isinf(rung.load) else f"{rung.load:.2g}"
        yield [rung.work, figures.number(rung.cpu_s_a_page * 1000), load, *seconds]
