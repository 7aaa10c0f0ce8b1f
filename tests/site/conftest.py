"""A connection to the small site that all tests share."""

import http.client
from collections.abc import Iterator

import pytest

from tests.sites import Site


@pytest.fixture
def wire(site: Site) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(site.process.host, site.process.port, timeout=60)
    yield connection
    connection.close()
