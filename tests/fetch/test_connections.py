"""The contract of a fetch room, in every room of the catalog: what it asks, where it connects, and how it lets go."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from crawler.fetch.catalog import ROOMS, open_fetcher
from crawler.model import Failure, Fault, Job, Page
from crawler.readers import ConnectTo
from crawler.settings import FetchSettings
from tests.conftest import Run
from tests.fetch.answers import HASTY, HELLO, SETTINGS, ok
from tests.fetch.calling import fetch, outcome
from tests.fetch.conftest import Certificate
from tests.fetch.wire import Step, Wire, close, hold, listen, reset

PLAIN: tuple[Step, ...] = (ok("Content-Length: 5", body=b"hello"),)


WITHOUT_EMPTY_QUERY = {"async": "yarl, the URL type of aiohttp, does not tell an empty query from none"}


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def rules(*texts: str) -> tuple[ConnectTo, ...]:
    return tuple(ConnectTo.read(text) for text in texts)


# what is asked


def test_every_room_sends_the_same_request(run: Run[Any], room: str) -> None:
    with Wire({"a": PLAIN}) as wire:
        fetch(run, replace(SETTINGS, room=room, user_agent="tester/1 (x)"), wire.url("a"))
        [request] = wire.requests
    line, *headers = request.decode().removesuffix("\r\n\r\n").split("\r\n")
    assert line == "GET /a HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        f"Host: 127.0.0.1:{wire.port}",
        "User-Agent: tester/1 (x)",
    ]


@pytest.mark.parametrize(
    "target", ["a%7eb/%2f%c3%a9?q=%20+&x=y%26", "a|b^c{}'()*!$,;:@", "a?b?c=[]", "%", "a//b/..;/c", "%zz?%"]
)
def test_the_target_is_sent_as_it_stands(run: Run[Any], room: str, target: str) -> None:
    with Wire({target: PLAIN}) as wire:
        [answer] = fetch(run, replace(SETTINGS, room=room), wire.url(target))
    assert outcome(answer) == HELLO


def test_an_empty_query(run: Run[Any], room: str) -> None:
    with Wire({"": PLAIN, "?": PLAIN}) as wire:
        fetch(run, replace(SETTINGS, room=room), wire.url("?"))
        [request] = wire.requests
    assert request.startswith(b"GET /? " if room not in WITHOUT_EMPTY_QUERY else b"GET / ")


def test_no_cookie_is_sent_back(run: Run[Any], room: str) -> None:
    with Wire({"": (ok("Set-Cookie: a=b; Path=/", "Content-Length: 5", body=b"hello"),)}) as wire:
        fetch(run, replace(SETTINGS, room=room), wire.url(), wire.url())
        assert len(wire.requests) == 2
        assert not any(b"cookie" in request.lower() for request in wire.requests)


def test_proxies_and_netrc_of_the_environment_are_ignored(
    run: Run[Any], room: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    with Wire({"": PLAIN}) as wire:
        [answer] = fetch(run, replace(SETTINGS, room=room), wire.url())
        assert outcome(answer) == HELLO
        assert b"authorization" not in wire.requests[0].lower()


# where it connects


def test_faults_of_connecting(run: Run[Any], room: str) -> None:
    refused, nowhere, too_long = fetch(
        run,
        replace(SETTINGS, room=room),
        f"http://127.0.0.1:{unused_port()}/",
        "http://nonexistent.invalid/",
        f"http://{'x' * 64}.invalid/",
    )
    assert outcome(refused) is Fault.CONNECT
    assert outcome(nowhere) is Fault.DNS
    assert outcome(too_long) is Fault.DNS


def test_connecting_takes_too_long(run: Run[Any], room: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        filling = [socket.socket() for _ in range(4)]  # more than the backlog takes: the next SYN goes unanswered
        for one in filling:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        [answer] = fetch(run, replace(HASTY, room=room), f"http://127.0.0.1:{listener.getsockname()[1]}/")
        for one in filling:
            one.close()
    assert answer == Failure(Fault.TIMEOUT, "connecting took more than 0.4 s")


def test_a_tls_handshake_takes_too_long(run: Run[Any], room: str) -> None:
    with Wire({}, greeting=(hold,)) as wire:
        [answer] = fetch(run, replace(HASTY, room=room), f"https://127.0.0.1:{wire.port}/")
        assert answer == Failure(Fault.TIMEOUT, "connecting took more than 0.4 s")
        assert wire.all_gone()


@pytest.mark.parametrize("greeting", [(b"HTTP/1.1 400 Bad Request\r\n\r\n", hold), (listen, close), (listen, reset)])
def test_no_tls_on_the_tls_port(run: Run[Any], room: str, greeting: tuple[Step, ...]) -> None:
    with Wire({}, greeting=greeting) as wire:
        [answer] = fetch(run, replace(SETTINGS, room=room), f"https://127.0.0.1:{wire.port}/")
    assert outcome(answer) is Fault.TLS, answer


def test_a_certificate_nobody_vouches_for(run: Run[Any], room: str, certificate: Certificate) -> None:
    with Wire({"": PLAIN}, tls=certificate.server) as wire:
        [answer] = fetch(run, replace(SETTINGS, room=room), wire.url())
    assert outcome(answer) is Fault.TLS
    assert isinstance(answer, Failure)
    assert "certificate" in answer.text


def test_a_certificate_is_good_for_its_names_only(
    run: Run[Any], room: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    with Wire({"": PLAIN}, tls=certificate.server) as wire:
        elsewhere = rules(f".test::127.0.0.1:{wire.port}")
        settings = replace(SETTINGS, room=room, connect_to=elsewhere)
        urls = ["https://secure.test/", "https://other.test/", "https://secure.test/", wire.url()]
        good, other, again, by_address = fetch(run, settings, *urls)
        assert outcome(good) == outcome(again) == outcome(by_address) == HELLO
        assert outcome(other) is Fault.TLS, "a connection kept alive for another name was trusted"
        hosts = [request.split(b"Host: ")[1].split(b"\r\n")[0] for request in wire.requests]
        assert hosts == [b"secure.test", b"secure.test", f"127.0.0.1:{wire.port}".encode()]


def test_connect_to_leads_elsewhere_and_keeps_the_host(run: Run[Any], room: str) -> None:
    with Wire({"": PLAIN}) as wire:
        settings = replace(
            SETTINGS,
            room=room,
            connect_to=rules(
                f"one.test:80:127.0.0.1:{wire.port}",
                f".many.test::127.0.0.1:{wire.port}",
                f"192.0.2.1:80:127.0.0.1:{wire.port}",
                f"[2001:db8::1]:8080:127.0.0.1:{wire.port}",
                f"one.test:81::{unused_port()}",
            ),
        )
        urls = [
            "http://one.test/",
            "http://a.many.test:99/",
            "http://192.0.2.1/",
            "http://[2001:db8::1]:8080/",
            wire.url(),
        ]
        answers = fetch(run, settings, *urls)
        assert [outcome(answer) for answer in answers] == [HELLO] * 5
        hosts = [request.split(b"Host: ")[1].split(b"\r\n")[0].decode() for request in wire.requests]
        own = f"127.0.0.1:{wire.port}"
        assert hosts == ["one.test", "a.many.test:99", "192.0.2.1", "[2001:db8::1]:8080", own]
        assert outcome(fetch(run, settings, "http://one.test:82/")[0]) is Fault.DNS


# how connections are kept and let go


def test_one_connection_serves_many(run: Run[Any], room: str) -> None:
    with Wire({"": PLAIN}) as wire:
        answers = fetch(run, replace(SETTINGS, room=room), *[wire.url()] * 20)
        assert [outcome(answer) for answer in answers] == [HELLO] * 20
        assert (wire.connections, len(wire.requests)) == (1, 20)
    first, *others = [answer.timings for answer in answers if isinstance(answer, Page)]
    assert first.connect_s > 0
    assert all((each.dns_s, each.connect_s) == (0, 0) for each in others)
    assert all(each.first_byte_s > 0 and 0 <= each.total_s < 5 for each in (first, *others))


def test_timings_tell_the_phases_apart(run: Run[Any], room: str) -> None:
    slow = (_nap, ok("Content-Length: 5", body=b"he"), _nap, _nap, b"llo")
    with Wire({"": slow}) as wire:
        [page] = fetch(run, replace(SETTINGS, room=room), wire.url())
    assert isinstance(page, Page)
    assert page.timings.connect_s < 0.05
    assert 0.1 <= page.timings.first_byte_s < 0.2 <= page.timings.body_s < 0.5


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
        asked.wait(5)
        connection.sendall(ok("Content-Length: 6", body=b"forged"))
        said.set()

    async def main(url: str) -> list[Page | Failure]:
        fetcher = open_fetcher(replace(SETTINGS, room=room))
        first = await fetcher.fetch(Job(url))
        asked.set()
        await asyncio.to_thread(said.wait, 5)
        await asyncio.sleep(0.02)  # on loopback it has arrived now, and the loop has looked
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
        barrier.wait(timeout=5)
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
        assert await asyncio.to_thread(asked.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(wire.all_gone), "the connection outlived the fetch"
        await fetcher.aclose()

    with Wire({"": (say, *steps)}) as wire:
        started = time.monotonic()
        run(main(wire))
        assert time.monotonic() - started < 1
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


def test_the_catalog_is_a_cheap_door() -> None:
    code = "import sys, crawler.fetch.catalog; print([m for m in ('aiohttp', 'pycurl', 'ssl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_every_room_declares_its_traits() -> None:
    for name, load in ROOMS.items():
        traits = load(FetchSettings(room=name)).traits
        assert traits.isolates
        assert not traits.blocks_loop
        assert traits.reason
