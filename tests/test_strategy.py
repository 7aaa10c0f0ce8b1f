"""What settings make of a crawl, and what `auto` may make of it."""

import os
from dataclasses import replace

import pytest

from crawler.settings import AnalyzeSettings, FetchSettings, Settings, VisitSettings
from crawler.strategy import Strategy, alternatives, begun, strategy_of, under


def settings(fetch: str, analyze: str, workers: int = 0, shards: int = 0) -> Settings:
    return Settings(FetchSettings(room=fetch), AnalyzeSettings(room=analyze, workers=workers), VisitSettings(shards))


@pytest.fixture
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)


def test_strategies_have_names() -> None:
    made = (settings("async", "processes", 2), settings("threads", "inline"), settings("async", "processes", 0, 4))
    assert [str(strategy_of(one)) for one in made] == [
        "async + processes (2)",
        "threads + inline",
        "4 x (async + inline)",
    ]


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        (("auto", "auto"), ("async", "processes")),
        (("auto", "threads"), ("async", "threads")),
        (("threads", "auto"), ("threads", "processes")),
        (("sequential", "auto"), ("sequential", "processes")),
    ],
)
def test_auto_stands_for_what_is_never_far_behind_and_leaves_the_other_as_it_is(
    asked: tuple[str, str], begins: tuple[str, str]
) -> None:
    found = begun(settings(*asked))
    assert (found.fetch.room, found.analyze.room) == begins
    assert found.visit.may_change


def test_who_asks_for_no_choice_gets_none() -> None:
    for one in (Settings(), settings("threads", "inline"), settings("async", "processes", 0, 3)):
        assert begun(one) is one
        assert not one.visit.may_change


@pytest.mark.usefixtures("three_cores")
def test_shards_may_take_over_as_far_as_there_are_cores() -> None:
    for fetch in ("async", "threads"):
        found = alternatives(begun(settings(fetch, "auto")))
        assert found == [Strategy(fetch, "inline", 0, 2), Strategy(fetch, "inline", 0, 3)]
    first = begun(settings("auto", "auto"))
    for strategy in alternatives(first):
        there = under(strategy, first)
        assert str(strategy_of(there)) == str(strategy)
        assert replace(there, visit=first.visit) == first, "nothing else is changed"


@pytest.mark.usefixtures("three_cores")
@pytest.mark.parametrize(
    "asked",
    [
        ("auto", "processes", 3, 0),
        ("auto", "processes", 0, 2),
        ("auto", "inline", 0, 0),
        ("auto", "threads", 0, 0),
        ("auto", "interpreters", 0, 0),
        ("sequential", "auto", 0, 0),
    ],
)
def test_numbers_asked_for_and_what_isolates_are_kept(asked: tuple[str, str, int, int]) -> None:
    assert alternatives(begun(settings(*asked))) == []
