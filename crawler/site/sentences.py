"""Sentences as lists of words: what is written is also what is counted, and no tokenizer is asked.

pattern   "{who} は {place} で {rests} ます 。"      a space in an unspaced script marks a cut, and is not seen
sentence  先生|は|庭|で|歌い|ます。                   six words, known before anybody reads them
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import add
from random import Random
from typing import Final, NamedTuple, TypeVar

from crawler.site.lexicon import LEXICON, Language

BREAKS: Final = frozenset(" ~_,.;:!?¿¡'-()、。！？，،؟")
SLOT: Final = re.compile(r"\{(\w+)(?::(\w+))?\}")
DRAWS: Final = 256
SARA_AM: Final = "\u0e33"
SARA_AM_APART: Final = "\u0e4d\u0e32"
"""What NFKC makes of SARA AM; ICU's Thai dictionary does not know it, and cuts inside of words."""

NUMBERS: Final = {
    "n": tuple(str(int(400 ** (draw / DRAWS))) for draw in range(DRAWS)),
    "year": tuple(str(1770 + draw) for draw in range(DRAWS)),
    "hour": tuple(str(1 + draw % 23) for draw in range(DRAWS)),
}
NAME: Final = "name"

T = TypeVar("T")


def fold(word: str) -> str:
    """A word as it is counted: NFKC, case-folded, NFKC again, and SARA AM whole."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return folded.replace(SARA_AM_APART, SARA_AM)


def capital(text: str) -> str:
    """Text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]


def zipf(ranked: Sequence[T]) -> tuple[T, ...]:
    """DRAWS places shared out by 1/rank, at least one each, so that a random byte is a draw."""
    scale = DRAWS / sum(1 / rank for rank in range(1, len(ranked) + 1))
    shares = [max(1, int(scale / rank)) for rank in range(1, len(ranked) + 1)]
    shares[0] += DRAWS - sum(shares)
    return tuple(item for item, share in zip(ranked, shares, strict=True) for _ in range(share))


class Piece(NamedTuple):
    """A word, and what is seen between it and the word before."""

    lead: str
    word: str


class Slot(NamedTuple):
    """A gap in a pattern: which entries fill it, what is glued to their end, and whether a sentence begins here."""

    name: str
    suffix: str
    capital: bool

    def fill(self, entry: str) -> str:
        """The entry as it is seen here."""
        return (capital(entry) if self.capital else entry) + self.suffix


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A sentence with gaps: `template % entries` is its text; `parts` are its words and slots, each with its lead."""

    template: str
    slots: tuple[Slot, ...]
    parts: tuple[tuple[str, str | Slot], ...]
    tail: str
    fixed: tuple[str, ...]


def cut(text: str, *, unspaced: bool) -> tuple[list[Piece], str]:
    """The words of a lexicon's text, and what is seen after the last."""
    pieces, lead, word = [], "", ""
    for char in text:
        if char not in BREAKS:
            word += char
            continue
        if word:
            pieces.append(Piece(lead, word))
            lead, word = "", ""
        if char == "_" or (unspaced and char in " ~"):
            lead += " " if char == "~" or not unspaced else ""
        else:
            lead += char
    if word:
        pieces.append(Piece(lead, word))
        lead = ""
    return pieces, lead


