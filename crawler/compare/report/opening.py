"""The first screen: the verdict in large plain words, then what it rests on, then all arms at a glance."""

from collections.abc import Iterable
from typing import Final

from crawler.compare.judgement import Judgement, Standing
from crawler.compare.report import captions, figures
from crawler.compare.report.elements import Html, element, prose
from crawler.compare.report.tables import arm_name, row, table
from crawler.compare.result import Result
from crawler.report.counts import counted

_BAD: Final = ("disqualified", "failed")
_SHOWN: Final = 4
"""Warnings that are shown all at once."""


def opening(result: Result, judgement: Judgement) -> Html:
    """The header of the page."""
    verdict = tuple(dict.fromkeys(judgement.verdict)) or ("Nothing was found to say.",)
    more = [*verdict[1:], *judgement.against]
    links = [
        *([_link("crossover", "where they cross")] if judgement.crossover else []),
        *(_link(judged.work, judged.work) for judged in judgement.works),
        _link("rest", "how it was measured"),
    ]
    return element(
        "header",
        element("h1", "Strategies of concurrency, compared"),
        element("p", prose(verdict[0]), class_="verdict"),
        element("ul", *(element("li", prose(line)) for line in more), class_="more") if more else "",
        _warnings(result, judgement),
        element("p", prose(_small_print(result, judgement)), class_="small"),
        element("nav", element("ul", *links), aria_label="Sections"),
    )


def glance(result: Result, judgement: Judgement) -> Html:
    """Every arm on every workload where speed counts, and over all of them."""
    works = [judged for judged in judgement.works if any(standing.speed for standing in judged.standings)]
    if not works:
        return Html()
    overall = {arm: figures.ratio(speed) for arm, speed in judgement.overall}
    cells: dict[tuple[str, str], str] = {
        (judged.work, standing.arm): _cell(standing) for judged in works for standing in judged.standings
    }
    head = ["arm", *(judged.work for judged in works)]
    if overall:
        head.append("overall, geometric mean")
        cells |= {(head[-1], arm): speed for arm, speed in overall.items()}
    arms = [*overall, *(arm for arm in result.arms if arm not in overall)]
    rows = [row(arm_name(arm), [cells.get((column, arm), figures.NONE) for column in head[1:]]) for arm in arms]
    return element(
        "section",
        element("h2", "At a glance"),
        element("p", prose(captions.GLANCE.format(reference=judgement.reference)), class_="about"),
        element(
            "div",
            element("div", table("Speed of each arm on each workload", head, rows), class_="two"),
            _legend(),
            class_="grid",
        ),
        id="glance",
    )


def _legend() -> Html:
    """What colours and shapes mean, on the whole page."""
    meanings = {
        "plain processes": "analysed in processes",
        "plain threads": "in threads",
        "plain inline": "inline, where it was fetched",
        "plain interpreters": "in interpreters",
        "plain shards": "in N processes that fetch, too",
        "circle": "fetched by an event loop",
        "": "by threads",
        "diamond": "one at a time",
        "circle cut shards": "by N event loops",
        "cross auto": "the crawler chooses for itself",
        "circle hollow": "a variant: another loop or parser",
    }
    items = (
        element("li", element("span", class_=f"key {key}".strip(), aria_hidden="true"), meaning)
        for key, meaning in meanings.items()
    )
    return element("ul", *items, class_="legend", aria_label="Colours and shapes")


def _cell(standing: Standing) -> Html:
    if standing.speed is None or standing.finding == "disqualified":
        return element("td", standing.finding, class_="bad" if standing.finding in _BAD else False)
    value = figures.ratio(standing.speed.middle)
    if standing.finding == "no difference found":
        return element("td", f"≈ {value}")
    return element("td", value, class_=standing.finding if standing.finding in ("faster", "slower") else False)


def _small_print(result: Result, judgement: Judgement) -> str:
    at = result.environment
    floors = [figures.share(noise) for noise in sorted(one.noise for one in judgement.works if one.control)]
    floor = "The noise floor was not measured"
    if floors:
        floor = f"Noise floor {floors[0]}" + (f" to {floors[-1]}" if floors[0] != floors[-1] else "")
        floor += " (the reference against itself): nothing smaller is a result"
    counts = [standing.samples for judged in judgement.works for standing in judged.standings if standing.samples]
    least, most = min(counts, default=0), max(counts, default=0)
    taken = f"{least} to " * (least != most) + counted(most, "sample")
    return (
        f"{floor}. {taken} of each arm, in random order, each in a fresh process; "
        f"{counted(result.concurrency, 'page')} in the air at once. "
        f"{at.cpu}, {at.cores} cores; Python {at.python}{'' if at.gil else ' without the GIL'}; "
        f"{at.system}; {at.started}; crawler {at.crawler}."
    )


def _warnings(result: Result, judgement: Judgement) -> Html:
    """What weakens the result; what was cut to fit the time is long, and folded away."""
    lines = [*(f"Slower than before: {one}" for one in judgement.regressions), *judgement.warnings]
    if result.stopped_by:
        lines.insert(0, f"Stopped by {result.stopped_by} before its end: this is of the samples until then.")
    notes = list(dict.fromkeys(result.notes))
    if len(lines) + len(notes) <= _SHOWN:
        lines, notes = lines + notes, []
    if not lines and not notes:
        return Html()
    folded = element(
        "details", element("summary", f"What was cut, and what disturbed it ({len(notes)})"), _list(notes)
    )
    return element("div", _list(lines) if lines else "", folded if notes else "", class_="note", role="note")


def _list(lines: Iterable[str]) -> Html:
    return element("ul", *(element("li", prose(line)) for line in lines))


def _link(to: str, text: str) -> Html:
    return element("li", element("a", text, href=f"#{anchor(to)}"))


def anchor(name: str) -> str:
    """A workload's name as an id."""
    return "-".join(name.split())
