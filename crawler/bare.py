"""Those words of the house that an interpreter can hear in which msgspec does not load: plain values, and no more.

CPython's other interpreters (PEP 734) load only such extension modules as say that they can be loaded there.
"""

from enum import Enum
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["page", "robots", "sitemap"]


class Fault(str, Enum):
    """What the world did wrong, named the same under every strategy.

    `LOST` says nothing about the page or its host: the visit was in a process that another page brought down, and
    is made again.
    """

    DNS = "dns"
    BLOCKED = "blocked"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    STATUS = "status"
    REDIRECT = "redirect"
    CONTENT_TYPE = "content_type"
    DECODE = "decode"
    ROBOTS = "robots"
    GIVEN_UP = "given_up"
    CRASHED = "crashed"
    HUNG = "hung"
    MEMORY = "memory"
    LOST = "lost"

    @property
    def is_parser_casualty(self) -> bool:
        """True when the page took its analysis down, so that the run must say so (exit code 3)."""
        return self in (Fault.CRASHED, Fault.HUNG, Fault.MEMORY)


class BarePage(NamedTuple):
    """A page as far as its analysis looks at it; `model.Page` has these fields and more."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    kind: Kind


class Mishap(NamedTuple):
    """What will be a `Failure`: what went wrong, and why in words."""

    fault: Fault
    text: str
