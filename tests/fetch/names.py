"""Names that resolve as a test says, in every room; each look-up takes the next answer, and nothing is cached."""

import socket
from typing import Any

import aiohttp
import pycurl
import pytest
from aiohttp.abc import ResolveResult

from crawler import urls
from crawler.fetch import aio, blocking
from crawler.model import Failure, Page
from crawler.readers import destination


class Names:
    """`names["a.test"] = [["127.0.0.1"], ["10.0.0.1", "::1"]]`: a list of addresses a look-up; the last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}

    def __setitem__(self, name: str, answers: list[list[str]]) -> None:
        self.answers[name] = answers

    def look_up(self, name: str) -> list[str]:
        answers = self.answers[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Take the place of the resolvers of aiohttp and of curl."""
    found = Names()

    async def resolve(_self: object, host: str, port: int = 0, **_options: Any) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found.look_up(host)
        ]

    get = blocking.Client.get

    def get_resolved(client: blocking.Client, attempt: blocking.Attempt) -> Page | Failure:
        place = urls.host(attempt.url), urls.port(attempt.url)
        host, port = destination(client._settings.connect_to, *place)
        if host in found.answers:
            entry = f"{host}:{port}"
            listed = ",".join(found.look_up(host))
            client._curl.setopt(pycurl.RESOLVE, [f"-{entry}", f"{entry}:{listed}"])
        return get(client, attempt)

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    monkeypatch.setattr(aio, "DNS_CACHE_S", -1)
    monkeypatch.setattr(blocking.Client, "get", get_resolved)
    return found
