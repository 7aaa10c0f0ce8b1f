"""NFKC (Unicode Standard Annex 15) at the price of a look where there is little to do.

Normalising a text takes `unicodedata` forty times as long as seeing that it is normal. Most texts that are not are so
in a few places only (a no-break space, full-width punctuation), so those are normalised by themselves: what comes out
is equivalent to the text, and if it is normal too, it is the text's NFKC. turbohtml's function is twice as fast as
that on Latin script, and four times slower on others.
"""

import re
from functools import cache
from unicodedata import is_normalized, normalize

from turbohtml.detect import normalize as normalize_in_c

from crawler.analyze.scripts import ranges

_BASIC_PLANE = range(0x80, 0x10000)
_SURROGATES = range(0xD800, 0xE000)

# Thai and Lao SARA AM, which NFKC takes apart and without which ICU's dictionaries would not know their words.
_SARA_AM = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))
_STAND_IN = "\ufdd0"  # never a character, so it cannot be part of one


def nfkc(text: str) -> str:
    """The text in NFKC, but for SARA AM, which comes out whole."""
    if not is_normalized("NFKC", text):
        text = _unusual(text.replace("\u00a0", " ").replace("\u2026", "..."))
    for apart, whole in _SARA_AM:
        if apart[0] in text:
            text = text.replace(apart, whole)
    return text


def _unusual(text: str) -> str:
    """NFKC of what is not normal for more than the two commonest reasons."""
    if _is_normal(text):
        return text
    if len(text.encode("latin-1", "ignore")) * 2 > len(text):
        return normalize_in_c("NFKC", text)
    partly = _changing().sub(_normal, text)
    return partly if _is_normal(partly) else normalize("NFKC", partly)


def _is_normal(text: str) -> bool:
    for _, whole in _SARA_AM:
        if whole in text:
            text = text.replace(whole, _STAND_IN)
    return is_normalized("NFKC", text)


def _normal(match: re.Match[str]) -> str:
    return normalize("NFKC", match[0])


@cache
def _changing() -> re.Pattern[str]:
    """Runs of characters that NFKC changes; finding them takes some milliseconds, once in a process."""
    changing = (
        code
        for code in _BASIC_PLANE
        if code not in _SURROGATES and not is_normalized("NFKC", chr(code)) and chr(code) not in "\u0e33\u0eb3"
    )
    return re.compile(f"[{ranges(changing)}\U00010000-\U0010ffff]+")
