"""The doorman of vl-convert: a Vega-Lite spec becomes an SVG that is small, speaks for itself and fits its place."""

import re
import xml.etree.ElementTree as ET
from typing import Any, Final, TypeAlias

from crawler.compare.report.elements import Html
from crawler.plain import visible

Spec: TypeAlias = dict[str, Any]
"""A Vega-Lite specification."""

HOW_TO_GET_CHARTS: Final = "pip install -e '.[charts]'"

_NOT_XML: Final = re.compile("[\ufffe\uffff]")
_DECIMALS: Final = re.compile(r"-?\d+\.\d{2,}")
_SVG: Final = "{http://www.w3.org/2000/svg}"
_NEEDLESS: Final = frozenset({
    "class", "font-family", "font-weight", "height", "pointer-events", "role", "stroke-miterlimit", "version",
    "width",
})  # fmt: skip
_USUAL: Final = {
    ("fill", "var(--ink)"), ("font-size", "12px"), ("opacity", "1"), ("stroke-width", "1"),
    ("transform", "translate(0,0)"),
}  # fmt: skip
"""What is so anyway, or said by the page's style sheet."""
_INHERITED: Final = (
    "fill", "font-style", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-opacity", "stroke-width",
    "text-anchor",
)  # fmt: skip
"""What a group can say for all that is in it."""


def can_draw() -> bool:
    """Whether the package that draws charts is installed."""
    try:
        import vl_convert  # noqa: F401, PLC0415 - heavy, and an extra
    except ImportError:
        return False
    return True


def svg_of(spec: Spec, label: str) -> Html:
    """The drawing, with `label` for those who cannot see it; its colours are the page's."""
    import vl_convert  # noqa: PLC0415 - heavy, and an extra

    drawn = vl_convert.vegalite_to_svg(_fit_for_xml(spec))
    root = ET.fromstring(drawn)  # noqa: S314 - made by us
    _slim(root)
    root.set("role", "img")
    root.set("aria-label", visible(label))
    return Html(ET.tostring(root, encoding="unicode", short_empty_elements=True))


def _fit_for_xml(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return _NOT_XML.sub("?", visible(value))
    if isinstance(value, dict):
        return {_fit_for_xml(key): _fit_for_xml(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_fit_for_xml(one) for one in value]
    return value


def _slim(node: ET.Element) -> None:
    """Take away what shows nothing: Vega writes empty groups and backgrounds, and every default for every mark."""
    node.tag = node.tag.removeprefix(_SVG)
    is_text = node.tag == "text"
    for name, value in list(node.items()):
        is_usual = (name, value) in _USUAL and (name != "fill" or is_text)
        if name in _NEEDLESS or name.startswith("aria-") or is_usual:
            del node.attrib[name]
        elif name != "viewBox":
            node.set(name, _DECIMALS.sub(_rounded, value))
    for child in list(node):
        _slim(child)
        if _shows_nothing(child):
            node.remove(child)
    node[:] = [_only_child(child) for child in node]
    for name in _INHERITED if len(node) > 1 else ():
        values = {child.get(name) for child in node}
        if len(values) == 1 and None not in values:
            node.set(name, values.pop() or "")
            for child in node:
                del child.attrib[name]


def _only_child(node: ET.Element) -> ET.Element:
    """What stands in a group that says nothing itself."""
    return node[0] if node.tag == "g" and len(node) == 1 and not node.attrib else node


def _shows_nothing(node: ET.Element) -> bool:
    if node.tag == "g":
        return len(node) == 0
    if node.tag == "text":
        return not node.text or node.get("opacity") == "0"
    return node.tag == "path" and (node.get("display") == "none" or node.get("fill") is node.get("stroke") is None)


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")
