"""Whole crawls with passwords and secret headers: who is told them, and that they are written nowhere."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.cli.main import run_command
from crawler.exits import Exit
from crawler.fetch.limits import Limits
from tests.fetch.answers import ok
from tests.fetch.calling import unused_port
from tests.fetch.conftest import Certificate
from tests.fetch.wire import Step, Wire

SECRET = b"s3cret"
BASIC = b64encode(b"us:" + SECRET)
COOKIE = b"session=" + SECRET
OTHERS = b"theirs"

ALLOWED = "User-agent: *\nAllow: /\nSitemap: http://us:theirs@secure.test/map.txt\n"
HOME = """<title>Home</title><p>words
<a href=/inside>one</a> <a href=/away>two</a> <a href=http://us:theirs@other.test/x>three</a>
<a href=http://us:theirs@secure.test:8080/x>four</a> <a href=http://secure.test/lower>five</a>
<a href=/refused>six</a>"""


def answer(text: str, kind: str = "text/html", status: str = "200 OK", *headers: str) -> tuple[Step, ...]:
    body = text.encode()
    plain = (
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Set-Cookie: theirs=theirs; Path=/; Domain=test",
    )
    return (ok(*plain, *headers, body=body, status=status),)


def redirect(target: str) -> tuple[Step, ...]:
    return answer("", "text/html", "302 Found", f"Location: {target}")


SCRIPTS = {
    "robots.txt": answer(ALLOWED, "text/plain"),
    "map.txt": answer("http://us:theirs@listed.test/x\nhttps://secure.test/inside\n", "text/plain"),
    "": redirect("https://us:theirs@secure.test/home"),
    "home": answer(HOME),
    "inside": answer("<p>inside"),
    "x": answer("<p>elsewhere"),
    "away": redirect("http://us:theirs@other.test/landed"),
    "landed": redirect("ftp://us:theirs@other.test/"),
    "lower": answer("<p>lower"),
    "refused": answer("<p>no", "text/html", "401 Unauthorized", 'WWW-Authenticate: Basic realm="r"'),
}


class Told(NamedTuple):
    """A request as the servers saw it."""

    scheme: str
    host: str
    path: str
    secrets: tuple[bytes, ...]


class Ended(NamedTuple):
    code: int
    requests: list[Told]
    written: dict[str, bytes]


Crawl = Callable[..., Ended]


@pytest.fixture
def crawl_of(
    room: str,
    certificate: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Crawl:
    """Crawl with two servers, http and https, for every name under `test`; both have the same pages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))

    def crawl(*arguments: str) -> Ended:
        with Wire(SCRIPTS) as low, Wire(SCRIPTS, tls=certificate.server) as high:
            places = [f".test:443:127.0.0.1:{high.port}", f".test:8443:127.0.0.1:{unused_port()}"]
            places.append(f".test::127.0.0.1:{low.port}")
            flags = [flag for place in places for flag in ("--connect-to", place)]
            common = ("--fetch", room, "--analyze", "inline", "--delay", "0", "-v")
            code = run_command([*arguments, *flags, *common, "--out", "out"])
            requests = [_told("http", request) for request in low.requests]
            requests += [_told("https", request) for request in high.requests]
        out, err = capfd.readouterr()
        written = {str(path): path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
        return Ended(int(code), requests, {**written, "stdout": out.encode(), "stderr": err.encode()})

    return crawl


def _told(scheme: str, request: bytes) -> Told:
    host = request.partition(b"Host: ")[2].partition(b"\r\n")[0].decode()
    lines = request.split(b"\r\n")
    assert not any(OTHERS in line for line in lines)
    secrets = sorted(line for line in lines if line.lower().startswith((b"authorization:", b"cookie:")))
    return Told(scheme, host, request.split(b" ", 2)[1].decode(), tuple(secrets))


def assert_silent(written: dict[str, bytes]) -> None:
    for name, data in written.items():
        for secret in (SECRET, BASIC, OTHERS, b64encode(b"us:" + OTHERS)):
            assert secret not in data, name


def test_only_the_seeds_origin_and_its_https_are_told_and_nothing_is_written(
    crawl_of: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("urls.txt").write_text(
        "http://us:s3cret@secure.test/\nhttp://us:s3cret2@secure.test/x\nhttps://us:s3cret@secure.test:x/\n"
    )
    monkeypatch.setenv("CRAWLER_HEADER", "Cookie: session=s3cret")
    ended = crawl_of("urls.txt", "--depth", "3", "--scope", "any", "--sitemaps")
    own = (b"Authorization: Basic " + BASIC, b"Cookie: " + COOKIE)
    assert {told for told in ended.requests if told.host == "secure.test"} == {
        *(Told("http", "secure.test", path, own) for path in ("/robots.txt", "/", "/map.txt", "/lower")),
        *(
            Told("https", "secure.test", path, own)
            for path in ("/robots.txt", "/home", "/inside", "/away", "/refused")
        ),
    }
    assert {told for told in ended.requests if told.host != "secure.test"} == {
        *(Told("http", host, "/robots.txt", ()) for host in ("other.test", "listed.test", "secure.test:8080")),
        *(Told("http", host, "/x", ()) for host in ("other.test", "listed.test", "secure.test:8080")),
        Told("http", "other.test", "/landed", ()),
    }
    assert {"out/crawl.db", "out/pages.jsonl", "out/summary.json", "out/runs/1/log.jsonl"} <= set(ended.written)
    assert b"http://\xe2\x80\xa6@secure.test/x" in ended.written["stderr"]
    assert b"https://secure.test/home" in ended.written["out/pages.jsonl"]
    assert ended.code == Exit.INCOMPLETE
    assert_silent(ended.written)


def test_https_tells_http_nothing(crawl_of: Crawl) -> None:
    ended = crawl_of(
        "https://us:s3cret@secure.test/home", "--depth", "1", "--header", "secure.test Cookie: session=s3cret"
    )
    own = (b"Authorization: Basic " + BASIC, b"Cookie: " + COOKIE)
    low = [told for told in ended.requests if told.scheme == "http"]
    assert {told.path for told in low} == {"/robots.txt", "/lower", "/x"}
    assert not any(told.secrets for told in low)
    assert {told.secrets for told in ended.requests if told.scheme == "https"} == {own}
    assert ended.code == Exit.OK
    assert_silent(ended.written)


@pytest.mark.parametrize(
    "url",
    [
        "https://us:s3cret@secure.test/refused",
        "https://us:s3cret@secure.test:8443/",
        "https://us:s3cret@wrong.test/home",
    ],
    ids=["401", "refused", "certificate"],
)
def test_a_crawl_that_fails_shows_nothing(crawl_of: Crawl, url: str) -> None:
    ended = crawl_of(url, "--header", "Cookie: session=s3cret", "--deadline", "1s")
    assert ended.code in (Exit.NOTHING_FETCHED, Exit.STOPPED_EARLY)
    assert_silent(ended.written)


def test_a_bug_shows_nothing(crawl_of: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Limits, "judge", fail)
    ended = crawl_of("https://us:s3cret@secure.test/home", "--header", "Cookie: session=s3cret")
    assert ended.code == Exit.INTERNAL
    assert b"ZeroDivisionError" in ended.written["stderr"]
    assert_silent(ended.written)


def test_the_sitemap_that_is_named_may_bring_a_password(crawl_of: Crawl) -> None:
    ended = crawl_of("https://secure.test/home", "--sitemap", "https://us:s3cret@secure.test/map.txt")
    assert {told.secrets for told in ended.requests if told.scheme == "https"} == {
        (b"Authorization: Basic " + BASIC,)
    }
    assert ended.code == Exit.OK
    assert_silent(ended.written)
