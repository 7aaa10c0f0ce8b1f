"""Tables of the report: they scroll in a box of their own, and each row and column says what it is."""

from collections.abc import Iterable, Sequence

from crawler.compare.report.elements import Html, element, together
from crawler.compare.report.look import look_of


def table(about: str, head: Sequence[str], rows: Iterable[Html], *, words: Sequence[str] = ()) -> Html:
    """A table in its box; the columns named in `words` hold text and not numbers."""
    heads = [element("th", _head(name), scope="col", class_="words" if name in words else False) for name in head]
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", *heads)),
            element("tbody", *rows),
            aria_label=about,
        ),
        class_="box", tabindex="0", role="region", aria_label=f"{about} (scrolls sideways)",
    )  # fmt: skip


def row(first: str, cells: Iterable[str], **attributes: str | bool) -> Html:
    """A row that its first cell names; a cell that is an element already stands as it is."""
    made = (one if isinstance(one, Html) and one.startswith("<td") else element("td", one) for one in cells)
    return element("tr", element("th", first, scope="row"), *made, **attributes)


def arm_name(name: str, called: str = "") -> Html:
    """An arm's mark and its name, or what it is called here."""
    return together([element("span", class_=f"key {look_of(name).key}", aria_hidden="true"), called or name])


def _head(name: str) -> Html:
    """A column's name, with its unit beneath."""
    what, _, unit = name.partition(", ")
    return together([what, *([element("small", unit)] if unit else [])])
