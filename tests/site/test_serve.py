"""`serve` in the caller's own event loop: it tells its address, and it stops when it is told to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from unittest.mock import Mock

import pytest

from crawler.site.pages import render
from crawler.site.protocol import SiteProtocol
from crawler.site.responses import Responder
from crawler.site.server import serve
from crawler.site.settings import SiteSettings
from crawler.site.web import Page, Web

SETTINGS = SiteSettings(pages=20, max_kb=20, latency="fixed:1ms")


async def nothing() -> None:
    """What most have to do after the site has stopped."""


def with_site(act: Callable[[str, int], Awaitable[None]], after: Callable[[], Awaitable[None]] = nothing) -> None:
    """Run `act` against a site in the same loop, see that the site ends when it is stopped, and run `after`."""

    async def both() -> None:
        stop = asyncio.Event()
        address: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()
        site = asyncio.create_task(
            serve(SETTINGS, on_ready=lambda place: address.set_result((place.host, place.port)), stop=stop)
        )
        try:
            await act(*await address)
        finally:
            stop.set()
            await asyncio.wait_for(site, 60)
        await after()

    asyncio.run(both())


async def exchange(host: str, port: int, sent: str) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(sent.encode())
    received = await reader.read()
    writer.close()
    await writer.wait_closed()
    return received


def test_pages_streams_and_refusals() -> None:
    async def act(host: str, port: int) -> None:
        web = Web(SETTINGS)
        for page in (known for known in web.pages() if known.number == 0):
            asked = f"GET / HTTP/1.0\r\nHost: {web.hosts[page.host]}\r\n\r\n"
            received = await exchange(host, port, asked)
            assert received.partition(b"\r\n\r\n")[2] == render(web, page).body
        truth = await exchange(host, port, "GET /truth.json HTTP/1.0\r\n\r\n")
        assert len(json.loads(truth.partition(b"\r\n\r\n")[2])["pages"]) == 20
        streamed = await exchange(host, port, "GET /truth.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert streamed.endswith(b"\r\n0\r\n\r\n")
        assert (await exchange(host, port, "HEAD / HTTP/1.0\r\nHost: en.crawler.test\r\n\r\n")).endswith(b"\r\n\r\n")
        assert (await exchange(host, port, "PUT / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 405")
        assert (await exchange(host, port, "x" * 17_000)).startswith(b"HTTP/1.1 431")

    with_site(act)


def test_a_stream_pauses_for_a_client_that_does_not_read() -> None:
    async def main() -> None:
        protocol, transport = SiteProtocol(Responder(Web(SETTINGS)), set()), Mock(spec=asyncio.Transport)
        protocol.connection_made(transport)
        protocol.data_received(b"GET /truth.json HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(0)
        protocol.pause_writing()
        written = transport.write.call_count
        for _ in range(9):
            await asyncio.sleep(0)
        assert transport.write.call_count == written
        protocol.resume_writing()
        protocol.pause_writing()
        protocol.resume_writing()
        for _ in range(50):
            await asyncio.sleep(0)
        assert [call.args[0] for call in transport.write.call_args_list].count(b"0\r\n\r\n") == 1
        protocol.connection_lost(None)

    asyncio.run(main())


def test_a_connection_that_ends_early_leaves_nothing_behind() -> None:
    async def main() -> None:
        connections: set[SiteProtocol] = set()
        responder = Responder(Web(SETTINGS))
        protocol, transport = SiteProtocol(responder, connections), Mock(spec=asyncio.Transport)
        protocol.connection_made(transport)
        assert connections == {protocol}
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: en.crawler.test\r\n\r\n" + b"x" * 20_000)
        protocol.data_received(b"x" * 20_000)
        transport.pause_reading.assert_called()
        protocol.connection_lost(None)
        assert protocol._pending
        assert protocol._pending.cancelled()
        transport.write.assert_not_called()
        assert (connections, responder.stats.open) == (set(), 0)

    asyncio.run(main())


def test_requests_in_a_row_are_all_answered_while_others_are() -> None:
    async def act(host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port, limit=1024)
        writer.write(b"GET /truth.json HTTP/1.1\r\nHost: a\r\n\r\n" * 5)
        assert await exchange(host, port, "GET /gone/0 HTTP/1.0\r\nHost: en.crawler.test\r\n\r\n")
        for _ in range(5):
            await reader.readuntil(b"\r\n\r\n")
            while size := int(await reader.readline(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        writer.close()
        await writer.wait_closed()

    with_site(act)


def test_stopping_cuts_what_is_open() -> None:
    kept: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def act(host: str, port: int) -> None:
        kept.append(await asyncio.open_connection(host, port))
        reader, writer = kept[0]
        writer.write(b"GET /stats.json HTTP/1.1\r\nHost: a\r\n\r\n")
        assert await reader.readuntil(b"}}")

    async def after() -> None:
        reader, writer = kept[0]
        assert await reader.read() == b""
        writer.close()

    with_site(act, after)


def test_a_port_in_use_is_an_oserror() -> None:
    async def act(host: str, port: int) -> None:
        with pytest.raises(OSError, match="in use"):
            await serve(SETTINGS, host, port, on_ready=lambda *_: None, stop=asyncio.Event())

    with_site(act)


def test_the_same_page_twice_is_the_same_bytes() -> None:
    async def act(host: str, port: int) -> None:
        asked = "GET / HTTP/1.1\r\nHost: de.crawler.test\r\nAccept-Encoding: *\r\nConnection: close\r\n\r\n"
        assert await exchange(host, port, asked) == await exchange(host, port, asked)
        assert render(Web(SETTINGS), Page(5, 0)).url == "http://de.crawler.test/"

    with_site(act)
