"""Every sentence is cut exactly as it was written: each way to fill each pattern, not a lucky sample."""

from collections.abc import Iterator
from itertools import chain, islice, product
from random import Random

import pytest

from crawler.site.lexicon import LEXICON
from crawler.site.sentences import DRAWS, NAME, NUMBERS, Book, Pattern, Slot, Writer, book_of, fold, zipf
from tests.site.reading import cut, normal, words

UNSPACED = [code for code, language in LEXICON.items() if language.unspaced]

LINES_A_CUT = 100
"""So many fillings are cut at a time, each on a line of its own: no word goes over the end of a line."""

Choice = list[list[str]]


def runs(pattern: Pattern, book: Book) -> Iterator[list[Choice]]:
    """The runs of an unspaced script in a pattern: for each part its choices, each a list of words."""
    run: list[Choice] = []
    for lead, part in pattern.parts:
        number = isinstance(part, Slot) and part.name in NUMBERS
        if (lead or number) and run:
            yield run
            run = []
        if isinstance(part, str):
            run.append([[part]])
        elif not number:
            run.append([[word for _, word in book.pieces[entry]] for entry in book.entries[part.name]])
    if run:
        yield run


@pytest.mark.parametrize("code", UNSPACED)
def test_icu_cuts_every_filling_of_every_pattern_as_written(code: str) -> None:
    book = book_of(code)
    different = {tuple(map(str, run)): run for pattern in book.sentences + book.labels for run in runs(pattern, book)}
    for run in different.values():
        fillings = product(*([[normal(word) for word in each] for each in choice] for choice in run))
        while lines := [[*chain.from_iterable(filling), "\n"] for filling in islice(fillings, LINES_A_CUT)]:
            written = [*chain.from_iterable(lines)]
            assert cut("".join(written)) == written


@pytest.mark.parametrize("code", LEXICON)
def test_sentences_read_as_the_words_they_were_made_of(code: str) -> None:
    book = book_of(code)
    for seed in range(20):
        writer = Writer(book, Random(f"{code}/{seed}"))
        for _ in range(200):
            pieces, tail = writer.phrase()
            text = "".join(lead + word for lead, word in pieces) + tail
            assert words(text) == [fold(word) for _, word in pieces]


@pytest.mark.parametrize("code", LEXICON)
def test_text_and_words_take_the_same_draws(code: str) -> None:
    writer, twin = (Writer(book_of(code), Random(code)) for _ in range(2))
    for _ in range(300):
        pieces, tail = twin.phrase()
        assert writer.sentence() == "".join(lead + word for lead, word in pieces) + tail
    assert writer.tally() == twin.tally()


@pytest.mark.parametrize("code", LEXICON)
def test_a_tally_counts_what_was_written(code: str) -> None:
    writer = Writer(book_of(code), Random(code))
    text = "\n".join(writer.sentence() + "\n" + writer.label() for _ in range(500))
    counted = words(text)
    assert writer.tally() == {word: counted.count(word) for word in sorted(set(counted))}


@pytest.mark.parametrize("code", LEXICON)
def test_every_entry_and_pattern_can_be_drawn(code: str) -> None:
    book = book_of(code)
    slots = {slot for pattern in book.sentences + book.labels for slot in pattern.slots}
    assert {slot.name for slot in slots} >= set(book.language.words)
    for slot in slots - {slot for slot in slots if slot.name in {NAME, *NUMBERS}}:
        assert len(book.tables[slot]) == DRAWS
        assert set(book.tables[slot]) == {slot.fill(entry) for entry in book.entries[slot.name]}
    assert len(book.language.words) > 8
    assert len({fold(word) for pieces in book.pieces.values() for _, word in pieces}) >= 150


def test_zipf_gives_the_first_most_and_the_last_something() -> None:
    table = zipf("abcdefghij")
    assert len(table) == DRAWS
    assert [table.count(letter) for letter in "abj"] == [93, 43, 8]


def test_a_page_has_a_long_tail() -> None:
    writer = Writer(book_of("en"), Random("tail"))
    for _ in range(400):
        writer.sentence()
    counts = sorted(writer.tally().values(), reverse=True)
    assert counts[0] > 10 * counts[50]
    assert sum(count <= 2 for count in counts) > 150
