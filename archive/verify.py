"""Re-read and re-hash a whole archive: manifests, every record, the index, every document, every reference between them."""

from __future__ import annotations

from collections.abc import Callable

from archive import layout, manifests
from archive.audit.damage import Damage, VerifyReport
from archive.audit.evidence import Evidence
from archive.audit.objects import Findings, Hashing
from archive.audit.rows import check_documents, check_events, check_index, check_outcomes, gather_index
from archive.errors import DamageError, KeyMissing
from archive.index.cdxj import parse_line
from archive.model import Manifest, StoredObject
from archive.store.base import Store
from archive.warc.verify import Broken, scan_warc

__all__ = ["Damage", "VerifyReport", "verify_archive"]

_KINDS = ("warc", "cdxj", "documents", "events")


def verify_archive(store: Store, progress: Callable[[str], None] | None = None) -> VerifyReport:
    """Check everything that manifests vouch for; ``progress`` is told the key of each object as it is opened.

    Memory is that of one manifest and one record, whatever the size of the archive. Raises `StoreError` when the store does not answer.
    """
    say = progress or (lambda _: None)
    with Evidence() as evidence:
        found = Findings(store, evidence)
        named = _read_warcs(found, say)
        evidence.complete()
        _name_broken(found)
        check_index(found)
        _check_identities(found)
        _read_rows(found, say)
        _note_unnamed(found, named)
        return VerifyReport(dict(found.checked), found.damages, found.notes)
