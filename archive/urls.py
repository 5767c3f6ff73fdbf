"""The only place that decides "same address".

A target is fetched as cited; its *key* says which other spellings name the same page. The key is a SURT (Sort-friendly URI
Reordering Transform, as CDXJ files and pywb use it): host labels reversed, scheme, `www.`, default port, user-info, fragment and
session parameters left out, path and query in lower case, query parameters sorted.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_WWW = re.compile(r"^www\d*\.")
_SESSION = re.compile(r"^(?:jsessionid|phpsessid|sid|aspsessionid[a-z]{8}|cfid|cftoken)=", re.IGNORECASE)
_PATH_SESSION = re.compile(r";jsessionid=[0-9a-z]+$", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "!$&'()*+,;=:@-._~/"


def surt(url: str) -> str:
    """The key of an address, e.g. ``com,example)/a?b=1``. Never raises: what is no URL is its own key, escaped."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return escape(url)
    if not host:
        return escape(url)
    authority = f"[{host}]" if ":" in host else ",".join(reversed(_WWW.sub("", ascii_host(host)).strip(".").split(".")))
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme.lower()):
        authority += f":{port}"
    return f"{authority}){_path_key(parts.path)}{_query_key(parts.query)}"


def _path_key(path: str) -> str:
    path = _PATH_SESSION.sub("", path)
    clean = quote(unquote_to_bytes(path), safe=_SAFE).lower()
    clean = re.sub(r"/{2,}", "/", clean)
    return (clean.rstrip("/") or "/") if clean.startswith("/") else "/" + clean.rstrip("/")


def _query_key(query: str) -> str:
    pairs = [p for p in query.split("&") if p and not _SESSION.match(p)]
    if not pairs:
        return ""
    return "?" + quote("&".join(sorted(pairs)).lower(), safe=_SAFE + "?%")


def ascii_host(host: str) -> str:
    """A host name in lower-case ASCII (IDNA); one that cannot be encoded is percent-escaped, never dropped."""
    host = host.lower()
    if host.isascii():
        return escape(host)
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host.encode("utf-8", "replace"))


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
    """The address safe for a header, a log line or a terminal: control characters, blanks and lone surrogates percent-escaped."""
    return _UNSAFE.sub(lambda m: quote(m.group().encode("utf-8", "surrogatepass")), url)
