"""The contract of a fetch room, in every room of the catalog: where it connects, and what may go wrong there."""

import re
import socket
from dataclasses import replace
from typing import Any

import pytest

from crawler.model import Failure, Fault
from tests.conftest import Run
from tests.fetch.answers import HELLO, PLAIN, SETTINGS, TO_CONNECT
from tests.fetch.calling import fetch, outcome, rules, unused_port
from tests.fetch.conftest import Certificate
from tests.fetch.wire import Step, Wire, close, hold, listen, reset


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
        [answer] = fetch(run, replace(TO_CONNECT, room=room), f"http://127.0.0.1:{listener.getsockname()[1]}/")
        for one in filling:
            one.close()
    assert answer == Failure(Fault.TIMEOUT, "connecting took more than 0.3 s")


def test_a_tls_handshake_takes_too_long(run: Run[Any], room: str) -> None:
    with Wire({}, greeting=(hold,)) as wire:
        [answer] = fetch(run, replace(TO_CONNECT, room=room), f"https://127.0.0.1:{wire.port}/")
        assert answer == Failure(Fault.TIMEOUT, "connecting took more than 0.3 s")
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
    assert re.search("self.signed", answer.text)


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


def test_connect_to_leads_nowhere_else_after_it(run: Run[Any], room: str) -> None:
    """One client serves one host after the other, and must not take the next to where the last one was."""
    with Wire({"": PLAIN}) as wire:
        settings = replace(SETTINGS, room=room, concurrency=1, connect_to=rules(f"one.test:80:127.0.0.1:{wire.port}"))
        nobody = f"http://127.0.0.1:{unused_port()}/"
        answers = fetch(run, settings, "http://one.test/", nobody, "http://nonexistent.invalid/", "http://one.test/")
        assert [outcome(answer) for answer in answers] == [HELLO, Fault.CONNECT, Fault.DNS, HELLO]
        assert len(wire.requests) == 2


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
