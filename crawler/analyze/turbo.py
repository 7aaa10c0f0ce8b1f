"""HTML by turbohtml: the WHATWG tree, in C.

The visible text is what is left of the tree once it has been taken apart: what is not shown goes, and every element
that does not split words gives way to its children. Texts that then touch are parts of one word; those that do not
stand in different boxes. (`Node.to_text` will not do: it numbers list items, loses text between them, glues options.)
"""

from turbohtml import Element, Namespace, Node, parse

from crawler.analyze.document import BOUNDARIES, DROPPED, NEVER_HIDDEN, Document

_EMPTIED = tuple(BOUNDARIES & DROPPED)
_HIDDEN = "[hidden],dialog:not([open])"
_COMMENTS = "//comment()"
_COMMENTS_AND_INSTRUCTIONS = "//comment()|//processing-instruction()"


def read(markup: str) -> Document:
    """What the HTML document `markup` holds."""
    tree = parse(markup, positions=False, scripting=True, allow_declarative_shadow_roots=False)
    root = tree.root
    if root is None:
        return Document("", None, None, [], "")
    for template in list(tree.iter_elements("template")):
        template.decompose()
    title = next((each for each in tree.iter_elements("title") if each.namespace is Namespace.HTML), None)
    bases = (each.attr("href") for each in tree.iter_elements("base"))
    return Document(
        title="" if title is None else title.text,
        language=root.attr("lang") or root.attr("xml:lang"),
        base=next((href for href in bases if href is not None), None),
        links=[link.attr("href") or "" for link in tree.select("a[href],area[href]")],
        text=_visible_text(root, has_instructions="<?" in markup),
    )


def _visible_text(root: Element, *, has_instructions: bool) -> str:
    for element in root.select(_HIDDEN):
        if element.tag not in NEVER_HIDDEN:
            element.decompose()
    for element in list(root.iter_elements(_EMPTIED)):
        element.clear()
    for element in list(root.iter_elements()):
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
