"""Who takes part in what: the arms and workloads of an order that can run here and are worth the time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from crawler.compare.arms import ARMS, arm_called, find_arm, why_not
from crawler.compare.budget import LEAST, Entry
from crawler.compare.ladder import CLIMBERS, QUICK_CLIMBERS, QUICK_WAITS, WAITS, rungs
from crawler.compare.order import Order, UnusableOrder
from crawler.compare.recording.workload import Recorded
from crawler.compare.result import Role, Skipped, Work
from crawler.compare.workloads import WORKLOADS, Unfit, Workload
from crawler.report.counts import counted
from crawler.settings import MOST_SHARDS

WANTED: Final = 15
"""More rounds make intervals narrower, but ever more slowly: twice as narrow takes four times as many."""
QUICK_ARMS: Final = ("threads+inline", "threads+processes", "async+inline", "async+processes")
QUICK_PAGES: Final = {"io": 64, "cpu": 48}
"""The workloads of a quick comparison, and how many pages they have then."""

RUNG_PAGES: Final = 64
"""And how many pages a rung of a quick crossover has."""

_START_S: Final = 1.5
_S_A_MB: Final = 0.15
BESIDES: Final[Mapping[bool, tuple[tuple[Role, int, int], ...]]] = {
    False: (("canned", 5, 3), ("unprobed", 10, 5)),
    True: (("canned", 1, 1),),
}
"""How often the lab measures itself, wanted and at least; by whether it has to be quick."""
_SWEPT: Final = 3


class Lineup(NamedTuple):
    """Who takes part, who does not, and what was left out without having been named."""

    arms: tuple[str, ...]
    workloads: tuple[Workload, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    recorded: Recorded | None = None


def line_up(order: Order) -> Lineup:
    """The arms and workloads that the order asks for, the reference among them.

    Raises UnusableOrder.
    """
    _check_arms("strategies", order.strategies)
    _check_arms("reference", (order.reference,))
    for name in order.workloads:
        if name not in WORKLOADS:
            raise UnusableOrder(f"--workloads: {name!r} is none of {', '.join(WORKLOADS)}")
    if reason := why_not(arm_called(order.reference)):
        raise UnusableOrder(f"reference {order.reference} cannot run here ({reason}); name another")
    named = dict.fromkeys((*(order.strategies or _usual(order)), order.reference))
    reasons = {name: reason for name in named if (reason := why_not(arm_called(name)))}
    arms = tuple(name for name in dict.fromkeys((*ARMS, *named)) if name in named and name not in reasons)
    skipped = tuple(Skipped(name, reason) for name, reason in reasons.items())
    if order.is_crossover:
        climbed = (_sized(rung, order, RUNG_PAGES) for rung in rungs(QUICK_WAITS if order.is_quick else WAITS))
        return Lineup(arms, tuple(climbed), skipped, tuple(_rungs_left_out(order)))
    names = order.workloads or _usual_workloads(order)
    _refuse_the_idle(order, arms, names)
    recorded = None if order.recording is None else Recorded(order.recording)
    workloads = tuple(_sized(WORKLOADS[name], order, QUICK_PAGES.get(name)) for name in names)
    return Lineup(arms, workloads, skipped, tuple(_left_out(order, arms, names)), recorded)


def _usual(order: Order) -> Iterable[str]:
    """Who takes part where nobody is named."""
    if order.is_crossover:
        return QUICK_CLIMBERS if order.is_quick else CLIMBERS
    return QUICK_ARMS if order.is_quick else [name for name, arm in ARMS.items() if arm.is_ranked]


def entries(order: Order, arms: Iterable[str], works: Iterable[Work]) -> list[Entry]:
    """What to sample: every arm on every workload, the reference twice; the sweep, and the lab itself, beside."""
    works, made = tuple(works), list[Entry]()
    for work in works:
        for arm in arms:
            made.append(_entry(work, arm, "measured", order.concurrency, _rounds(work)))
            if work.is_ranked and _is_swept(order, arm):
                made += [_entry(work, arm, "sweep", limit, _SWEPT)._replace(least=1) for limit in order.sweep]
        if work.is_ranked:
            made.append(_entry(work, order.reference, "control", order.concurrency, _rounds(work)))
    ranked = [work for work in works if work.is_ranked]
    if ranked and not order.is_crossover:
        for role, wanted, least in BESIDES[order.is_quick]:
            made.append(_entry(ranked[-1], order.reference, role, order.concurrency, wanted)._replace(least=least))
    return made


def _is_swept(order: Order, arm: str) -> bool:
    """Whether a limit means something to it; one of the loops is enough, unless both are named."""
    what = arm_called(arm)
    return what.is_ranked and what.fetch != "sequential" and (what.loop == "uvloop" or arm in order.strategies)


def _rounds(work: Work) -> int:
    return WANTED if work.is_ranked else LEAST


def _entry(work: Work, arm: str, role: Role, concurrency: int, wanted: int) -> Entry:
    in_flight = 1 if arm_called(arm).fetch == "sequential" else concurrency
    alive_s = _START_S + work.delays_s / in_flight + _S_A_MB * work.body_bytes / 10**6
    guess_s = alive_s if work.is_ranked else work.deadline_s / 2  # some die at once, some outlive their time
    return Entry(work.name, arm, role, concurrency, wanted, LEAST, guess_s, work.is_ranked)


def _usual_workloads(order: Order) -> tuple[str, ...]:
    if order.recording is not None:
        return ()
    return tuple(QUICK_PAGES) if order.is_quick else tuple(WORKLOADS)


def _refuse_the_idle(order: Order, arms: tuple[str, ...], workloads: tuple[str, ...]) -> None:
    """Options that would change nothing of what was named."""
    sizes = {"latency": order.latency, "page-kb": order.page_kb, "pages": order.pages, "hosts": order.hosts}
    given = [f"--{name}" for name, size in sizes.items() if size]
    if not workloads and given:
        why = "recorded pages are replayed as they are"
        raise UnusableOrder(f"{', '.join(given)}: {why}; leave it out, or name a built-in one with --workloads")
    if order.latency and all(WORKLOADS[name].latency == "none" for name in workloads):
        raise UnusableOrder(f"--latency: {', '.join(workloads)} waits for no page; name io or mixed, or leave it out")
    if order.sweep and order.recording is None and not any(WORKLOADS[name].is_ranked for name in workloads):
        raise UnusableOrder(f"--sweep: {', '.join(workloads)} is not about speed; name another, or leave it out")
    if order.sweep and not any(_is_swept(order, arm) for arm in arms):
        why = "is not ranked, or has one page in flight by nature"
        raise UnusableOrder(f"--sweep: {', '.join(arms)} {why}; name others, or leave it out")


def _check_arms(what: str, names: Iterable[str]) -> None:
    for name in names:
        if find_arm(name) is None:
            shards = f"of shards there may be 2 to {MOST_SHARDS}"
            raise UnusableOrder(f"--{what}: {name!r} is none of {', '.join(ARMS)}; {shards}")


def _sized(workload: Workload, order: Order, quick_pages: int | None) -> Workload:
    pages = order.pages or (quick_pages if order.is_quick else None)
    latency = order.latency if workload.latency != "none" else None
    try:
        return workload.resized(
            latency=latency, page_kb=order.page_kb, pages=pages, hosts=order.hosts, seed=order.seed
        )
    except Unfit as error:
        raise UnusableOrder(f"--{error.field.replace('_', '-')}: {error.why}") from None


def _rungs_left_out(order: Order) -> Iterator[str]:
    if order.is_quick:
        yield f"quick: {len(QUICK_WAITS)} of {len(WAITS)} waits, with {order.pages or RUNG_PAGES} pages each"


def _left_out(order: Order, arms: tuple[str, ...], workloads: tuple[str, ...]) -> Iterator[str]:
    if not order.is_quick:
        return
    yield "quick: what the lab's own probes cost is not measured"
    if not order.workloads and order.recording is None:
        pages = ", ".join(f"{name} with {counted(order.pages or QUICK_PAGES[name], 'page')}" for name in workloads)
        rest = " and ".join(name for name in WORKLOADS if name not in workloads)
        yield f"quick: {pages}; {rest} not at all"
    if not order.strategies:
        able = sum(arm.is_ranked and why_not(arm) is None for arm in ARMS.values())
        yield f"quick: {len(arms)} of {able} strategies that can run here; name others with --strategies"
