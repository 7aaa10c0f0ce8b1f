"""Validators and conditional requests, by RFC 9110: who has a page already is not sent it again."""

import http.client
from typing import Any

import pytest

from crawler.site.conditional import etag, http_date, is_held, read_date
from crawler.site.request import Request, parse
from tests.site.asking import ask, raw, stats
from tests.sites import Site

NEWER, OLDER = "Sun, 06 Nov 1994 08:49:38 GMT", "Sun, 06 Nov 1994 08:49:36 GMT"
MODIFIED_S = 784_111_777
SAME = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("if_none_match", "if_modified_since", "held"),
    [
        ("", "", False),
        ('"a"', "", True),
        ('"b"', "", False),
        ('"b", "a"', "", True),
        ('"b","a,c"', "", False),
        ('W/"a"', "", True),
        ("*", "", True),
        ("a", "", False),
        ("", SAME, True),
        ("", NEWER, True),
        ("", OLDER, False),
        ("", "yesterday", False),
        ("", "Sunday, 06-Nov-94 08:49:37 GMT", True),
        ("", "Sun Nov  6 08:49:37 1994", True),
        ("", "Sun, 06 Nov 1994 08:49:37 CET", False),
        ('"b"', NEWER, False),
        ('"a"', OLDER, True),
    ],
)
def test_who_has_a_page(if_none_match: str, if_modified_since: str, held: bool) -> None:
    assert is_held(if_none_match, if_modified_since, '"a"', MODIFIED_S) is held


def test_dates_are_written_as_they_are_read() -> None:
    assert http_date(MODIFIED_S) == SAME
    assert read_date(SAME) == MODIFIED_S
    assert read_date("") is None


def test_tags_are_quoted_and_differ_with_the_bytes() -> None:
    assert etag(b"a") == etag(b"a") != etag(b"b")
    assert etag(b"a").startswith('"') and etag(b"a").endswith('"') and len(etag(b"a")) > 20


def test_the_parser_passes_conditions_on() -> None:
    request = parse(
        b'GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: "a"\r\nif-none-match: W/"b"\r\nIf-Modified-Since: '
        + SAME.encode()
    )
    assert isinstance(request, Request)
    assert request.if_none_match == '"a",W/"b"'
    assert request.if_modified_since == SAME


@pytest.mark.parametrize("path", ["/", "/trains/1/", "/deep/1.html"])
def test_what_a_client_has_is_not_sent_again(path: str, site: Site, wire: http.client.HTTPConnection) -> None:
    url = f"http://de.crawler.test{path}"
    first, body = ask(wire, url)
    tag, modified = str(first.getheader("ETag")), str(first.getheader("Last-Modified"))
    before = stats(wire)["not_modified"]
    conditions: list[dict[str, Any]] = [
        {"If_None_Match": tag},
        {"If_None_Match": f'"other", {tag}'},
        {"If_Modified_Since": modified},
        {"If_None_Match": tag, "If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ]
    for condition in conditions:
        for method in ("GET", "HEAD"):
            answer, nothing = ask(wire, url, method, **condition)
            assert (answer.status, nothing) == (304, b"")
            assert (answer.getheader("ETag"), answer.getheader("Last-Modified")) == (tag, modified)
            assert answer.getheader("Content-Length") is None
            assert answer.getheader("Transfer-Encoding") is None
    assert stats(wire)["not_modified"] == before + 8
    for stale in ({"If_None_Match": '"other"'}, {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"}):
        answer, again = ask(wire, url, **stale)
        assert (answer.status, again) == (200, body)
    assert stats(wire)["not_modified"] == before + 8


def test_a_304_keeps_the_connection_and_its_order(site: Site, wire: http.client.HTTPConnection) -> None:
    tag = str(ask(wire, "http://de.crawler.test/")[0].getheader("ETag"))
    head = b"GET / HTTP/1.1\r\nHost: de.crawler.test\r\n"
    sent = head + f"If-None-Match: {tag}\r\n\r\n".encode() + head + b"Connection: close\r\n\r\n"
    kept, _, rest = raw(site.process, sent).partition(b"\r\n\r\n")
    assert kept.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")


def test_validators_are_of_the_bytes_that_are_sent(site: Site, wire: http.client.HTTPConnection) -> None:
    differ = 0
    for url in site.truth()["pages"]:
        plain, body = ask(wire, url)
        packed, squeezed = ask(wire, url, Accept_Encoding="gzip, deflate, br, zstd")
        tags = [str(answer.getheader("ETag")) for answer in (plain, packed)]
        assert tags == [etag(body), etag(squeezed)]
        assert plain.getheader("Last-Modified") == packed.getheader("Last-Modified")
        differ += len(set(tags)) == 2
        assert ask(wire, url, If_None_Match=tags[1])[0].status == (200 if len(set(tags)) == 2 else 304)
    assert differ > 10


def test_redirects_errors_and_nothing_have_no_validators(site: Site, wire: http.client.HTTPConnection) -> None:
    for path, status in (("/go/1", None), ("/gone/0", None), ("/nowhere", 404)):
        answer, _ = ask(wire, f"http://en.crawler.test{path}", If_None_Match="*")
        assert answer.getheader("ETag") is None
        assert answer.status != 304
        assert status in (None, answer.status)
