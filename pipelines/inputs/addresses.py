"""From an address as written to the address to fetch.

Only what a digest or a list does to an address is undone (blanks, HTML ampersands, raw non-ASCII); the address itself is not
normalized: what names the same page is decided in ``archive.urls`` alone.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from archive.errors import InputError
from archive.urls import MAX_URI, ascii_host, escape

_PLAIN = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){1,8}(?:[/?#][!#-;=?-~]*)?", re.ASCII
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AMPERSAND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);")
_USER_INFO = re.compile(r"^(\s*[a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_TO_QUOTE = re.compile(r'[^\x00-\x7f]+|["<>]')


def fetchable(written: str) -> str:
    """The http(s) address to fetch, in ASCII, without user name and password: a secret is neither sent nor kept.

    Raises InputError, saying what is wrong, for every address that no HTTP client can fetch.
    """
    if len(written) <= MAX_URI and _PLAIN.fullmatch(written) and _AMPERSAND.search(written) is None:
        return written
    address = _AMPERSAND.sub("&", written.strip().removeprefix("<").removesuffix(">").strip())
    _check_length(address, address)
    parts = _split(address)
    host = _host(parts, address)
    port = _port(parts, address)
    rest = address.partition("://")[2][len(parts.netloc) :]
    found = f"{parts.scheme}://{host}{port}{_quoted(rest)}"
    _check_length(found, address)
    return found


def _check_length(address: str, written: str) -> None:
    if len(address) > MAX_URI:
        raise InputError(f"address of {len(address)} characters, the limit is {MAX_URI}: {shown(written)}")


def shown(written: str) -> str:
    """An address for a message: one line, printable, without user-info, at most 120 characters."""
    text = _USER_INFO.sub(r"\1", escape(written))
    return text if len(text) <= 120 else text[:117] + "..."


def _split(address: str) -> SplitResult:
    scheme = _SCHEME.match(address)
    if not address:
        raise InputError("no address")
    if scheme is None or (scheme[1].lower() not in {"http", "https"} and "." in scheme[1]):
        raise InputError(f"no http(s) address: {shown(address)}")
    if scheme[1].lower() not in {"http", "https"}:
        raise InputError(f"{scheme[1].lower()}: addresses are not fetched: {shown(address)}")
    try:
        # urlsplit drops tabs and line ends wherever they stand; as escapes they stay visible.
        parts = urlsplit(escape(address))
    except ValueError:
        raise InputError(f"bad host: {shown(address)}") from None
    if not parts.netloc:
        raise InputError(f"address without a host: {shown(address)}")
    return urlsplit(address) if escape(address) == address else parts


def _host(parts: SplitResult, address: str) -> str:
    try:
        written = parts.hostname or ""
    except ValueError:
        written = ""
    if not written:
        raise InputError(f"address without a host: {shown(address)}")
    if ":" in written:
        return f"[{_ip6(written, address)}]"
    host = ascii_host(written)
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InputError(f"bad host: {shown(address)}")
    return host


def _ip6(written: str, address: str) -> str:
    try:
        return str(ipaddress.IPv6Address(written.partition("%")[0]))
    except ValueError:
        raise InputError(f"bad host: {shown(address)}") from None


def _port(parts: SplitResult, address: str) -> str:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise InputError(f"bad port: {shown(address)}")
    return "" if port is None else f":{port}"


def _quoted(text: str) -> str:
    return _TO_QUOTE.sub(lambda run: quote(run.group().encode("utf-8", "surrogatepass"), safe=""), escape(text))
