"""What BibTeX and CSL-JSON have in common: a reference with what is known of it, and its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.draft import Draft, Origin, make_event, make_source


@dataclass(slots=True)
class Reference:
    line: int
    title: str = ""
    published: str | None = None  # YYYY-MM-DD
    accessed: str | None = None  # YYYY-MM-DD, when the author last saw it
    label: str = ""
    summary: str = ""
    topics: list[str] = field(default_factory=list)
    addresses: list[tuple[str, int]] = field(default_factory=list)  # as written, with its line


def reference_event(reference: Reference, origin: Origin) -> Iterator[Event | Problem]:
    """The reference as an event. One without an address is an event that cites nothing: it is in the list, so it is shown.

    The date hint of a citation is the day on which the author saw the page, when the reference says so.
    """
    draft = Draft(date=reference.published, title=reference.title, summary=reference.summary, topics=reference.topics)
    for written, line in reference.addresses:
        address = f"http://{written}" if written.lower().startswith("www.") else written
        try:
            source = make_source(address, reference.label, line, reference.accessed or reference.published)
        except InputError as error:
            yield Problem(origin.name, line, str(error))
            continue
        if source.url not in {known.url for known in draft.sources}:
            draft.sources.append(source)
    draft.title = draft.title or next((source.url for source in draft.sources), "")
    if draft.title:
        yield make_event(draft, origin)
    else:
        yield Problem(origin.name, reference.line, "a reference without a title and without an address")
