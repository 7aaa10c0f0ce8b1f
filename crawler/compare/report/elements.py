"""HTML made of elements, so that text from elsewhere cannot become markup: whatever is not `Html` is escaped."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from crawler.plain import visible

_VOID: Final = frozenset({"br", "hr", "link", "meta"})
_CODE: Final = re.compile("`([^`]*)`")
_WHOLE: Final = re.compile(r"\([\d.,]+-[\d.,]+\)|[\d.,]+ (?:%|(?:ms|s|MiB)\b)")
"""An interval, or a number with its unit: no line breaks in it."""


class Html(str):
    """Markup, fit to stand in a page as it is."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | bool) -> Html:
    """One element; `class_` and `aria_label` are written `class` and `aria-label`, and False leaves one out."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(visible(str(value)))}"')
        for name, value in attributes.items()
        if value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{together(children)}</{tag}>")


def together(children: Iterable[str]) -> Html:
    """One after another."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(visible(child), quote=False) for child in children)
    )


def prose(text: str) -> Html:
    """A sentence, with what stands between backticks as code; intervals, and numbers with their units, stay whole."""
    parts = enumerate(_CODE.split(text))
    return together(element("code", part) if at % 2 else _with_wholes(part) for at, part in parts if part)


def _with_wholes(text: str) -> Html:
    return Html(_WHOLE.sub(r'<span class="whole">\g<0></span>', together([text])))
