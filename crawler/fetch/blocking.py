"""One blocking GET by curl: the heart of the rooms that use threads; only this module knows pycurl.

curl and not urllib3, because urllib3 takes 8 times the CPU for a page of 1 KB and 4 times for one of 64 KB (390 and
490 µs a request against 47 and 112: bare clients, 8 threads, keep-alive), and has no deadline for a whole answer.

curl sits in C while it waits. Its progress callback could end that, but being called nine times a request it doubles
the cost of a small page, so `Attempt.stop` shuts the socket down instead, which wakes curl at once.
"""

import os
import re
import ssl
import threading
from socket import socket
from time import perf_counter

import pycurl

from crawler import urls
from crawler.fetch.limits import (
    DNS_CACHE_S,
    KEEP_ALIVE_S,
    Body,
    Head,
    Limits,
    is_interim,
    request_headers,
    sentence,
)
from crawler.fetch.sockets import Place, Sockets
from crawler.headers import Header
from crawler.model import Failure, Fault, Page, Timings
from crawler.readers import destination
from crawler.settings import FetchSettings

_BUFFER_BYTES = 64 * 2**10
_GO_ON = 0
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?=[ \r\n])")
_STOP = -1

# What curl says becomes what we say; without a text curl speaks for itself, and what is missing here is PROTOCOL.
_FAULTS = {
    pycurl.E_COULDNT_RESOLVE_HOST: (Fault.DNS, "the host name does not resolve"),
    pycurl.E_SSL_CONNECT_ERROR: (Fault.TLS, ""),
    pycurl.E_PEER_FAILED_VERIFICATION: (Fault.TLS, ""),
    pycurl.E_SSL_CIPHER: (Fault.TLS, ""),
    pycurl.E_SSL_CACERT_BADFILE: (Fault.TLS, ""),
    pycurl.E_SSL_ISSUER_ERROR: (Fault.TLS, ""),
    pycurl.E_GOT_NOTHING: (Fault.RESET, "the connection was closed before the answer"),
    pycurl.E_SEND_ERROR: (Fault.RESET, "the connection was reset"),
    pycurl.E_RECV_ERROR: (Fault.RESET, "the connection was reset"),
    pycurl.E_PARTIAL_FILE: (Fault.RESET, "the connection was closed within the answer"),
}
_ENDED_BY_CALLBACK = (pycurl.E_WRITE_ERROR, pycurl.E_ABORTED_BY_CALLBACK)


class Attempt:
    """One GET under way; made where it is awaited, carried out by a client in a thread, ended from either."""

    __slots__ = (
        "body",
        "client",
        "head",
        "head_at",
        "interim",
        "is_fresh",
        "lines",
        "sent_at",
        "url",
        "verdict",
    )

    def __init__(self, url: str) -> None:
        self.url = url
        self.verdict: Failure | None = None
        self.client: Client | None = None
        self.lines: list[bytes] = []
        self.interim = 0
        self.body = Body()
        self.head: Head | None = None
        self.is_fresh = False
        self.sent_at = 0.0
        self.head_at = 0.0

    def stop(self, verdict: Failure) -> None:
        """End the attempt with `verdict`, from any thread."""
        self.verdict = verdict
        if self.client is not None:
            self.client.cut(self)


