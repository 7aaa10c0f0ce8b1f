"""Sentences that every form of the report has, beside those of the verdict."""

from collections.abc import Iterator

from crawler.compare.judgement import Interval, Judgement, Standing, WorkJudgement
from crawler.compare.report import figures
from crawler.compare.result import Result, Work
from crawler.report.counts import counted


def work_title(work: Work) -> str:
    """What the workload is made of."""
    size = f"{work.body_bytes / 1e6:,.1f} MB"
    return f"{work.about} ({counted(work.pages, 'page')}, {size}, hosts: {work.hosts}, latency: {work.latency})"


def facts(work: Work, of: WorkJudgement) -> Iterator[str]:
    """What no strategy can undercut, and what difference is none."""
    bound = of.bound
    if work.is_ranked and bound.least_s:
        parts = {"latency": bound.latency_s, "politeness": bound.politeness_s, "CPU": bound.cpu_s}
        parts |= {"bandwidth of the loopback": bound.bandwidth_s} if bound.bandwidth_s else {}
        told = ", ".join(f"{name} {figures.brief(seconds)} s" for name, seconds in parts.items())
        yield f"bound: no strategy can take less than {figures.number(bound.least_s)} s here ({told})"
    if of.control is not None:
        yield (
            f"noise floor: {figures.share(of.noise)}, as `{of.reference}` was {figures.interval(of.control)} times "
            "as fast as itself; no smaller difference is a result"
        )


def reservations(work: Work, of: WorkJudgement) -> Iterator[str]:
    """Why arms have no rank, where the verdict does not say so: those of one reason in one line."""
    if not work.is_ranked:
        return
    whys = dict.fromkeys(one.why for one in of.standings if one.finding == "unranked" and one.why)
    for why in whys:
        arms = ", ".join(f"`{one.arm}`" for one in of.standings if one.why == why)
        yield f"unranked: {arms}: {why}"


def left_out(result: Result) -> Iterator[str]:
    """What was not run or not as planned, and why."""
    for skipped in result.skipped:
        yield f"not run: `{skipped.arm}`: {skipped.why}"
    for note in result.notes:
        yield f"note: {note}"


def doubts(judgement: Judgement) -> Iterator[str]:
    """What the measuring itself costs, and what weakens the result."""
    yield from judgement.warnings
    costs = []
    if judgement.overhead_ms_a_page is not None:
        costs.append(f"{judgement.overhead_ms_a_page:.2f} ms a page with nothing to fetch")
    if (probes := judgement.probe_cost) is not None:
        costs.append(_of_probes(probes))
    if costs:
        yield f"overhead of the lab: {', '.join(costs)}"


def _of_probes(cost: Interval) -> str:
    """What may be nothing is no finding; how much it may be is said all the same."""
    if cost.low <= 0:
        return f"no difference found by its probes (at most {figures.share(max(0.0, cost.high))} more time)"
    low, middle, high = map(figures.share, (cost.low, cost.middle, cost.high))
    return f"{middle} more time by its probes ({low} to {high})"


def wrongs(judgement: Judgement) -> Iterator[str]:
    """What fails a gate, a line each."""
    for of in judgement.works:
        for standing in of.standings:
            if standing.finding in {"disqualified", "failed"}:
                yield f"{of.work}: {standing.arm} {_is(standing)}{standing.why}"
    yield from judgement.regressions
    if not judgement.is_comparable:
        yield from judgement.against


def _is(standing: Standing) -> str:
    return "is disqualified: " if standing.finding == "disqualified" else ""
