"""What the status of an answer says of the address that was asked: one table, for what is fetched and for what is taken over."""

from __future__ import annotations

from archive.model import Truncated
from archive.outcomes import OutcomeWord, Reason

_REFUSALS = {
    401: (OutcomeWord.BLOCKED, Reason.UNAUTHORIZED),
    403: (OutcomeWord.BLOCKED, Reason.FORBIDDEN),
    404: (OutcomeWord.GONE, Reason.NOT_FOUND),
    407: (OutcomeWord.BLOCKED, Reason.UNAUTHORIZED),
    410: (OutcomeWord.GONE, Reason.REMOVED),
    429: (OutcomeWord.BLOCKED, Reason.RATE_LIMITED),
    451: (OutcomeWord.BLOCKED, Reason.LEGAL),
}

_CUT: dict[Truncated, Reason] = {
    "disconnect": Reason.TRUNCATED,
    "time": Reason.TIMEOUT,
    "length": Reason.TOO_LARGE,
}


def judge_status(status: int | None, truncated: Truncated | None) -> tuple[OutcomeWord, Reason]:
    """The outcome by status alone (RFC 9110 section 15); a 3xx is one that leads nowhere. None is an answer that is not HTTP."""
    if status is None or not 100 <= status <= 999:
        return OutcomeWord.ERROR, Reason.PROTOCOL
    if status in _REFUSALS:
        return _REFUSALS[status]
    if truncated:
        return OutcomeWord.ERROR, _CUT[truncated]
    if 200 <= status < 300:
        return OutcomeWord.CAPTURED, Reason.OK
    return OutcomeWord.ERROR, Reason.SERVER_ERROR if status >= 500 else Reason.HTTP_ERROR


def judge_revisit(*, not_modified: bool) -> tuple[OutcomeWord, Reason]:
    """The outcome of an answer that is recorded as a revisit: the page is the one that is kept."""
    return OutcomeWord.UNCHANGED, Reason.NOT_MODIFIED if not_modified else Reason.SAME_PAYLOAD
