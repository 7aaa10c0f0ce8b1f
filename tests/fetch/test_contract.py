"""The contract of a fetch room, in every room of the catalog: what it makes of what servers say."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crawler.model import Failure, Fault, Page
from tests.conftest import Run
from tests.fetch.answers import CASES, HELLO, SETTINGS, TO_ANSWER, UNANSWERED, UNFINISHED, to_complete
from tests.fetch.calling import fetch, outcome
from tests.fetch.wire import Wire

# After these a server speaks unasked, perhaps into the next answer: see `test_what_is_said_unasked_is_not_taken`.
DESYNCHRONISED = {"more_later", "forged_later"}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    scripts = {name: case.steps for name, case in CASES.items()}
    with Wire(scripts | UNANSWERED | UNFINISHED) as server:
        yield server


@pytest.mark.parametrize("name", CASES)
def test_answer_comes_out_as_declared(
    run: Run[Any], room: str, wire: Wire, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    case = CASES[name]
    [answer] = fetch(run, replace(SETTINGS, room=room), wire.url(name))
    expected = next((differs.outcome for differs in case.but if differs.room == room), case.outcome)
    assert outcome(answer) == expected, answer
    if isinstance(answer, Page):
        assert answer.url == wire.url(name)
    else:
        assert_speaks_plainly(answer.text)
    assert capfd.readouterr().err == "", "curl only prints what a callback raises"


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


def test_what_is_not_answered_for_too_long_is_given_up(run: Run[Any], room: str, wire: Wire) -> None:
    answers = fetch(run, replace(TO_ANSWER, room=room), *map(wire.url, UNANSWERED), at_once=True)
    assert answers == [Failure(Fault.TIMEOUT, "no answer within 0.2 s")] * len(UNANSWERED)
    assert wire.all_gone(), "a connection was left open"


def test_what_is_not_complete_for_too_long_is_given_up(run: Run[Any], room: str, wire: Wire) -> None:
    """The time for an answer is over before: it no longer counts. A busy machine may need longer for that answer."""
    for patience_s in (0.6, 6.0, 30.0):
        answers = fetch(run, replace(to_complete(patience_s), room=room), *map(wire.url, UNFINISHED), at_once=True)
        expected = [Failure(Fault.TIMEOUT, f"not complete after {patience_s:g} s")] * len(UNFINISHED)
        if answers == expected:
            break
    assert answers == expected
    assert wire.all_gone(), "a connection was left open"


def test_a_broken_answer_does_not_spoil_the_next(run: Run[Any], room: str, wire: Wire) -> None:
    with_plain = [wire.url(each) for name in CASES.keys() - DESYNCHRONISED for each in (name, "plain")]
    answers = fetch(run, replace(SETTINGS, room=room), *with_plain)
    assert {with_plain[i - 1]: answers[i] for i in range(1, len(answers), 2) if outcome(answers[i]) != HELLO} == {}
    assert wire.all_gone()