def compile_pattern(line: str, *, unspaced: bool) -> Pattern:
    """A line of a lexicon made ready to fill."""
    parts: list[tuple[str, str | Slot]] = []
    lead, at = "", 0
    for gap in chain(SLOT.finditer(line), (None,)):
        pieces, tail = cut(line[at : gap.start() if gap else len(line)], unspaced=unspaced)
        if pieces:
            parts.append((lead + pieces[0].lead, pieces[0].word if parts else capital(pieces[0].word)))
            parts.extend(pieces[1:])
            lead = tail
        else:
            lead += tail
        if gap:
            parts.append((lead, Slot(gap[1], gap[2] or "", capital=not parts)))
            lead, at = "", gap.end()
    template = "".join(start + ("%s" if isinstance(part, Slot) else part) for start, part in parts) + lead
    return Pattern(
        template=template,
        slots=tuple(part for _, part in parts if isinstance(part, Slot)),
        parts=tuple(parts),
        tail=lead,
        fixed=tuple(fold(part) for _, part in parts if isinstance(part, str)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A language compiled: patterns, what fills each slot, and the words that an entry, as it is seen, is made of.

    `joiner` stands between sentences. Names are made anew for each page.
    """

    language: Language
    sentences: tuple[Pattern, ...]
    labels: tuple[Pattern, ...]
    entries: dict[str, tuple[str, ...]]
    tables: dict[Slot, tuple[str, ...]]
    pieces: dict[str, tuple[Piece, ...]]
    folded: dict[str, tuple[str, ...]]
    joiner: str

    def pieces_of(self, filled: str) -> tuple[Piece, ...]:
        """The words of an entry as it is seen; a number or a name is one word."""
        return self.pieces.get(filled) or (Piece("", filled),)


def _table(slot: Slot, entries: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What fills a slot, DRAWS of it; numbers are all as frequent, entries follow Zipf."""
    if slot.name in NUMBERS:
        return tuple(slot.fill(number) for number in NUMBERS[slot.name])
    return zipf([slot.fill(entry) for entry in entries[slot.name]])


@cache
def book_of(code: str) -> Book:
    """The compiled book of a language."""
    language = LEXICON[code]
    patterns = [
        tuple(compile_pattern(line.strip(), unspaced=language.unspaced) for line in lines.strip().splitlines())
        for lines in (language.sentences, language.labels)
    ]
    entries: dict[str, tuple[str, ...]] = {}
    pieces: dict[str, tuple[Piece, ...]] = {}
    for slot, text in language.words.items():
        cuts = [tuple(cut(entry, unspaced=language.unspaced)[0]) for entry in text.split()]
        entries[slot] = tuple("".join(lead + word for lead, word in words) for words in cuts)
        for entry, words in zip(entries[slot], cuts, strict=True):
            pieces[entry] = words
            pieces[capital(entry)] = (Piece("", capital(words[0].word)), *words[1:])
    slots = {slot for pattern in (*patterns[0], *patterns[1]) for slot in pattern.slots}
    stops = all(pattern.tail for pattern in patterns[0])
    return Book(
        language=language,
        sentences=patterns[0],
        labels=patterns[1],
        entries=entries,
        tables={slot: _table(slot, entries) for slot in slots if slot.name != NAME},
        pieces=pieces,
        folded={entry: tuple(fold(word) for _, word in words) for entry, words in pieces.items()},
        joiner="" if language.unspaced and stops else " ",
    )


class Writer:
    """Writes one page's text from the page's own random numbers, and keeps the account of its words.

    The heavy head is drawn with Zipf weights from the lexicon; the long tail are numbers, and names of the page.
    """

    def __init__(self, book: Book, rng: Random) -> None:
        self._book = book
        self.byte = chain.from_iterable(iter(lambda: rng.randbytes(1024), None)).__next__
        heads, tails = (half.split() or [""] for half in book.language.names)
        self._names = list(map(add, rng.choices(heads, k=DRAWS), rng.choices(tails, k=DRAWS)))
        self._tables = dict(book.tables)
        self._sentences = self._ready(book.sentences)
        self._labels = self._ready(book.labels)
        self._patterns: list[Pattern] = []
        self._filled: list[str] = []

    def _ready(self, patterns: tuple[Pattern, ...]) -> list[tuple[Pattern, list[tuple[str, ...]]]]:
        ready = [(pattern, [self._table(slot) for slot in pattern.slots]) for pattern in patterns]
        return [ready[draw % len(ready)] for draw in range(DRAWS)]

    def _table(self, slot: Slot) -> tuple[str, ...]:
        if slot not in self._tables:
            self._tables[slot] = tuple([slot.fill(name) for name in self._names])
        return self._tables[slot]

    def _draw(self, ready: list[tuple[Pattern, list[tuple[str, ...]]]]) -> tuple[Pattern, tuple[str, ...]]:
        pattern, tables = ready[self.byte()]
        values = tuple([table[self.byte()] for table in tables])
        self._patterns.append(pattern)
        self._filled += values
        return pattern, values

    def sentence(self) -> str:
        """A counted sentence as text."""
        pattern, values = self._draw(self._sentences)
        return pattern.template % values

    def label(self) -> str:
        """A counted heading, cell or anchor as text."""
        pattern, values = self._draw(self._labels)
        return pattern.template % values

    def title(self) -> str:
        """A label that is not counted."""
        pattern, tables = self._labels[self.byte()]
        return pattern.template % tuple([table[self.byte()] for table in tables])

    def phrase(self) -> tuple[list[Piece], str]:
        """A counted sentence word by word, and what is seen after the last."""
        pattern, values = self._draw(self._sentences)
        waiting = iter(values)
        pieces: list[Piece] = []
        for lead, part in pattern.parts:
            if isinstance(part, str):
                pieces.append(Piece(lead, part))
            else:
                first, *rest = self._book.pieces_of(next(waiting))
                pieces += [Piece(lead + first.lead, first.word), *rest]
        return pieces, pattern.tail

    def tally(self) -> dict[str, int]:
        """How often each folded word was written, in alphabetical order."""
        counts: Counter[str] = Counter()
        for pattern, times in Counter(self._patterns).items():
            for word in pattern.fixed:
                counts[word] += times
        for filled, times in Counter(self._filled).items():
            for word in self._book.folded.get(filled) or (fold(filled),):
                counts[word] += times
        return dict(sorted(counts.items()))
