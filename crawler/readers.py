"""Readers: from the text of an option to its value. Each raises ValueError with the reason and the mend."""

import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

# Nine digits are more than anybody means, and no number of them is too large for whoever takes it.
_DURATION = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SIZE = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*(b|kb|kib|mb|mib|gb|gib)?", re.IGNORECASE)
_BYTES = {"b": 1, "kb": 10**3, "kib": 2**10, "mb": 10**6, "mib": 2**20, "gb": 10**9, "gib": 2**30}
_FAIL_IF = re.compile(r"errors\s*>\s*(\d{1,9}(?:\.\d+)?)\s*(%?)")
_CONNECT_TO = re.compile(r"(\[[^\]]*\]|[^:\[\]]*):(\d{0,9}):(\[[^\]]*\]|[^:\[\]]*):(\d{0,9})")
_MAX_PORT = 65_535


def choice(*names: str) -> Callable[[str], str]:
    """A reader that takes one of `names`."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"{text!r} is none of {', '.join(names)}")
        return text

    return read


def since(version: tuple[int, int], name: str, read: Callable[[str], str]) -> Callable[[str], str]:
    """A reader that takes `name` only where Python is of this version or newer."""

    def read_here(text: str) -> str:
        if text == name and sys.version_info < version:
            raise ValueError(
                f"{name} needs CPython {'.'.join(map(str, version))};"
                f" this is {sys.version_info.major}.{sys.version_info.minor}; choose another"
            )
        return read(text)

    return read_here


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or not least <= int(text) <= most:
            raise ValueError(f"{text!r} is no whole number from {least} to {most}")
        return int(text)

    return read


def duration(text: str) -> float:
    """Seconds from `30`, `30s`, `500ms`, `2m` or `1h`."""
    match = _DURATION.fullmatch(text.strip())
    seconds = float(match[1]) * _SECONDS[match[2] or "s"] if match else 0.0
    if seconds <= 0:
        raise ValueError(f"{text!r} is no time above zero; write it as 30s, 500ms or 2m")
    return seconds


def pause(text: str) -> float:
    """Seconds as `duration` reads them, or 0 for none."""
    if re.fullmatch(r"0+(?:\.0+)?\s*(?:ms|s)?", text.strip()):
        return 0.0
    try:
        return duration(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time; write it as 1s, 500ms or 0") from None


def pattern(text: str) -> re.Pattern[str]:
    """A regular expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as of [[:alpha:]], which means something else here
            return re.compile(text)
    except (re.error, OverflowError, Warning) as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    except RecursionError:
        raise ValueError(f"{text[:80]!r}… is too deep a regular expression; write a flatter one") from None


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them, each with `*` where anything may stand; `-` is none."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if not found:
        raise ValueError(f"{text!r} names nothing; write names with commas between them, or - for none")
    return () if found == ("-",) else found


def product_token(user_agent: str) -> str:
    """The name before the first `/` or space, in lower case, as RFC 9309 compares it (2.2.1)."""
    match = re.match(r"[a-zA-Z_-]+", user_agent)
    return match[0].lower() if match else "*"


def size(text: str) -> int:
    """Bytes from `4096`, `500KB`, `10MB` or `1GiB`."""
    match = _SIZE.fullmatch(text.strip())
    count = int(float(match[1]) * _BYTES[(match[2] or "b").lower()]) if match else 0
    if count < 1:
        raise ValueError(f"{text!r} is no size; write it as 500KB or 10MB")
    return count


def switch(text: str) -> bool:
    """A yes or no, as an environment variable has it."""
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ValueError(f"{text!r} is neither yes nor no; write 1 or 0")


def header_value(text: str) -> str:
    """Text that may stand in an HTTP header."""
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError(f"{text!r} cannot stand in a header; use printable ASCII")
    return text


def folder(text: str) -> Path:
    """A folder whose name can be written down; Linux knows names that are no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{text!r} is not UTF-8; give another name") from None
    if not text:
        raise ValueError("an empty name is no folder; give its name, or . for this one")
    return Path(text)


class FailIf(NamedTuple):
    """When failures fail the run: `errors>10` or `errors>50%`."""

    limit: float
    is_percent: bool

    @classmethod
    def read(cls, text: str) -> "FailIf":
        """Read `errors>N` or `errors>N%`."""
        match = _FAIL_IF.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is no threshold; write it as errors>10 or errors>5%")
        return cls(float(match[1]), bool(match[2]))

    def is_exceeded(self, failed: int, total: int) -> bool:
        """Whether `failed` of `total` URLs is more than allowed."""
        return failed > (self.limit / 100 * total if self.is_percent else self.limit)

    def __str__(self) -> str:
        return f"errors>{self.limit:g}{'%' if self.is_percent else ''}"


def _port(text: str, whole: str) -> int | None:
    if text and not 0 < int(text) <= _MAX_PORT:
        raise ValueError(f"{whole!r} names port {text}; ports go from 1 to {_MAX_PORT}")
    return int(text) if text else None


class ConnectTo(NamedTuple):
    """Where to connect for a host and port; an empty host, port or address stands for any, or for the same.

    A host that begins with a dot stands for every name that ends so.
    """

    host: str
    port: int | None
    address: str
    address_port: int | None

    @classmethod
    def read(cls, text: str) -> "ConnectTo":
        """Read curl's `HOST:PORT:ADDRESS:PORT`, IPv6 in brackets."""
        match = _CONNECT_TO.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not HOST:PORT:ADDRESS:PORT; an IPv6 address stands in [brackets]")
        host, port, address, address_port = match.groups()
        return cls(host.lower(), _port(port, text), address, _port(address_port, text))

    def matches(self, host: str, port: int) -> bool:
        """Whether a connection to `host` (lower case, IPv6 in brackets) and `port` is meant."""
        named = host.endswith(self.host) if self.host.startswith(".") else self.host in ("", host)
        return named and self.port in (None, port)

    def __str__(self) -> str:
        return f"{self.host}:{self.port or ''}:{self.address}:{self.address_port or ''}"


def destination(rules: tuple[ConnectTo, ...], host: str, port: int) -> tuple[str, int]:
    """Where to connect for `host` and `port`: by the first rule that matches, else there itself."""
    rule = rule_for(rules, host, port)
    return (rule.address or host, rule.address_port or port) if rule else (host, port)


def rule_for(rules: tuple[ConnectTo, ...], host: str, port: int) -> ConnectTo | None:
    """The first rule that matches."""
    return next((rule for rule in rules if rule.matches(host, port)), None)
