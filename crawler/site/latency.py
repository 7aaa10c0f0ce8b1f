"""How long each URL takes to answer: the same URL, the same delay, in whatever order requests arrive."""

import re
from dataclasses import dataclass
from random import Random
from typing import Final

FORM: Final = re.compile(r"(fixed|lognormal):(\d+(?:\.\d+)?)(ms|s)(?:,(\d+(?:\.\d+)?))?")
SIGMA: Final = 0.5
LONGEST_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Delays in seconds around a median; sigma 0 means always the median, which 0 makes none at all."""

    median_s: float
    sigma: float

    @classmethod
    def parse(cls, text: str) -> "Latency":
        """Read "none", "fixed:50ms" or "lognormal:80ms,0.5"; raises ValueError for anything else."""
        if text == "none":
            return cls(0.0, 0.0)
        found = FORM.fullmatch(text)
        if found is None or (found[1] == "fixed" and found[4]):
            raise ValueError(f"latency {text!r} is not understood: write none, fixed:50ms or lognormal:80ms,0.5")
        median_s = float(found[2]) / (1000 if found[3] == "ms" else 1)
        if median_s > LONGEST_S:
            raise ValueError(f"latency {text!r} is too long: {LONGEST_S:g}s is the most")
        return cls(median_s, 0.0 if found[1] == "fixed" else float(found[4] or SIGMA))

    def delay_s(self, seed: int, url: str) -> float:
        """The delay of one URL, a minute at most."""
        if not self.sigma:
            return self.median_s
        spread = Random(f"{seed}/latency/{url}").lognormvariate(0.0, self.sigma)
        return min(LONGEST_S, self.median_s * spread)
