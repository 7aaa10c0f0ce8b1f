"""A second opinion on pages: two parsers, ICU and `re` read what the site says it wrote."""

import re
import unicodedata
from collections import Counter
from typing import Any, NamedTuple

import turbohtml
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from icu4py.breakers import WordBreaker

INLINE = frozenset(
    ["a", "b", "i", "em", "span", "strong", "code", "mark", "small", "u", "wbr", "ruby", "img", "input"]
)
UNSEEN = frozenset(["head", "script", "style", "template", "noscript", "rt", "rp"])
UNSPACED = r"\u0e00-\u0e7f\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff"
RUN = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])\w)+")


def cut(run: str) -> list[str]:
    """A run of an unspaced script as ICU cuts it."""
    return [run[start:end] for start, end in WordBreaker(run, "root").segments()]


def normal(text: str) -> str:
    """The counting rule's normal form."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return text.replace("\u0e4d\u0e32", "\u0e33")


def words(text: str) -> list[str]:
    """The words of a text, by the counting rule."""
    found: list[str] = []
    for run in RUN.findall(normal(text)):
        found += cut(run) if re.match(rf"[{UNSPACED}]", run) else [run]
    return found


def turbo_text(body: bytes, charset: str | None) -> tuple[str, list[str]]:
    """The visible text and the href attributes in a page's bytes, as a WHATWG parser reads them."""
    document = turbohtml.parse(body, encoding=charset, detect_encoding=True)
    out: list[str] = []

    def walk(node: Any) -> None:
        for child in node.children:
            if isinstance(child, turbohtml.Text):
                out.append(child.data)
            elif isinstance(child, turbohtml.Element) and child.tag not in UNSEEN:
                edge = "" if child.tag in INLINE else "\n"
                out.append(edge)
                walk(child)
                out.append(edge)

    walk(document)
    return "".join(out), [str(link.attrs["href"]) for link in document.select("a[href], area[href]")]


class Manners(NamedTuple):
    """What a page asks of crawlers: where its links lead and which are barred, what is next, and its meta robots."""

    anchors: list[tuple[str, bool]]
    ahead: list[str]
    robots: list[str]


def turbo_manners(body: bytes, charset: str | None) -> Manners:
    """The manners in a page's bytes, as a WHATWG parser reads them."""
    document = turbohtml.parse(body, encoding=charset, detect_encoding=True)
    return Manners(
        anchors=[
            (str(link.attrs["href"]), "nofollow" in (link.attrs.get("rel") or ()))
            for link in document.select("a[href], area[href]")
        ],
        ahead=[str(link.attrs["href"]) for link in document.select("link[rel=next]")],
        robots=[str(meta.attrs["content"]) for meta in document.select("meta[name=robots]")],
    )


def soup_text(html: str) -> str:
    """The visible text as BeautifulSoup's html.parser reads it."""
    out: list[str] = []

    def walk(node: Any) -> None:
        for child in node.children:
            if isinstance(child, NavigableString):
                out.append(str(child) if type(child) is NavigableString else "")
            elif child.name not in UNSEEN:
                edge = "" if child.name in INLINE else "\n"
                out.append(edge)
                walk(child)
                out.append(edge)

    walk(BeautifulSoup(html, "html.parser"))
    return "".join(out)


def count(text: str) -> Counter[str]:
    """How often each word of a text occurs."""
    return Counter(words(text))
