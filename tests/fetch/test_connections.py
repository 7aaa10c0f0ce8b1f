"""The contract of a fetch room, in every room of the catalog: how it keeps connections and lets them go."""

import asyncio
import socket
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from crawler.fetch.catalog import open_fetcher
from crawler.model import Failure, Job, Page
from tests.conftest import Run
from tests.fetch.answers import HELLO, PLAIN, SETTINGS, ok
from tests.fetch.calling import fetch, outcome, rules
from tests.fetch.wire import PATIENCE_S, Step, Wire, arrive, close, hold, pause, reset


def test_one_connection_serves_many(run: Run[Any], room: str) -> None:
    with Wire({"": PLAIN}) as wire:
        started = time.perf_counter()
        answers = fetch(run, replace(SETTINGS, room=room), *[wire.url()] * 20)
        took_s = time.perf_counter() - started
        assert [outcome(answer) for answer in answers] == [HELLO] * 20
        assert (wire.connections, len(wire.requests)) == (1, 20)
    first, *others = [answer.timings for answer in answers if isinstance(answer, Page)]
    assert first.connect_s > 0
    assert all((each.dns_s, each.connect_s) == (0, 0) for each in others)
    assert all(each.first_byte_s > 0 <= each.body_s for each in (first, *others))
    assert sum(each.total_s for each in (first, *others)) <= took_s


def test_each_host_keeps_its_connection(run: Run[Any], room: str) -> None:
    async def main(wire: Wire) -> None:
        fetcher = open_fetcher(replace(SETTINGS, room=room, connect_to=rules(f".test::127.0.0.1:{wire.port}")))
        await asyncio.gather(*(fetcher.fetch(Job(f"http://{host}.test/slow")) for host in "ab"))
        for host in "aabbabba":
            await fetcher.fetch(Job(f"http://{host}.test/"))
        await fetcher.aclose()

    with Wire({"slow": (pause, *PLAIN), "": PLAIN}) as wire:
        run(main(wire))
        assert wire.connections <= 2  # plain HTTP: curl may use one connection for both, as they lead to one address


def test_timings_tell_the_phases_apart(run: Run[Any], room: str) -> None:
    slow: tuple[Step, ...] = (_nap, ok("Content-Length: 5", body=b"he"), *[_nap] * 5, b"llo")
    with Wire({"": slow}) as wire:
        for _ in range(20):
            started = time.perf_counter()
            [page] = fetch(run, replace(SETTINGS, room=room), wire.url())
            took_s = time.perf_counter() - started
            assert isinstance(page, Page)
            assert page.timings.first_byte_s >= 0.1
            assert page.timings.first_byte_s + page.timings.body_s >= 0.6
            assert 0 < page.timings.total_s <= took_s, "no moment is told twice"
            if page.timings.body_s >= 0.25:  # a busy machine may notice the header late, but not each time
                break
        else:
            pytest.fail("the body's time is not told as its own")


def _nap(_connection: socket.socket) -> None:
    time.sleep(0.1)


def test_each_attempt_asks_once(run: Run[Any], room: str) -> None:
    with Wire({"closed": (close,), "reset": (reset,)}) as wire:
        fetch(run, replace(SETTINGS, room=room), wire.url("closed"), wire.url("reset"))
        assert wire.connections == len(wire.requests) == 2


def test_a_kept_connection_that_was_closed_meanwhile_is_no_fault(run: Run[Any], room: str) -> None:
    answered = Counter[int]()

    def once(connection: socket.socket) -> None:
        answered[connection.fileno()] += 1
        if answered[connection.fileno()] > 1:
            answered.clear()
            close(connection)
        else:
            connection.sendall(ok("Content-Length: 5", body=b"hello"))

    with Wire({"": (once,)}) as wire:
        answers = fetch(run, replace(SETTINGS, room=room), *[wire.url()] * 2)
        assert [outcome(answer) for answer in answers] == [HELLO] * 2
        assert wire.connections == 2


