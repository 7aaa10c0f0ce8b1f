"""Dozens of kills at random moments, and the end is byte for byte that of a crawl that nobody disturbed."""

import faulthandler
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.survival.killing import Arena, asked_again, kill_often, pages_without_times

KILLS = {"async": 50, "threads": 25}
SAFE_AFTER_S, SAFE_AFTER_REQUESTS = 1.0, 150


def sums(folder: Path) -> dict[str, Any]:
    """The summary's totals, without what a crawl's course decides."""
    summary = json.loads((folder / "summary.json").read_bytes())
    assert summary["is_complete"] is True
    return {
        name: summary[name] for name in ("run", "discovered", "totals", "distinct_words", "top_words", "exit_code")
    }


def check_whole(folder: Path) -> None:
    """The database is in order, and every sum in it is that of its parts."""
    with closing(sqlite3.connect(folder / "crawl.db")) as connection:

        def ask(query: str) -> Any:
            return connection.execute(query).fetchone()[0]

        assert ask("PRAGMA integrity_check") == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert ask("SELECT count(*) FROM runs") == 1
        assert ask("SELECT count(*) FROM urls WHERE state = 'waiting'") == 0
        assert ask("SELECT count(*) - count(DISTINCT url) FROM urls") == 0
        analysed = ask("SELECT count(*) FROM pages WHERE digest IS NOT NULL")
        assert ask("SELECT count(*) FROM words") == ask("SELECT count(*) FROM links") == analysed
    assert not list(folder.rglob("*.part"))


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("room", KILLS)
def test_kills_change_nothing_and_cost_at_most_the_last_second(
    room: str, slow: Arena, unkilled: Path, tmp_path: Path
) -> None:
    faulthandler.cancel_dump_traceback_later()  # it takes a minute and is meant to
    before = len(slow.asked())
    out = tmp_path / "out"
    killed = kill_often(slow, out, KILLS[room], seed=1, flags=["--fetch", room, "--per-host", "1", "--workers", "1"])
    assert len(killed.kills) == KILLS[room]
    assert (out / "words.csv").read_bytes() == (unkilled / "words.csv").read_bytes()
    assert pages_without_times(out) == pages_without_times(unkilled)
    assert sums(out) == sums(unkilled)
    check_whole(out)
    again = asked_again(slow.asked()[before:], killed)
    late = [one for one in again if one.age_s > SAFE_AFTER_S and one.since > SAFE_AFTER_REQUESTS]
    assert not late, f"{len(late)} of {len(again)} URLs were fetched again too long after their answer"
