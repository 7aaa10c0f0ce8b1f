"""Where a site listens."""

from typing import NamedTuple


class Place(NamedTuple):
    """An address, and the rules by which the names of the site lead there, as curl's --connect-to has them."""

    host: str
    port: int
    connect_to: tuple[str, ...]


def bracketed(host: str) -> str:
    """An address as such a rule has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