def test_what_is_said_unasked_is_not_taken_for_an_answer(run: Run[Any], room: str) -> None:
    said = threading.Event()

    def speak_unasked(connection: socket.socket) -> None:
        assert asked.wait(PATIENCE_S)
        connection.sendall(ok("Content-Length: 6", body=b"forged"))
        arrive(connection)
        said.set()

    async def main(url: str) -> list[Page | Failure]:
        fetcher = open_fetcher(replace(SETTINGS, room=room))
        first = await fetcher.fetch(Job(url))
        asked.set()
        assert await asyncio.to_thread(said.wait, PATIENCE_S)
        await asyncio.sleep(0.02)  # it has arrived: a loop that sleeps looks at its sockets before it wakes
        second = await fetcher.fetch(Job(url))
        await fetcher.aclose()
        return [first, second]

    asked = threading.Event()
    with Wire({"": (*PLAIN, speak_unasked)}) as wire:
        answers: list[Page | Failure] = run(main(wire.url()))
        assert [outcome(answer) for answer in answers] == [HELLO] * 2
        assert wire.connections == 2


def test_capacity_is_reached_and_never_exceeded(run: Run[Any], room: str) -> None:
    fetcher = open_fetcher(replace(SETTINGS, room=room))
    assert fetcher.capacity == (1 if room == "sequential" else 4)
    barrier = threading.Barrier(fetcher.capacity)  # opens when that many requests wait at once
    now = threading.Semaphore(fetcher.capacity)
    exceeded: list[bool] = []

    def meet(_connection: socket.socket) -> None:
        exceeded.append(not now.acquire(blocking=False))
        barrier.wait(PATIENCE_S)
        now.release()

    async def main(url: str) -> list[Page | Failure]:
        try:
            return list(await asyncio.gather(*(fetcher.fetch(Job(url)) for _ in range(12))))
        finally:
            await fetcher.aclose()

    with Wire({"": (meet, *PLAIN)}) as wire:
        answers: list[Page | Failure] = run(main(wire.url()))
    assert [outcome(answer) for answer in answers] == [HELLO] * 12
    assert not any(exceeded)


@pytest.mark.parametrize("steps", [(hold,), (ok("Content-Length: 5", body=b"he"), hold)])
def test_a_cancelled_fetch_ends_promptly(run: Run[Any], room: str, steps: tuple[Step, ...]) -> None:
    fetcher = open_fetcher(replace(SETTINGS, room=room))
    asked = threading.Event()

    def say(_connection: socket.socket) -> None:
        asked.set()

    async def main(wire: Wire) -> None:
        task = asyncio.ensure_future(fetcher.fetch(Job(wire.url())))
        assert await asyncio.to_thread(asked.wait, PATIENCE_S)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(wire.all_gone), "the connection outlived the fetch"
        await fetcher.aclose()

    with Wire({"": (say, *steps)}) as wire:
        started = time.monotonic()
        run(main(wire))
        assert time.monotonic() - started < SETTINGS.first_byte_timeout_s, "the fetch was not waited for"
    assert not any(thread.name.startswith("fetch") for thread in threading.enumerate())


def test_closing_ends_threads_and_connections(run: Run[Any], room: str) -> None:
    with Wire({"": PLAIN}) as wire:
        fetch(run, replace(SETTINGS, room=room), *[wire.url()] * 8, at_once=True)
        assert wire.all_gone()
    assert not any(thread.name.startswith("fetch") for thread in threading.enumerate())
    fetch(run, replace(SETTINGS, room=room))  # opened and closed, never used


def test_idle_connections_are_bounded(run: Run[Any], room: str) -> None:
    async def main(wire: Wire) -> None:
        elsewhere = rules(f".test::127.0.0.1:{wire.port}")
        fetcher = open_fetcher(replace(SETTINGS, room=room, concurrency=1, connect_to=elsewhere))
        for number in range(12):
            assert outcome(await fetcher.fetch(Job(f"http://{number}.test/"))) == HELLO
        assert await asyncio.to_thread(wire.all_gone, but=5)
        await fetcher.aclose()

    with Wire({"": PLAIN}) as wire:
        run(main(wire))
