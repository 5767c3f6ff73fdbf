"""An archive in a folder, taken apart enough to be damaged on purpose: by accident, or by someone who makes the manifest vouch for it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from isal import igzip_lib

from archive import layout, manifests
from archive.digests import sha256_hex
from archive.model import Manifest, StoredObject, TargetOutcome
from archive.store.local import LocalStore
from archive.warc.verify import Place, scan_warc

NOWHERE = "<urn:uuid:99999999-9999-4999-8999-999999999999>"


@dataclass(frozen=True, slots=True)
class Expected:
    """What `verify` has to say of a damage: its kind, the file, and whose page is concerned, where one is."""

    kind: str
    object: str
    url: str | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Damaging:
    """One way to damage an archive. ``part`` says what is touched, ``forged`` whether the manifest was made to vouch for it."""

    name: str
    part: str  # "warc", "cdxj", "documents", "events", "manifest", "ledger", "archive"
    forged: bool
    apply: Callable[[Subject], list[Expected]]


class Subject:
    """``page`` and ``other`` are two pages with documents in the manifest that is damaged; ``rest`` is another manifest."""

    def __init__(self, root: Path, ledger: Path) -> None:
        self.root = root
        self.ledger = ledger
        self.store = LocalStore(root)
        committed = [m for _, m in manifests.load_all(self.store)]
        self.manifest = max(committed, key=_wealth)
        others = [m for m in committed if m is not self.manifest and any(o.kind == "warc" for o in m.objects)]
        self.rest = others[0]
        self.places = self.scan(self.key("warc"))
        ids = {place.record_id: place for place in self.places if place.type == "response"}
        read = [o for o in self.manifest.outcomes if o.text_outcome is not None and o.record_id in ids and o.final_url == o.url]
        self.page, self.other = read[0], read[1]
        self.at, self.other_at = ids[self.page.record_id or ""], ids[self.other.record_id or ""]

    # --- what there is ----------------------------------------------------------------------------

    def stored(self, kind: str, manifest: Manifest | None = None) -> StoredObject:
        return next(o for o in (manifest or self.manifest).objects if o.kind == kind)

    def key(self, kind: str, manifest: Manifest | None = None) -> str:
        return self.stored(kind, manifest).key

    def path(self, key: str) -> Path:
        return self.root / key

    def data(self, kind: str) -> bytes:
        return self.path(self.key(kind)).read_bytes()

    @property
    def manifest_key(self) -> str:
        return layout.manifest(self.manifest.segment)

    def scan(self, key: str) -> list[Place]:
        with self.path(key).open("rb") as stream:
            return [found for found in scan_warc(stream, key) if isinstance(found, Place)]

    def after(self, place: Place, warc_type: str) -> Place:
        """The next record of a type behind one."""
        return next(p for p in self.places if p.offset > place.offset and p.type == warc_type)

    def damage(self, kind: str, object_key: str, outcome: TargetOutcome | None = None) -> list[Expected]:
        return [Expected(kind, object_key, outcome.url if outcome else None, outcome.record_id if outcome else None)]

    # --- accidents --------------------------------------------------------------------------------

    def change(self, key: str, edit: Callable[[bytes], bytes]) -> None:
        """Other bytes under the same name."""
        path = self.path(key)
        before = path.read_bytes()
        after = edit(before)
        assert before != after, "nothing was damaged"
        path.write_bytes(after)

    # --- forgeries --------------------------------------------------------------------------------

    def vouch(self, **changes: Any) -> None:
        """Commit another manifest under the same name, its SHA-256 right."""
        self.manifest = replace(self.manifest, **changes)
        self.path(self.manifest_key).write_bytes(manifests.encode(self.manifest))

    def outcomes(self, edit: Callable[[TargetOutcome], TargetOutcome]) -> None:
        """Edit the page's outcome, with counts that fit."""
        rows = tuple(edit(o) if o is self.page else o for o in self.manifest.outcomes)
        counts = {word: sum(o.outcome == word for o in rows) for word in self.manifest.counts}
        self.vouch(outcomes=rows, counts=counts)

    def put(self, kind: str, data: bytes, rows: int | None = None) -> str:
        """Other bytes for an object of the manifest, which vouches for them; returns the new key."""
        old, digest = self.stored(kind), sha256_hex(data)
        new = replace(old, key=layout.data(kind, digest), size=len(data), sha256=digest, rows=old.rows if rows is None else rows)
        self.store.put(new.key, data, digest)
        if new.key != old.key:
            self.path(old.key).unlink()
        self.vouch(objects=tuple(new if o is old else o for o in self.manifest.objects))
        return new.key

    def lines(self, kind: str, edit: Callable[[list[bytes]], list[bytes]]) -> str:
        """Edit the lines of an index, documents or events object."""
        lines = edit(gzip.decompress(self.data(kind)).splitlines(keepends=True))
        return self.put(kind, pack(b"".join(lines)), len(b"".join(lines).splitlines()))

    def document(self, edit: Callable[[dict[str, Any]], None]) -> list[Expected]:
        """Edit the page's document; what must be found."""

        def edited(raw: bytes) -> bytes:
            row = json.loads(raw)
            if row["warc_record_id"] == self.page.record_id:
                edit(row)
            return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"

        key = self.lines("documents", lambda lines: [edited(raw) for raw in lines])
        return [Expected("document", key, self.page.url)]

    def record(self, place: Place, edit: Callable[[bytes], bytes]) -> str:
        """Another record in the place of one, with an index and documents that follow it; returns the WARC's new key."""
        data = self.data("warc")
        before = gzip.decompress(data[place.offset :][: place.length])
        after = edit(before)
        assert before != after, "nothing was forged"
        return self.warc(data[: place.offset] + pack(after) + data[place.offset + place.length :])

    def warc(self, data: bytes) -> str:
        """Another WARC, with an index and documents that fit what can be read of it."""
        key = layout.data("warc", sha256_hex(data))
        places = [found for found in scan_warc(io.BytesIO(data), key) if isinstance(found, Place)]
        self.put("warc", data, len(places))
        index = sorted({place.line for place in places if place.line is not None})
        self.put("cdxj", pack(b"".join(index)), len(index))
        self.lines("documents", lambda lines: [_moved(raw, places, key) for raw in lines])
        return key


def _wealth(manifest: Manifest) -> tuple[int, int]:
    """Objects of every kind are wanted, then pages."""
    return len({o.kind for o in manifest.objects}), sum(o.text_outcome is not None for o in manifest.outcomes)


def _moved(raw: bytes, places: Iterable[Place], key: str) -> bytes:
    row = json.loads(raw)
    row["warc_file"] = key
    for place in places:
        if place.record_id == row["warc_record_id"]:
            row |= {"warc_offset": place.offset, "warc_length": place.length}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def pack(data: bytes) -> bytes:
    packed: bytes = igzip_lib.compress(data, 3, igzip_lib.COMP_GZIP)
    return packed
