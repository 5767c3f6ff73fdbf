"""How a target, and the text of a page, can end."""

from __future__ import annotations

import enum


class OutcomeWord(enum.StrEnum):
    """What became of a target: the same word in CLI, JSON, manifests and reports."""

    CAPTURED = "captured"
    UNCHANGED = "unchanged"
    RESCUED = "rescued"
    GONE = "gone"
    BLOCKED = "blocked"
    ERROR = "error"
    SKIPPED = "skipped"


class Reason(enum.StrEnum):
    """Why a target has its outcome."""

    OK = "ok"
    # unchanged
    NOT_MODIFIED = "not-modified"  # the server answered 304
    SAME_PAYLOAD = "same-payload"  # the same bytes again, however they were chunked
    # gone
    NOT_FOUND = "not-found"  # 404
    REMOVED = "removed"  # 410
    FRONT_PAGE = "front-page"  # an article that redirects to its site's front page
    SOFT_404 = "soft-404"  # 200, but the page says it is not there
    PARKED = "parked"  # the site is no more: its name is for sale, or leads to a bare server
    # blocked
    UNAUTHORIZED = "unauthorized"  # 401, 407
    FORBIDDEN = "forbidden"  # 403
    RATE_LIMITED = "rate-limited"  # 429 after the retries
    LEGAL = "legal"  # 451
    CHALLENGE = "challenge"  # a page that asks whether the reader is human
    CONSENT = "consent"  # a page that asks for consent to cookies and shows nothing else
    # error
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"  # closed before a whole response head came
    TRUNCATED = "truncated"  # the body ended early; what came is kept
    TOO_LARGE = "too-large"  # cut at --max-bytes; what came is kept
    PROTOCOL = "protocol"  # not HTTP, or HTTP that cannot be read
    REDIRECTS = "redirects"  # too many hops, or a loop
    HTTP_ERROR = "http-error"  # any other 4xx, or a 3xx that leads nowhere
    SERVER_ERROR = "server-error"  # 5xx after the retries
    INTERNAL = "internal"
    # skipped
    ROBOTS = "robots"
    ROBOTS_UNAVAILABLE = "robots-unavailable"  # RFC 9309 2.3.1.4: 5xx means disallow
    PRIVATE_ADDRESS = "private-address"
    SCHEME = "scheme"
    BAD_URL = "bad-url"


class TextOutcome(enum.StrEnum):
    OK = "ok"
    THIN = "thin"
    NONE = "none"
    NOT_HTML = "not-html"
