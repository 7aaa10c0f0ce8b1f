"""The report as people see it: in a real browser, on a phone and on a desk, in light and dark, on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.compare.judge import judge
from crawler.compare.report.page import report_html
from tests.compare.browser import CHROMIUM, Tab, chromium
from tests.compare.examples import example

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's package chromium")

OPEN_ALL = "[...document.querySelectorAll('details')].map(one => one.open = true).length"
SVGS = "[...document.querySelectorAll('svg')].filter(one => one.getClientRects().length)"
VARIABLES = (
    "Object.fromEntries('ground paper ink muted processes threads inline interpreters computing waiting'.split(' ')"
    ".map(name => [name, getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()]))"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = example(count=4)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(made, judge(made)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out(tab: Tab, page: Path, width: int) -> None:
    tab.look_at(page, width)
    assert tab.tell(OPEN_ALL) > 4
    assert tab.tell("document.documentElement.scrollWidth") <= width
    out = "filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.box, pre, svg'))"
    assert tab.tell(f"[...document.querySelectorAll('body *')].{out}.map(one => one.outerHTML.slice(0, 99))") == []


@pytest.mark.parametrize("width", [360, 1280])
def test_charts_have_a_size_and_their_text_can_be_read(tab: Tab, page: Path, width: int) -> None:
    tab.look_at(page, width)
    tab.tell(OPEN_ALL)
    sizes = tab.tell(f"{SVGS}.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])")
    assert len(sizes) > 25
    assert all(wide >= 300 and high >= 60 for wide, high in sizes)
    texts = f"{SVGS}.flatMap(one => [...one.querySelectorAll('text')])"
    smallest = f"Math.min(...{texts}.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a))"
    assert tab.tell(smallest) >= 11
    cut = "filter(one => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0)"
    assert tab.tell(f"{texts}.{cut}.map(one => one.textContent)") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(tab: Tab, page: Path, scheme: str) -> None:
    tab.look_at(page, 1280, scheme)
    colours = tab.tell(VARIABLES)
    for name in ("ink", "muted"):
        assert contrast(colours[name], colours["paper"]) >= 4.5
        assert contrast(colours[name], colours["ground"]) >= 4.5
    for name in ("processes", "threads", "inline", "interpreters", "computing"):
        assert contrast(colours[name], colours["paper"]) >= 3
    assert contrast(colours["computing"], colours["waiting"]) >= 4.5


def test_the_dark_is_dark_in_page_and_charts(tab: Tab, page: Path) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        tab.look_at(page, 1280, scheme)
        seen[scheme] = [
            luminance(tab.tell(f"getComputedStyle(document.{where}"))
            for where in (
                "body).backgroundColor",
                "querySelector('section')).backgroundColor",
                "querySelector('.verdict')).color",
                "querySelector('svg text')).fill",
            )
        ]
    ground, paper, verdict, label = seen["dark"]
    assert max(ground, paper) < 0.05
    assert min(verdict, label) > 0.6
    ground, paper, verdict, label = seen["light"]
    assert min(ground, paper) > 0.8
    assert max(verdict, label) < 0.05


def test_paper_is_white_even_in_the_dark(tab: Tab, page: Path) -> None:
    a4_px = 690
    tab.look_at(page, a4_px, "dark", medium="print")
    assert tab.tell("document.documentElement.scrollWidth") <= a4_px
    for where in ("body", "querySelector('section')"):
        assert luminance(tab.tell(f"getComputedStyle(document.{where}).backgroundColor")) > 0.9
    assert tab.tell("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert luminance(tab.tell("getComputedStyle(document.querySelector('.verdict')).color")) < 0.1


def test_nothing_is_asked_of_the_network_and_nothing_is_wrong(tab: Tab, page: Path) -> None:
    tab.look_at(page, 1280)
    tab.tell(OPEN_ALL)
    requests = [event["params"] for event in tab.events if event.get("method") == "Network.requestWillBeSent"]
    assert [request["request"]["url"] for request in requests] == [page.as_uri()]
    assert tab.tell("document.characterSet") == "UTF-8"
    assert tab.tell("document.compatMode") == "CSS1Compat"
    wrong = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
    assert [event for event in tab.events if event.get("method") in wrong] == []


def test_it_reads_without_scripts(tab: Tab, page: Path) -> None:
    tab.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.look_at(page, 360)
        tab.ask("Runtime.evaluate", expression="document.querySelector('summary').scrollIntoView()")
        box = tab.tell("document.querySelector('summary').getBoundingClientRect()")
        spot = {"x": box["left"] + 20, "y": box["top"] + 5, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            tab.ask("Input.dispatchMouseEvent", type=kind, **spot)
        assert tab.tell("document.querySelector('details').open")
    finally:
        tab.ask("Emulation.setScriptExecutionDisabled", value=False)


def luminance(colour: str) -> float:
    """Of `#rgb`, `#rrggbb` or `rgb(...)`, by WCAG 2."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        channels = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    else:
        channels = [int(channel) for channel in re.findall(r"\d+", colour)[:3]]
    shares = [channel / 255 for channel in channels]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
