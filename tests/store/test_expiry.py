"""A clock that jumps between two starts, or during a run, prolongs nothing and breaks no sum."""

from pathlib import Path
from typing import Any

import pytest

from crawler.model import Robots
from crawler.orders import Answered, Asked, Change, Learned, Settled
from tests.conftest import Run
from tests.store.steps import Clock, ask, record, session, text, visited

DAY_S = 86_400


async def holds(path: Path) -> dict[str, float]:
    async with session(path) as (folder, _, _):
        return dict(await folder.database.holds())


async def robots(path: Path, most_s: float) -> list[str]:
    async with session(path) as (folder, _, _):
        return [origin for origin, _, _ in await folder.database.robots("", most_s)]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    Clock.set(monkeypatch)
    return Clock


def steps(*changes: Change) -> list[Settled]:
    return [Settled(None, [change]) for change in changes]


PACED = steps(
    Asked("paced.test", None, 3.0),
    Asked("pleading.test", None, 1.0),
    Answered("pleading.test", 0, is_refusal=True, hold_s=900.0),
)


@pytest.mark.parametrize("back_s", [60, DAY_S, 400 * DAY_S])
def test_a_clock_that_went_back_leaves_no_host_alone_for_longer_than_it_asked(
    back_s: int, tmp_path: Path, run: Run[Any]
) -> None:
    run(record(tmp_path, PACED))
    Clock.at -= back_s
    left = run(holds(tmp_path))
    assert left == {"paced.test": pytest.approx(3.0, abs=0.01), "pleading.test": pytest.approx(900.0, abs=0.01)}
    Clock.at += 2
    assert run(holds(tmp_path)) == {
        "paced.test": pytest.approx(1.0, abs=0.01), "pleading.test": pytest.approx(898.0, abs=0.01)
    }, "it begins anew once, and not with every start"  # fmt: skip
    Clock.at += 900
    assert run(holds(tmp_path)) == {}
    assert ask(tmp_path, "SELECT count(*) FROM hosts WHERE first_at > last_at") == [(0,)]


def test_a_clock_that_went_forward_ends_a_pause_early_and_no_more(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, PACED))
    Clock.at += DAY_S
    assert run(holds(tmp_path)) == {}
    Clock.at -= DAY_S
    run(record(tmp_path, PACED))
    assert run(holds(tmp_path)).keys() == {"paced.test", "pleading.test"}


def test_a_robots_txt_is_not_believed_for_longer_than_it_may_be(tmp_path: Path, run: Run[Any]) -> None:
    run(record(tmp_path, steps(Learned("http://a.test", Robots(), DAY_S))))
    assert run(robots(tmp_path, DAY_S)) == ["http://a.test"]
    Clock.at -= 60
    assert run(robots(tmp_path, DAY_S)) == [], "it is asked for again"
    Clock.at += 2 * DAY_S
    assert run(robots(tmp_path, DAY_S)) == []


def test_times_that_decrease_break_no_sum(tmp_path: Path, run: Run[Any]) -> None:
    """A run during which the clock goes back by a day, forward by a month, and back again."""
    for number, jump_s in enumerate((0, -DAY_S, 30 * DAY_S, -45 * DAY_S), start=1):
        Clock.at += jump_s
        step = visited(number, f"http://a.test/{number}", text({"word": number}))
        step.changes += [Asked("a.test", 1.0, 1.0), Answered("a.test", 100, is_refusal=False)]
        run(record(tmp_path, [step]))
    assert ask(tmp_path, "SELECT requests, bytes, least_gap_s, first_at <= last_at FROM hosts") == [(4, 400, 1.0, 1)]
    assert ask(tmp_path, "SELECT count(*) FROM urls JOIN pages USING (id) WHERE state = 'analysed'") == [(4,)]
    assert run(holds(tmp_path)) == {"a.test": pytest.approx(1.0, abs=0.01)}
