"""The table of addresses: which of them anybody may be at."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.guard import Guard, judge
from crawler.settings import FetchSettings
from crawler.urls import host, parse
from tests.fetch.calling import rules

NEAR = {
    "a private address": "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.1 192.168.255.255"
    " fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fec0::1",
    "a loopback address": "127.0.0.0 127.0.0.1 127.255.255.255 ::1",
    "within a provider's network": "100.64.0.0 100.127.255.255",
    "for benchmarks": "198.18.0.0 198.19.255.255 2001:2::1",
}
NEVER = {
    "for a translator nearby": "64:ff9b:1::808:808",
    "where a cloud keeps its metadata": "169.254.169.254 169.254.170.2 168.63.129.16 100.100.100.200 192.0.0.192"
    " fd00:ec2::254 fd20:ce::254",
    "an unspecified address": "0.0.0.0 0.255.255.255 ::",
    "a link-local address": "169.254.0.0 169.254.255.255 fe80::1 febf::1 fe80::1%eth0",
    "a multicast address": "224.0.0.1 239.255.255.255 ff02::1 ff0e::1",
    "for documentation": "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
    "a 6to4 relay": "192.88.99.1",
    "a reserved address": "192.0.0.0 192.0.0.255 240.0.0.1 255.255.255.255 100::1 100:0:0:1::1 5f00::1 2001:10::1"
    " 2001:20::1 2001:30::1 4000::1 ::ffff:0:8.8.8.8 1::1 fe00::1 64:ff9b::1:808:808",
}
PUBLIC = (
    "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15"
    " 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.31.196.1 192.52.193.1"
    " 192.167.255.255 192.169.0.0 192.175.48.1 198.17.255.255 198.20.0.0 223.255.255.255 2000:: 2606:4700::1111"
    " 2001:4860:4860::8888 2001:200::1 2001:3::1 2001:1::1 2620:4f:8000::1 3ffe:: ::ffff:8.8.8.8 ::8.8.8.8"
    " 64:ff9b::808:808 2002:808:808::1 2001:0:808:808:0:0:f7f7:f7f7 2606:4700::1111%eth0"
)
EMBEDDING = ("::ffff:{}", "::{}", "64:ff9b::{}", "2002:{:x}:{:x}::1", "2001:0:{:x}:{:x}::f7f7:f7f7")


@pytest.mark.parametrize("address", PUBLIC.split())
def test_the_world_is_open(address: str) -> None:
    assert judge(address) is None


@pytest.mark.parametrize(
    ("address", "kind", "is_near"),
    [
        (address, kind, is_near)
        for table, is_near in ((NEAR, True), (NEVER, False))
        for kind, addresses in table.items()
        for address in addresses.split()
    ],
)
def test_what_is_near_or_nobodys_is_refused(address: str, kind: str, is_near: bool) -> None:
    assert judge(address) == (f"{address} is {kind}", is_near)


@pytest.mark.parametrize("text", ["localhost", "", "0x7f.1", "127.1", "2130706433", "017700000001", "010.0.0.1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert judge(text) == (f"{text} is no IP address", False)


@pytest.mark.parametrize("form", EMBEDDING)
@pytest.mark.parametrize("inner", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "168.63.129.16", "224.0.0.1"])
def test_an_address_within_an_address_decides(form: str, inner: str) -> None:
    number = int(IPv4Address(inner))
    address = form.format(inner) if form.endswith("{}") else form.format(number >> 16, number & 0xFFFF)
    outer, bare = judge(address), judge(inner)
    assert outer is not None and bare is not None
    inner, _, kind = bare.text.partition(" is ")
    assert outer.text == f"{inner}, within an IPv6 address, is {kind}"
    assert outer.is_near == bare.is_near


def test_the_client_of_a_teredo_address_decides_too() -> None:
    client = ~int(IPv4Address("192.168.0.1")) & 0xFFFF_FFFF
    refusal = judge(str(IPv6Address((0x20010000_08080808 << 64) | client)))
    assert refusal is not None
    assert refusal.text == "192.168.0.1, within an IPv6 address, is a private address"


DISPUTED = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_the_standard_library_agrees_on_ipv4(address: IPv4Address) -> None:
    is_open = address.is_global and not address.is_multicast
    if not any(address in network for network in DISPUTED):
        assert (judge(str(address)) is None) == is_open


WITH_OPEN_ADDRESSES = tuple(map(IPv6Network, ("2000::/3", "::/96", "::ffff:0:0/96", "64:ff9b::/96")))


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_nothing_outside_of_what_is_in_use_is_open_on_ipv6(address: IPv6Address) -> None:
    if judge(str(address)) is None:
        assert any(address in network for network in WITH_OPEN_ADDRESSES)
        assert not (address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified)


@pytest.mark.parametrize("written", ["127.1", "0x7f.1", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.1."])
def test_a_url_shows_the_address_that_it_hides(written: str) -> None:
    assert host(parse(f"http://{written}/")).rstrip(".") == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "address", "settings", "is_open"),
    [
        ("a.test", "8.8.8.8", {}, True),
        ("a.test", "10.0.0.1", {}, False),
        ("a.test", "10.0.0.1", {"named_hosts": frozenset({"b.test"})}, False),
        ("a.test", "10.0.0.1", {"named_hosts": frozenset({"a.test"})}, True),
        ("a.test", "::ffff:10.0.0.1", {"named_hosts": frozenset({"a.test"})}, True),
        ("a.test", "169.254.169.254", {"named_hosts": frozenset({"a.test"})}, False),
        ("a.test", "0.0.0.0", {"named_hosts": frozenset({"a.test"})}, False),
        ("a.test", "169.254.169.254", {"named_hosts": frozenset({"a.test", "169.254.169.254"})}, False),
        ("169.254.169.254", "169.254.169.254", {"named_hosts": frozenset({"169.254.169.254"})}, True),
        ("[fe80::1]", "fe80::1", {"named_hosts": frozenset({"[fe80::1]"})}, True),
        ("[fe80::1]", "fe80::2", {"named_hosts": frozenset({"[fe80::1]"})}, False),
        ("a.test", "169.254.169.254", {"allow_private": True}, True),
        ("a.test", "127.0.0.1", {"connect_to": rules("a.test::127.0.0.1:")}, True),
        ("a.test", "169.254.1.1", {"connect_to": rules("a.test::169.254.1.1:8080")}, True),
        ("a.test", "10.0.0.1", {"connect_to": rules("a.test::b.test:")}, True),
        ("a.test", "169.254.1.1", {"connect_to": rules("a.test::b.test:")}, False),
        ("a.test", "10.0.0.1", {"connect_to": rules("a.test:80::8080")}, False),
        ("a.test", "10.0.0.1", {"connect_to": rules("b.test::10.0.0.1:")}, False),
    ],
)
def test_what_the_user_names_is_exempt(url: str, address: str, settings: dict[str, object], is_open: bool) -> None:
    refusal = Guard(FetchSettings(**settings)).refusal(url, 80, address)  # type: ignore[arg-type]
    assert (refusal is None) == is_open
    if refusal is not None:
        assert refusal.startswith(f"{address} ")
        assert refusal.endswith("; --allow-private lets it be fetched")
