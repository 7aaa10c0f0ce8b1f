"""Calling a room from a test."""

import asyncio
import socket
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
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def rules(*texts: str) -> tuple[ConnectTo, ...]:
    """`connect_to` as it is written."""
    return tuple(ConnectTo.read(text) for text in texts)
