"""The language a page says it is in, reduced to its primary subtag."""

import re

_PRIMARY = re.compile(r"([a-zA-Z]{2,3})(?![^-_])")
_SAYS_NOTHING = frozenset(("und", "mul", "mis", "zxx"))


def language_of(tag: str | None, header: str | None) -> str | None:
    """`ja` of the root element's `ja-JP`, or else of the header Content-Language; None when unknown.

    A subtag is two or three letters (RFC 5646, section 2.2.1), in lower case. A header that names several languages
    tells who the page is for rather than what it is in, and is passed over, as in the HTML standard.
    """
    for value in (tag, header):
        found = _PRIMARY.match((value or "").strip())
        if found and (primary := found[1].lower()) not in _SAYS_NOTHING:
            return primary
    return None
