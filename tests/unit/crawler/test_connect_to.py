from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError
from crawler.addresses import parse_allowed
from crawler.handlers.endpoints import Destinations, parse_connect_to

NAME = st.from_regex(r"[a-z][a-z0-9-]{0,10}(\.[a-z]{2,5})?", fullmatch=True)
PORT = st.integers(1, 65535)


@given(NAME, PORT, NAME, PORT)
def test_a_rule_moves_its_own_host_and_port_only(host: str, port: int, address: str, address_port: int) -> None:
    rules = parse_connect_to([f"{host}:{port}:{address}:{address_port}"])
    assert rules.resolve(host, port) == (address, address_port)
    assert rules.resolve(host.upper(), port) == (address, address_port)
    assert rules.resolve(host, port % 65535 + 1) == (host, port % 65535 + 1)
    assert rules.resolve(f"www.{host}", port) == (f"www.{host}", port)


@given(NAME, PORT)
def test_empty_parts_match_anything_and_change_nothing(host: str, port: int) -> None:
    assert parse_connect_to([":::"]).resolve(host, port) == (host, port)
    assert parse_connect_to(["::127.0.0.1:"]).resolve(host, port) == ("127.0.0.1", port)
    assert parse_connect_to([":::8080"]).resolve(host, port) == (host, 8080)
    assert parse_connect_to([f"{host}::127.0.0.1:8080"]).resolve(host, port) == ("127.0.0.1", 8080)
    assert parse_connect_to([f":{port}:127.0.0.1:"]).resolve(host, port) == ("127.0.0.1", port)


def test_the_first_matching_rule_wins() -> None:
    rules = parse_connect_to(["a.example:80:one.example:1", "a.example::two.example:2", "::three.example:3"])
    assert rules.resolve("a.example", 80) == ("one.example", 1)
    assert rules.resolve("a.example", 443) == ("two.example", 2)
    assert rules.resolve("b.example", 443) == ("three.example", 3)


def test_ipv6_stands_in_brackets() -> None:
    rules = parse_connect_to(["[2606:4700::1]:443:[::1]:8443"])
    assert rules.resolve("2606:4700::1", 443) == ("::1", 8443)
    assert rules.resolve("[2606:4700::1]", 443) == ("::1", 8443)


@pytest.mark.parametrize(
    "rule",
    [
        "", "a", "a:1", "a:1:b", "a:x:b:1", "a:1:b:x", "a:0:b:1", "a:1:b:0", "a:1:b:65536", "a:1:b:123456", "::1:80:b:1", "a:1:b:1:c",
        "a b:1:c:2", "[::1:80:b:1",
    ],
)  # fmt: skip
def test_bad_rules_are_refused_with_an_example(rule: str) -> None:
    with pytest.raises(InputError, match=r"HOST:PORT:ADDR:PORT|is not a port"):
        parse_connect_to([rule])


@given(st.text())
def test_any_rule_is_read_or_refused(rule: str) -> None:
    with contextlib.suppress(InputError):
        parse_connect_to([rule]).resolve("a.example", 80)


def test_only_a_rule_that_names_an_address_lifts_the_guard() -> None:
    rules = parse_connect_to(["named.example:80:127.0.0.1:", "port.example:80::8080"])
    assert rules.names_address("named.example", 80)
    assert not rules.names_address("named.example", 81)
    assert not rules.names_address("port.example", 80)


def test_a_rule_does_not_lift_the_guard_where_a_proxy_connects() -> None:
    destinations = Destinations(parse_connect_to(["127.0.0.1:80:127.0.0.1:8080"]), parse_allowed([]))
    destinations.check("127.0.0.1", 80, proxied=False)
    with pytest.raises(Exception, match="not a public address"):
        destinations.check("127.0.0.1", 80, proxied=True)
