"""How a fetch ended, as an outcome with its reason: pure functions from status, redirects and exceptions (no text is read here)."""

from __future__ import annotations

from archive.model import OutcomeWord, Reason, Truncated
from archive.statuses import judge_status
from archive.urls import is_front_page, surt

RETRIED_STATUSES = frozenset({408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers that may be another next time (RFC 9110 section 15; 52x are a CDN's own)."""

RETRIED_REASONS = frozenset(
    {
        *(Reason.CONNECT, Reason.TIMEOUT, Reason.DISCONNECTED, Reason.TRUNCATED, Reason.DNS, Reason.ROBOTS_UNAVAILABLE),
    }
)


def judge_response(status: int, truncated: Truncated | None, asked: str, answered: str) -> tuple[OutcomeWord, Reason]:
    """The outcome of a final response.

    ``asked`` is the address as cited, ``answered`` the one after redirects: an article that ends on a front page is gone.
    """
    outcome, reason = judge_status(status, truncated)
    if outcome is OutcomeWord.CAPTURED and is_front_page(answered) and not is_front_page(asked) and surt(asked) != surt(answered):
        return OutcomeWord.GONE, Reason.FRONT_PAGE
    return outcome, reason


def retry_wait(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next attempt: what the server asked for, at most 10 minutes, else 1, 2, 4 ... at most 60."""
    if retry_after is not None:
        return min(max(retry_after, 0.0), 600.0)
    return float(min(2 ** (attempts - 1), 60))


_NOT_DEAD = frozenset({Reason.TOO_LARGE, Reason.INTERNAL})
"""Errors that say nothing of the page: it is there, or we are at fault."""


def is_rescuable(outcome: OutcomeWord, reason: Reason, *, blocked: bool) -> bool:
    """Whether a web archive is worth asking for what a fetch did not bring; with ``blocked`` also for what its site refuses."""
    match outcome:
        case OutcomeWord.GONE:
            return True
        case OutcomeWord.ERROR:
            return reason not in _NOT_DEAD
        case OutcomeWord.BLOCKED:
            return blocked
        case _:
            return False
