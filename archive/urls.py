"""The only place that decides "same address".

A target is fetched as cited; its *key* says which other spellings name the same page. The key is a SURT (Sort-friendly URI
Reordering Transform) exactly as pywb, OpenWayback and CDX servers make it, or they would not find our captures: host labels reversed,
scheme, `www.`, default port, user-info and fragment left out, dot segments resolved, escapes undone (again and again: `%2525` is `%`),
path and query in lower case, query parameters sorted, session numbers of known servers left out.
"""

from __future__ import annotations

import contextlib
import re
import socket
from urllib.parse import quote, unquote_to_bytes, urlsplit

import idna

MAX_URI = 16_000
"""Characters of an address that is fetched and recorded: fastwarc gives up on WARC heads over 32 KiB."""

_WWW = re.compile(rb"www\d*\.")
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){0,3}")
_ASP_SESSION = re.compile(rb"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))/([^?]+\.aspx.*)$", re.IGNORECASE)
_SESSIONS = [
    re.compile(rb"(.*)" + number + rb"(?:&(.*))?", re.IGNORECASE)
    for number in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
]
_NESTED = re.compile(rb"%(?:25)+")  # undone at once: thousands of levels would take as many passes
_KEY_UNSAFE = re.compile(rb"[\x00-\x20#%\x7f-\xff]")
_NOT_PLAIN = re.compile(r"[^\x21-\x7e]")
_NOT_URI = re.compile(r'[\x00-\x20"<>\x7f-\U0010ffff]')
_BORDER = "".join(map(chr, range(0x21)))  # stripped, as the WHATWG URL standard does; tab and line ends within go too
_REMOVED = str.maketrans("", "", "\t\r\n")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_USER_INFO = re.compile(r"([a-z][a-z0-9+.-]*://)[^/?#]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def surt(url: str) -> str:
    """The key of an address, e.g. ``com,example)/a?b=1``. Never raises: what is no URL is its own key, escaped."""
    try:
        parts = urlsplit(url.strip(_BORDER))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return escape(url)
    authority = _authority_key(host)
    if not authority:
        return escape(url)
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        authority += f":{port}"
    return f"{authority}){_path_key(parts.path)}{_query_key(parts.query)}"


def _authority_key(host: str) -> str:
    if ":" in host:
        return host.lower()
    name = _without_escapes(host)
    if not name.isascii():
        name = _idna(name.decode("utf-8", "ignore")) or name.decode("utf-8", "surrogateescape").lower().encode("utf-8", "surrogateescape")
    name = name.replace(b"..", b".").strip(b".")
    name = _ip_address(name.decode("ascii", "replace")) or _escaped(name).lower()
    name = _WWW.sub(b"", name, count=1) if _WWW.match(name) else name
    return b",".join(reversed(name.split(b"."))).decode("ascii")


def _ip_address(host: str) -> bytes | None:
    """The dotted form of an IPv4 address in any of its spellings (``2130706433``, ``127.1``); None for a name."""
    if not _NUMBERS.fullmatch(host):
        return None
    try:
        packed = (int(host) & 0xFFFFFFFF).to_bytes(4, "big") if host.isdigit() and len(host) < 20 else socket.inet_aton(host)
    except OSError:
        return None
    return socket.inet_ntoa(packed).encode("ascii")


def _path_key(path: str) -> str:
    clean = _escaped(_resolved(_without_escapes(path))).lower()
    session = _ASP_SESSION.match(clean)
    clean = session[1] + session[2] if session else clean
    return (clean[:-1] if len(clean) > 1 and clean.endswith(b"/") else clean).decode("ascii")


def _resolved(path: bytes) -> bytes:
    """Without ``.`` and empty segments; ``..`` takes its parent away, or stays when there is none."""
    segments = path.split(b"/")[1:]
    kept: list[bytes] = []
    for segment in segments:
        if segment == b".." and kept:
            kept.pop()
        elif segment != b".":
            kept.append(segment)
    if not kept:
        return b"/"
    return b"/" + b"".join(segment + b"/" for segment in kept[:-1] if segment) + kept[-1]


def _query_key(query: str) -> str:
    clean = _escaped(_without_escapes(query))
    for session in _SESSIONS:
        found = session.fullmatch(clean)
        clean = found[1] + (found[2] or b"") if found else clean
    if not clean:
        return ""
    pairs = sorted(tuple(pair.split(b"=", 1)) for pair in clean.lower().split(b"&"))
    return "?" + (b"&".join(b"=".join(pair) for pair in pairs) if len(clean) > 1 else clean.lower()).decode("ascii")


def _without_escapes(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    while (plain := unquote_to_bytes(_NESTED.sub(b"%", data))) != data:
        data = plain
    return data


def _escaped(data: bytes) -> bytes:
    return _KEY_UNSAFE.sub(lambda m: b"%%%02X" % m.group()[0], data)


def ascii_host(host: str) -> str:
    """A host name in lower-case ASCII; one that cannot be encoded is percent-escaped, never dropped.

    As browsers do it (UTS 46, nontransitional): ``faß.de`` is not ``fass.de``. What IDNA 2008 forbids, such as emoji, is encoded by
    the rules of 2003, since such names are registered.
    """
    host = host.lower()
    if host.isascii():
        return escape(host)
    encoded = _idna(host)
    return encoded.decode("ascii") if encoded else quote(host.encode("utf-8", "replace"))


def _idna(host: str) -> bytes | None:
    with contextlib.suppress(UnicodeError):
        return idna.encode(host, uts46=True)
    with contextlib.suppress(UnicodeError):
        return host.encode("idna")
    return None


def host_of(url: str) -> str:
    """The host as politeness sees it: lower case, no port, ``""`` when there is none."""
    try:
        return ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def is_front_page(url: str) -> bool:
    """Whether an address is its site's root: no path, or an index file, and no query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.query and re.fullmatch(r"/?(?:index\.\w{3,5}|default\.aspx?|home/?)?", parts.path, re.IGNORECASE) is not None


def escape(url: str) -> str:
    """The address safe for a log line or a terminal: blanks and all that does not print is percent-escaped."""
    return _NOT_PLAIN.sub(lambda m: m.group() if m.group().isprintable() and m.group() != " " else _percent(m), url)


def target_uri(url: str) -> str:
    """The address as ``WARC-Target-URI`` and index say it: ASCII (RFC 3986), scheme in lower case, without user name and password."""
    uri = _NOT_URI.sub(_percent, url.strip(_BORDER).translate(_REMOVED))
    if scheme := _SCHEME.match(uri):
        uri = scheme.group().lower() + uri[scheme.end() :]
    return _USER_INFO.sub(r"\1", uri, count=1) if _USER_INFO.match(uri) else uri


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "surrogatepass"))
