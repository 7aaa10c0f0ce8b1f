r"""Text from elsewhere, made fit to be looked at: what a page says must not command the terminal that shows it.

Harmful are control characters (a terminal obeys those from ESC on, and the 8-bit ones of C1; a line break forges a
line), the characters that turn the direction of what follows them (Trojan Source, CVE-2021-42574), those that end a
line, the invisible ones that no script needs, and halves of surrogate pairs, which cannot be written at all. Joiners
and direction marks stay, because Persian, Hebrew and emoji need them.
"""

import re

_HARMFUL = re.compile("[\0-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_TWO_DIGITS = 0xFF


def visible(text: str) -> str:
    r"""`text` with what is harmful in it written as an escape, `\x1b` or `\u202e`: one line, whatever it was."""
    return text if text.isascii() and text.isprintable() else _HARMFUL.sub(_escape, text)


def tidy(text: str) -> str:
    """`text` without what is harmful in it, each run of white space as one space."""
    return " ".join(_HARMFUL.sub(_space_or_nothing, text).split())


def visible_json(encoded: bytes) -> bytes:
    r"""JSON that says the same, with what is harmful in its strings written as `\u009b`."""
    if encoded.isascii() and b"\x7f" not in encoded:  # what ASCII has else, JSON escapes anyway
        return encoded
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded.decode()).encode()


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= _TWO_DIGITS else f"\\u{code:04x}"


def _space_or_nothing(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else ""
