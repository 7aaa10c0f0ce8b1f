"""Shards among real deaths: the culprit is named, the innocent come to their end, and nothing is left behind."""

from typing import Any

import pytest

from crawler.model import Analysis, Failure, Fault
from crawler.orders import REFETCHED, SHARD_LOST
from tests.conftest import Run
from tests.visit.sharding import all_to_their_ends, changed, opened

INNOCENT = [f"http://{host}.test/page-{number}" for number in range(10) for host in "abcd"]


@pytest.mark.parametrize(
    ("deed", "fault", "text"),
    [
        ("segfault", Fault.CRASHED, "the shard that visited it alone died of signal 11 (SIGSEGV)"),
        ("hang", Fault.HUNG, "analysis was not done by its deadline and was ended"),
        ("balloon", Fault.MEMORY, "analysis ran out of the memory it may use"),
        ("kill%20-9", Fault.CRASHED, "the shard that visited it alone died of signal 9 (SIGKILL)"),
        ("exit", Fault.CRASHED, "the shard that visited it alone died of exit status 7"),
    ],
)
def test_of_forty_innocents_forty_are_analysed_and_the_culprit_is_named(
    deed: str, fault: Fault, text: str, run: Run[Any]
) -> None:
    async def visit() -> None:
        settings = changed(deadline_s=1.0, deadline_s_per_mib=0.0) if fault is Fault.HUNG else changed()
        async with opened(settings) as (shards, told):
            culprit = f"http://a.test/{deed}"
            visits = await all_to_their_ends(shards, [*INNOCENT[:17], culprit, *INNOCENT[17:]])
            assert visits.pop(culprit).outcome == Failure(fault, text, "analyze")
            assert all(isinstance(visit.outcome, Analysis) for visit in visits.values())
            assert len([note for note in told if note.event == SHARD_LOST]) == (fault is not Fault.MEMORY)
            again = [note for note in told if note.event == REFETCHED]
            assert len(again) == len(set(again)) <= settings.fetch.concurrency
            assert not any(culprit in note.text for note in again)

    run(visit())
