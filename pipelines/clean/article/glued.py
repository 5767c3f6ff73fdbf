"""Appeals glued to a sentence of the article, in one text node with it: "... make a difference.The minister said ..."."""

from __future__ import annotations

import re

from pipelines.clean.reasons import Cut

_SEAM = re.compile(r"(?<=[^\W\d_A-Z][.!?…])(?=[A-Z\u00c0-\u00de\u0410-\u042f\"“‘][a-z\u00df-\u00ff\u0430-\u044f]*)")
_APPEALS = (
    (
        Cut.DONATION,
        re.compile(r"\b(?:donat\w+|contribut\w+|support (?:us|our)|fund(?:ed|ing)? (?:by|our)|a difference)\b", re.IGNORECASE),
    ),
    (Cut.NEWSLETTER, re.compile(r"\b(?:newsletters?|your inbox|e-?mail address|subscribe|sign up)\b", re.IGNORECASE)),
    (Cut.SIGN_IN, re.compile(r"\b(?:log ?in|sign in|register(?:ing)?|your account|password)\b", re.IGNORECASE)),
)
_ADDRESS = re.compile(r"\b(?:you|your|us|our|we)\b", re.IGNORECASE)
_MOST = 1200  # characters of an appeal


def split_appeal(text: str) -> tuple[Cut, str, str] | None:
    """The reason, the appeal and the sentence it was glued to; None for a text without such a seam.

    What stands before the seam must speak to the reader, and of money, newsletters or accounts: a missing space alone is a typing error.
    """
    for seam in _SEAM.finditer(text, 0, _MOST):
        appeal = text[: seam.start()]
        if len(text) - seam.start() < 20 or len(_ADDRESS.findall(appeal)) < 2:
            continue
        for reason, wording in _APPEALS:
            if wording.search(appeal):
                return reason, appeal.strip(), text[seam.start() :]
    return None
