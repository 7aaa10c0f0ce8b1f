"""The contract of a fetch room, in every room of the catalog: what it makes of what servers say."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crawler.fetch.catalog import open_fetcher
from crawler.model import Failure, Fault, Job, Page
from crawler.settings import FetchSettings
from tests.conftest import Run
from tests.fetch.answers import CASES, HASTY, SETTINGS, SLOW, Got, Outcome
from tests.fetch.wire import Wire


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    scripts = {name: case.steps for name, case in CASES.items()}
    with Wire(scripts | {name: steps for name, (steps, _) in SLOW.items()}) as server:
        yield server


def fetch(run: Run[Any], settings: FetchSettings, *urls: str) -> list[Page | Failure]:
    """What the room makes of the URLs, one after the other."""
    fetcher = open_fetcher(settings)

    async def main() -> list[Page | Failure]:
        try:
            return [await fetcher.fetch(Job(url)) for url in urls]
        finally:
            await fetcher.aclose()

    answers: list[Page | Failure] = run(main())
    return answers


def outcome(answer: Page | Failure) -> Outcome:
    return answer.fault if isinstance(answer, Failure) else Got(answer.status, answer.headers, answer.body)


@pytest.mark.parametrize("name", CASES)
def test_answer_comes_out_as_declared(run: Run[Any], room: str, wire: Wire, name: str) -> None:
    case = CASES[name]
    [answer] = fetch(run, replace(SETTINGS, room=room), wire.url(name))
    expected = next((differs.outcome for differs in case.but if differs.room == room), case.outcome)
    assert outcome(answer) == expected, answer
    if isinstance(answer, Page):
        assert answer.url == wire.url(name)
    else:
        assert_speaks_plainly(answer.text)


def assert_speaks_plainly(text: str) -> None:
    assert text.strip() == text
    assert 0 < len(text) <= 200
    assert "\n" not in text
    for foreign in ("aiohttp", "curl", "Traceback", "object at", " 0x", "Exception", "Error("):
        assert foreign not in text


def test_differences_are_declared_only_where_there_are_any() -> None:
    for name, case in CASES.items():
        for differs in case.but:
            assert differs.outcome != case.outcome, name
            assert differs.reason


@pytest.mark.parametrize("name", SLOW)
def test_what_takes_too_long_is_given_up(run: Run[Any], room: str, wire: Wire, name: str) -> None:
    [answer] = fetch(run, replace(HASTY, room=room), wire.url(name))
    assert answer == Failure(Fault.TIMEOUT, SLOW[name][1])
    assert wire.all_gone(), "the connection was left open"


def test_a_broken_answer_does_not_spoil_the_next(run: Run[Any], room: str, wire: Wire) -> None:
    urls = [wire.url(name) for name in CASES if name != "plain"]
    with_plain = [url for each in urls for url in (each, wire.url("plain"))]
    answers = fetch(run, replace(SETTINGS, room=room), *with_plain)
    assert {outcome(answer) for answer in answers[1::2]} == {CASES["plain"].outcome}
    assert wire.all_gone()
