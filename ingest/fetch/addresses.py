"""Where a request may go: http and https, to public addresses, unless a setting allows more.

Belongs here: reading an address, resolving its name, judging every number it resolves to. The connection is then made to those
very numbers (`connection`), so that a name that changes its mind in between (DNS rebinding) cannot slip by.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


class AddressRefused(ValueError):
    """A request may not go there. The message says why."""


@dataclass(frozen=True)
class Address:
    """A web address as it will be asked: `host` without brackets, `target` path and query as sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = {"http": 80, "https": 443}[self.scheme]
        return f"{self.scheme}://{host}{'' if self.port == default else f':{self.port}'}{self.target}"


def read_address(url: str) -> Address:
    """The parts of a web address, characters encoded as they will be sent.

    Raises AddressRefused for another scheme, a user name or password, or what is no address at all.
    """
    if _CONTROL.search(url):
        raise AddressRefused("the address holds control characters")
    try:
        parts = parse_url(url.strip())
        port = parts.port
    except (LocationParseError, ValueError) as error:
        raise AddressRefused("the address cannot be read as one") from error
    scheme = parts.scheme or ""
    if scheme not in ("http", "https"):
        raise AddressRefused(f"only http and https addresses are asked, not '{scheme or 'none'}'")
    if parts.auth:
        raise AddressRefused("the address holds a user name or password; take them out")
    if not parts.host:
        raise AddressRefused("the address names no host")
    return Address(scheme, parts.host.strip("[]"), port or (443 if scheme == "https" else 80), parts.request_uri)


def resolve(host: str, port: int) -> list[str]:
    """The numbers of a host, in the resolver's order, each once.

    Raises OSError (socket.gaierror) when there are none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, "the host is no possible name") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_numbers(address: Address, resolver: Resolver, *, allow_private: bool) -> list[str]:
    """The numbers to connect to, all of them judged.

    Raises AddressRefused when any of them is not public (a name with one private number is not to be trusted with the others),
    OSError when the name cannot be resolved.
    """
    numbers = resolver(address.host, address.port)
    if not numbers:
        raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
    for number in numbers:
        if (why := refusal(number)) and not allow_private:
            lifted = "TOTALPLACE_FETCH_ALLOW_PRIVATE=true lifts this"
            raise AddressRefused(f"{address.host} is {number}, {why} address; only public ones are asked ({lifted})")
    return numbers


def refusal(number: str) -> str | None:
    """What a number is, with its article, when it is not a public address; else None.

    IPv4 addresses inside IPv6 ones (mapped, 6to4, Teredo, NAT64) are judged as what they lead to.
    """
    try:
        ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return "not a number of an"
    for inner in _embedded(ip):
        if why := refusal(str(inner)):
            return why
    if isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip in _NAT64):
        return None
    kinds = (
        ("an unspecified", ip.is_unspecified),
        ("a loopback", ip.is_loopback),
        ("a link-local", ip.is_link_local),
        ("a multicast", ip.is_multicast),
        ("a private", ip.is_private),
        ("a site-local", isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local),
        ("a reserved", ip.is_reserved),
        ("a non-public", not ip.is_global),
    )
    return next((words for words, holds in kinds if holds), None)


def _embedded(ip: IpAddress) -> list[IpAddress]:
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found: list[IpAddress | None] = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return [inner for inner in found if inner is not None]
