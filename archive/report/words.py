"""Words that reports count by."""

from __future__ import annotations

from http import HTTPStatus

from archive.model import OutcomeWord

KEPT = (OutcomeWord.CAPTURED, OutcomeWord.UNCHANGED, OutcomeWord.RESCUED)
"""Outcomes that leave a page of the source in the archive."""

NO_DOCUMENT = "no-document"

CHANGES = {
    "new": "never fetched before",
    "same": "the same page as before",
    "text": "another text than before",
    "not-compared": "kept before and now, but the two texts were made by different versions, or one is missing",
    "newly-gone": "kept before, gone now",
    "newly-failing": "kept before, not gone, but not kept now",
    "back": "not kept before, kept now",
    "still-failing": "kept neither before nor now",
}
"""What became of a source since the last time; each source is one of these."""

_OWN = {
    418: "I'm a Teapot",
    451: "Unavailable For Legal Reasons",
    499: "Client Closed Request",
    520: "Web Server Returned an Unknown Error",
}


VIAS = {
    "live": "from their own sites",
    "archive": "copies that a web archive played back",
    "warc-copy": "copies out of a web archive's WARC files",
    "warc-file": "taken over from WARC files of other tools (warcite add)",
    "browser": "by a browser",
}
"""How the answers of sources came."""


def meaning_of(status: int | None) -> str:
    if status is None:
        return "no answer, or not asked"
    try:
        return _OWN.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "not a registered status"


STATES = {
    "complete": "complete: every source is kept",
    "partial": "finished; some sources could not be kept",
    "none": "finished; no source could be kept",
    "interrupted": "interrupted; the same command again continues",
    "failed": "stopped by an error",
    "nothing-to-do": "nothing to do: every source had its outcome already",
}
"""How a run ended, in words."""
