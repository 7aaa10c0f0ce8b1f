"""The site on a real socket: HTTP as crawlers meet it."""

import asyncio
import gzip
import http.client
import json
import re
import sys
import time
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import brotli
import pytest

from crawler.site.coding import accepted
from crawler.site.pages import render
from crawler.site.process import SiteProcess, start_site
from crawler.site.request import Request
from crawler.site.responses import CACHE_BYTES, Responder, Response
from crawler.site.settings import LANGUAGES, SiteSettings
from crawler.site.truth import seeds
from crawler.site.web import Web
from tests.site.asking import ask, raw, stats

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SETTINGS = SiteSettings(pages=60, max_kb=30)
ALL = "gzip, deflate, br, zstd"
UNPACK = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": brotli.decompress, "zstd": zstd.decompress}


@pytest.fixture(scope="module")
def site() -> Iterator[SiteProcess]:
    with start_site(SETTINGS) as running:
        yield running


@pytest.fixture
def client(site: SiteProcess) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(site.host, site.port, timeout=60)
    yield connection
    connection.close()


def test_the_truth_on_the_wire_is_the_truth_of_the_pages(client: http.client.HTTPConnection) -> None:
    web = Web(SETTINGS)
    truth = json.loads(ask(client, "http://de.crawler.test/truth.json")[1])
    pages = {page.url: page for page in (render(web, page) for page in web.pages())}
    assert list(truth["pages"]) == list(pages)
    for url, told in truth["pages"].items():
        page = pages[url]
        assert told["words"] == page.words
        assert told["tokens"] == sum(page.words.values())
        assert (told["language"], told["charset"], told["title"]) == (page.language, page.charset, page.title)
        assert told["links"] == page.links
        assert told["nofollow"] == page.nofollow
    assert truth["redirects"] == {url: redirect.target for url, redirect in web.redirects.items()}
    assert truth["errors"] == {url: error.status for url, error in web.errors.items()}
    assert truth["seed"] == 1
    assert truth["icu"].split(".")[0].isdigit()
    assert "innerText" in truth["rule"]


def test_bodies_are_the_same_under_every_coding(client: http.client.HTTPConnection) -> None:
    web, used = Web(SETTINGS), set()
    for page in web.pages():
        known = render(web, page)
        plain, body = ask(client, known.url)
        assert plain.status == 200
        assert plain.getheader("Content-Encoding") is None
        assert plain.getheader("Content-Type") == known.content_type
        assert (plain.getheader("Transfer-Encoding") == "chunked") == known.chunked
        assert body == known.body
        packed, squeezed = ask(client, known.url, Accept_Encoding=ALL)
        coding = packed.getheader("Content-Encoding") or "identity"
        used.add(coding)
        assert UNPACK.get(coding, bytes)(squeezed) == known.body
    assert used == {"identity", *UNPACK}


def test_redirects_and_errors_answer_as_told(client: http.client.HTTPConnection) -> None:
    web = Web(SETTINGS)
    for url, redirect in web.redirects.items():
        answer, _ = ask(client, url)
        assert (answer.status, answer.getheader("Location")) == (redirect.status, redirect.location)
    for url, error in web.errors.items():
        assert ask(client, url)[0].status == error.status
    assert ask(client, "http://en.crawler.test/nowhere")[0].status == 404
    assert ask(client, "http://nobody.test/")[0].status == 404


def test_seeds_are_every_url_in_order(client: http.client.HTTPConnection) -> None:
    listed = ask(client, "http://en.crawler.test/seeds.txt")[1].decode()
    assert listed == seeds(Web(SETTINGS))
    assert listed.startswith("http://en.crawler.test/\n")
    web = Web(SETTINGS)
    assert listed.split() == [*map(web.url, web.pages()), *web.redirects, *web.errors]
    assert len(set(listed.split())) == len(listed.split()) == 60 + 34 + 10


@pytest.mark.parametrize("path", ["/", "/trains/1/", "/go/hop-1", "/truth.json", "/stats.json"])
def test_head_has_the_headers_and_no_body(site: SiteProcess, path: str) -> None:
    sent = f"{{}} {path} HTTP/1.1\r\nHost: ja.crawler.test\r\nConnection: close\r\n\r\n"
    whole, _, body = raw(site, sent.format("GET").encode()).partition(b"\r\n\r\n")
    head, _, nothing = raw(site, sent.format("HEAD").encode()).partition(b"\r\n\r\n")
    assert nothing == b""
    assert len(body) > 10
    assert head == whole


def test_one_connection_serves_many_requests(client: http.client.HTTPConnection) -> None:
    before = stats(client)
    for _ in range(20):
        ask(client, "http://en.crawler.test/")
    after = stats(client)
    assert after["connections"] == before["connections"]
    assert after["requests"] == before["requests"] + 21


