"""HTML by BeautifulSoup on Python's own parser: slower, and lenient in its own way.

html.parser does not build the tree of the standard: it closes no element that its author left open, and it reads what
stands in `xmp` and its like as markup. On well-formed documents it finds the same links and words.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, ParserRejectedMarkup, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement, Tag

from crawler.analyze.document import (
    BOUNDARIES,
    DROPPED,
    NEVER_HIDDEN,
    Document,
    Link,
    Unreadable,
    is_nofollow,
    leads_to_a_page,
)

MAX_DEPTH = 512

# Python's parser reads the `&copy=` of `?a=1&copy=2` as a character reference, which in an attribute it is not.
_PARAMETER = re.compile(r"&(?=[a-zA-Z][a-zA-Z0-9]*=)")
# A comment that is finished is matched with its end; in a script or its like, `<!--` begins none.
_RAW_OR_COMMENT = re.compile(
    r"<(iframe|noembed|noframes|noscript|script|style|textarea|title|xmp)\b.*?(?:</\1|\Z)|<!--(?:-?>|.*?--!?>)?",
    re.DOTALL | re.IGNORECASE,
)
# More digits than a code point has: Python makes no number of more than 4,300.
_LONG_NUMBER = re.compile(r"(?<=&#)[0-9]{8,}")
_TAG = re.compile(r"<(?:/?[a-zA-Z]|/[^a-zA-Z]|[!?])")

_LINKING = frozenset(("a", "area", "link"))
_NOT_MARKUP = frozenset(
    ("iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "title")
)


def read(markup: str) -> Document:
    """What the HTML document `markup` holds; raises Unreadable where html.parser gives up."""
    text: list[str] = []
    tags: dict[str, list[Tag]] = {}
    markup = _LONG_NUMBER.sub(_shortened, _finished(markup))
    for item in _walk(_parse(_PARAMETER.sub("&amp;", markup))):
        if isinstance(item, Tag):
            tags.setdefault("a" if item.name in _LINKING else item.name, []).append(item)
        else:
            text.append(item)
    root = next(iter(tags.get("html", ())), None)
    title = next((tag for tag in tags.get("title", ()) if tag.find_parent("svg") is None), None)
    return Document(
        title="" if title is None else title.get_text(),
        language=None if root is None else _attribute(root, "lang") or _attribute(root, "xml:lang"),
        base=next((href for tag in tags.get("base", ()) if (href := _attribute(tag, "href")) is not None), None),
        links=list(_links(tags.get("a", ()))),
        metas=list(_metas(tags.get("meta", ()))),
        text="".join(text),
    )


class _Shallow(BeautifulSoup):
    """A tree no deeper than MAX_DEPTH: what would lie deeper stands beside, as in the browsers that have that bound.

    BeautifulSoup climbs to the root after many an element, so that what nobody closes would take quadratic time.
    """

    def handle_starttag(self, *arguments: Any, **others: Any) -> Tag | None:  # noqa: ANN401 - as it is called
        if len(self.tagStack) > MAX_DEPTH:
            self.endData()
            self.popTag()
        return super().handle_starttag(*arguments, **others)


def _finished(markup: str) -> str:
    """`markup` without a tag or comment that its end cuts off, which the standard leaves out too.

    Python's parser takes such a tag for text, and looks through all that follows for its end, at each `<`:
    quadratic time before the releases that mend CVE-2025-6069.
    """
    unfinished = None
    if markup.rfind("<!--") > markup.rfind("-->"):
        unfinished = next((each for each in _RAW_OR_COMMENT.finditer(markup) if each[0] == "<!--"), None)
    if unfinished is None:
        unfinished = _TAG.search(markup, markup.rfind(">") + 1)
    return markup if unfinished is None else markup[: unfinished.start()]


def _shortened(number: re.Match[str]) -> str:
    """The same code point if there is one, else a shorter one that is none either."""
    return number[0].lstrip("0")[:8] or "0"


def _walk(soup: BeautifulSoup) -> Iterator[Tag | str]:
    """The elements and the visible text, in document order.

    Neither bs4's `descendants`, which does not say where an element ends, nor recursion, which deep nesting breaks.
    """
    pending: list[tuple[PageElement | None, bool]] = [(soup, True)]
    while pending:
        node, is_shown = pending.pop()
        if node is None:
            yield "\n"
        elif isinstance(node, Tag):
            yield node
            is_shown = is_shown and not _is_hidden(node)
            if is_shown and node.name in BOUNDARIES:
                yield "\n"
                pending.append((None, True))
            if node.name not in _NOT_MARKUP:
                is_shown = is_shown and node.name not in DROPPED
                pending.extend((child, is_shown) for child in reversed(node.contents))
        elif is_shown and type(node) is NavigableString:
            yield node


def _parse(markup: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        try:
            return _Shallow(markup, "html.parser", multi_valued_attributes=None, on_duplicate_attribute="ignore")
        except ParserRejectedMarkup as refusal:
            raise Unreadable(f"html.parser refuses the document: {str(refusal).splitlines()[-1].strip()}") from None


def _is_hidden(tag: Tag) -> bool:
    if tag.name == "dialog" and not tag.has_attr("open"):
        return True
    return tag.has_attr("hidden") and tag.name not in NEVER_HIDDEN


def _links(tags: Iterable[Tag]) -> Iterator[Link]:
    for tag in tags:
        href, rel = _attribute(tag, "href"), _attribute(tag, "rel")
        if href is not None and (tag.name != "link" or leads_to_a_page(rel, _attribute(tag, "type"))):
            yield href, rel is not None and is_nofollow(rel)


def _metas(tags: Iterable[Tag]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        name, content = _attribute(tag, "name"), _attribute(tag, "content")
        if name is not None and content is not None:
            yield name, content


def _attribute(tag: Tag, name: str) -> str | None:
    value = tag.get(name)
    return value if isinstance(value, str) else None
