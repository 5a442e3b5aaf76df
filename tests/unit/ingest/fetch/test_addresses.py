"""Where a request may go. The laws first: nothing that is not public passes, however it is dressed."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.addresses import AddressRefused, checked_numbers, read_address, refusal, resolve

NETWORKS = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15"
    " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
).split()
NETWORKS_6 = "::/128 ::1/128 fc00::/7 fe80::/10 fec0::/10 ff00::/8 2001:db8::/32 100::/64".split()


@st.composite
def number_in(draw: st.DrawFn, networks: list[str]) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    network = ipaddress.ip_network(draw(st.sampled_from(networks)))
    return network[draw(st.integers(0, network.num_addresses - 1))]


@given(number_in(NETWORKS))
def test_no_private_number_passes_in_any_dress(number: ipaddress.IPv4Address) -> None:
    whole = int(number)
    assert refusal(str(number))
    assert refusal(f"::ffff:{number}")
    assert refusal(str(ipaddress.IPv6Address((0x2002 << 112) | (whole << 80))))  # 6to4
    assert refusal(str(ipaddress.IPv6Address((0x64FF9B << 96) | whole)))  # NAT64
    assert refusal(str(ipaddress.IPv6Address((0x20010000 << 96) | (whole ^ 0xFFFFFFFF))))  # Teredo


@given(number_in(NETWORKS_6))
def test_no_private_number_of_ipv6_passes(number: ipaddress.IPv6Address) -> None:
    assert refusal(str(number)) and refusal(f"{number}%eth0")


@given(st.ip_addresses())
def test_what_passes_is_public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if refusal(str(number)) is None and not getattr(number, "ipv4_mapped", None):
        assert number.is_global and not number.is_multicast


@pytest.mark.parametrize("number", ["8.8.8.8", "185.199.108.133", "2606:50c0:8000::154", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_numbers_pass(number: str) -> None:
    assert refusal(number) is None


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://Example.org", "https://example.org/"),
        ("http://example.org:80/a b.csv?x=1#part", "http://example.org/a%20b.csv?x=1"),
        ("https://[2606:50c0::154]:8443/x", "https://[2606:50c0::154]:8443/x"),
        ("https://example.org/£.csv", "https://example.org/%C2%A3.csv"),
    ],
)
def test_addresses_are_read_as_they_are_sent(url: str, asked: str) -> None:
    assert read_address(url).url == asked
    assert read_address(asked).url == asked


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/x", "not 'ftp'"),
        ("gopher://127.0.0.1/", "not 'gopher'"),
        ("file:///etc/passwd", "not 'file'"),
        ("javascript:alert(1)", "only http and https"),
        ("example.org/x.csv", "only http and https"),
        ("https://user:secret@example.org/", "user name or password"),
        ("https://example.org@10.0.0.1/", "user name or password"),
        ("https:///x", "names no host"),
        ("https://example.org:99999/", "cannot be read"),
        ("https://example.org/\r\nX-Injected: 1", "control characters"),
        ("", "only http and https"),
    ],
)
def test_addresses_that_are_not_asked(url: str, words: str) -> None:
    with pytest.raises(AddressRefused, match=words):
        read_address(url)


def test_a_name_with_one_private_number_is_refused_and_a_setting_lifts_it() -> None:
    address = read_address("https://example.org/")
    both = ["93.184.216.34", "10.0.0.1"]
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1, a private address"):
        checked_numbers(address, lambda *_: both, allow_private=False)
    assert checked_numbers(address, lambda *_: both, allow_private=True) == both
    with pytest.raises(socket.gaierror):
        checked_numbers(address, lambda *_: [], allow_private=True)


@pytest.mark.parametrize("host", ["a" * 80 + ".example", "a..b"])
def test_an_impossible_name_is_a_name_not_found(host: str) -> None:
    with pytest.raises(socket.gaierror):
        resolve(host, 80)