class Client:
    """One curl handle and the connections it keeps alive; used by one thread at a time."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._limits = Limits(settings)
        self._sockets = Sockets(settings)
        self._attempt = Attempt("")
        self._lock = threading.Lock()
        self._curl = pycurl.Curl()
        self._own_headers: tuple[Header, ...] | None = None
        paths = ssl.get_default_verify_paths()
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.HTTP_CONTENT_DECODING, 0),
            (pycurl.PATH_AS_IS, 1),
            (pycurl.PROXY, ""),
            (pycurl.CAINFO, paths.cafile),
            (pycurl.CAPATH, paths.capath),
            (pycurl.CONNECTTIMEOUT_MS, round(settings.connect_timeout_s * 1000)),
            (pycurl.TIMEOUT_MS, round(settings.timeout_s * 1000)),
            (pycurl.DNS_CACHE_TIMEOUT, DNS_CACHE_S),
            (pycurl.MAXAGE_CONN, round(KEEP_ALIVE_S)),
            (pycurl.MAXCONNECTS, 1 + settings.idle_per_slot),
            (pycurl.BUFFERSIZE, _BUFFER_BYTES),
            (pycurl.HEADERFUNCTION, self._on_header),
            (pycurl.WRITEFUNCTION, self._on_body),
            (pycurl.PREREQFUNCTION, self._on_request),
            (pycurl.OPENSOCKETFUNCTION, self._on_open),
            (pycurl.SOCKOPTFUNCTION, self._on_socket),
            (pycurl.CLOSESOCKETFUNCTION, self._on_close),
        ):
            if value is not None:
                self._curl.setopt(option, value)

    def get(self, attempt: Attempt) -> Page | Failure:
        """Carry the attempt out; faults of the world come back as a Failure."""
        with self._lock:
            self._attempt = attempt
            attempt.client = self
        if attempt.verdict is not None:
            return attempt.verdict
        self._sockets.begin()
        url = urls.without_user_info(attempt.url)  # or curl would send the user to the host
        host, port = urls.host(url), urls.port(url)
        self._curl.setopt(pycurl.URL, url)
        self._curl.setopt(pycurl.REQUEST_TARGET, _target(url))  # curl would rewrite it, %7e to ~ and %2f to %2F
        self._lead_to(host, port)
        self._put_on(self._settings.headers_by_origin.get(urls.origin(url), ()))
        # What a server sent unasked into a kept connection would pass for the next answer: curl 8.23 does not look.
        self._curl.setopt(pycurl.FRESH_CONNECT, self._sockets.have_spoken_unasked)
        started = perf_counter()
        try:
            self._curl.perform()
        except pycurl.error as error:
            return attempt.verdict or self._failure(attempt, error)
        ended = perf_counter()
        if attempt.verdict is not None:
            return attempt.verdict
        head = attempt.head
        if head is None:
            return self._cut_off(attempt.lines)
        dns_s = connect_s = 0.0
        if attempt.is_fresh:
            dns_s = self._curl.getinfo(pycurl.NAMELOOKUP_TIME)
            connect_s = attempt.sent_at - started - dns_s
        timings = Timings(dns_s, connect_s, attempt.head_at - attempt.sent_at, ended - attempt.head_at)
        return Page(attempt.url, head.status, head.headers, attempt.body.whole(), timings)

    def _lead_to(self, host: str, port: int) -> None:
        """Connect where the settings say. An empty list would not do: pycurl then keeps the one that it has."""
        place = destination(self._settings.connect_to, host, port)
        if place == (host, port):
            self._curl.unsetopt(pycurl.CONNECT_TO)
        else:
            self._curl.setopt(pycurl.CONNECT_TO, ["::{}:{}".format(*place)])

    def _put_on(self, own: tuple[Header, ...]) -> None:
        """Say what this origin is to be told, and nothing of what was meant for the one before."""
        if own != self._own_headers:
            lines = [f"{name}: {value}" for name, value in request_headers(self._settings, own)]
            self._curl.setopt(pycurl.HTTPHEADER, lines)
            self._own_headers = own

    def cut(self, attempt: Attempt) -> None:
        """Wake curl from `attempt`, if that is what it is at, by shutting its sockets down; from any thread."""
        with self._lock:
            if self._attempt is attempt:
                self._sockets.cut()

    def close(self) -> None:
        """Close the handle and its connections; no attempt may be under way."""
        self._curl.close()

    def _failure(self, attempt: Attempt, error: pycurl.error) -> Failure:
        code, text = int(error.args[0]), str(error.args[-1])
        if code in _ENDED_BY_CALLBACK:
            raise RuntimeError("a callback of ours failed; its traceback is on standard error") from error
        if code == pycurl.E_OPERATION_TIMEDOUT:
            is_over = attempt.sent_at > 0.0 or self._settings.timeout_s <= self._settings.connect_timeout_s
            return self._limits.not_complete() if is_over else self._limits.not_connected()
        if code == pycurl.E_COULDNT_CONNECT:
            if self._sockets.refusal and not attempt.is_fresh:
                return Failure(Fault.BLOCKED, sentence(self._sockets.refusal))
            errno = self._curl.getinfo(pycurl.OS_ERRNO) or self._sockets.errno
            return Failure(Fault.CONNECT, f"cannot connect: {os.strerror(errno).lower()}")
        if code == pycurl.E_RECV_ERROR and "chunk" in text:
            return Failure(Fault.PROTOCOL, sentence(text))
        fault, own_text = _FAULTS.get(code, (Fault.PROTOCOL, ""))
        if fault is Fault.RESET and attempt.lines and not attempt.head_at:
            return self._cut_off(attempt.lines)
        return Failure(fault, own_text or sentence(text))

    def _on_open(self, _purpose: int, place: Place) -> socket | int:
        url = self._attempt.url
        return self._sockets.open(urls.host(url), urls.port(url), place) or pycurl.SOCKET_BAD

    def _on_socket(self, descriptor: int, _purpose: int) -> int:
        self._sockets.take(descriptor)
        self._attempt.is_fresh = True
        return pycurl.SOCKOPT_OK if self._attempt.verdict is None else pycurl.SOCKOPT_ERROR

    def _on_close(self, descriptor: int) -> int:
        self._sockets.close(descriptor)
        return _GO_ON

    def _on_request(self, *_addresses: object) -> int:
        self._attempt.sent_at = perf_counter()
        return pycurl.PREREQFUNC_OK if self._attempt.verdict is None else pycurl.PREREQFUNC_ABORT

    def _on_header(self, line: bytes) -> int | None:
        attempt = self._attempt
        if attempt.head is not None:
            return None  # a trailer
        if line not in (b"\r\n", b"\n"):
            attempt.lines.append(line)
            return None
        return self._on_head(attempt)

    def _on_head(self, attempt: Attempt) -> int | None:
        status = _status(attempt.lines[0]) if attempt.lines else 0
        head = self._judge(status, attempt.lines)
        if isinstance(head, Failure):
            attempt.verdict = head
            return _STOP
        if is_interim(status):
            attempt.lines.clear()
            attempt.interim += 1
            attempt.verdict = attempt.verdict or self._limits.judge_interim(attempt.interim)
            return None if attempt.verdict is None else _STOP
        attempt.head = head
        attempt.head_at = perf_counter()
        return None

    def _judge(self, status: int, lines: list[bytes]) -> Head | Failure:
        if not status:
            return Failure(Fault.PROTOCOL, "the answer is not HTTP/1")
        return self._limits.judge(status, (_split(line) for line in lines[1:]))

    def _cut_off(self, received: list[bytes]) -> Failure:
        """An answer that broke off is a reset, unless it was none before that already."""
        lines = [line for line in received if line.endswith(b"\n")]
        head = self._judge(_status(lines[0]), lines) if lines else None
        return (
            head if isinstance(head, Failure) else Failure(Fault.RESET, "the connection was closed within the header")
        )

    def _on_body(self, chunk: bytes) -> int | None:
        attempt = self._attempt
        attempt.body.add(chunk)
        if attempt.body.size > self._limits.max_body_bytes:
            attempt.verdict = self._limits.too_large()
            return _STOP
        return None


def _status(line: bytes) -> int:
    match = _STATUS_LINE.match(line)
    return int(match[1]) if match else 0


def _target(url: str) -> str:
    slash = url.index("/", len("https://"))
    return url[slash:].partition("#")[0]


def _split(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip(b" \t\r\n")
