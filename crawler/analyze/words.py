r"""How often each word stands in a text.

What is a word:

1. The text is normalised and case-folded as Unicode's NFKC_Casefold has it: NFKC, case folding, invisible characters
   deleted, NFKC again. Invisible are the soft hyphen, the word joiner, zero width joiners, direction marks, variation
   selectors (`scripts.INVISIBLE`); the zero width space is not among them, and separates words. Thai and Lao SARA AM,
   which NFKC takes apart, are put together again, or else the dictionaries would not know their words.
2. A word is a run of letters, digits and underscores (Python's `\w`) with the combining marks that follow them.
3. In scripts written without spaces (`scripts.UNSPACED`: Han, kana, Thai, Lao, Khmer, Burmese) such a run is cut by
   dictionary (`segment.py`); where it meets other letters or digits, there is a boundary: 2026年 is 2026 and 年.
4. What holds no letter, digit or underscore is no word, nor is what is longer than MAX_WORD_CHARS.

Of the three ways to count, the first two are short cuts with the same result.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from crawler.analyze.normal import nfkc
from crawler.analyze.scripts import INVISIBLE, UNSPACED, WESTERN, marks

MAX_WORD_CHARS = 1_000

Segmenter = Callable[[Iterable[str]], Iterable[str]]

_BEYOND_WESTERN = re.compile(f"[^{WESTERN}]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_UNSPACED_RUN = re.compile(f"([{UNSPACED}]+)")


def count_words(text: str, segment: Segmenter) -> dict[str, int]:
    """Each word of `text` and how often it stands there; `segment` cuts runs of unspaced scripts."""
    return with_segments(count_spaced(text), segment)


class Spaced(NamedTuple):
    """Words that are separated in the text, and the runs of unspaced scripts between them, each with how often."""

    counts: dict[str, int]
    runs: dict[str, int]


def count_spaced(text: str) -> Spaced:
    """What can be told of the words of `text` without a dictionary."""
    if text.isascii():
        return Spaced(Counter(_western_words(text, "ascii")), {})
    text = nfkc(text)
    if _is_western(text):
        return Spaced(Counter(_western_words(text.replace("ß", "ss"), "cp1252")), {})
    text = text.casefold()
    if _INVISIBLE.search(text) is not None:
        text = _INVISIBLE.sub("", text)
    text = nfkc(text)
    if _UNSPACED.search(text) is None:
        return Spaced(Counter(_word().findall(text)), {})
    parts = _UNSPACED_RUN.split(text)
    spaced = "\n".join(parts[::2])
    words = _western_words(spaced, "cp1252") if _is_western(spaced) else _word().findall(spaced)
    return Spaced(Counter(words), Counter(parts[1::2]))


def with_segments(found: Spaced, segment: Segmenter) -> dict[str, int]:
    """All words: those that are separated, and those into which `segment` cuts the runs."""
    counts, runs = found
    for times in set(runs.values()):  # what stands there twice is cut once
        segments = Counter(segment(run for run, number in runs.items() if number == times))
        for each, count in segments.items():
            if _holds_word(each):
                counts[each] = counts.get(each, 0) + count * times
    if max(map(len, counts), default=0) > MAX_WORD_CHARS:
        return {word: count for word, count in counts.items() if len(word) <= MAX_WORD_CHARS}
    return counts


def _is_western(text: str) -> bool:
    """True when every word of `text` can be written in windows-1252, and nothing invisible is in it."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError as error:
        return "\u00ad" not in text and _BEYOND_WESTERN.search(text, error.start) is None
    return "\u00ad" not in text


def _western_words(text: str, codec: str) -> list[str]:
    """Windows-1252 has a byte for each letter that can occur here; what it lacks separates words, as `?` does."""
    return text.encode(codec, "replace").translate(_western_table()).decode(codec).split()


@cache
def _western_table() -> bytes:
    """Letters case-folded (all but the sharp s, which becomes two), digits and underscores, all else a space."""
    table = bytearray(b" " * 256)
    for byte in range(256):
        character = bytes([byte]).decode("cp1252", "replace")
        if character.isalnum() or character == "_":
            table[byte] = character.casefold().encode("cp1252", "replace")[0]
    return bytes(table)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"\w[\w{marks()}]*")


def _holds_word(text: str) -> bool:
    return text.isalnum() or any(map(str.isalnum, text))
