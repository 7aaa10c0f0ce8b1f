"""words.csv from the words of pages, in bounded memory whatever the number of distinct words."""

import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping

from crawler.model import unpack_words

_DISTINCT_IN_MEMORY = 200_000
_LINES_A_CHUNK = 2_000
HEADER = b"word,count,pages\n"


class WordList:
    """The word list of one run; `distinct` and `top` (word, count, pages) are known once `lines` has ended."""

    def __init__(self, run: int, top: int) -> None:
        self._run = run
        self._top = top
        self.distinct = 0
        self.top: list[tuple[str, int, int]] = []

    def lines(self, connection: sqlite3.Connection) -> Generator[bytes, None, None]:
        """The file in chunks, from what the database holds."""
        return self.lines_of(_words_of_pages(connection, self._run))

    def lines_of(self, words_of_pages: Iterable[Mapping[str, int]]) -> Generator[bytes, None, None]:
        """The file in chunks: word, count, and on how many pages it stands; by count, then word (code points)."""
        yield HEADER
        sums = sqlite3.connect("")  # a private file on disk, of which SQLite keeps only a cache in memory
        try:
            sums.execute("CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER, pages INTEGER) WITHOUT ROWID")
            _add_up(words_of_pages, sums)
            rows = sums.execute("SELECT word, count, pages FROM words ORDER BY count DESC, word")
            while some := rows.fetchmany(_LINES_A_CHUNK):
                self.top += some[: max(0, self._top - self.distinct)]
                self.distinct += len(some)
                yield "".join(f"{word},{count},{pages}\n" for word, count, pages in some).encode()
        finally:
            sums.close()


def _words_of_pages(connection: sqlite3.Connection, run: int) -> Iterator[dict[str, int]]:
    pages_of_run = "SELECT packed FROM words WHERE page IN (SELECT id FROM urls WHERE run = ? AND state = 'analysed')"
    return (unpack_words(packed) for (packed,) in connection.execute(pages_of_run, (run,)))


def _add_up(words_of_pages: Iterable[Mapping[str, int]], sums: sqlite3.Connection) -> None:
    counts: dict[str, int] = {}
    pages: Counter[str] = Counter()
    count_so_far = counts.get
    for words in words_of_pages:
        pages.update(iter(words))
        for word, count in words.items():
            counts[word] = count_so_far(word, 0) + count
        if len(counts) > _DISTINCT_IN_MEMORY:
            _flush(sums, counts, pages)
    _flush(sums, counts, pages)


def _flush(sums: sqlite3.Connection, counts: dict[str, int], pages: Counter[str]) -> None:
    # In the table's order, so that a tree larger than the cache is walked through and not jumped about in.
    rows = ((word, counts[word], pages[word]) for word in sorted(counts))
    sums.executemany(
        "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT (word) DO UPDATE"
        " SET count = count + excluded.count, pages = pages + excluded.pages",
        rows,
    )
    sums.commit()
    counts.clear()
    pages.clear()
