"""What both parsers read from HTML, and the one rule by which they split visible text.

The rule follows `innerText` (https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute) on the user
agent style sheet alone, since neither styles nor scripts are run:

- An inline element never splits a word, nor does a comment, an image or an element nobody knows: `un<b>bro</b>ken`
  is one word.
- An element of `BOUNDARIES` always does, at its start and at its end. Beyond what is a block, a table cell or an
  option to a browser, that goes for form controls: each is a box of its own, and `Save` beside `Cancel` is two words.
- An element of `DROPPED` is left out with all it holds. These are what a browser never shows (scripts, templates,
  `noscript`, fallback for what every browser knows), what visitors may type, and ruby readings and formula sources,
  which say again what stands beside them. The fallback of `object` is kept.
- So is what is `hidden`, and a `dialog` that is not open; but `html` and `body` never are, because pages that hide
  themselves whole do so until a script has run. A closed `details` counts: it opens at a click.

Links are those of `a` and `area`, hidden ones too, and those of `link` that lead to pages (`leads_to_a_page`); what
stands in a template or in `noscript` is no part of the page.
"""

from typing import NamedTuple, TypeAlias

BOUNDARIES = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "center", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
        "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "input",
        "legend", "li", "listing", "main", "marquee", "menu", "nav", "ol", "optgroup", "option", "p",
        "plaintext", "pre", "search", "section", "select", "summary", "table", "tbody", "td", "textarea",
        "tfoot", "th", "thead", "tr", "ul", "xmp"
    )
)  # fmt: skip

DROPPED = frozenset(
    (
        "annotation", "annotation-xml", "audio", "canvas", "datalist", "desc", "iframe", "metadata",
        "noembed", "noframes", "noscript", "rp", "rt", "rtc", "script", "style", "template", "textarea",
        "title", "video"
    )
)  # fmt: skip

NEVER_HIDDEN = frozenset(("html", "body"))

_PAGES = frozenset(("canonical", "next", "prev"))
_HTML_TYPES = frozenset(("", "text/html", "application/xhtml+xml"))


class Unreadable(ValueError):
    """The parser refuses the document; the message says why."""


Link: TypeAlias = tuple[str, bool]
"""A `href`, and whether its `rel` asks not to follow it."""


class Document(NamedTuple):
    """What a page holds, as its source has it: URLs not joined, white space not collapsed.

    `language` is the `lang` of the root element, `base` the first `base[href]`, `links` are in document order,
    `metas` are name and content of the meta tags that have both, `text` has a line feed wherever something other than
    white space splits words.
    """

    title: str
    language: str | None
    base: str | None
    links: list[Link]
    metas: list[tuple[str, str]]
    text: str


def is_nofollow(rel: str) -> bool:
    """Whether a link of this `rel` asks not to be followed."""
    return "nofollow" in rel.lower().split()


def leads_to_a_page(rel: str | None, media_type: str | None) -> bool:
    """Whether a `link` of this `rel` and `type` leads to a page: the right one, the next, or another version."""
    kinds = (rel or "").lower().split()
    if not _PAGES.isdisjoint(kinds):
        return True
    if "alternate" not in kinds or "stylesheet" in kinds:
        return False
    return (media_type or "").partition(";")[0].strip().lower() in _HTML_TYPES
