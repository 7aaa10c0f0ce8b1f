"""What the contestants are told: the same, but for what makes each of them one."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.compare.arms import ARMS, REFERENCE
from crawler.compare.contestant import settings_of
from crawler.compare.trial import Trial


def a_trial(*, concurrency: int, has_hazards: bool = False, arm: str = REFERENCE) -> Trial:
    return Trial(
        workload="io",
        arm=arm,
        role="measured",
        round=1,
        concurrency=concurrency,
        seeds="seeds.txt",
        expected=1,
        connect_to=(),
        deadline_s=60.0,
        has_hazards=has_hazards,
    )


@pytest.mark.parametrize("has_hazards", [False, True])
@pytest.mark.parametrize("name", ARMS)
def test_arms_differ_in_nothing_but_what_they_are_made_of(name: str, has_hazards: bool, tmp_path: Path) -> None:
    trial = a_trial(concurrency=64, has_hazards=has_hazards)
    usual, arm = settings_of(trial, ARMS[REFERENCE], tmp_path), ARMS[name]
    assert settings_of(trial, arm, tmp_path) == replace(
        usual,
        fetch=replace(usual.fetch, room=arm.fetch),
        analyze=replace(usual.analyze, room=arm.analyze, parser=arm.parser),
        visit=replace(usual.visit, shards=arm.shards),
        run=replace(usual.run, loop=arm.loop),
    )


@pytest.mark.parametrize("limit", [1, 32, 256])
def test_the_limit_is_what_was_asked_for_and_nothing_else_holds_pages_back(limit: int, tmp_path: Path) -> None:
    settings = settings_of(a_trial(concurrency=limit), ARMS[REFERENCE], tmp_path)
    assert (settings.fetch.concurrency, settings.frontier.per_host, settings.frontier.delay_s) == (limit, limit, 0.0)
    assert settings.frontier.held_per_host >= limit
