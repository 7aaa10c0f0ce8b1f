"""Numbers of a comparison as one reads them, the same in the terminal and in Markdown."""

from typing import Final

from crawler.compare.judgement import Interval, Spread, Standing
from crawler.compare.result import Environment, Result
from crawler.report.counts import counted

NONE: Final = "-"
"""Stands where nothing was measured, which is not 0."""
_DIGITS: Final = 3


def number(value: float) -> str:
    """As many digits as tell something: `0.03`, `1.92`, `12.3`, `1,234`."""
    for decimals in (2, 1):
        shown = f"{value:.{decimals}f}"
        if len(shown) <= _DIGITS + 1:
            return shown
    return f"{value:,.0f}"


def brief(seconds: float) -> str:
    """As a number, and one digit of what would be 0.00: `0.003`."""
    return f"{seconds:.1g}" if 0 < seconds < 0.005 else number(seconds)  # noqa: PLR2004 - which is rounded up


def ratio(value: float) -> str:
    """`1.92`; two digits of what is tiny, `0.0031`."""
    shown = f"{value:.2f}"
    return f"{value:.2g}" if shown == "0.00" and value else shown


def interval(found: Interval | None) -> str:
    """`1.92 (1.70-2.10)`: an estimate and its 95 % interval, of which no end is rounded to 1."""
    return f"{ratio(found.middle)} ({_end(found.low)}-{_end(found.high)})" if found else NONE


def _end(value: float) -> str:
    """`0.998`, since an interval that ends before 1 is a finding."""
    shown = ratio(value)
    return f"{value:.3f}" if shown == "1.00" and value != 1 else shown


def called(standing: Standing) -> str:
    """An arm's name, and what it chose most of the time if it leaves the choice to the crawler."""
    return f"{standing.arm}: {standing.chose}" if standing.chose else standing.arm


def speed(standing: Standing) -> str:
    """How many times as fast as the reference, which is as fast as itself for certain."""
    return "1.00" if standing.finding == "reference" else interval(standing.speed)


def spread(found: Spread | None) -> str:
    """`1.23 (1.20-1.31)`: the median and the middle half."""
    return f"{number(found.median)} ({number(found.q1)}-{number(found.q3)})" if found else NONE


def median(found: Spread | None) -> str:
    """`1.23`."""
    return number(found.median) if found else NONE


def measured(value: float | None, decimals: int) -> str:
    """A number, if it was measured."""
    return NONE if value is None else f"{value:,.{decimals}f}"


def best(standing: Standing) -> str:
    """`812 at 64`: pages a second at the concurrency that suits it best."""
    return f"{number(standing.best[1])} at {standing.best[0]}" if standing.best else NONE


def lost(standing: Standing) -> str:
    """Pages that it did not bring home, a median over samples."""
    return f"{standing.lost:,.0f}" if standing.samples else NONE


def share(value: float) -> str:
    """`3.1 %`."""
    return f"{value * 100:.1f} %"


def clock(seconds: float) -> str:
    """`9:41`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def machine(environment: Environment) -> str:
    """Where it was measured, in a line."""
    usable = f", {environment.usable_cores:g} of them usable" * (environment.usable_cores != environment.cores)
    governor = f", governor {environment.governor}" * bool(environment.governor)
    implementation, _, made = environment.build.partition(", ")
    return (
        f"{environment.cpu}, {environment.cores} cores{usable}{governor}, {environment.memory_mib / 1024:.0f} GiB; "
        f"{environment.system}; {implementation} {environment.python} ({made}) "
        f"{'with' if environment.gil else 'without'} the GIL, {environment.start_method}; "
        f"load {environment.load_before:.1f} before and {environment.load_after:.1f} after"
    )


def measurement(result: Result) -> str:
    """How much was measured, and at which limit."""
    rounds = max((sample.round for sample in result.samples if sample.role == "measured"), default=0)
    return (
        f"{counted(len(result.samples), 'sample')} in {clock(result.took_s)} of {clock(result.budget_s)} min, "
        f"{counted(rounds, 'round')} in random order, {counted(result.concurrency, 'page')} in the air at once, "
        f"seed {result.seed}"
    )
