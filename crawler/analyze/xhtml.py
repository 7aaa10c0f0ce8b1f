"""XHTML in words that an HTML parser understands."""

import re

_EMPTY_TAG = re.compile(r"""<([a-zA-Z][^\s/>"'<]*+)((?:[^<>"'/]|"[^"<]*"|'[^'<]*')*+)/>""")


def as_html(markup: str) -> str:
    """`markup` with `<script/>` written as `<script></script>`, so too every other empty element.

    In XML the two are the same (XML 1.0, section 3.1), but HTML takes the first for a start tag alone, and would read
    the rest of the page as a script. End tags that HTML does not have, as of `img`, it passes over.
    """
    return _EMPTY_TAG.sub(r"<\1\2></\1>", markup)
