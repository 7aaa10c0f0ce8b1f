"""What is derived from the database: words.csv, pages.jsonl while a run lasts and after it, and the log."""

import asyncio
import csv
import io
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crawler.model import Failure, Fault, Redirect
from crawler.orders import Load, Note, Settled
from crawler.store import wordlist
from tests.conftest import Run
from tests.store.steps import conclude, ended, found, record, session, text, visited

A, B, C, D, E, F = (f"http://{name}.test/" for name in "abcdef")
STEPS = [
    visited(1, A, text({"the": 3, "cat": 1})),
    visited(2, B, text({"the": 2, "猫": 5}), depth=2, hops=1),
    visited(3, C, Failure(Fault.DNS, "no such host"), depth=1, answer=None),
    visited(4, D, Redirect(E)),
    visited(5, E, Redirect(A), hops=1),
    Settled(None, [found(6, F), found(7, f"{F}out", 1, 0, "out_of_scope")]),
]


def pages_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (path / "pages.jsonl").read_bytes().splitlines()]


def log_of(path: Path) -> list[tuple[str, str, str]]:
    lines = (path / "runs" / "1" / "log.jsonl").read_bytes().splitlines()
    return [(note["event"], note["host"], note["text"]) for note in map(json.loads, lines)]


def words_of(path: Path) -> str:
    return (path / "words.csv").read_text(encoding="utf-8")


def test_every_word_has_its_sum(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, STEPS))
    words = run(conclude(tmp_path))
    assert words_of(tmp_path) == "word,count,pages\nthe,5,2\n猫,5,1\ncat,1,1\n"
    assert (words.distinct, words.top) == (3, [("the", 5, 2), ("猫", 5, 1)])


def test_a_run_without_words_has_a_list_all_the_same(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, STEPS[2:]))
    words = run(conclude(tmp_path))
    assert (words_of(tmp_path), words.distinct, words.top) == ("word,count,pages\n", 0, [])


def test_words_are_those_of_the_run(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, [visited(1, A, text({"old": 1}))]))
    run(conclude(tmp_path, finish=True))
    run(record(tmp_path, [visited(2, A, text({"new": 1}))]))
    run(conclude(tmp_path))
    assert words_of(tmp_path) == "word,count,pages\nnew,1,1\n"
    assert [page["url"] for page in pages_of(tmp_path)] == [A]


def test_words_are_summed_in_bounded_memory(tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [text({f"w{n * 7 % 50 + k}": k + 1 for k in range(30)}) for n in range(40)]
    run(record(tmp_path, [visited(n, f"{A}{n}", page) for n, page in enumerate(pages, 1)]))
    run(conclude(tmp_path))
    whole = words_of(tmp_path)
    flushes = []
    flush = wordlist._flush

    def watched(sums: sqlite3.Connection, counts: dict[str, int], pages: "Counter[str]") -> None:
        flushes.append(len(counts))
        flush(sums, counts, pages)

    monkeypatch.setattr(wordlist, "_flush", watched)
    monkeypatch.setattr(wordlist, "_DISTINCT_IN_MEMORY", 100)
    run(conclude(tmp_path))
    assert len(flushes) == 1, "all of it fits"
    monkeypatch.setattr(wordlist, "_DISTINCT_IN_MEMORY", 50)
    monkeypatch.setattr(wordlist, "_LINES_A_CHUNK", 7)
    words = run(conclude(tmp_path))
    assert len(flushes) > 10 and max(flushes) <= 50 + 30
    assert words_of(tmp_path) == whole
    rows = list(csv.DictReader(io.StringIO(whole)))
    assert sum(int(row["count"]) for row in rows) == 40 * sum(range(1, 31))
    assert sum(int(row["pages"]) for row in rows) == 40 * 30
    order = [(-int(row["count"]), row["word"]) for row in rows]
    assert order == sorted(order)
    assert words.distinct == len(rows)
    assert words.top == [(row["word"], int(row["count"]), int(row["pages"])) for row in rows[:2]]


def test_pages_are_there_while_the_run_lasts(tmp_path: Path, run: Run[Any]) -> None:
    """Each visit but the redirects, of which it is not yet known where they end."""
    run(record(tmp_path, STEPS))
    pages = {page["url"]: page for page in pages_of(tmp_path)}
    assert list(pages) == [A, B, C]
    assert pages[B] == {
        "url": B,
        "final_url": B,
        "state": "analysed",
        "duplicate_of": None,
        "status": 200,
        "fault": None,
        "reason": None,
        "stage": None,
        "depth": 2,
        "hops": 1,
        "visited_at": pages[B]["visited_at"],
        "content_type": "text/html",
        "bytes": 1234,
        "timings": {"dns_s": 0.001, "connect_s": 0.002, "first_byte_s": 0.003, "body_s": 0.004, "analyze_s": 0.25},
        "charset": "utf-8",
        "title": "A title",
        "language": "ja",
        "tokens": 7,
        "distinct_words": 2,
        "top_words": [["猫", 5], ["the", 2]],
    }
    failed = pages[C]
    assert (failed["state"], failed["fault"], failed["reason"], failed["stage"]) == (
        "failed",
        "dns",
        "no such host",
        "fetch",
    )
    assert failed["status"] is None and failed["timings"] is None and failed["top_words"] is None


def test_pages_of_a_closed_run_say_where_redirects_end(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, STEPS))
    before = pages_of(tmp_path)
    run(conclude(tmp_path))
    pages = {page["url"]: page for page in pages_of(tmp_path)}
    assert list(pages) == [A, B, C, D, E], "in the order of discovery, and only what was visited"
    assert [pages[url] for url in (A, B, C)] == before
    assert [(pages[url]["final_url"], pages[url]["state"], pages[url]["hops"]) for url in (D, E)] == [
        (A, "redirected", 0),
        (A, "redirected", 1),
    ], "the end of the chain, not the next hop"


