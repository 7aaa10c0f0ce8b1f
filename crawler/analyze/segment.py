"""Words of scripts that are written without spaces, by ICU's dictionaries."""

from collections.abc import Iterable
from functools import cache

from icu4py.breakers import WordBreaker

# ICU copies its input, so a page of megabytes is passed on in parts; nobody writes a run as long as that.
MAX_CHARS = 100_000


def segment(runs: Iterable[str]) -> list[str]:
    """The words of `runs`, each of which is cut by itself (and first of all every MAX_CHARS characters).

    Any function of this shape can take ICU's place. What it is given are runs of Han and kana, Thai, Lao, Khmer or
    Burmese, normalised, without anything else between; what it returns may hold line feeds and marks between words,
    which are not counted.
    """
    _load_kana()
    words: list[str] = []
    part: list[str] = []
    room = MAX_CHARS
    for run in runs:
        for start in range(0, len(run), MAX_CHARS):
            piece = run[start : start + MAX_CHARS]
            if len(piece) > room:
                words += WordBreaker("\n".join(part), "root")
                part, room = [], MAX_CHARS
            part.append(piece)
            room -= len(piece)
    words += WordBreaker("\n".join(part), "root")
    return words


@cache
def _load_kana() -> None:
    """Let ICU know that the mark for long vowels (ー) belongs to kana.

    Unicode counts it to no script, so ICU finds no dictionary by it: at the beginning of the first text of a process,
    it would be cut by other rules than ever after, when the dictionary is there and claims it.
    """
    list(WordBreaker("かな", "root"))
