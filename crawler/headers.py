"""Headers that are meant for one host and hold secrets: how they are written, and what they may say.

A `Header` does not show its value, so that no message, log or traceback can; whoever sends it asks for it by name.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_WITHOUT_HOST = re.compile(rf"(?P<host>)(?P<name>{_NAME}):(?P<value>.*)")
_WITH_HOST = re.compile(rf"(?P<host>\S+)[ \t]+(?P<name>{_NAME}):(?P<value>.*)")
_REST_OF_A_PLACE = re.compile(rf"(?://\S*|[0-9]+/?)[ \t]+{_NAME}:.*")
_OURS = frozenset(
    ("accept-encoding", "connection", "expect", "host", "http2-settings", "keep-alive", "range", "te", "trailer",
     "transfer-encoding", "upgrade")
)  # fmt: skip
_OURS_BY_PREFIX = ("content-", "if-", "proxy-")
_INSTEAD = {"user-agent": "use --user-agent", "set-cookie": "servers send it; what they are sent is Cookie"}


@dataclass(frozen=True, slots=True)
class Header:
    """A header for `host`, or, where that is empty, for the one host that is crawled."""

    name: str
    value: str = field(repr=False)
    host: str = ""

    @classmethod
    def read(cls, text: str) -> "Header":
        """Read `[HOST] NAME: VALUE`.

        Raises ValueError, which does not repeat the text, because that holds a secret.
        """
        text = text.strip(" \t")
        match = _WITHOUT_HOST.fullmatch(text) or _WITH_HOST.fullmatch(text)
        if match is None:
            raise ValueError("not a header on one line; write it as 'NAME: VALUE' or 'HOST NAME: VALUE'")
        host, name, value = match.groups()
        if _REST_OF_A_PLACE.fullmatch(value):
            raise ValueError("the host stands without scheme and port; write it as 'HOST NAME: VALUE'")
        value = value.strip(" \t")
        if not value or not value.isascii() or not value.isprintable():
            raise ValueError(f"the value of {name} cannot stand in a header; use printable ASCII")
        lower = name.lower()
        if lower in _OURS or lower.startswith(_OURS_BY_PREFIX):
            raise ValueError(f"the crawler itself decides about {name}; leave it out")
        if lower in _INSTEAD:
            raise ValueError(f"{name} is not set so; {_INSTEAD[lower]}")
        return cls(name, value, host)


def basic_authorization(user: bytes, password: bytes) -> Header:
    """The header that proves who asks by a name and a password (RFC 7617)."""
    return Header("Authorization", f"Basic {b64encode(user + b':' + password).decode()}")
