"""What weakens a result, from its own figures; and what no result of this lab shows."""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Final

from crawler.compare.arms import arm_called
from crawler.compare.entrants import Entrant
from crawler.compare.phrases import named, per_cent, seconds
from crawler.compare.reasons import cores, wall_s
from crawler.compare.result import Result, Sample, Work
from crawler.compare.standings import Field
from crawler.compare.statistics import ENOUGH
from crawler.settings import FrontierSettings

NOISY: Final = 0.1
"""A reference that may differ from itself by so much hides what is smaller."""
_NEAR_A_CORE: Final = 0.8
_A_WHOLE_CORE: Final = 0.85
_BUSY: Final = 0.5
"""A load average, for each core that may be used, from which on others are worth a word."""

_HERE: Final = (
    "The site is on the same machine: no DNS, no TLS, no loss, no narrow line; its server takes CPU from the arms."
)
_ELSEWHERE: Final = (
    "All arms had one limit of pages in flight (`sequential` has one page by nature); `--sweep` tries other limits.",
    "Other machines have other cores: what runs in one process gains nothing from more of them.",
)


def limits(works: Iterable[Work]) -> tuple[str, ...]:
    """What no result of this lab shows."""
    return _HERE, f"Pages were asked for without pauses{_politely(works)}", *_ELSEWHERE


def _politely(works: Iterable[Work]) -> str:
    """The bound that the crawler's usual pause would set: however pages lie, some host has its share of them."""
    pause_s = FrontierSettings().delay_s
    least_s = {work.name: (ceil(work.pages / work.hosts) - 1) * pause_s for work in works}
    slowest = max(least_s, key=least_s.__getitem__, default="")
    if not slowest:
        return "."
    return (
        f": with the usual {pause_s:g} s between two at a host, {slowest} would take {seconds(least_s[slowest])} at"
        " least, and no strategy would help."
    )


def warnings(result: Result, fields: list[Field]) -> Iterator[str]:
    """What a reader should know before quoting this, beside the notes of the lab itself."""
    if result.stopped_by:
        yield f"The comparison was stopped by {result.stopped_by}: what is judged is what was measured until then."
    environment = result.environment
    if environment.load_before > _BUSY * environment.usable_cores:
        yield f"The machine was busy before it began (load {environment.load_before:.1f}): measure again later."
    if environment.governor == "powersave":
        yield "The CPU's governor is powersave: its clock may change while it is measured."
    for field in fields:
        if field.work.is_ranked:
            for line in _of_field(field):
                yield f"{field.work.name}: {line}"


def _of_field(field: Field) -> Iterator[str]:
    if field.control is None:
        yield "the reference was not run against itself often enough, so there is no noise floor."
    else:
        worst = max(field.control.high, 1 / field.control.low) - 1
        if worst > NOISY:
            yield f"noisy: the reference may differ from itself by {per_cent(worst)}, which hides what is smaller."
    starved = [
        one for one in field.eligible if arm_called(one.arm).computes_in_one and one.known(cores) < _A_WHOLE_CORE
    ]
    if starved and not field.work.delays_s:
        least = min(one.known(cores) for one in starved)
        whom = named(one.arm for one in starved)
        yield f"something else took CPU: what does nothing but compute ({whom}) got {least:.1f} of a core."
    few = [one.arm for one in field.eligible if len(one.sound) < ENOUGH]
    if few:
        whom = named(few) if len(few) < len(field.eligible) else "each arm"
        yield f"fewer than {ENOUGH} samples of {whom}: such intervals hold in 90 of 100 cases, and not in 95."
    busy = [one for one in field.eligible if _site_cores(one) > _NEAR_A_CORE]
    if busy:
        most = max(map(_site_cores, busy))
        yield (
            f"the site's server, which has one core, computes up to {per_cent(most)} of the time for"
            f" {named(one.arm for one in busy)}: it may be the bottleneck, and not the strategy."
        )


def _site_cores(of: Entrant) -> float:
    def share(sample: Sample) -> float | None:
        return None if sample.site_cpu_s is None or not sample.wall_s else sample.site_cpu_s / wall_s(sample)

    return of.middle(share) or 0.0
