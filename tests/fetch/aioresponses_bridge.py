"""Makes aioresponses 0.7.9 work with aiohttp 3.14, whose ClientResponse wants to know the stream the request went to.

Remove it when `test_the_bridge_is_still_needed` fails.
"""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from aiohttp import ClientResponse
from aiohttp.http import HttpVersion11
from aioresponses import aioresponses


class BridgedResponse(ClientResponse):
    """A response that aioresponses can make."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("stream_writer", Mock(output_size=0))
        super().__init__(*args, **kwargs)
        self.version = HttpVersion11


class Canned(aioresponses):
    """`aioresponses` whose answers are bridged."""

    def add(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("response_class", BridgedResponse)
        super().add(*args, **kwargs)


@pytest.fixture
def canned() -> Iterator[Canned]:
    answers = Canned()
    with answers:
        yield answers
