"""What stands behind the report: how it was measured and where, every sample, and what it does not show."""

from itertools import groupby
from typing import Final

import msgspec

from crawler.compare.judgement import Judgement
from crawler.compare.report import figures
from crawler.compare.report.drawing import HOW_TO_GET_CHARTS
from crawler.compare.report.elements import Html, element, prose, together
from crawler.compare.result import Environment, Result, Sample

_ROLES: Final = ("measured", "control", "warm-up", "sweep", "canned", "unprobed")
_HEAD: Final = (
    f"{'arm':<24} round in-air    wall s   CPU s  start s  PSS MiB  lag p99  lag max  switches  forced  lost  failure"
)


def appendix(result: Result, judgement: Judgement, *, has_charts: bool) -> Html:
    """The last section."""
    no_charts = f"The charts are missing because vl-convert is not installed: `{HOW_TO_GET_CHARTS}`."
    return element(
        "section",
        element("h2", "How it was measured"),
        "" if has_charts else element("p", prose(no_charts)),
        element("p", prose(_method(result))),
        element("h3", "Run it again"),
        element("pre", element("code", result.command)),
        *_skipped(result),
        *_overhead(judgement),
        element("h3", "What it does not show"),
        element("ul", *(element("li", prose(line)) for line in judgement.limits)),
        element("details", element("summary", "The machine"), _machine(result.environment)),
        element("details", element("summary", f"Every sample ({len(result.samples):,})"), *_samples(result)),
        id="rest",
    )


def _method(result: Result) -> str:
    warm_ups = "a warm-up" if result.warm_ups == 1 else f"{result.warm_ups} warm-ups"
    return (
        f"Each sample is a crawl in a fresh process, watched from outside; {warm_ups} of each arm on each workload "
        "went before, and only the cold start of these counts. Arms took turns in random order (seed "
        f"{result.seed}). What an arm counted is compared with the right words before its time says anything. It "
        f"took {figures.clock(result.took_s)} of {figures.clock(result.budget_s)} min."
    )


def _skipped(result: Result) -> list[Html]:
    if not result.skipped:
        return []
    lines = (element("li", element("code", one.arm), f": {one.why}") for one in result.skipped)
    return [element("h3", "What could not run here"), element("ul", *lines)]


def _overhead(judgement: Judgement) -> list[Html]:
    lines = []
    if judgement.overhead_ms_a_page is not None:
        cost = f"{figures.number(judgement.overhead_ms_a_page)} ms"
        lines.append(f"With nothing to fetch, the machinery of crawl and lab takes {cost} a page.")
    if judgement.probe_cost is not None:
        low, middle, high = map(figures.share, msgspec.structs.astuple(judgement.probe_cost))
        lines.append(f"Its probes slow the reference down by {middle} ({low} to {high}).")
    if not lines:
        return []
    return [element("h3", "What the lab itself costs"), element("ul", *(element("li", line) for line in lines))]


def _machine(at: Environment) -> Html:
    facts = {
        "CPU": at.cpu,
        "cores": f"{at.cores}, of which {figures.number(at.usable_cores)} may be used",
        "memory": f"{at.memory_mib:,} MiB",
        "machine": at.machine,
        "system": at.system,
        "file system": at.file_system,
        "governor": at.governor or figures.NONE,
        "load before and after": f"{at.load_before:.2f}, {at.load_after:.2f}",
        "Python": f"{at.python}, {at.build}, {'with' if at.gil else 'without'} the GIL",
        "start method": at.start_method,
        "crawler": f"{at.crawler} {at.commit}".strip(),
        "began": at.started,
        "packages": ", ".join(f"{name} {version}" for name, version in sorted(at.packages.items())),
    }
    pairs = (part for name, value in facts.items() for part in (element("dt", name), element("dd", value)))
    return element("dl", *pairs, class_="list")


def _samples(result: Result) -> list[Html]:
    """Every sample as a line of text, to be read or pasted: as tables they would be half of the page."""

    def group_of(one: Sample) -> tuple[str, int]:
        return one.workload, _ROLES.index(one.role)

    parts = []
    for (work, role), group in groupby(sorted(result.samples, key=group_of), group_of):
        lines = [_line(one) for one in sorted(group, key=lambda one: (one.arm, one.concurrency, one.round))]
        text = Html("\n").join([element("span", _HEAD), *lines])
        name = f"{work}, {_ROLES[role]} ({len(lines)})"
        parts.append(
            element("details", element("summary", name), element("pre", Html(text), tabindex="0", aria_label=name))
        )
    return parts


def _line(one: Sample) -> Html:
    known = (one.peak_pss_mib, one.lag_p99_ms, one.lag_max_ms, one.voluntary_switches, one.involuntary_switches)
    pss, lag, most, voluntary, forced = (
        figures.NONE if it is None else f"{it:.1f}".removesuffix(".0") for it in known
    )
    return together(
        [
            f"{one.arm:<24}{one.round:>6}{one.concurrency:>7}{one.wall_s:>10.4f}{one.cpu_s:>8.3f}{one.start_s:>9.3f}",
            f"{pss:>9}{lag:>9}{most:>9}{voluntary:>10}{forced:>8}{one.lost:>6}  {one.failure}".rstrip(),
        ]
    )
