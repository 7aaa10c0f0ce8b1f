"""A name with an IPv6 address that leads nowhere beside an IPv4 one that is good, in every room."""

import socket
from dataclasses import replace
from typing import Any

import aiohttp
import pycurl
import pytest
from aiohttp.abc import ResolveResult

from crawler.fetch.blocking import Client
from crawler.model import Fault
from crawler.settings import FetchSettings
from tests.conftest import Run
from tests.fetch.answers import HELLO, PLAIN, SETTINGS
from tests.fetch.calling import fetch, outcome
from tests.fetch.wire import Wire

NOWHERE = "100::1"
"""Where routers throw away all that comes (RFC 6666)."""


def resolve_to(addresses: list[str], port: int, patch: pytest.MonkeyPatch) -> None:
    """Let two.test have these addresses, in this order, for aiohttp and for curl."""

    async def resolve(
        _self: aiohttp.ThreadedResolver, host: str, port: int = 0, family: int = 0
    ) -> list[ResolveResult]:
        assert host == "two.test"
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=each, proto=0, flags=0)
            for address, each in zip(addresses, families, strict=True)
        ]

    open_client = Client.__init__

    def open_resolving(self: Client, settings: FetchSettings) -> None:
        open_client(self, settings)
        self._curl.setopt(pycurl.RESOLVE, [f"two.test:{port}:{','.join(addresses)}"])

    patch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    patch.setattr(Client, "__init__", open_resolving)


def test_the_good_address_is_found(run: Run[Any], room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Wire({"": PLAIN}) as wire:
        resolve_to([NOWHERE, "127.0.0.1"], wire.port, monkeypatch)
        settings = replace(SETTINGS, room=room, allow_private=True)
        [answer] = fetch(run, settings, f"http://two.test:{wire.port}/")
    assert outcome(answer) == HELLO
    assert wire.connections == 1


def test_no_good_address_is_a_failure_to_connect(run: Run[Any], room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to([NOWHERE], 80, monkeypatch)
    settings = replace(SETTINGS, room=room, allow_private=True, connect_timeout_s=0.5)
    [answer] = fetch(run, settings, "http://two.test/")
    assert outcome(answer) in (Fault.CONNECT, Fault.TIMEOUT), "at once where there is no IPv6, else in vain"
