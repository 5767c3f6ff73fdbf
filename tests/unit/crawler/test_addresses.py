from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.addresses import AllowedHosts, PrivateAddressError, is_public, parse_allowed, parse_host_literal

V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "100::1",
        "2001::1", "2001:db8::1",
        "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "", "example.org", "1.2.3", "1.2.3.4.5",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
        "192.0.1.1", "223.255.255.255",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001::1",
    ],
)  # fmt: skip
def test_addresses_that_are_public(ip: str) -> None:
    assert is_public(ip)


@given(V4)
def test_an_embedded_ipv4_address_decides(v4: ipaddress.IPv4Address) -> None:
    mapped, nat64 = f"::ffff:{v4}", f"64:ff9b::{v4}"
    six_to_four = ipaddress.IPv6Address(0x2002 << 112 | int(v4) << 80 | 1)
    assert is_public(mapped) == is_public(nat64) == is_public(str(six_to_four)) == is_public(str(v4))


@given(st.ip_addresses())
def test_nothing_the_standard_library_calls_private_is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        embedded = isinstance(ip, ipaddress.IPv6Address) and (ip.ipv4_mapped or ip in ipaddress.IPv6Network("64:ff9b::/96"))
        assert embedded or not is_public(str(ip))


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        ("127.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.0x0.0.1", "127.0.0.1"), ("0177.0.0.01", "127.0.0.1"), ("017700000001", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"), ("\uff11\uff12\uff17.\uff10.0.1", "127.0.0.1"), ("127\u30020\uff0e0\uff611", "127.0.0.1"),
        ("\u2460\u2461\u2466.0.0.1", "127.0.0.1"),
        ("127.0.0.\u00ad1", "127.0.0.1"), ("%31%32%37.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("::1", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:7f00:1"),
        ("[fe80::1%25eth0]", "fe80::1"), ("255.255.255.255", "255.255.255.255"),
    ],
)  # fmt: skip
def test_spellings_of_an_address(host: str, ip: str) -> None:
    assert parse_host_literal(host) == ipaddress.ip_address(ip)


@pytest.mark.parametrize(
    "host",
    [
        "", ".", "example.org", "127.0.0.1.example.org", "256.0.0.1", "1.2.3.4.5", "1..2", "08", "0x7g", "4294967296", "127.0.0.256",
        "[::1]:80", "a:b", "1" * 5000,
    ],
)  # fmt: skip
def test_what_is_a_name_or_nothing(host: str) -> None:
    assert parse_host_literal(host) is None


@given(st.text())
def test_any_host_is_read_without_an_error(host: str) -> None:
    parse_host_literal(host)


def _spell(number: int, base: int) -> str:
    return {8: f"0{number:o}", 10: str(number), 16: f"{number:#x}"}[base]


@given(V4, st.integers(1, 4), st.lists(st.sampled_from([8, 10, 16]), min_size=4, max_size=4))
def test_every_spelling_reads_as_inet_aton_reads_it(v4: ipaddress.IPv4Address, parts: int, bases: list[int]) -> None:
    octets = list(v4.packed)
    numbers = [*octets[: parts - 1], int.from_bytes(octets[parts - 1 :], "big")]
    host = ".".join(_spell(number, base) for number, base in zip(numbers, bases, strict=False))
    assert parse_host_literal(host) == v4 == ipaddress.IPv4Address(socket.inet_aton(host))


@given(st.from_regex(r"[0-9a-fx.]{1,20}", fullmatch=True))
def test_what_inet_aton_reads_is_read_alike(host: str) -> None:
    try:
        expected = ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return
    assert parse_host_literal(host) == expected


# --- what the user allowed ----------------------------------------------------------------------


def test_an_allowed_host_is_exactly_that_host_and_port() -> None:
    allowed = parse_allowed(["intranet.example", "127.0.0.1:8080", "[::1]:8081", "fd00::1"])
    assert allowed.allows("Intranet.Example.", 1)
    assert allowed.allows("127.0.0.1", 8080)
    assert allowed.allows("[::1]", 8081)
    assert allowed.allows("::1", 8081)
    assert allowed.allows("fd00::1", 5)
    assert not allowed.allows("127.0.0.1", 8081)
    assert not allowed.allows("127.0.0.2", 8080)
    assert not allowed.allows("www.intranet.example", 1)
    assert not allowed.allows("", 1)


@pytest.mark.parametrize(
    "rule", ["", ":80", "host:", "host:0", "host:65536", "host:port", "http://host", "host/path", "a b", "[::1", "host:80:81", "[]:80"]
)
def test_bad_rules_are_refused(rule: str) -> None:
    with pytest.raises(InputError, match="--allow-private"):
        parse_allowed([rule])


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "::1", "localhost", "LocalHost.", "a.localhost", "169.254.169.254"])
def test_a_literal_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(PrivateAddressError) as caught:
        AllowedHosts().check_literal(host, 80)
    assert caught.value.host == host
    assert caught.value.address
    assert "--allow-private" in str(caught.value)


@pytest.mark.parametrize("host", ["8.8.8.8", "example.org", "localhost.example.org", "notlocalhost", "2606:4700::1111"])
def test_a_public_literal_or_a_name_passes(host: str) -> None:
    AllowedHosts().check_literal(host, 80)


def test_an_allowed_literal_passes() -> None:
    parse_allowed(["127.0.0.1:8080"]).check_literal("127.0.0.1", 8080)
