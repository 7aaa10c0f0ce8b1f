"""Closing gives what a plain reading of the rules gives, whatever the order in which things came to be known."""

from collections import Counter
from contextlib import closing
from random import Random
from typing import NamedTuple

from hypothesis import given, settings, strategies

from crawler.model import Analysis, Failure, Fault, Outcome, Redirect
from crawler.orders import Moved, Settled
from tests.store.book import Book, short, to, url
from tests.store.steps import MAX_REDIRECTS, text, visited

NAMES = "abcdefg"
Told = tuple[dict[str, str], dict[str, str], str]
"""The states, where redirects end, and words.csv."""


class Fate(NamedTuple):
    """What comes of a URL; it was first met `extra` links further away, and redirected `extra` times more."""

    outcome: Outcome
    depth: int
    hops: int
    extra: int


WORDS: dict[bytes, dict[str, int]] = {b"": {}, b"1": {"one": 1, "both": 2}, b"2": {"two": 3, "both": 1}}
TEXTS = {digest: text(words, digest=digest) for digest, words in WORDS.items()}
HIDDEN = text(WORDS[b"1"], digest=b"1", is_noindex=True)
OUTCOMES = strategies.one_of(
    strategies.sampled_from([*NAMES, "unvisited"]).map(to),
    strategies.sampled_from([TEXTS[b"1"], TEXTS[b"2"]]),
    strategies.sampled_from(
        [TEXTS[b""], text(WORDS[b"1"], digest=b"1", is_noindex=True), Failure(Fault.STATUS, "404")]
    ),
)
FATES = strategies.builds(
    Fate, OUTCOMES, strategies.integers(0, 2), strategies.integers(0, MAX_REDIRECTS + 1), strategies.integers(0, 1)
)


def by_the_rules(web: dict[str, Fate]) -> Told:
    ends = {name: end for name in web if (end := end_of(web, name)) not in (None, name)}
    originals: dict[bytes, str] = {}
    for name in sorted(web, key=lambda name: (web[name].depth, name)):
        outcome = web[name].outcome
        if isinstance(outcome, Analysis) and outcome.digest and not outcome.is_noindex:
            originals.setdefault(outcome.digest, name)
    states = {name: state_of(name, fate, ends, originals) for name, fate in web.items()}
    counts: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for name, fate in web.items():
        if states[name] == "analysed":
            assert isinstance(fate.outcome, Analysis)
            counts.update(fate.outcome.words)
            pages.update(fate.outcome.words.keys())
    order = sorted(counts, key=lambda word: (-counts[word], word))
    return states, ends, "word,count,pages\n" + "".join(f"{word},{counts[word]},{pages[word]}\n" for word in order)


def end_of(web: dict[str, Fate], name: str) -> str | None:
    """Where redirects from a URL end, which may be at itself; None for a circle."""
    seen = set()
    while name in web and isinstance(outcome := web[name].outcome, Redirect):
        if name in seen:
            return None
        seen.add(name)
        name = short(outcome.target)
    return name


def state_of(name: str, fate: Fate, ends: dict[str, str], originals: dict[bytes, str]) -> str:
    outcome = fate.outcome
    if isinstance(outcome, Redirect):
        if fate.hops >= MAX_REDIRECTS:
            return f"failed redirect: more than {MAX_REDIRECTS} redirects"
        return f"redirected {short(outcome.target)}" if name in ends else "failed redirect: it leads in a circle"
    if not isinstance(outcome, Analysis):
        return "failed status: 404"
    if outcome.is_noindex:
        return "noindex the page asks not to be counted"
    original = originals.get(outcome.digest, name)
    return "analysed" if original == name else f"duplicate {original}"


def told(book: Book) -> Told:
    return book.told(), book.ends(), book.words()


@settings(max_examples=200)
@given(
    strategies.dictionaries(strategies.sampled_from(NAMES), FATES, min_size=3),
    strategies.randoms(use_true_random=False),
    strategies.integers(0, 2 * len(NAMES)),
)
def test_the_order_of_events_does_not_matter(web: dict[str, Fate], random: Random, cut: int) -> None:
    """A run is stored in any order, closed somewhere in between, closed at the end, and closed once more."""
    names = list(web)
    random.shuffle(names)
    numbers = {name: n for n, name in enumerate(names, 1)}
    steps = []
    for name in names:
        fate = web[name]
        steps.append(visited(numbers[name], url(name), fate.outcome, fate.depth + fate.extra, fate.hops + fate.extra))
    random.shuffle(names)
    nearer = [Moved(numbers[name], web[name].depth, web[name].hops, True) for name in names if web[name].extra]
    steps += [Settled(None, [move]) for move in nearer]
    book = Book()
    with closing(book.connection):
        book.write(*steps[:cut])
        book.close()
        book.write(*steps[cut:])
        book.close()
        expected = by_the_rules(web)
        assert told(book) == expected
        pages = book.pages()
        book.close()
        assert told(book) == expected
        assert book.pages() == pages