def test_requests_are_counted_by_host_but_not_what_is_asked_about_the_site(
    client: http.client.HTTPConnection,
) -> None:
    before = stats(client)["requests_by_host"]
    asked = ("http://de.crawler.test/", "http://de.crawler.test/nowhere", "http://ja.crawler.test/robots.txt")
    for url in (
        *asked,
        "http://nobody.test/",
        "http://de.crawler.test/stats.json",
        "http://de.crawler.test/seeds.txt",
    ):
        ask(client, url)
    after = stats(client)["requests_by_host"]
    assert list(after) == [f"{code}.crawler.test" for code in LANGUAGES]
    more = {host: after[host] - before[host] for host in after if after[host] > before[host]}
    assert more == {"de.crawler.test": 2, "ja.crawler.test": 1}


def test_pipelined_requests_are_answered_in_order(site: SiteProcess) -> None:
    sent = b"".join(
        b"GET %b HTTP/1.1\r\nHost: en.crawler.test\r\n%b\r\n" % (path, end)
        for path, end in ((b"/gone/0", b""), (b"/go/hop-1", b""), (b"/seeds.txt", b"Connection: close\r\n"))
    )
    received = raw(site, sent)
    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"404", b"301", b"200"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"rubbish\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        (b"GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405),
        (b"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000, 431),
        (b"GET http://en.crawler.test/gone/0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
    ],
)
def test_what_is_not_understood_is_refused_and_the_connection_closed(
    site: SiteProcess, sent: bytes, status: int
) -> None:
    received = raw(site, sent)
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in received
    assert (b"Allow: GET, HEAD" in received) == (status == 405)


def test_http_1_0_gets_lengths_and_a_closed_connection(site: SiteProcess) -> None:
    web = Web(SETTINGS)
    chunked = next(known for known in (render(web, page) for page in web.pages()) if known.chunked)
    parts = urlsplit(chunked.url)
    path = parts.path + ("?" + parts.query if parts.query else "")
    head, _, body = raw(site, f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert b"chunked" not in head
    assert body == chunked.body
    truth = raw(site, b"GET /truth.json HTTP/1.0\r\nHost: en.crawler.test\r\n\r\n").partition(b"\r\n\r\n")[2]
    assert len(json.loads(truth)["pages"]) == 60


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ("", {"identity"}),
        ("gzip", {"identity", "gzip"}),
        ("gzip;q=0, br;q=0.5", {"identity", "br"}),
        ("*", {"identity", "gzip", "deflate", "br", "zstd"}),
        ("*, zstd;q=0", {"identity", "gzip", "deflate", "br"}),
        ("ZSTD ; q=1", {"identity", "zstd"}),
    ],
)
def test_accept_encoding_is_obeyed(header: str, allowed: set[str]) -> None:
    assert accepted(header) == allowed


def test_delays_do_not_wait_for_one_another() -> None:
    async def all_at_once(site: SiteProcess) -> float:
        async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"GET / HTTP/1.1\r\nHost: en.crawler.test\r\nConnection: close\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()

        streams = [await asyncio.open_connection(site.host, site.port) for _ in range(40)]
        start = time.perf_counter()
        await asyncio.gather(*(ask(*stream) for stream in streams))
        return time.perf_counter() - start

    with start_site(SiteSettings(pages=10, max_kb=3, latency="fixed:1s")) as site:
        took_s = asyncio.run(all_at_once(site))
        client = http.client.HTTPConnection(site.host, site.port, timeout=60)
        counted = stats(client)
        client.close()
    assert 0.9 < took_s < 40 / 2
    assert counted == {
        "requests": 41,
        "connections": 41,
        "max_open": 40,
        "trespasses": 0,
        "not_modified": 0,
        "requests_by_host": {f"{code}.crawler.test": 40 * (code == "en") for code in LANGUAGES},
    }


def test_the_cache_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.site.responses.CACHE_BYTES", 60_000)
    responder = Responder(Web(SiteSettings(pages=20, max_kb=20)))

    def body(path: str, host: str = "en.crawler.test") -> Response:
        return responder.answer(Request("GET", host, path, 1, keep_alive=True, accept_encoding=""))

    first = body("/")
    assert body("/") is first
    for code in ("ja", "zh", "ko", "th", "de", "fr", "es", "ar", "ru"):
        body("/", f"{code}.crawler.test")
        body("/trains/1/", f"{code}.crawler.test")
    held = [cached.body for cached in responder._cache.values()]
    assert sum(len(item) for item in held if isinstance(item, bytes)) <= 60_000 < CACHE_BYTES
    assert body("/") is not first
    assert body("/").body == first.body
