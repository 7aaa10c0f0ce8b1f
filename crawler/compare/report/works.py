"""The section of one workload: what was found, the arms in a table, and why it came out so, in charts."""

from collections.abc import Sequence
from typing import Final

from crawler.compare.judgement import Judgement, Standing, WorkJudgement
from crawler.compare.report import captions, figures, measures
from crawler.compare.report.charts import bars, intervals, memory, phases, samples, sweep, timeline
from crawler.compare.report.elements import Html, element, prose
from crawler.compare.report.illustrations import figure, wide_figure
from crawler.compare.report.opening import anchor
from crawler.compare.report.tables import arm_name, row, table
from crawler.compare.result import Result, Span, Work

_ASIDE: Final = ("disqualified", "unranked", "failed", "too few samples")
_KINDS: Final = ("waiting for the site", "receiving", "waiting for a worker", "computing")
_BY: Final = {"latency": "set by the site's latency", "politeness": "set by politeness", "cpu": "set by the CPU"}
_TRACE: Final = 0.0005
"""A share too small to be named."""
_HEAD: Final = (
    "arm", "finding", "times as fast, 95 % interval", "wall s, middle half", "pages, a second", "CPU ms, a page",
    "cores, used", "MiB, peak PSS", "lag ms, p99", "pages, lost", "start s, cold", "samples",
)  # fmt: skip


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
        _hero(judged, work, judged.reference or judgement.reference) if draws else "",
        _standings(judged),
        *((_costs(result, judged), _timelines(result, judged), _sweep(result, judged, work)) if draws else ()),
        _more(result, judgement, judged) if draws else "",
        id=anchor(judged.work),
    )


def _facts(judged: WorkJudgement, work: Work | None) -> Html:
    bound = judged.bound
    facts = [
        ("no strategy can take less than", f"{figures.number(bound.least_s)} s", _BY[bound.by]),
        ("of the fastest's time, nobody computed", figures.share(bound.waiting_share), ""),
        ("noise floor", figures.share(judged.noise) if judged.control else figures.NONE, ""),
    ]
    if work:
        size = figures.number(work.body_bytes / max(work.pages, 1) / 1024)
        facts += [
            ("pages", f"{work.pages:,}", f"of {size} KiB, on {work.hosts:,} hosts"),
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


def _hero(judged: WorkJudgement, work: Work | None, reference: str) -> Html:
    if work and not work.is_ranked:
        losses = [
            (one.arm, one.lost, f"{figures.number(one.lost)} of {work.pages:,}" if one.lost else "none")
            for one in judged.standings
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


def _standings(judged: WorkJudgement) -> Html:
    has_then = any(standing.then for standing in judged.standings)
    head = [*_HEAD, "than before, times as fast"] if has_then else _HEAD
    rows = [_standing(standing, has_then=has_then) for standing in judged.standings]
    made = table(f"The arms on {judged.work}", head, rows, words=("finding",))
    whys = [
        element("li", element("code", one.arm), f": {one.finding}: {one.why}") for one in judged.standings if one.why
    ]
    return element("div", made, element("ul", *whys, class_="small") if whys else "")


def _standing(one: Standing, *, has_then: bool) -> Html:
    cells = [
        element("td", element("span", one.finding, class_=one.finding.replace(" ", "-")), class_="words"),
        figures.interval(one.speed),
        figures.spread(one.wall_s),
        figures.measured(one.pages_per_s, 0),
        figures.measured(one.cpu_ms_a_page, 2),
        figures.measured(one.cores, 2),
        figures.measured(one.peak_pss_mib, 0),
        figures.measured(one.lag_p99_ms, 1),
        figures.lost(one),
        figures.median(one.start_s),
        f"{one.samples}",
    ]
    if has_then:
        cells.append(figures.interval(one.then))
    return row(arm_name(one.arm), cells, class_="aside" if one.finding in _ASIDE else False)


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


def _sweep(result: Result, judged: WorkJudgement, work: Work | None) -> Html:
    speeds = measures.sweep_of(result, judged)
    if not any(speed > 0 for of in speeds.values() for speed in of.values()):
        return Html()
    bound = measures.latency_bound(work, {level for of in speeds.values() for level in of}) if work else {}
    return element(
        "div",
        wide_figure(
            "Speed against concurrency",
            sweep.sweep(speeds, bound, is_wide=True),
            sweep.sweep(speeds, bound, is_wide=False),
            captions.SWEEP,
        ),
        _best(judged),
        class_="grid",
    )


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


def _more(result: Result, judgement: Judgement, judged: WorkJudgement) -> Html:
    every = measures.walls(result, judged, judged.reference or judgement.reference)
    figures = [figure("Every sample", samples.samples(every), captions.SAMPLES)] if every else []
    found = measures.phases(result, judged)
    domain = measures.phase_domain(found)
    figures += [
        figure(f"Phase: {name}", phases.phase(arms, domain), captions.PHASES if at == 0 else "")
        for at, (name, arms) in enumerate(found.items())
    ]
    if not figures:
        return Html()
    summary = element("summary", "Every sample, and the phases of a page")
    return element("details", summary, element("div", *figures, class_="grid"))
