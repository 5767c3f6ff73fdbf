"""Hits for people to read."""

from __future__ import annotations

from collections.abc import Iterator

from archive.console import plain
from archive.outcomes import OutcomeWord
from archive.search.found import Found, Hit, Snippet

_BOLD, _DIM, _MARK, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"


def shown_hits(found: Found, *, colour: bool) -> Iterator[str]:
    """Lines that are safe for a terminal; with ``colour`` the words that were found stand out."""
    for hit in found.hits:
        yield _styled(plain(_flat(hit.title or hit.url)), _BOLD, colour)
        yield "  " + _styled(plain(_facts(hit)), _DIM, colour)
        yield "  " + plain(_flat(hit.final_url))
        if hit.snippet is not None and hit.snippet.text:
            yield "  " + _marked(hit.snippet, colour)
        for event in hit.events:
            yield "  " + plain(_flat(f"cited by {event.date or 'undated'} {event.title} ({event.digest_file})"))
        yield ""


def summary(found: Found) -> str:
    if not found.found:
        return f"nothing found in {found.documents} documents"
    return f"{len(found.hits)} shown, {found.found} found in {found.documents} documents"


def _facts(hit: Hit) -> str:
    dated = (hit.date_published or "")[:10]
    more = f"{hit.captures} captures, this one of {hit.captured_at[:10]}" if hit.captures > 1 else f"captured {hit.captured_at[:10]}"
    outcome = "" if hit.outcome == OutcomeWord.CAPTURED else hit.outcome
    via = "from a WARC file" if hit.via == "warc-file" else ""
    return _flat(" \N{MIDDLE DOT} ".join(filter(None, (hit.site_name or hit.host, dated, hit.language, more, outcome, via))))


def _marked(snippet: Snippet, colour: bool) -> str:
    text = plain(snippet.text)  # as long as before: marks stay where they are
    if not colour:
        return text
    parts, end = list[str](), 0
    for start, stop in snippet.marks:
        parts += [text[end:start], _MARK, text[start:stop], _OFF]
        end = stop
    return "".join(parts) + text[end:]


def _styled(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{_OFF}" if colour else text


def _flat(text: str) -> str:
    return " ".join(text.split())
