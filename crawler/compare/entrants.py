"""What each arm did on one workload: the sound samples, how others failed, whether its words are right."""

from collections import Counter
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from crawler.compare.arms import arm_called, find_arm
from crawler.compare.result import Result, Role, Sample, Work
from crawler.compare.statistics import FEWEST
from crawler.report.counts import counted


class Entrant(NamedTuple):
    """An arm on one workload. `taken` are its measured samples, `wrong` says why its words disqualify it."""

    arm: str
    taken: tuple[Sample, ...]
    wrong: str = ""

    @property
    def sound(self) -> tuple[Sample, ...]:
        """The samples that came to their end."""
        return tuple(one for one in self.taken if is_sound(one))

    @property
    def failed(self) -> str:
        """How often it failed and how most of the time, else empty."""
        failures = Counter(one.failure for one in self.taken if one.failure)
        if not failures:
            return ""
        return (
            f"failed in {failures.total()} of {counted(len(self.taken), 'sample')}: {failures.most_common(1)[0][0]}"
        )

    @property
    def has_failed(self) -> bool:
        """Whether it failed as a rule: what is left of such an arm are its lucky samples."""
        return bool(self.failed) and len(self.sound) <= len(self.taken) / 2

    @property
    def is_ranked(self) -> bool:
        """Whether its parser is that of the others."""
        return arm_called(self.arm).is_ranked

    @property
    def is_eligible(self) -> bool:
        """Whether its times may be compared: it did the same work, and gave the same words."""
        return self.is_ranked and not self.wrong and not self.has_failed and len(self.sound) >= FEWEST

    @property
    def chose(self) -> str:
        """What it chose in most of its samples; empty for an arm that has no choice, or did not come to it."""
        choices = Counter(one.chose for one in self.taken if one.chose)
        return choices.most_common(1)[0][0] if choices else ""

    @property
    def loses_none(self) -> bool:
        """Whether every page came home in every sample, the ones that failed included."""
        return not any(one.lost for one in self.taken)

    @property
    def walls_s(self) -> dict[int, float]:
        """Wall time by round."""
        return walls_s(self.sound)

    def middle(self, of: Callable[[Sample], float | None]) -> float | None:
        """The median of a figure over its sound samples; None where it was not measured."""
        known = [value for one in self.sound if (value := of(one)) is not None]
        return median(known) if known else None

    def known(self, of: Callable[[Sample], float]) -> float:
        """The median of a figure that every sample has; 0 without samples."""
        return self.middle(of) or 0.0


def entrants(result: Result, work: Work) -> dict[str, Entrant]:
    """Every arm that was sampled on this workload, in the order of the result's arms; not those of other versions."""
    samples = [one for one in result.samples if one.workload == work.name]
    found = {}
    for arm in filter(find_arm, result.arms):
        its = [one for one in samples if one.arm == arm]
        taken = tuple(one for one in its if one.role == "measured")
        if taken:
            found[arm] = Entrant(arm, taken, _wrong(its, work))
    return found


def sound_of(result: Result, work: str, arm: str, role: Role) -> list[Sample]:
    """Samples of another role that came to their end."""
    return [one for one in result.samples if (one.workload, one.arm, one.role) == (work, arm, role) and is_sound(one)]


def is_sound(sample: Sample) -> bool:
    """Whether it came to its end, and so has times."""
    return not sample.failure and sample.wall_s > 0


def walls_s(samples: tuple[Sample, ...] | list[Sample]) -> dict[int, float]:
    """Wall time by round."""
    return {one.round: one.wall_s for one in samples}


def cpu_ms_a_page(sample: Sample) -> float:
    """What a page costs in CPU, of all processes together."""
    return sample.cpu_s / max(sample.pages - sample.lost, 1) * 1000


def _wrong(samples: list[Sample], work: Work) -> str:
    """Every role counts but `canned`, which fetches none of these pages: who miscounts once does not do the work."""
    if not work.is_ranked:
        return ""
    ended = [one for one in samples if not one.failure and one.role != "canned"]
    wrong = [one for one in ended if one.words != work.words]
    if not wrong:
        return ""
    lost = max(one.lost for one in wrong)
    missing = f", with up to {lost:,} of {counted(work.pages, 'page')} lost" if lost else ""
    return f"its words are not those of the site in {len(wrong)} of {counted(len(ended), 'sample')}{missing}"
