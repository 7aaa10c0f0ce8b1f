"""The contract of a fetch room, in every room of the catalog: what it asks."""

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Run
from tests.fetch.answers import HELLO, PLAIN, SETTINGS, ok
from tests.fetch.calling import fetch, outcome, rules, unused_port
from tests.fetch.wire import Wire

WITHOUT_EMPTY_QUERY = {"async": "yarl, the URL type of aiohttp, does not tell an empty query from none"}


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
        elsewhere = rules(f".test::127.0.0.1:{wire.port}")  # a name, because cookie jars disregard addresses
        fetch(run, replace(SETTINGS, room=room, connect_to=elsewhere), *["http://cookies.test/"] * 2)
        assert len(wire.requests) == 2
        assert not any(b"cookie:" in request.lower() for request in wire.requests)


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
