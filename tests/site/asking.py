"""Asking the site over a plain connection, without a crawler."""

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

from crawler.site.process import SiteProcess


def ask(
    client: http.client.HTTPConnection, url: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    path = parts.path + ("?" + parts.query if parts.query else "")
    client.request(
        method, path, headers={"Host": parts.netloc, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )
    answer = client.getresponse()
    return answer, answer.read()


def raw(site: SiteProcess, sent: bytes) -> bytes:
    with socket.create_connection((site.host, site.port), timeout=60) as plug:
        plug.sendall(sent)
        received = b""
        while data := plug.recv(65536):
            received += data
    return received


def stats(client: http.client.HTTPConnection) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(ask(client, "http://any.test/stats.json")[1])
    return answer
