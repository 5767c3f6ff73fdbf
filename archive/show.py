"""Find one thing in an archive: an address with its captures and text, an event with its sources, or one capture."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import layout, manifests
from archive.errors import NotFound
from archive.events import newest as newest_told
from archive.generations import fact_of, newest_generations
from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.rows import rows_of
from archive.store import Store
from archive.takedown import taken_down
from archive.urls import surt
from archive.warc.http import decode_body, parse_http
from archive.warc.reader import read_block


@dataclass(slots=True)
class Thing:
    """What was found: outcomes (newest last), the events that cite it, the documents made of it."""

    name: str
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    taken_down: list[dict[str, Any]] = field(default_factory=list)  # tombstones of captures that would be here

    def text(self) -> str:
        return str(self._newest()["text"])

    def _newest(self) -> dict[str, Any]:
        if not self.documents and self.taken_down:
            raise NotFound(f"{self.name}: taken down {self.taken_down[-1]['created_at']}: {self.taken_down[-1]['reason']}")
        if not self.documents:
            raise NotFound(f"{self.name}: no page of it was kept" + (f" ({self.outcomes[-1]['reason']})" if self.outcomes else ""))
        return self.documents[-1]

    def newest_capture(self) -> tuple[str, int, int]:
        """Key of the WARC, offset and length of the newest page."""
        document = self._newest()
        return document["warc_file"], document["warc_offset"], document["warc_length"]

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": "warcite.show/1",
            "name": self.name,
            "outcomes": self.outcomes,
            "events": self.events,
            "documents": self.documents,
            "taken_down": self.taken_down,
        }


def find(store: Store, what: str) -> Thing:
    """Look in every committed segment, oldest first; documents are those of the newest extraction, and what was taken down is not shown.

    Raises `NotFound`, `DamageError`, `StoreError`.
    """
    thing, hidden = Thing(what), taken_down(store)
    committed = sorted((m for _, m in manifests.load_all(store)), key=lambda m: (m.created_at, m.segment))
    generations = newest_generations(fact_of(layout.manifest(m.segment), m) for m in committed)
    thing.events = _told(store, committed, what)
    keys = {surt(c["url"]) for e in thing.events for c in e["citations"]} or {surt(what)}
    record = what if what.startswith("<") else f"<{what}>"
    committed = [m for m in committed if m.supersedes is None]
    mine = [o for m in committed for o in m.outcomes if o.key in keys or o.record_id == record]
    thing.outcomes = [asdict(o) for o in mine]
    records = {o.record_id for o in mine} | {_read_of(committed, o) for o in mine if o.outcome is OutcomeWord.UNCHANGED}
    thing.taken_down = [asdict(hidden[o.record_id]) for o in mine if o.record_id in hidden]
    for manifest in committed:
        if wanted := records.intersection(o.record_id for o in manifest.outcomes) - hidden.keys():
            newest = generations.get(manifest.segment)
            extracted = manifest if newest is None else manifests.load(store, newest)
            thing.documents += [d for d in rows_of(store, extracted, "documents") if d["warc_record_id"] in wanted]
    if not (thing.outcomes or thing.events):
        raise NotFound(f"nothing named {what} in {store.uri}; warcite status --targets lists what there is")
    return thing


def _read_of(committed: list[Manifest], unchanged: TargetOutcome) -> str | None:
    """The record that the text of an unchanged page was read from: the target's last one before."""
    read = [o for m in committed for o in m.outcomes if o.key == unchanged.key and o.outcome is not OutcomeWord.UNCHANGED]
    earlier = [o for o in read if (o.captured_at or "") < (unchanged.captured_at or "")]
    return max(earlier, key=lambda o: o.captured_at or "").record_id if earlier else None


def _told(store: Store, committed: list[Manifest], event_id: str) -> list[dict[str, Any]]:
    """An event as it was told last, and those that took its place when its digest named other sources."""
    chain: dict[str, dict[str, Any]] = {}
    following: str | None = event_id
    while following is not None and following not in chain:
        told = newest_told(e for m in committed for e in rows_of(store, m, "events") if e["id"] == following)
        chain |= told
        following = told[following].get("replaced_by") if told else None
    return list(chain.values())


def raw_response(store: Store, thing: Thing, *, decoded: bool) -> bytes:
    """The newest capture's HTTP response as on the wire, or its body with codings removed."""
    key, offset, length = thing.newest_capture()
    with tempfile.TemporaryDirectory() as directory, store.open_range(key, offset, length) as member:
        path = Path(directory) / "member.warc.gz"
        path.write_bytes(member.read())
        block = read_block(path, 0, length)
    return decode_body(parse_http(block)).body if decoded else block


def shown(thing: Thing) -> Iterator[str]:
    for event in thing.events:
        yield f"{event['date'] or 'undated'}  {event['title']}"
    for outcome in thing.outcomes:
        status = outcome["http_status"] or "-"
        via = "" if outcome["via"] == "live" else f"  via {outcome['via']}: {outcome['detail']}".rstrip(": ")
        yield f"{outcome['captured_at'] or '-'}  {outcome['outcome']:<9} {outcome['reason']:<14} {status}  {outcome['url']}{via}"
    for tombstone in thing.taken_down:
        yield f"taken down {tombstone['created_at']}: {tombstone['reason']}"
    for document in thing.documents:
        yield ""
        yield document["title"] or document["url"]
        byline = ", ".join(document["authors"]) or document["byline"] or ""
        yield " · ".join(x for x in (document["site_name"], byline, document["date_published"]) if x)
        for citation in document["citations"]:
            yield f"cited by {citation['event_date']} {citation['event_title']} ({citation['digest_file']})"
        yield f"{document['warc_file']} @{document['warc_offset']}+{document['warc_length']}"
        yield ""
        yield document["text"]
