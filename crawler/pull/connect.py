"""Connections that a download may open: only to public addresses, and to hosts that the user named."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import replace
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from archive.errors import InputError, StoreError
from archive.urls import ascii_host
from crawler.addresses import AllowedHosts, PrivateAddressError, is_own, is_private_name, is_public, parse_host_literal

_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host in ASCII, and port: what a connection is for."""

    scheme: str
    host: str
    port: int


def origin_of(url: str) -> Origin:
    """Raises `InputError` for anything but http and https with a host."""
    try:
        parts = urlsplit(url)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise InputError(f"{url[:200]}: not an address ({error})") from error
    if parts.scheme not in _PORTS or not host or port == 0:
        raise InputError(f"{url[:200]}: not an http or https address")
    return Origin(parts.scheme, host, port or _PORTS[parts.scheme])


def with_named(allowed: AllowedHosts, url: str) -> AllowedHosts:
    """The host that the user typed is one he named, if it says openly that it is not public: an address, or a name of a private network.

    A public name that leads to a private address is not: its owner says where it leads.
    """
    origin = origin_of(url)
    if parse_host_literal(origin.host) is None and not is_private_name(origin.host):
        return allowed
    return replace(allowed, hosts=allowed.hosts | {(origin.host.lower().rstrip("."), origin.port)})


class Gate:
    """Opens connections, and closes them at its end; ``timeout`` is in seconds, for connecting and for each read. Raises `StoreError`."""

    def __init__(self, allowed: AllowedHosts, timeout: float = 60.0) -> None:
        self.timeout = timeout
        self._allowed = allowed
        self._tls: ssl.SSLContext | None = None
        self._made: list[http.client.HTTPConnection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for connection in self._made:
            connection.close()

    def connection(self, origin: Origin) -> http.client.HTTPConnection:
        """Not connected yet: the first request does that."""
        made = (_TlsConnection if origin.scheme == "https" else _PlainConnection)(self, origin)
        self._made.append(made)
        return made

    def connect(self, origin: Origin) -> socket.socket:
        """What was checked is what is connected to: a name is looked up once."""
        host, port = origin.host, origin.port
        try:
            self._allowed.check_literal(host, port)
        except PrivateAddressError as error:
            raise StoreError(str(error)) from error
        refused, failure = "", ""
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            ip = str(address[0])
            if not self._allowed.allows(host, port) and (not is_public(ip) or is_own(ip)):
                refused = ip
                continue
            found = socket.socket(family, kind, protocol)
            try:
                found.settimeout(self.timeout)
                found.connect(address)
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                found.close()
                failure = str(error)
                continue
            return found
        if refused and not failure:
            raise StoreError(str(PrivateAddressError(host, refused)))
        raise OSError(failure or f"{host} has no address")

    def secure(self, found: socket.socket, host: str) -> socket.socket:
        """Trusts whom OpenSSL trusts: SSL_CERT_FILE and SSL_CERT_DIR may say whom."""
        self._tls = self._tls or ssl.create_default_context()
        try:
            return self._tls.wrap_socket(found, server_hostname=host)
        except OSError:
            found.close()
            raise


class _PlainConnection(http.client.HTTPConnection):
    def __init__(self, gate: Gate, origin: Origin) -> None:
        super().__init__(origin.host, origin.port)
        self._gate, self._origin = gate, origin

    def connect(self) -> None:
        self.sock = self._gate.connect(self._origin)


class _TlsConnection(http.client.HTTPSConnection):
    def __init__(self, gate: Gate, origin: Origin) -> None:
        super().__init__(origin.host, origin.port)
        self._gate, self._origin = gate, origin

    def connect(self) -> None:
        self.sock = self._gate.secure(self._gate.connect(self._origin), self._origin.host)
