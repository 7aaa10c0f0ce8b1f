"""A drawing with what it shows above it, and what to see in it below."""

from crawler.compare.report.drawing import Spec, svg_of
from crawler.compare.report.elements import Html, element, prose


def figure(title: str, spec: Spec, see: str, *, level: int = 3) -> Html:
    """A chart in one size, a phone's, which is a third of a desk's."""
    return element(
        "figure", _title(title, level), element("div", svg_of(spec, _label(title, see)), class_="chart"), _see(see)
    )


def wide_figure(title: str, wide: Spec, slim: Spec, see: str) -> Html:
    """A chart drawn twice: the style sheet shows the one that fits."""
    label = _label(title, see)
    return element(
        "figure",
        _title(title, 3),
        element("div", svg_of(wide, label), class_="chart wide"),
        element("div", svg_of(slim, label), class_="chart slim"),
        _see(see),
        class_="two",
    )


def _title(title: str, level: int) -> Html:
    return element(f"h{level}", prose(title))


def _see(see: str) -> Html:
    return element("figcaption", prose(see)) if see else Html()


def _label(title: str, see: str) -> str:
    return f"{title}. {see}".replace("`", "")
