"""Which addresses a crawl may reach: the public Internet, and what the user allowed by name.

A digest, a redirect or a DNS answer is written by strangers. Without this guard any of them can make the crawler read
services that only this machine or its network can see (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from archive.errors import InputError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA IPv4 Special-Purpose Address Registry (RFC 6890), without the rows that are globally reachable; the interpreter's own
# `is_global` differs between patch releases.
_SPECIAL_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this network"
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, cloud metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation (RFC 9637)
    )
)
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")  # RFC 3056: the IPv4 address is in bits 16 to 47
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in the last 32 bits
_PRIVATE_DOMAINS = frozenset({"localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "localdomain"})
"""RFC 6761, RFC 6762, ICANN's reservation of ``internal``, and RFC 6762 appendix G; ``home.arpa`` is RFC 8375."""
_DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})  # the dots of RFC 3490, section 3.1
_IGNORED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\\s]")  # UTS 46 maps these to nothing


class PrivateAddressError(Exception):
    """The request would have gone to an address that is not public, or to this machine, and the user did not allow it."""

    def __init__(self, host: str, address: str) -> None:
        what = "this machine's own address" if is_public(address) else "not a public address"
        where = f"{address} is" if host == address else f"{host} is at {address}, which is"
        super().__init__(f"{where} {what}; --allow-private {host} lets the crawl reach it")
        self.host = host
        self.address = address


@lru_cache(maxsize=1024)
def is_public(ip: str) -> bool:
    """Whether a numeric address is reachable on the public Internet; what is no address is not.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is as public as that.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        embedded = _embedded_v4(address)
        if embedded is None:
            return address in _GLOBAL_UNICAST_V6 and not any(address in block for block in _SPECIAL_V6)
        address = embedded
    return not any(address in block for block in _SPECIAL_V4)


def _embedded_v4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def is_own(ip: str) -> bool:
    """Whether an address is one of this machine's own: a public one too leads to services that a firewall hides from everybody else.

    The kernel is asked from where it would send to it; nothing is sent.
    """
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((ip, 9))
            return ipaddress.ip_address(str(probe.getsockname()[0]).partition("%")[0]) == ipaddress.ip_address(ip.partition("%")[0])
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=1024)
def parse_host_literal(host: str) -> IpAddress | None:
    """The address that a URL's host spells, or ``None`` for a name.

    Reads IPv4 as browsers (WHATWG URL, IPv4 parser) and ``inet_aton`` do: one to four parts, decimal, octal or hexadecimal, full-width
    digits, percent escapes, dots at the end; IPv6 with or without brackets and zone.
    """
    text = _IGNORED.sub("", unicodedata.normalize("NFKC", unquote(host)).translate(_DOTS))
    if ":" in text:
        try:
            return ipaddress.IPv6Address(text.removeprefix("[").removesuffix("]").partition("%")[0])
        except ValueError:
            return None
    return _parse_v4(text.rstrip("."))


def _parse_v4(text: str) -> ipaddress.IPv4Address | None:
    parts = text.split(".")
    numbers = [number for number in map(_parse_number, parts) if number is not None]
    if len(numbers) != len(parts) or len(parts) > 4:
        return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return None
    value = last
    for index, number in enumerate(first):
        value += number << 8 * (3 - index)
    return ipaddress.IPv4Address(value)


def _parse_number(text: str) -> int | None:
    """A part of an IPv4 address, longer perhaps than the interpreter would convert: with over 40 digits behind its zeros it is none."""
    if len(text.lstrip("0")) > 40:
        return None
    if match := re.fullmatch(r"0[xX]([0-9a-fA-F]*)", text):
        return int(match[1] or "0", 16)
    if re.fullmatch(r"0[0-7]*", text):
        return int(text, 8)
    return int(text) if re.fullmatch(r"[1-9][0-9]*", text) else None


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts that may be reached although their addresses are not public: exactly these, at these ports."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()

    def allows(self, host: str, port: int) -> bool:
        name = _plain(host)
        return (name, None) in self.hosts or (name, port) in self.hosts

    def names(self, host: str, port: int) -> bool:
        """Whether the user allowed this very port of the host."""
        return (_plain(host), port) in self.hosts

    def check_literal(self, host: str, port: int) -> None:
        """Raises `PrivateAddressError` when a URL's host is itself an address that is not public, or means this machine (RFC 6761)."""
        address = parse_host_literal(host)
        name = _plain(host)
        local = name == "localhost" or name.endswith(".localhost")
        refused = local if address is None else not is_public(str(address))
        if refused and not self.allows(host, port):
            raise PrivateAddressError(host, "this machine" if address is None else str(address))


def is_private_name(host: str) -> bool:
    """Whether a name can only mean something in a private network: it has one label, or a top-level domain reserved for such use."""
    labels = _plain(host).split(".")
    return len(labels) == 1 or labels[-1] in _PRIVATE_DOMAINS or labels[-2:] == ["home", "arpa"]


def parse_allowed(rules: Iterable[str]) -> AllowedHosts:
    """``HOST`` or ``HOST:PORT``, IPv6 in brackets when a port follows. Raises `InputError`."""
    return AllowedHosts(frozenset(_parse_rule(rule) for rule in rules))


def _parse_rule(rule: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(?P<host>\[[^\[\]\s]+\]|[^:\[\]/\s]+)(?::(?P<port>\d{1,5}))?", rule, re.ASCII)
    if match is None:
        if "[" not in rule and isinstance(parse_host_literal(rule), ipaddress.IPv6Address):
            return _plain(rule), None
        raise InputError(f"--allow-private {rule!r}: expected HOST or HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080")
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port < 65536:
        raise InputError(f"--allow-private {rule!r}: {port} is not a port")
    return _plain(match["host"]), port


def _plain(host: str) -> str:
    return host.removeprefix("[").removesuffix("]").lower().rstrip(".")
