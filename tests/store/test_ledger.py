"""The politeness ledger: what was asked of each host, how fast, and how it was taken."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.orders import Answered, Asked, Change, Settled
from crawler.store import schema
from crawler.store.changes import Step, keep
from tests.conftest import Run
from tests.store.steps import Clock, ask, record, session

COLUMNS = "host, requests, refusals, bytes, first_at, last_at, delay_s, least_gap_s"


def ledger(*batches: list[Step]) -> list[tuple[Any, ...]]:
    """The hosts as they stand after these batches."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema.TABLES)
        for batch in batches:
            keep(connection, 1, batch)
        return connection.execute(f"SELECT {COLUMNS} FROM hosts ORDER BY host").fetchall()


def step(at: str, *changes: Asked | Answered) -> Step:
    return Step(Settled(None, list(changes)), at)


DEALINGS = [
    step("t1", Asked("a.test", None, 1.0), Asked("b.test", None, 0.5)),
    step("t2", Answered("a.test", 100, is_refusal=False), Asked("a.test", 1.5, 1.0)),
    step("t3", Answered("a.test", 20, is_refusal=True), Asked("a.test", 1.25, 2.0)),
    step("t4", Answered("a.test", 3, is_refusal=True), Asked("a.test", 4.0, 3.0)),
    step("t5", Answered("a.test", 0, is_refusal=False), Answered("b.test", 7, is_refusal=False)),
]
SUMS = [("a.test", 4, 2, 123, "t1", "t4", 3.0, 1.25), ("b.test", 1, 0, 7, "t1", "t1", 0.5, None)]
"""The times are those of requests, not of answers."""


def test_one_batch_is_summed_up() -> None:
    assert ledger(DEALINGS) == SUMS


def test_the_sums_do_not_depend_on_how_the_steps_fall_into_batches() -> None:
    for first in range(len(DEALINGS)):
        for second in range(first, len(DEALINGS) + 1):
            assert ledger(DEALINGS[:first], DEALINGS[first:second], DEALINGS[second:]) == SUMS


def test_a_least_gap_of_nothing_is_no_gap_unknown() -> None:
    assert ledger([step("t1", Asked("a.test", 0.0, 0.0))], [step("t2", Asked("a.test", 3.0, 0.0))])[0][-1] == 0.0
    assert ledger([step("t1", Asked("a.test", None, 0.0))], [step("t2", Asked("a.test", 3.0, 0.0))])[0][-1] == 3.0


def test_the_sessions_of_a_run_keep_one_ledger(tmp_path: Path, run: Run[Any]) -> None:
    for _ in range(2):
        asked, again = Asked("a.test", None, 1.0), Asked("a.test", 2.0, 1.0)
        refused = Answered("a.test", 5, is_refusal=True)
        run(record(tmp_path, [Settled(None, [asked]), Settled(None, [refused, again])]))
    assert ask(tmp_path, "SELECT run, requests, refusals, bytes, delay_s, least_gap_s FROM hosts") == [
        (1, 4, 2, 10, 1.0, 2.0)
    ]
    assert ask(tmp_path, "SELECT 1 FROM hosts WHERE first_at <= last_at AND first_at LIKE '2%00:00'") == [(1,)]


def test_a_request_is_noted_at_the_time_when_it_went_out() -> None:
    """That is known only when something else has settled since."""
    late = step(
        "2024-01-01T00:00:10.000+00:00", Asked("a.test", None, 1.0, ago_s=4.25), Asked("a.test", 3.0, 1.0, 1.25)
    )
    later = step("2024-01-01T00:01:00.000+00:00", Asked("a.test", 9.0, 1.0, ago_s=0.5))
    times = ("2024-01-01T00:00:05.750+00:00", "2024-01-01T00:00:59.500+00:00")
    assert ledger([late, later])[0][4:6] == ledger([late], [later])[0][4:6] == times


def test_hosts_are_left_alone_in_the_next_session_as_long_as_they_were_to_be(
    tmp_path: Path, run: Run[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the rest of what they asked for, or of the delay between two requests; over all runs of the folder."""
    Clock.set(monkeypatch)
    changes: list[Change] = [
        Asked("paced.test", None, 3.0, ago_s=1.0),
        Asked("pleading.test", None, 1.0),
        Answered("pleading.test", 0, is_refusal=True, hold_s=900.0),
        Asked("pleading.test", 2.0, 1.0),
        Asked("over.test", None, 1.0, ago_s=1.0),
    ]

    async def holds(*, finish: bool = False) -> dict[str, float]:
        async with session(tmp_path) as (folder, begun, _):
            if finish:
                await folder.database.finish_run(begun.id)
            return dict(await folder.database.holds())

    run(record(tmp_path, [Settled(None, [change]) for change in changes]))
    assert run(holds()) == {"paced.test": 2.0, "pleading.test": 900.0}
    Clock.at += 600
    run(record(tmp_path, [Settled(None, [Answered("pleading.test", 0, is_refusal=False), changes[0]])]))
    assert run(holds(finish=True)) == {"paced.test": 2.0, "pleading.test": 300.0}
    run(record(tmp_path, [Settled(None, [Asked("pleading.test", None, 1.0)])]))
    assert run(holds()) == {"paced.test": 2.0, "pleading.test": 300.0}
    assert ask(tmp_path, "SELECT run, host FROM hosts WHERE run > 1") == [(2, "pleading.test")]
