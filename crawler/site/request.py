"""The head of an HTTP/1.x request, read strictly: what is not understood gets a status, never a guess."""

import re
from dataclasses import dataclass
from typing import Final

LARGEST_HEAD: Final = 16_384
LINE: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\s\x00-\x1f\x7f]+) HTTP/(\d)\.(\d)")
FIELD: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")
METHODS: Final = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Request:
    """What the site looks at: `host` in lower case without its port, `path` with its query."""

    method: str
    host: str
    path: str
    minor: int
    keep_alive: bool
    accept_encoding: str
    if_none_match: str = ""
    if_modified_since: str = ""


def _headers(lines: list[str]) -> dict[str, list[str]] | None:
    """The values of each header, by its name in lower case; None if a line is no header."""
    headers: dict[str, list[str]] = {}
    for line in lines:
        field = FIELD.fullmatch(line)
        if field is None:
            return None
        headers.setdefault(field[1].lower(), []).append(field[2])
    return headers


def parse(head: bytes) -> Request | int:
    """A request, or the status that refuses it."""
    first, *lines = head.decode("latin-1").split("\r\n")
    line, headers = LINE.fullmatch(first), _headers(lines)
    if line is None or headers is None:
        return 400
    method, target, major, minor = line.groups()
    if major != "1" or method not in METHODS:
        return 505 if major != "1" else 405
    hosts = headers.get("host", [])
    path = target
    host = hosts[0] if hosts else ""
    if target[:7].lower() == "http://":
        host, slash, path = target[7:].partition("/")
        path = slash + path or "/"
    bodied = "transfer-encoding" in headers or headers.get("content-length", ["0"]) != ["0"]
    if bodied or len(hosts) > 1 or (not hosts and minor != "0") or not path.startswith("/"):
        return 400
    connection = ",".join(headers.get("connection", [])).lower()
    return Request(
        method=method,
        host=host.partition(":")[0].lower(),
        path=path,
        minor=int(minor),
        keep_alive="close" not in connection and (minor != "0" or "keep-alive" in connection),
        accept_encoding=",".join(headers.get("accept-encoding", ())),
        if_none_match=",".join(headers.get("if-none-match", ())),
        if_modified_since=",".join(headers.get("if-modified-since", ())),
    )
