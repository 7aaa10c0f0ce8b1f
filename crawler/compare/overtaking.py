"""What is said of a crossover: its ends, and who overtakes whom where."""

from collections.abc import Iterator
from math import inf
from typing import Final

from crawler.compare.judgement import Crossover, LadderEnd, Meeting
from crawler.compare.phrases import each_of, listed, times
from crawler.compare.statistics import FEWEST

_WHOLE: Final = 10.0
"""From so many milliseconds on no decimals are told."""
_AS_LONG: Final = "times as long as waiting for it"


def crossover_verdict(found: Crossover, reference: str) -> Iterator[str]:
    """The ends of the ladder first, then what the reference meets, then who else crosses."""
    yield " ".join(f"With {_wait(end)} {_at(end)}." for end in found.ends)
    if not found.meetings:
        yield f"Too few samples to look for crossings: it takes {FEWEST} of each arm on two rungs, and more time."
    crossings = [one for one in found.meetings if one.kind == "crossing"]
    if found.meetings and not crossings:
        yield "No crossing found: nowhere does one strategy lead with long waits and another with short ones."
    yield from (told(one) for one in found.meetings if reference in one.arms)
    others = [one for one in crossings if reference not in one.arms]
    if others:
        pairs = listed(f"`{one.arms[0]}` with `{one.arms[1]}`" for one in others)
        yield f"Crossings of others: {pairs}."


def told(met: Meeting) -> str:
    """Of two arms, in a sentence."""
    first, second = (f"`{arm}`" for arm in met.arms)
    match met.kind:
        case "crossing":
            return _crossing(met, first, second)
        case "parting":
            return (
                f"No crossing found between {first} and {second}: {first} is ahead {_part(met)}"
                f" ({times(met.most[0])} as fast at most), and elsewhere no difference was found."
            )
        case "ahead":
            return f"{first} is ahead of {second} on every rung, {times(met.most[0])} as fast at most."
        case "alike":
            return f"No crossing found between {first} and {second}: on no rung a difference."
        case "unclear":
            return (
                f"{first} and {second} overtake each other more than once, which is more likely noise than crossings."
            )


def clock(seconds: float) -> str:
    """`1 s`, `254 ms`, `5.0 ms`."""
    milliseconds = seconds * 1000
    return f"{seconds:.2g} s" if seconds >= 1 else f"{milliseconds:.{0 if milliseconds >= _WHOLE else 1}f} ms"


def _crossing(met: Meeting, first: str, second: str) -> str:
    at = met.level
    where = (
        f"where computing a page takes {at.middle:.2g} {_AS_LONG} ({at.low:.2g}-{at.high:.2g}; with these pages at a"
        f" latency of {clock(met.cpu_s / at.middle)})"
        if at
        else f"beyond the last rung with a wait, where computing a page takes {met.span[0]:.2g} {_AS_LONG}"
    )
    return (
        f"{first} and {second} cross {where}: with longer waits {first} is ahead, {times(met.most[0])} as fast at"
        f" most, with shorter ones {second}, {times(met.most[1])}."
    )


def _part(met: Meeting) -> str:
    low, high = met.span
    if met.is_from_the_start and met.is_to_the_end:
        return "at both ends of the ladder"
    if met.is_to_the_end:
        return (
            f"from where computing a page takes {low:.2g} {_AS_LONG}" if low < inf else "where nothing is waited for"
        )
    if met.is_from_the_start:
        return f"up to where computing a page takes {high:.2g} {_AS_LONG}"
    part = f"{low:.2g}" if low == high else f"{low:.2g} to {high:.2g}"
    return f"only where computing a page takes {part} {_AS_LONG}"


def _at(end: LadderEnd) -> str:
    if end.speed is None:
        return "too few samples say anything"
    if not end.fastest:
        return "no strategy was found to be faster than another"
    beside = f" (no difference to {each_of(list(end.beside), 0)})" if end.beside else ""
    return f"`{end.fastest}` is fastest{beside}, {times(end.speed)} as fast as `{end.slowest}`, the slowest"


def _wait(end: LadderEnd) -> str:
    return f"a latency of {clock(end.latency_s)}" if end.latency_s else "no latency"
