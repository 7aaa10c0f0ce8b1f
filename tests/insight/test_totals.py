"""The totals of a run: every URL in exactly one place, and sums that agree with the files."""

from collections.abc import Iterator

import pytest

from crawler.insight.totals import Totals, totals
from crawler.model import Failure, Fault, Outcome, Redirect
from crawler.orders import Settled
from tests.store.book import Book, to, url
from tests.store.steps import ended, found, text, visited

SAME = text({"same": 2, "text": 1}, digest=b"same")
OUTCOMES: dict[str, Outcome] = {
    "read": text({"a": 1, "b": 3}),
    "same": SAME,
    "same again": SAME,
    "hidden": text({"hidden": 7}, is_noindex=True),
    "moved": to("read"),
    "circle": to("circle"),
    "gone": Failure(Fault.STATUS, "404 Not Found"),
    "lost": Failure(Fault.STATUS, "404 Not Found"),
    "crashed": Failure(Fault.CRASHED, "the parser died", "analyze"),
    "forbidden": Failure(Fault.ROBOTS, "robots.txt line 1: Disallow: /"),
    "abandoned": Failure(Fault.GIVEN_UP, "the host was given up: it is down"),
}
UNASKED = ("forbidden", "abandoned")


@pytest.fixture
def book() -> Iterator[Book]:
    book = Book()
    yield book
    book.connection.close()


def fill(book: Book) -> None:
    """Every outcome there is, and URLs that were met and not visited."""
    for number, (name, outcome) in enumerate(OUTCOMES.items(), 1):
        if name in UNASKED:
            book.write(visited(number, url(name), outcome, answer=None))
        else:
            book.write(visited(number, url(name), outcome))
    states = ("out_of_scope", "excluded", "trap", "over_limit", "waiting")
    first = len(OUTCOMES) + 1
    book.write(Settled(None, [found(n, url(state), state=state) for n, state in enumerate(states, first)]))
    book.close()


def counted(book: Book) -> Totals:
    """The totals, which balance in any case."""
    told = totals(book.connection, book.run)
    (met,) = book.connection.execute("SELECT count(*) FROM urls WHERE run = ?", (book.run,)).fetchone()
    assert sum(told.states.values()) == met
    assert told.analyzed + told.redirects + told.failed + told.refused == told.urls
    assert sum(told.faults.values()) == told.failed
    assert told.urls == len(book.pages())
    counts = [int(line.split(",")[1]) for line in book.words().splitlines()[1:]]
    assert told.tokens == sum(counts)
    assert sum(told.languages.values()) == sum(told.charsets.values()) == told.analyzed
    return told


def test_every_url_is_counted_where_it_stands(book: Book) -> None:
    fill(book)
    assert counted(book) == Totals(
        urls=11,
        analyzed=4,
        counted=2,
        redirects=1,
        failed=5,
        refused=1,
        bytes=9 * 1234,
        tokens=4 + 3,
        states={
            "failed": 4,
            "analysed": 2,
            "duplicate": 1,
            "excluded": 1,
            "given_up": 1,
            "noindex": 1,
            "out_of_scope": 1,
            "over_limit": 1,
            "redirected": 1,
            "robots": 1,
            "trap": 1,
            "waiting": 1,
        },
        faults={"status": 2, "crashed": 1, "given_up": 1, "redirect": 1},
        languages={"ja": 4},
        charsets={"utf-8": 4},
    )


def test_the_most_frequent_come_first(book: Book) -> None:
    fill(book)
    told = counted(book)
    assert list(told.states) == ["failed", "analysed", *sorted(told.states.keys() - {"failed", "analysed"})]
    assert list(told.faults) == ["status", "crashed", "given_up", "redirect"]


def test_totals_are_those_of_the_run(book: Book) -> None:
    fill(book)
    book.run = 2
    book.close()
    nothing = counted(book)
    assert (nothing.urls, nothing.bytes, nothing.tokens, nothing.states) == (0, 0, 0, {})
    book.write(visited(100, url("read"), Redirect(url("there"))))
    book.close()
    assert (counted(book).urls, counted(book).states) == (1, {"redirected": 1})


def test_what_waits_is_due_only_when_it_has_been_visited(book: Book) -> None:
    fill(book)
    before = counted(book)
    (number,) = book.connection.execute("SELECT id FROM urls WHERE state = 'waiting'").fetchone()
    book.write(ended(number, url("waiting"), SAME, depth=9))
    book.close()
    after = counted(book)
    assert (after.urls, after.analyzed, after.counted) == (before.urls + 1, before.analyzed + 1, before.counted)
    assert "waiting" not in after.states