def test_pages_tell_duplicates_and_those_that_ask_not_to_be_counted(tmp_path: Path, run: Run[Any]) -> None:
    same = text({"same": 1}, digest=b"same")
    steps = [visited(1, B, same), visited(2, A, same), visited(3, C, text({"hidden": 1}, is_noindex=True))]
    run(record(tmp_path, steps))
    run(conclude(tmp_path))
    told = [("duplicate", A), ("analysed", None), ("noindex", None)]
    assert [(page["state"], page["duplicate_of"]) for page in pages_of(tmp_path)] == told
    assert words_of(tmp_path) == "word,count,pages\nsame,1,1\n"
    run(record(tmp_path, []))
    assert [(page["state"], page["duplicate_of"]) for page in pages_of(tmp_path)] == told, "in the next session too"


def test_lines_are_made_again_by_the_next_session(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, STEPS))
    before = pages_of(tmp_path)
    (tmp_path / "pages.jsonl").write_bytes(b'{"torn')
    run(record(tmp_path, [visited(8, f"{A}new", text({"new": 1}))]))
    pages = pages_of(tmp_path)
    assert pages[:-1] == before
    assert pages[-1]["url"] == f"{A}new"


def test_pages_can_be_read_as_soon_as_they_are_on_disk(tmp_path: Path, run: Run[Any]) -> None:
    async def look() -> int:
        async with session(tmp_path) as (_, _, recorder):
            await recorder.keep(Settled(None, [found(1, A)]))
            await recorder.keep(ended(1, A, text({"a": 1})))
            await recorder.bring(Load("a.test", 1))
            return len(await asyncio.to_thread(pages_of, tmp_path))

    assert run(look()) == 1


def test_notes_go_to_the_log_which_the_next_session_carries_on(tmp_path: Path, run: Run[Any]) -> None:
    first, second = Note("slowed", "a.test", "answers 429 \N{SNOWMAN}"), Note("retry", "b.test", "again\nand again")
    run(record(tmp_path, [Settled(None, [first]), *STEPS[:2], Settled(None, [second, first])]))
    assert log_of(tmp_path) == [first, second, first]
    run(record(tmp_path, [Settled(None, [second])]))
    assert log_of(tmp_path) == [first, second, first, second]
    line = json.loads((tmp_path / "runs" / "1" / "log.jsonl").read_bytes().splitlines()[0])
    assert line["at"].endswith("+00:00")


def test_a_line_of_the_log_that_was_torn_spoils_no_other(tmp_path: Path, run: Run[Any]) -> None:
    note = Note("slowed", "a.test", "answers 429")
    run(record(tmp_path, [Settled(None, [note])]))
    log = tmp_path / "runs" / "1" / "log.jsonl"
    log.write_bytes(log.read_bytes() + b'{"at":"2024-')
    run(record(tmp_path, [Settled(None, [note])]))
    assert log_of(tmp_path) == [note, note]


@pytest.mark.parametrize("torn", [b"", b'{"at":"2024-', b'{"at"' * 2**18])
def test_a_log_that_is_nothing_but_torn_starts_over(tmp_path: Path, run: Run[Any], torn: bytes) -> None:
    log = tmp_path / "runs" / "1" / "log.jsonl"
    log.parent.mkdir(parents=True)
    log.write_bytes(torn)
    note = Note("slowed", "a.test", "answers 429")
    run(record(tmp_path, [Settled(None, [note])]))
    assert log_of(tmp_path) == [note]
