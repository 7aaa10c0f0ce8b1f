"""The section of one workload: what was found, the arms in a table, and why it came out so, in charts."""

from collections.abc import Sequence
from typing import Final

from crawler.compare.judgement import Judgement, WorkJudgement
from crawler.compare.report import captions, figures, measures
from crawler.compare.report.charts import bars, intervals, memory, phases, samples, sweep, timeline
from crawler.compare.report.elements import Html, element, prose
from crawler.compare.report.illustrations import figure, wide_figure
from crawler.compare.report.opening import anchor
from crawler.compare.report.ranking import ranking
from crawler.compare.report.tables import arm_name, row, table
from crawler.compare.result import Result, Span, Work
from crawler.report.counts import counted

_KINDS: Final = ("waiting for the site", "receiving", "waiting for a worker", "computing")
_BY: Final = {
    "latency": "set by the site's latency",
    "politeness": "set by politeness",
    "cpu": "set by the CPU",
    "bandwidth": "set by the loopback",
}
_TRACE: Final = 0.0005
"""A share too small to be named."""


def work_section(result: Result, judgement: Judgement, judged: WorkJudgement, *, has_charts: bool) -> Html:
    """All that is known of it."""
    work = next((one for one in result.works if one.name == judged.work), None)
    lines = (element("li", prose(line)) for line in judged.verdict)
    draws = has_charts and bool(judged.standings)
    return element(
        "section",
        element("h2", judged.work),
        element("p", work.about, class_="about") if work else "",
        element("ul", *lines, class_="says") if judged.verdict else "",
        _facts(judged, work),
        _speeds(result, judged, work, judged.reference or judgement.reference) if draws else "",
        ranking(judged),
        *((_costs(result, judged), _timelines(result, judged)) if draws else ()),
        _sweep(result, judged, work, draws=draws),
        _phases(result, judged) if draws else "",
        id=anchor(judged.work),
    )


def _facts(judged: WorkJudgement, work: Work | None) -> Html:
    bound = judged.bound
    facts = []
    is_ranked = work is None or work.is_ranked
    if bound.least_s and is_ranked:
        facts.append(("no strategy can take less than", f"{figures.number(bound.least_s)} s", _BY[bound.by]))
    if any(standing.speed for standing in judged.standings):
        facts.append(("nobody computed in", figures.share(bound.waiting_share), "of the fastest arm's time"))
    if is_ranked:
        facts.append(("noise floor", figures.share(judged.noise) if judged.control else "not measured", ""))
    if work:
        size = figures.number(work.body_bytes / max(work.pages, 1) / 1024)
        facts += [
            ("pages", f"{work.pages:,}", f"of {size} KiB, on {counted(work.hosts, 'host')}"),
            ("latency", work.latency, ""),
        ]
    return element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", value, element("small", f" {more}") if more else ""))
            for name, value, more in facts
        ),
        class_="facts",
    )


def _speeds(result: Result, judged: WorkJudgement, work: Work | None, reference: str) -> Html:
    every = measures.walls(result, judged, reference)
    see = captions.SAMPLES + captions.AGAIN * (measures.again(reference) in every)
    return element(
        "div",
        _hero(judged, work, reference),
        figure("Every sample", samples.samples(every), see) if every else "",
        class_="grid",
    )


def _hero(judged: WorkJudgement, work: Work | None, reference: str) -> Html:
    if work and not work.is_ranked:
        losses = [
            (one.arm, one.lost, f"{one.lost:g} of {work.pages:,}" if one.lost else "none") for one in judged.standings
        ]
        return figure("Innocent pages lost", bars.bars(losses, "pages"), captions.LOSSES)
    if not any(standing.speed for standing in judged.standings):
        return Html()
    return wide_figure(
        "How many times as fast",
        intervals.intervals(judged, reference, is_wide=True),
        intervals.intervals(judged, reference, is_wide=False),
        captions.INTERVALS.format(reference=reference),
    )


def _costs(result: Result, judged: WorkJudgement) -> Html:
    cpu = [(one.arm, one.cpu_ms_a_page) for one in judged.standings if one.cpu_ms_a_page]
    cores = [(one.arm, one.cores) for one in judged.standings if one.cores]
    peaks = measures.memories(result, judged)
    limits = (1.0, result.environment.usable_cores)
    return element(
        "div",
        figure("CPU a page", bars.bars(_said(cpu), "ms of all processes"), captions.CPU) if cpu else "",
        figure("Effective cores", bars.bars(_said(cores), "cores", limits=limits), captions.CORES) if cores else "",
        figure("Memory", memory.memory(peaks), captions.MEMORY) if peaks else "",
        class_="grid",
    )


def _said(values: Sequence[tuple[str, float]]) -> list[tuple[str, float, str]]:
    return [(arm, value, figures.number(value)) for arm, value in values]


def _timelines(result: Result, judged: WorkJudgement) -> Html:
    found = measures.timelines(result, judged.work)
    if not found:
        return Html()
    until_s = min(max(span.end_s for span in spans) for spans in found.values())
    kinds = (
        element("li", element("span", class_="key plain", style=f"--c:{colour}", aria_hidden="true"), name)
        for name, colour in zip(_KINDS, timeline.COLOURS.values(), strict=True)
    )
    title = element("h3", "Who waited, and who computed")
    return element(
        "div",
        element("div", title, element("ul", *kinds, class_="legend"), class_="span"),
        *(figure(f"`{arm}`", timeline.timeline(of, until_s), _lanes(of), level=4) for arm, of in found.items()),
        element("p", prose(captions.TIMELINES), class_="small span"),
        class_="grid",
    )


def _lanes(spans: Sequence[Span]) -> str:
    shares = timeline.shares_of(spans)
    shown = ", ".join(f"{kind} {figures.share(share)}" for kind, share in shares.items() if share > _TRACE)
    hidden = len({span.lane for span in spans}) - len(timeline.lanes_of(spans))
    return f"Of all lanes' time: {shown}." + (f" {hidden} more lanes are not drawn." if hidden else "")


def _sweep(result: Result, judged: WorkJudgement, work: Work | None, *, draws: bool) -> Html:
    speeds = measures.sweep_of(result, judged)
    if not any(speed > 0 for of in speeds.values() for speed in of.values()):
        return Html()
    bound = measures.latency_bound(work, {level for of in speeds.values() for level in of}) if work else {}
    drawn = (
        wide_figure(
            "Speed against concurrency",
            sweep.sweep(speeds, bound, is_wide=True),
            sweep.sweep(speeds, bound, is_wide=False),
            captions.SWEEP,
        )
        if draws
        else ""
    )
    return element("div", drawn, _best(judged), class_="grid")


def _best(judged: WorkJudgement) -> Html:
    rows = [
        row(arm_name(standing.arm), [f"{standing.best[0]:,}", figures.number(standing.best[1])])
        for standing in judged.standings
        if standing.best
    ]
    if not rows:
        return Html()
    head = ("arm", "in the air, pages", "pages, a second")
    title = "Each at its best"
    return element("div", element("h3", title), table(title, head, rows))


def _phases(result: Result, judged: WorkJudgement) -> Html:
    found = measures.phases(result, judged)
    if not found:
        return Html()
    domain = measures.phase_domain(found)
    drawn = (figure(f"Phase: {name}", phases.phase(arms, domain), "") for name, arms in found.items())
    return element(
        "details",
        element("summary", "How long pages spent in each phase"),
        element("div", element("p", captions.PHASES, class_="small span"), *drawn, class_="grid"),
    )
