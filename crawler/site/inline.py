"""What inline markup, references and typography do to a sentence without changing its words.

Each trick takes a word as it is written and returns HTML in which a reader still finds the same word.
"""

import unicodedata
from collections.abc import Callable, Mapping
from html.entities import codepoint2name
from typing import Final

from crawler.site.lexicon import Language
from crawler.site.sentences import Writer, fold

Draw = Callable[[], int]
"""The next random byte of the page."""

Trick = Callable[[str, Draw], str]

FULL_WIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code).isalnum()}
HALF_WIDTH: Final = {
    ord(unicodedata.normalize("NFKC", half)): half
    for half in (
        chr(code) + mark for code in range(0xFF66, 0xFF9E) for mark in ("", "\uff9e", "\uff9f")
    )
    if len(unicodedata.normalize("NFKC", half)) == 1
}  # fmt: skip


def _inside(word: str, draw: Draw) -> int:
    """An index at which a word may be opened: never before a combining mark; 0 for a word of one letter."""
    at = draw() % len(word)
    return 0 if unicodedata.category(word[at]).startswith("M") else at


def _broken(word: str, draw: Draw) -> str:
    tag = ("b", "i", "em", "span")[draw() % 4]
    start, end = sorted((_inside(word, draw), _inside(word, draw) or len(word)))
    return f"{word[:start]}<{tag}>{word[start:end]}</{tag}>{word[end:]}"


def _wrapped(word: str, draw: Draw) -> str:
    tag = ("strong", "em", "code", "mark", "small", "u")[draw() % 6]
    return f'<{tag} title="decoytitle">{word}</{tag}>'


def _commented(word: str, draw: Draw) -> str:
    at = _inside(word, draw)
    return f"{word[:at]}<!-- decoycomment -->{word[at:]}"


def _breakable(word: str, draw: Draw) -> str:
    at = _inside(word, draw)
    return f"{word[:at]}<wbr>{word[at:]}"


def _referenced(word: str, draw: Draw) -> str:
    at = next((index for index, char in enumerate(word) if ord(char) in codepoint2name), draw() % len(word))
    code = ord(word[at])
    form = (f"&{codepoint2name.get(code, f'#{code}')};", f"&#{code};", f"&#x{code:X};")[draw() % 3]
    return word[:at] + form + word[at + 1 :]


def _shouted(word: str, _draw: Draw) -> str:
    return word.upper() if fold(word.upper()) == fold(word) else word


def _full_width(word: str, _draw: Draw) -> str:
    return word.translate(FULL_WIDTH)


def _half_width(word: str, draw: Draw) -> str:
    katakana = all(ord(char) in HALF_WIDTH for char in word)
    return word.translate(HALF_WIDTH) if katakana else _wrapped(word, draw)


TRICKS: Final[tuple[Trick, ...]] = (
    _broken, _wrapped, _referenced, _shouted, _full_width, _broken, _commented, _breakable,
)  # fmt: skip


def tricks_for(language: Language, codec: str) -> tuple[Trick, ...]:
    """The tricks that a language and an encoding can show; half-width katakana belong to cp932."""
    ruby = (_ruby(language.readings),) if language.readings else ()
    return TRICKS + ruby + ((_half_width, _half_width) if codec == "cp932" else ())


def _ruby(readings: Mapping[str, str]) -> Trick:
    def annotated(word: str, _draw: Draw) -> str:
        reading = readings.get(word, "decoyreading")
        return f"<ruby>{word}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>"

    return annotated


def dressed(writer: Writer, tricks: tuple[Trick, ...]) -> str:
    """A counted sentence as HTML, one or two of its words in disguise."""
    pieces, tail = writer.phrase()
    draw = writer.byte
    chosen = {draw() % len(pieces), draw() % len(pieces)}
    return (
        "".join(
            lead + (tricks[draw() % len(tricks)](word, draw) if at in chosen else word)
            for at, (lead, word) in enumerate(pieces)
        )
        + tail
    )
