"""GET over HTTP as a download needs it: redirects that are checked, answers that must be what was asked for, one connection a server."""

from __future__ import annotations

import base64
import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import unquote, urljoin, urlsplit

from archive.errors import NotFound, StoreError
from archive.urls import target_uri
from crawler.pull.connect import Gate, Origin, origin_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 10
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_NUMBER = re.compile(r"[0-9]{1,15}")  # bytes: a petabyte has 16 digits, and no bundle has one
BROKEN = (OSError, http.client.HTTPException)
"""What a connection that breaks raises; time-outs and TLS too."""


class Interrupted(StoreError):
    """The server or the way to it failed; a while later it may not."""


@dataclass(slots=True)
class Answer:
    """A response whose body is yet to be read. `close` it."""

    url: str  # after redirects
    status: int
    response: http.client.HTTPResponse
    connection: http.client.HTTPConnection

    def header(self, name: str) -> str | None:
        return self.response.headers.get(name)

    def length(self) -> int | None:
        """Bytes of the body, if the answer says. Raises `StoreError` when what it says is no size."""
        values = {value.strip() for value in self.response.headers.get_all("Content-Length", ())}
        if self.header("Transfer-Encoding") or not values:
            return None
        value = values.pop()
        if values or not _NUMBER.fullmatch(value):
            raise StoreError(f"{shown(self.url)}: its Content-Length is no size: {value[:60]!r}")
        return int(value)

    def readinto(self, buffer: memoryview) -> int:
        """Raises `Interrupted` when the body breaks off in a way that can be seen here."""
        try:
            return self.response.readinto(buffer)
        except BROKEN as error:
            raise Interrupted(f"{shown(self.url)}: {_said(error)}") from error

    def close(self) -> None:
        """A body that was not read to its end, or broke off before it, would be taken for the next answer: then the connection goes too."""
        if not self.response.isclosed() or self.response.length:
            self.connection.close()
        self.response.close()


class Web:
    """Used by one thread. Credentials in the address that the user typed go to that server only."""

    def __init__(self, gate: Gate, credentials: Mapping[Origin, str] | None = None) -> None:
        self._gate = gate
        self._credentials = credentials or {}
        self._open: dict[Origin, http.client.HTTPConnection] = {}

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The first answer that is no redirect, of any status. Raises `StoreError`, `Interrupted`."""
        for _ in range(_MAX_REDIRECTS + 1):
            answer = self._ask(target_uri(url), headers or {})
            location = answer.header("Location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            answer.close()
            following = urljoin(url, location)
            if urlsplit(following).scheme not in {"http", "https"} or (url.startswith("https:") and not following.startswith("https:")):
                raise StoreError(f"{shown(url)}: it redirects to {shown(following)}, which is not as safe; not followed")
            url = following
        raise StoreError(f"{shown(url)}: more than {_MAX_REDIRECTS} redirects")

    def _ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        origin, parts = origin_of(url), urlsplit(url)
        connection = self._open.get(origin)
        if connection is None:
            connection = self._open[origin] = self._gate.connection(origin)
        sent = {"User-Agent": f"warcite/{version('warcite')}", "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        if origin in self._credentials:
            sent["Authorization"] = self._credentials[origin]
        try:
            connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=sent)
            response = connection.getresponse()
        except StoreError:
            connection.close()
            raise
        except (*BROKEN, ValueError) as error:
            connection.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise StoreError(f"{shown(url)}: its certificate is not trusted ({error.verify_message})") from error
            raise Interrupted(f"{shown(url)}: {_said(error)}") from error
        return Answer(url, response.status, response, connection)


def require(answer: Answer, *statuses: int) -> None:
    """Raises `NotFound`, `Interrupted` or `StoreError`, with the answer closed, unless it has one of these and no content coding."""
    coding = (answer.header("Content-Encoding") or "identity").strip().lower()
    if answer.status in statuses and coding == "identity":
        return
    answer.close()
    where = shown(answer.url)
    if answer.status in statuses:
        raise StoreError(f"{where}: it comes in the coding {coding[:40]!r}, though none was asked for")
    if answer.status in {404, 410}:
        raise NotFound(f"{where}: not there (HTTP {answer.status})")
    if answer.status in {401, 403}:
        raise StoreError(f"{where}: access denied (HTTP {answer.status}); a signed address may have expired")
    if answer.status in _PASSING:
        raise Interrupted(f"{where}: the server failed (HTTP {answer.status})")
    raise StoreError(f"{where}: HTTP {answer.status}")


def shown(url: str) -> str:
    """An address for people and journals: without its user, and without a query, which may be a signature."""
    return target_uri(url).partition("?")[0].partition("#")[0][:300]


def split_credentials(url: str) -> tuple[str, dict[Origin, str]]:
    """The address without user name and password, and the header value that they are."""
    parts = urlsplit(url)
    if parts.username is None:
        return url, {}
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return bare, {origin_of(bare): f"Basic {base64.b64encode(pair).decode('ascii')}"}


def _said(error: BaseException) -> str:
    return str(error)[:200] or type(error).__name__
