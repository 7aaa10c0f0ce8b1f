"""The contract of a fetch room, in every room of the catalog: it connects to no address that the guard refuses."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crawler.fetch import guard
from crawler.fetch.blocking import Attempt, Client
from crawler.fetch.catalog import open_fetcher
from crawler.model import Failure, Fault, Job, Page
from crawler.settings import FetchSettings
from tests.conftest import Run
from tests.fetch.answers import HELLO, SETTINGS, ok
from tests.fetch.calling import fetch, outcome, rules, same_port, unused_port
from tests.fetch.names import Names, names
from tests.fetch.wire import Wire, close

__all__ = ["names"]

STRICT = replace(SETTINGS, named_hosts=frozenset())
NAMED = replace(SETTINGS, named_hosts=frozenset({"a.test"}))
CLOSING = (ok("Content-Length: 5", "Connection: close", body=b"hello"), close)


def refused(address: str, kind: str) -> Failure:
    return Failure(Fault.BLOCKED, f"{address} is {kind}; --allow-private lets it be fetched")


@pytest.fixture
def inner() -> Iterator[Wire]:
    """What must not be reached, on 127.0.0.2, with a port on which nobody else listens on 127.0.0.1."""
    with same_port("127.0.0.1", "127.0.0.2") as port, Wire({"": CLOSING}, address="127.0.0.2", port=port) as wire:
        yield wire


@pytest.fixture
def outer(inner: Wire) -> Iterator[Wire]:
    """What may be reached, on 127.0.0.1 and the same port."""
    with Wire({"": CLOSING}, port=inner.port) as wire:
        yield wire


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address that counts as one of the world, though it is not."""
    judge = guard.judge
    monkeypatch.setattr(guard, "judge", lambda address: None if address == "127.0.0.1" else judge(address))
    return "127.0.0.1"


def test_an_address_nobody_named_is_not_connected_to(run: Run[Any], room: str, inner: Wire) -> None:
    [answer] = fetch(run, replace(SETTINGS, room=room), inner.url())
    assert answer == refused("127.0.0.2", "a loopback address")
    assert inner.connections == 0


@pytest.mark.parametrize("written", ["127.2", "0x7f.2", "2130706434", "017700000002", "[::ffff:127.0.0.2]"])
def test_nor_is_it_however_it_is_written(run: Run[Any], room: str, inner: Wire, written: str) -> None:
    [answer] = fetch(run, replace(SETTINGS, room=room), f"http://{written}:{inner.port}/")
    assert outcome(answer) in (Fault.BLOCKED, Fault.PROTOCOL)  # aiohttp itself refuses some of them
    assert inner.connections == 0


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST"])
def test_a_real_name_of_this_machine_is_not_connected_to(run: Run[Any], room: str, name: str) -> None:
    with Wire({"": CLOSING}) as wire:
        [answer] = fetch(run, replace(STRICT, room=room), f"http://{name}:{wire.port}/")
        assert outcome(answer) is Fault.BLOCKED
        assert wire.connections == 0


def test_a_name_that_leads_there_is_not_connected_to(run: Run[Any], room: str, names: Names, inner: Wire) -> None:
    names["a.test"] = [["127.0.0.2"]]
    names["b.test"] = [["10.0.0.1", "127.0.0.2", "::ffff:127.0.0.2"]]
    names["c.test"] = [["169.254.169.254"]]
    urls = [f"http://{name}.test:{inner.port}/" for name in "abc"]
    assert fetch(run, replace(STRICT, room=room), *urls) == [
        refused("127.0.0.2", "a loopback address"),
        refused("10.0.0.1", "a private address"),
        refused("169.254.169.254", "where a cloud keeps its metadata"),
    ]
    assert inner.connections == 0


@pytest.mark.usefixtures("outer")
@pytest.mark.parametrize("order", [1, -1])
def test_of_several_addresses_only_those_allowed_are_tried(
    run: Run[Any], room: str, names: Names, inner: Wire, far_away: str, order: int
) -> None:
    names["a.test"] = [[far_away, "127.0.0.2"][::order]]
    [answer] = fetch(run, replace(STRICT, room=room), f"http://a.test:{inner.port}/")
    assert outcome(answer) == HELLO._replace(headers=(("content-length", "5"), ("connection", "close")))
    assert inner.connections == 0


def test_if_the_allowed_one_does_not_answer_the_others_stay_refused(
    run: Run[Any], room: str, names: Names, inner: Wire, far_away: str
) -> None:
    names["a.test"] = [["127.0.0.2", far_away]]
    [answer] = fetch(run, replace(STRICT, room=room), f"http://a.test:{inner.port}/")
    assert answer == Failure(Fault.CONNECT, "cannot connect: connection refused")
    assert inner.connections == 0


def test_a_name_that_is_rebound_is_judged_at_every_connection(
    run: Run[Any], room: str, names: Names, inner: Wire, outer: Wire, far_away: str
) -> None:
    names["a.test"] = [[far_away], ["127.0.0.2"]]
    first, second = fetch(run, replace(STRICT, room=room), *[f"http://a.test:{inner.port}/"] * 2)
    assert isinstance(first, Page)
    assert second == refused("127.0.0.2", "a loopback address")
    assert (outer.connections, inner.connections) == (1, 0)


