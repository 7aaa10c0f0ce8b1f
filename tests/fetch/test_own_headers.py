"""The contract of a fetch room, in every room of the catalog: headers that are meant for one origin only."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.headers import Header, basic_authorization
from tests.conftest import Run
from tests.fetch.answers import HELLO, PLAIN, SETTINGS
from tests.fetch.calling import fetch, outcome, rules
from tests.fetch.conftest import Certificate
from tests.fetch.wire import Wire

OWN = (Header("Cookie", "a=b"), Header("accept", "text/plain"), basic_authorization(b"us", b"word"))
PUBLIC = ["Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]
OWN_LINES = ["Authorization: Basic dXM6d29yZA==", "Cookie: a=b", "accept: text/plain"]


def told(request: bytes) -> list[str]:
    """What was said in a request besides that which all say alike."""
    alike = ("Accept-Encoding:", "Host:", "User-Agent:")
    lines = request.decode().removesuffix("\r\n\r\n").split("\r\n")[1:]
    return sorted(line for line in lines if not line.startswith(alike))


def test_each_origin_is_told_its_own(run: Run[Any], room: str) -> None:
    other = (Header("Cookie", "c=d"),)
    with Wire({"": PLAIN}) as wire:
        settings = replace(
            SETTINGS,
            room=room,
            connect_to=rules(f".test::127.0.0.1:{wire.port}"),
            headers_by_origin={"http://own.test": OWN, "http://other.test:81": other},
        )
        hosts = ("own.test", "own.test:81", "sub.own.test", "other.test:81", "own.test", "other.test")
        answers = fetch(run, settings, *(f"http://{host}/" for host in hosts))
        assert [outcome(answer) for answer in answers] == [HELLO] * 6
        assert [told(request) for request in wire.requests] == [
            OWN_LINES, PUBLIC, PUBLIC, [*PUBLIC, "Cookie: c=d"], OWN_LINES, PUBLIC
        ]  # fmt: skip


def test_many_at_once_do_not_mix_them_up(run: Run[Any], room: str) -> None:
    hosts = [f"h{number}.test" for number in range(8)]
    with Wire({"": PLAIN}) as wire:
        settings = replace(
            SETTINGS,
            room=room,
            connect_to=rules(f".test::127.0.0.1:{wire.port}"),
            headers_by_origin={f"http://{host}": (Header("X-Own", host),) for host in hosts[::2]},
        )
        fetch(run, settings, *[f"http://{host}/" for host in hosts] * 8, at_once=True)
        assert len(wire.requests) == 64
        for request in wire.requests:
            own = [line.removeprefix("X-Own: ") for line in told(request) if line.startswith("X-Own")]
            host = request.partition(b"Host: ")[2].partition(b"\r\n")[0].decode()
            assert own == ([host] if host in hosts[::2] else [])


def test_https_is_not_http(
    run: Run[Any], room: str, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    with Wire({"": PLAIN}, tls=certificate.server) as secure, Wire({"": PLAIN}) as open_to_all:
        settings = replace(
            SETTINGS,
            room=room,
            connect_to=rules(
                f"secure.test:443:127.0.0.1:{secure.port}", f"secure.test:80:127.0.0.1:{open_to_all.port}"
            ),
            headers_by_origin={"https://secure.test": OWN},
        )
        answers = fetch(run, settings, *["https://secure.test/", "http://secure.test/"] * 2)
        assert [outcome(answer) for answer in answers] == [HELLO] * 4
        assert [told(request) for request in secure.requests] == [OWN_LINES] * 2
        assert [told(request) for request in open_to_all.requests] == [PUBLIC] * 2


def test_a_user_in_a_url_and_a_netrc_are_not_sent(
    run: Run[Any], room: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login a password b\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Wire({"": PLAIN}) as wire:
        url = wire.url().replace("//", "//us:word@")
        [answer] = fetch(run, replace(SETTINGS, room=room), url)
        assert outcome(answer) == HELLO
        assert told(wire.requests[0]) == PUBLIC
