"""Re-read and re-hash a whole archive: manifests, every record, the index, every document, every reference between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archive import layout, manifests
from archive.audit.commits import check_manifest, check_outcomes
from archive.audit.damage import Damage, VerifyReport
from archive.audit.documents import check_documents, check_events
from archive.audit.evidence import Evidence
from archive.audit.indexes import check_index, gather_index
from archive.audit.objects import Findings
from archive.audit.warcs import check_identities, read_warc
from archive.errors import DamageError
from archive.model import Manifest, StoredObject
from archive.store.base import Store

__all__ = ["Damage", "VerifyReport", "verify_archive"]

Progress = Callable[[str], None]


def verify_archive(store: Store, progress: Progress | None = None) -> VerifyReport:
    """Check everything that manifests vouch for; ``progress`` is told the key of each object as it is opened.

    Two passes over the manifests: WARCs and indexes first, then what speaks about their records. Memory is that of one manifest and one
    record, whatever the size of the archive. Raises `StoreError` when the store does not answer.
    """
    say = progress or (lambda _: None)
    with Evidence() as evidence:
        found = Findings(store, evidence)
        named: set[str] = set()
        for key, manifest in _manifests(found):
            say(key)
            check_manifest(found, key, manifest)
            _read_records(found, manifest, named, say)
        evidence.complete()
        check_index(found)
        check_identities(found)
        for key, manifest in _manifests(found, again=True):
            check_outcomes(found, key, manifest)
            _read_rows(found, manifest, named, say)
        _note_unnamed(found, named)
    return VerifyReport(dict(found.checked), found.damages, found.notes)


def _manifests(found: Findings, *, again: bool = False) -> Iterator[tuple[str, Manifest]]:
    """Every manifest that can be read; one that cannot is a damage, once."""
    for stat in found.store.list(layout.MANIFESTS):
        try:
            yield stat.key, manifests.load(found.store, stat.key)
        except DamageError as error:
            if not again:
                found.damage("manifest", stat.key, str(error).removeprefix(f"{stat.key}: "))
            continue
        if not again:
            found.checked["manifests"] += 1


def _read_records(found: Findings, manifest: Manifest, named: set[str], say: Progress) -> None:
    """Indexes before WARCs: they know whose page a broken record was. An object that two manifests name is read once."""
    for stored in sorted(manifest.objects, key=lambda o: ("cdxj", "warc").index(o.kind) if o.kind in {"cdxj", "warc"} else 2):
        if _is_new(found, stored, named, say, {"cdxj", "warc"}):
            if stored.kind == "cdxj":
                gather_index(found, manifest, stored)
            else:
                read_warc(found, stored)


def _read_rows(found: Findings, manifest: Manifest, named: set[str], say: Progress) -> None:
    for stored in manifest.objects:
        if _is_new(found, stored, named, say, {"documents", "events"}):
            if stored.kind == "documents":
                check_documents(found, stored)
            else:
                check_events(found, stored)


def _is_new(found: Findings, stored: StoredObject, named: set[str], say: Progress, kinds: set[str]) -> bool:
    if stored.kind not in kinds or stored.key in named:
        return False
    named.add(stored.key)
    found.checked["objects"] += 1
    say(stored.key)
    return True


def _note_unnamed(found: Findings, named: set[str]) -> None:
    """Data objects that no manifest names are no damage: an upload that was never committed, and what the sweep is for."""
    for prefix in ("warc/", "cdxj/", "documents/", "events/"):
        for stat in found.store.list(prefix):
            if stat.key not in named:
                found.notes.append(f"{stat.key} ({stat.size} bytes) is named by no manifest")
