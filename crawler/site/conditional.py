"""Conditional requests (RFC 9110, section 13): validators of what is sent, and whether a client has it already."""

import re
import time
from calendar import timegm
from email.utils import formatdate
from hashlib import blake2b
from typing import Final

ANY: Final = "*"
TAG: Final = re.compile(r'"[^"]*"')
DATES: Final = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
"""The forms of an HTTP date: the one to write, and two to be understood."""


def etag(body: bytes) -> str:
    """A strong validator: other bytes, as they are sent, have another."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def http_date(when_s: int) -> str:
    """A time as a header has it."""
    return formatdate(when_s, usegmt=True)


def read_date(text: str) -> int | None:
    """The time in a header, or None for what is no HTTP date."""
    for form in DATES:
        try:
            return timegm(time.strptime(text, form))
        except ValueError:
            continue
    return None


def is_held(if_none_match: str, if_modified_since: str, tag: str, modified_s: int) -> bool:
    """Whether the client has what it asks for; tags, weak or not, count alone where there are any."""
    if if_none_match:
        return if_none_match == ANY or tag in TAG.findall(if_none_match)
    since_s = read_date(if_modified_since)
    return since_s is not None and modified_s <= since_s
