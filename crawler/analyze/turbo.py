"""HTML by turbohtml: the WHATWG tree, in C.

The visible text is what is left of the tree once it has been taken apart: what is not shown goes, and every element
that does not split words gives way to its children. Texts that then touch are parts of one word; those that do not
stand in different boxes. (`Node.to_text` will not do: it numbers list items, loses text between them, glues options.)

Elements of one name are selected from the document, which has an index of names; from anywhere else it is a walk.
"""

import turbohtml
from turbohtml import Element, Namespace, Node, parse

from crawler.analyze.document import (
    BOUNDARIES,
    DROPPED,
    NEVER_HIDDEN,
    Document,
    Link,
    is_nofollow,
    leads_to_a_page,
)

_EMPTIED = ",".join(BOUNDARIES & DROPPED)
_LINKS = "a[href],area[href],link[href]"
_HIDDEN = "[hidden],dialog:not([open])"
_COMMENTS = "//comment()"
_COMMENTS_AND_INSTRUCTIONS = "//comment()|//processing-instruction()"


def read(markup: str) -> Document:
    """What the HTML document `markup` holds."""
    tree = parse(markup, positions=False, scripting=True, allow_declarative_shadow_roots=False)
    root = tree.root
    if root is None:
        return Document("", None, None, [], [], "")
    for template in tree.select("template"):
        template.decompose()
    title = next((each for each in tree.select("title") if each.namespace is Namespace.HTML), None)
    return Document(
        title="" if title is None else title.text,
        language=root.attr("lang") or root.attr("xml:lang"),
        base=next((each.attr("href") for each in tree.select("base[href]")), None),
        links=_links(tree.select(_LINKS)),
        metas=[(each.attr("name") or "", each.attr("content") or "") for each in tree.select("meta[name][content]")],
        text=_visible_text(tree, root, has_instructions="<?" in markup),
    )


def _links(elements: list[Element]) -> list[Link]:
    return [
        (each.attr("href") or "", (rel := each.attr("rel")) is not None and is_nofollow(rel))
        for each in elements
        if each.tag != "link" or leads_to_a_page(each.attr("rel"), each.attr("type"))
    ]


def _visible_text(tree: turbohtml.Document, root: Element, *, has_instructions: bool) -> str:
    for element in root.select(_HIDDEN):
        if element.tag not in NEVER_HIDDEN:
            element.decompose()
    for element in tree.select(_EMPTIED):
        element.clear()
    for element in root.select("*"):
        tag = element.tag
        if tag in BOUNDARIES:
            continue
        if tag in DROPPED:
            element.decompose()
        else:
            element.unwrap()
    silent = root.xpath(_COMMENTS_AND_INSTRUCTIONS if has_instructions else _COMMENTS)
    for node in silent if isinstance(silent, list) else ():
        if isinstance(node, Node):
            node.extract()
    root.normalize()
    return "\n".join(root.strings)
