"""Children and their exit codes: each can be asked for once only, so nobody asks while another does."""

import asyncio
import os
import threading
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.popen_forkserver import Popen
from typing import Any

import pytest

from crawler.model import Page
from crawler.settings import AnalyzeSettings
from crawler.wall import children
from crawler.wall.children import context_of
from crawler.workers.processes import ProcessRoom
from tests.conftest import Run
from tests.visit.sharding import all_to_their_ends, changed, opened
from tests.workers.hearts import obey


@pytest.mark.parametrize("how", ["asks", "starts another"])
def test_an_exit_code_arrives_though_others_ask_and_start_meanwhile(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of([])
    child, other = context.Process(target=os._exit, args=(7,)), context.Process(target=os._exit, args=(0,))
    child.start()
    wait([child.sentinel])
    meanwhile = threading.Thread(target=other.start if how == "starts another" else lambda: child.exitcode)
    read = forkserver.read_signed

    def read_late(descriptor: int) -> Any:
        if threading.current_thread() is threading.main_thread():
            meanwhile.start()
            meanwhile.join(0.5)  # it would be done by now, if it did not wait for us
        return read(descriptor)

    monkeypatch.setattr(forkserver, "read_signed", read_late)
    code = child.exitcode
    monkeypatch.undo()
    meanwhile.join()
    if how == "starts another":
        other.join()
        other.close()
    child.close()
    assert code == 7


def test_workers_and_shards_wait_for_one_another(monkeypatch: pytest.MonkeyPatch, run: Run[Any]) -> None:
    """While one takes over from the other there are both."""
    is_one_at_a_time: list[bool] = []
    poll = Popen.poll

    def watched(process: Popen, *how: int) -> Any:
        is_one_at_a_time.append(children._asking.locked())
        return poll(process, *how)

    async def analyze() -> None:
        room = ProcessRoom(obey, AnalyzeSettings(workers=1, max_growth_bytes=2**28))
        async with opened(changed(shards=1)) as (shards, _):
            bodies = [b"segfault", b"x"]
            await asyncio.gather(
                all_to_their_ends(shards, [f"http://a.test/{body.decode()}" for body in bodies]),
                *(room.analyze(Page("http://a.test/", 200, (), body)) for body in bodies),
            )
        await room.aclose()

    monkeypatch.setattr(Popen, "poll", watched)
    run(analyze())
    assert is_one_at_a_time
    assert all(is_one_at_a_time)
