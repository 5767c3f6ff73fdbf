"""The selection flags, the same for every verb that takes a part of an archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from archive.selection.select import Selection

_PANEL = "Selection"

Events = Annotated[list[str] | None, typer.Option("--event", metavar="ID", help="sources of an event; repeatable", rich_help_panel=_PANEL)]
Digests = Annotated[
    list[str] | None,
    typer.Option("--digest", metavar="FILE", help="sources of a digest: its path as given, a glob, or its SHA-256", rich_help_panel=_PANEL),
]
Runs = Annotated[list[str] | None, typer.Option("--run", metavar="RUN", help="targets of a run, by id, or last", rich_help_panel=_PANEL)]
Hosts = Annotated[list[str] | None, typer.Option("--host", metavar="GLOB", help="of a host, like '*.example.com'", rich_help_panel=_PANEL)]
Urls = Annotated[
    list[str] | None, typer.Option("--url", metavar="GLOB", help="with an address, like '*/politics/*'", rich_help_panel=_PANEL)
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="of events from a day, month or year on; of captures without one", rich_help_panel=_PANEL),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="to the end of a day, month or year", rich_help_panel=_PANEL)]
Outcomes = Annotated[
    str | None, typer.Option("--outcome", metavar="LIST", help="that ended so, like captured,rescued", rich_help_panel=_PANEL)
]
Langs = Annotated[
    str | None, typer.Option("--lang", metavar="LIST", help="whose text is in a language, like en,ar", rich_help_panel=_PANEL)
]
Query = Annotated[
    str | None,
    typer.Option("--query", metavar="WORDS", help='that `warcite search` finds: words, "a phrase", -without...', rich_help_panel=_PANEL),
]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="at most N", rich_help_panel=_PANEL)]

PARAMETERS = ("events", "digests", "runs", "hosts", "urls", "since", "until", "outcomes", "langs", "query", "limit")
"""Names that the parameters of a verb must have for `selection_of`."""


def selection_of(given: Mapping[str, Any]) -> Selection:
    """From the parameters of a verb (``ctx.params``) that are named as in `PARAMETERS`; others are passed over. Raises `InputError`."""
    from archive.selection.select import Selection  # noqa: PLC0415 - pydantic comes with it, and --help needs none

    repeated = {name: tuple(given.get(name) or ()) for name in ("events", "digests", "runs", "hosts", "urls")}
    listed = {name: _listed(given.get(name)) for name in ("outcomes", "langs")}
    plain = {name: given.get(name) for name in ("since", "until", "query", "limit")}
    parts: dict[str, Any] = {**repeated, **listed, **plain}
    return Selection(**parts)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
