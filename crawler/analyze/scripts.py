"""Which characters belong together: the classes of characters that the rule of words is made of.

Each is the inside of a regular expression's brackets. They keep to the basic plane where they can, because that is
where Python's matcher looks characters up instead of trying range after range.
"""

import unicodedata
from collections.abc import Iterable
from itertools import groupby

_BASIC_PLANE = range(0x10000)

# Han with its iteration marks and numerals, Hiragana, Katakana (not its middle dot), Thai, Lao, Burmese, Khmer;
# without the digits and punctuation of those scripts.
UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"
    "\u1780-\u17d3\u17d7\u17dc\u17dd"
)

# What Unicode calls default ignorable, but for U+200B, which separates words, and Hangul fillers.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)

# Windows-1252, and punctuation, arrows, symbols and emoji that are part of no word; nothing invisible.
_WINDOWS_1252 = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
WESTERN = (
    f"\u0000-\u00ac\u00ae-\u00ff{_WINDOWS_1252}\u200b\u2010-\u2027\u2030-\u205e\u2190-\u245f\u2500-\u2775\u2794-\u2bff"
    "\u3000-\u3004\u3008-\u3020\u3030\u30fb\U0001f300-\U0001faff"
)


def marks() -> str:
    """Combining marks, which belong to the letter before them: vowel signs, accents, tone marks.

    Scanning for them takes some milliseconds, so that only a process that meets a text beyond Latin pays for it.
    """
    found = (code for code in _BASIC_PLANE if unicodedata.category(chr(code)) in {"Mn", "Mc"})
    return ranges(found)


def ranges(codes: Iterable[int]) -> str:
    """Ascending code points as the inside of a regular expression's brackets."""
    runs = (list(run) for _, run in groupby(enumerate(codes), key=lambda item: item[1] - item[0]))
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)
