"""Which addresses may be connected to: a page from outside must not lead the crawler into the network it runs in.

Every room asks here about the very address that a socket is about to be opened to, after names are resolved; so it
makes no difference how the address was written, what the DNS said a moment ago, or which redirect led there. What the
user named is exempt: seeds and `connect_to`, and everything under `--allow-private`.

The tables are those of IANA (the IPv4 and IPv6 Special-Purpose Address Registries of RFC 6890, and the IPv6 address
space, of which only 2000::/3 is in use worldwide), and not the properties of `ipaddress`, which say this under one
patch version of Python and that under another. Translators with a prefix of their own cannot be told from outside.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, TypeAlias

from crawler.readers import rule_for
from crawler.settings import FetchSettings

_Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network

# What no name may lead to, not even one of the seeds.
_NEVER = {
    "where a cloud keeps its metadata": (
        "169.254.169.254",  # AWS, Azure, Google, Oracle, DigitalOcean, OpenStack
        "169.254.170.2",  # AWS, for containers
        "168.63.129.16",  # Azure
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",  # AWS
        "fd20:ce::254",  # Google
    ),
    "an unspecified address": ("0.0.0.0/8", "::"),
    "a link-local address": ("169.254.0.0/16", "fe80::/10"),
    "a multicast address": ("224.0.0.0/4", "ff00::/8"),
    "for documentation": ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
    "a 6to4 relay": ("192.88.99.0/24",),
    "a reserved address": ("192.0.0.0/24", "240.0.0.0/4"),
    "for a translator nearby": ("64:ff9b:1::/48",),  # to anywhere: RFC 8215 leaves the form of its addresses open
}
# Where an intranet may be: a name among the seeds may lead there.
_NEAR = {
    "a private address": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
    "a loopback address": ("127.0.0.0/8", "::1"),
    "within a provider's network": ("100.64.0.0/10",),
    "for benchmarks": ("198.18.0.0/15", "2001:2::/48"),
}
_FAR = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
"""What is left of these is the world; of 2001::/23 only what IANA gave away again."""
_PROTOCOLS = ip_network("2001::/23")
_ANYCAST = tuple(
    ip_network(text) for text in ("2001:1::1", "2001:1::2", "2001:1::3", "2001:3::/32", "2001:4:112::/48")
)

_LOW_IS_IPV4 = tuple(ip_network(text) for text in ("::ffff:0:0/96", "::/96", "64:ff9b::/96"))
"""Mapped, compatible (both RFC 4291, 2.5.5), and behind the well-known prefix of translators (RFC 6052)."""
_SIX_TO_FOUR = ip_network("2002::/16")  # RFC 3056
_TEREDO = ip_network("2001::/32")  # RFC 4380
_LOW_BITS = 0xFFFF_FFFF
_ASK = "; --allow-private lets it be fetched"


class _Place(NamedTuple):
    network: _Network
    is_near: bool
    kind: str


def _places(table: Mapping[str, tuple[str, ...]], *, is_near: bool) -> Iterator[_Place]:
    for kind, networks in table.items():
        for network in networks:
            yield _Place(ip_network(network), is_near, kind)


_PLACES = (*_places(_NEVER, is_near=False), *_places(_NEAR, is_near=True))


class Refusal(NamedTuple):
    """Why an address is none to connect to; `is_near` if a name among the seeds may lead there all the same."""

    text: str
    is_near: bool


@lru_cache(maxsize=4096)
def judge(text: str) -> Refusal | None:
    """What is wrong with an IP address (with or without a zone), or None; one that embeds IPv4 is judged by it."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return Refusal(f"{text} is no IP address", is_near=False)
    place = _place(address)
    if place is not None:
        return Refusal(f"{text} is {place.kind}", place.is_near)
    for inner in _embedded(address):
        place = _place(inner)
        if place is not None:  # named by the inner one alone: Pythons and resolvers write the outer one differently
            return Refusal(f"{inner}, within an IPv6 address, is {place.kind}", place.is_near)
    return None


def _place(address: _Address) -> _Place | None:
    """The entry of the tables that an address lies in, or None if it may be anybody's."""
    for place in _PLACES:
        if address in place.network:
            return place
    if _embedded(address):
        return None
    is_far = any(address in network for network in _FAR)
    if is_far and (address not in _PROTOCOLS or any(address in network for network in _ANYCAST)):
        return None
    return _Place(_PROTOCOLS, is_near=False, kind="a reserved address")


def _embedded(address: _Address) -> list[IPv4Address]:
    """The IPv4 addresses at which a packet to an IPv6 `address` may end; of Teredo both server and client."""
    bits = int(address)
    if address in _SIX_TO_FOUR:
        return [IPv4Address(bits >> 80 & _LOW_BITS)]
    if address in _TEREDO:
        return [IPv4Address(bits >> 64 & _LOW_BITS), IPv4Address(~bits & _LOW_BITS)]
    if any(address in network for network in _LOW_IS_IPV4):
        return [IPv4Address(bits & _LOW_BITS)]
    return []


class Guard:
    """The judgement of a run: the tables, and what its user named.

    A name among the seeds may lead to private and loopback addresses, as on an intranet. Link-local addresses, those
    of metadata and the like have to be named themselves, as addresses: otherwise whoever keeps the DNS of a seed
    could point it there.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._allows_all = settings.allow_private
        self._named = settings.named_hosts
        self._rules = settings.connect_to

    def refusal(self, host: str, port: int, address: str) -> str | None:
        """Why no connection for `host` (lower case, IPv6 in brackets) and `port` may go to `address`, or None."""
        if self._allows_all:
            return None
        refusal = judge(address)
        if refusal is None:
            return None
        rule = rule_for(self._rules, host, port)
        target = (rule.address if rule else "") or host
        is_named = host in self._named or bool(rule and rule.address)
        if is_named and (refusal.is_near or _is_same(target, address)):
            return None
        return refusal.text + _ASK


def _is_same(target: str, address: str) -> bool:
    """Whether what the user wrote is that very address, and no name that leads there."""
    try:
        return ip_address(target.strip("[]").partition("%")[0]) == ip_address(address.partition("%")[0])
    except ValueError:
        return False
