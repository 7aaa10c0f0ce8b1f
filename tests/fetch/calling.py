"""Calling a room from a test."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

from crawler.fetch.catalog import open_fetcher
from crawler.model import Failure, Job, Page
from crawler.readers import ConnectTo
from crawler.settings import FetchSettings
from tests.conftest import Run
from tests.fetch.answers import Got, Outcome


def fetch(run: Run[Any], settings: FetchSettings, *urls: str, at_once: bool = False) -> list[Page | Failure]:
    """What the room makes of the URLs, one after the other or all at once."""
    fetcher = open_fetcher(settings)

    async def main() -> list[Page | Failure]:
        try:
            if at_once:
                return list(await asyncio.gather(*(fetcher.fetch(Job(url)) for url in urls)))
            return [await fetcher.fetch(Job(url)) for url in urls]
        finally:
            await fetcher.aclose()

    answers: list[Page | Failure] = run(main())
    return answers


def outcome(answer: Page | Failure) -> Outcome:
    """What the tables of expectations compare."""
    return answer.fault if isinstance(answer, Failure) else Got(answer.status, answer.headers, answer.body)


def unused_port() -> int:
    """A port on which nobody listens, and nobody else will: it is ours until the tests end."""
    return int(_bound().getsockname()[1])


@cache
def _bound() -> socket.socket:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


@contextmanager
def same_port(*addresses: str) -> Iterator[int]:
    """A port that is nobody else's on each of the addresses; a `Wire` may listen there."""
    with ExitStack() as held:
        while not (port := _bind(addresses, held)):
            held.close()
        yield port


def _bind(addresses: tuple[str, ...], held: ExitStack) -> int:
    """The port, or 0 if somebody has what is free on the first address on another one."""
    port = 0
    for address in addresses:
        bound = held.enter_context(socket.socket())
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((address, port))
        except OSError:
            return 0
        port = int(bound.getsockname()[1])
    return port


def rules(*texts: str) -> tuple[ConnectTo, ...]:
    """`connect_to` as it is written."""
    return tuple(ConnectTo.read(text) for text in texts)