def test_a_kept_connection_that_broke_is_not_made_anew_to_a_rebound_name(
    run: Run[Any], room: str, names: Names, inner: Wire, far_away: str
) -> None:
    names["a.test"] = [[far_away], ["127.0.0.2"]]
    with Wire({"": (ok("Content-Length: 5", body=b"hello"), close)}, port=inner.port):
        first, second = fetch(run, replace(STRICT, room=room), *[f"http://a.test:{inner.port}/"] * 2)
    assert isinstance(first, Page)
    assert outcome(second) is Fault.BLOCKED
    assert inner.connections == 0


def test_a_host_of_the_seeds_may_be_near_but_never_at_metadata(
    run: Run[Any], room: str, names: Names, inner: Wire, outer: Wire
) -> None:
    names["a.test"] = [["127.0.0.1"], ["169.254.169.254"], ["169.254.1.1", "127.0.0.1"]]
    first, second, third = fetch(run, replace(NAMED, room=room), *[f"http://a.test:{inner.port}/"] * 3)
    assert isinstance(first, Page) and isinstance(third, Page)
    assert second == refused("169.254.169.254", "where a cloud keeps its metadata")
    assert (outer.connections, inner.connections) == (2, 0)


def test_allow_private_and_connect_to_lift_it(run: Run[Any], room: str, names: Names, inner: Wire) -> None:
    names["a.test"] = [["127.0.0.2"]]
    url = f"http://a.test:{inner.port}/"
    led = rules(f"b.test::127.0.0.2:{inner.port}", f"c.test:80::{inner.port}")
    names["c.test"] = [["127.0.0.2"]]
    urls = (url, "http://b.test/", "http://c.test/")
    answers = [outcome(answer) for answer in fetch(run, replace(STRICT, room=room, connect_to=led), *urls)]
    assert [isinstance(answer, Fault) for answer in answers] == [True, False, True]
    assert all(
        isinstance(answer, Page)
        for answer in fetch(run, replace(STRICT, room=room, connect_to=led, allow_private=True), *urls)
    )


def test_a_connection_kept_for_a_host_that_was_led_there_serves_no_other(run: Run[Any], room: str) -> None:
    with Wire({"": (ok("Content-Length: 5", body=b"hello"),)}, address="127.0.0.2") as kept:
        led = rules(f"a.test:80:127.0.0.2:{kept.port}")
        urls = ("http://a.test/", kept.url(), "http://a.test/")
        first, second, third = fetch(run, replace(STRICT, room=room, connect_to=led), *urls)
        assert isinstance(first, Page) and isinstance(third, Page)
        assert second == refused("127.0.0.2", "a loopback address")
        assert (kept.connections, len(kept.requests)) == (1, 2)


def test_what_the_environment_calls_a_proxy_is_not_asked(
    run: Run[Any], room: str, inner: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, inner.url())
    [answer] = fetch(run, replace(SETTINGS, room=room), f"http://127.0.0.1:{unused_port()}/")
    assert outcome(answer) is Fault.CONNECT
    assert inner.connections == 0


def test_no_room_is_open_unless_told_so(run: Run[Any], room: str) -> None:
    with Wire({"": CLOSING}) as wire:
        [answer] = fetch(run, FetchSettings(room=room), wire.url())
        assert outcome(answer) is Fault.BLOCKED
        assert wire.connections == 0


def is_inheritable(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:  # closed since it was counted
        return False


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts descriptors in /proc")  # noqa: PTH112
def test_no_descriptor_is_lost_and_none_is_inherited(run: Run[Any], room: str, names: Names, outer: Wire) -> None:
    names["a.test"] = [["127.0.0.1", "169.254.1.1"]]
    names["b.test"] = [["10.0.0.1"]]

    async def main() -> tuple[int, int]:
        fetcher = open_fetcher(replace(NAMED, room=room))
        counts = []
        try:
            for _ in range(2):
                for _ in range(10):
                    assert isinstance(await fetcher.fetch(Job(f"http://a.test:{outer.port}/")), Page)
                    assert outcome(await fetcher.fetch(Job(f"http://b.test:{outer.port}/"))) is Fault.BLOCKED
                assert await asyncio.to_thread(outer.all_gone)
                counts.append(len(await asyncio.to_thread(sockets)))
            assert isinstance(await fetcher.fetch(Job(f"http://a.test:{kept.port}/")), Page)
            inheritable = [number for number in await asyncio.to_thread(sockets) if is_inheritable(number)]
            assert not inheritable
        finally:
            await fetcher.aclose()
        return counts[0], counts[1]

    with Wire({"": (ok("Content-Length: 5", body=b"hello"),)}) as kept:
        before, after = run(main())
    assert after < before + 5, "ten more connections have left descriptors behind; two or three may be closing"


def sockets() -> list[int]:
    """The descriptors of this process that are sockets."""
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):  # noqa: PTH115
                found.append(int(name))
        except FileNotFoundError:
            continue
    return found


def test_curl_is_told_when_no_socket_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_arguments: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    client = Client(SETTINGS)
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", none)
        answer = client.get(Attempt("http://127.0.0.1:9/"))
    client.close()
    assert answer == Failure(Fault.CONNECT, "cannot connect: too many open files")
