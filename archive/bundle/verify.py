"""Re-read a whole bundle: container, hashes, signature, every record, the index, every page, document and source.

Nothing but the bundle is needed. Bundles of other makers are checked as far as WACZ 1.1.1 goes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from isal import isal_zlib

from archive.audit.damage import Damage, VerifyReport
from archive.audit.evidence import Evidence, Reference, row_of
from archive.audit.objects import Findings
from archive.bundle.package import DIGEST, PACKAGE
from archive.bundle.reader import Bundle
from archive.bundle.sign import check_signature
from archive.bundle.source import Source
from archive.bundle.verify_index import Captures, check_index
from archive.bundle.verify_tables import PAGES, Texts, check_bundle_events, check_documents, check_pages, check_sources
from archive.digests import sha256_hex
from archive.errors import DamageError, KeyMissing
from archive.store.base import Store
from archive.warc.verify import Broken, Place, scan_warc

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMA = "warcite.bundle/1"

Progress = Callable[[int, int, str], None]
"""Told the bytes done, the bytes there are, and the file that was finished."""

_CHUNK = 1 << 20


def verify_bundle(source: Source, trusted: Ed25519PublicKey | None = None, progress: Progress = lambda *_: None) -> VerifyReport:
    """Every damage, with the file of the bundle and the record that it is in. With ``trusted``, only that key's signature will do.

    Memory is that of one record, whatever the size of the bundle. Raises `StoreError` when the source does not answer.
    """
    try:
        bundle = Bundle(source)
    except DamageError as error:
        return VerifyReport({}, [Damage("zip", source.name, None, None, str(error))], [])
    return _BundleAudit(bundle, trusted, progress).run()


class _BundleAudit:
    def __init__(self, bundle: Bundle, trusted: Ed25519PublicKey | None, progress: Progress) -> None:
        self._bundle, self._trusted, self._progress = bundle, trusted, progress
        self._found = Findings(cast("Store", bundle))  # of a store, only `open_range` is asked for
        self._notes: list[str] = []
        self._done = 0
        self._references: list[Reference] = []
        self._hashes: dict[str, str] = {}

    def run(self) -> VerifyReport:
        for name, detail in self._bundle.directory.faults:
            self._found.damage("zip", name or self._bundle.source.name, detail)
        package = self._read_package()
        counts = _counts_of(package)
        ours = counts is not None
        with Evidence() as evidence, Captures() as captures, Texts() as texts:
            self._read_files(evidence, captures)
            self._check_resources()
            self._check_references(evidence, ours=ours)
            check_index(self._bundle, self._found, captures, ours=ours)
            if counts is not None:
                check_documents(self._bundle, self._found, evidence, counts, texts)
                check_bundle_events(self._bundle, self._found, counts)
                check_sources(self._bundle, self._found, evidence, counts)
            check_pages(self._bundle, self._found, captures, counts, texts)
        return self._report()

    # --- the package ------------------------------------------------------------------------------

    def _read_package(self) -> dict[str, Any]:
        """What can be read of datapackage.json; its digest and signature are compared."""
        package: dict[str, Any] = {}
        try:
            package = self._bundle.package()
            if package.get("profile") not in {"data-package", "wacz-package", None}:
                self._found.damage("package", PACKAGE, f"its profile is {str(package['profile'])[:80]!r}")
            if not str(package.get("wacz_version")).startswith("1."):
                self._found.damage("package", PACKAGE, f"its wacz_version is {str(package.get('wacz_version'))[:80]!r}")
        except (DamageError, KeyMissing) as error:
            self._found.damage("package", PACKAGE, str(error))
        self._check_digest()
        for folder, what in (("archive/", "no WARC"), ("indexes/", "no index"), (PAGES, "no list of pages")):
            if not self._bundle.names(folder):
                self._found.damage("package", folder, f"there is {what} in it")
        return package

    def _check_digest(self) -> None:
        try:
            digest = self._bundle.digest()
            true = f"sha256:{sha256_hex(self._bundle.text(PACKAGE))}"
        except KeyMissing as error:
            self._found.damage("package", DIGEST, str(error))
            return
        except DamageError as error:
            self._found.damage("package", DIGEST, str(error))
            return
        if digest.get("path") != PACKAGE or digest.get("hash") != true:
            self._found.damage("package", DIGEST, f"it is not the digest of {PACKAGE}, whose hash is {true}")
        try:
            signer = check_signature(digest, self._trusted)
        except DamageError as error:
            self._found.damage("signature", DIGEST, str(error))
        else:
            self._notes.append(f"signed by {signer}" if signer else "not signed")

    def _check_resources(self) -> None:
        """What is listed is there, once, with its size and hash; and what is there is listed."""
        listed: Counter[str] = Counter()
        try:
            resources = list(self._bundle.resources())
        except (DamageError, KeyMissing):
            return  # said already
        for resource in resources:
            path = resource["path"]
            listed[path] += 1
            entry = self._bundle.entries.get(path)
            if entry is None:
                self._found.damage("missing-object", path, f"{PACKAGE} lists it; it is not there")
                continue
            if resource.get("bytes") != entry.size:
                self._found.damage("object-changed", path, f"{entry.size} bytes, not {resource.get('bytes')}")
            kind, _, digest = str(resource.get("hash")).partition(":")
            if kind == "sha256" and path in self._hashes and digest != self._hashes[path]:
                self._found.damage("object-changed", path, f"SHA-256 is {self._hashes[path]}, not {digest[:64]}")
            elif kind != "sha256":
                self._found.damage("package", PACKAGE, f"{path}: its hash is no SHA-256")
        for path, count in listed.items():
            if count > 1:
                self._found.damage("package", PACKAGE, f"it lists {path} {count} times")
        for name in self._bundle.entries.keys() - listed.keys() - {PACKAGE, DIGEST}:
            self._found.damage("package", name, f"{PACKAGE} does not list it")

    # --- files and records ------------------------------------------------------------------------

    def _read_files(self, evidence: Evidence, captures: Captures) -> None:
        """Every byte, once; WARCs record by record."""
        total = sum(entry.size for entry in self._bundle.directory.entries)
        self._progress(0, total, "")
        for name, entry in sorted(self._bundle.entries.items()):
            if not entry.data:
                continue
            with self._bundle.open_range(name) as raw:
                stream = _Checked(raw)
                try:
                    if name.startswith("archive/"):
                        self._read_warc(name, stream, evidence, captures)
                    stream.finish()
                except (DamageError, OSError) as error:
                    self._found.damage("zip", name, f"cannot be read: {error}")
            if (stream.size, stream.crc) != (entry.size, entry.crc):
                self._found.damage("zip", name, f"{stream.size} bytes with CRC-32 {stream.crc:08x}, not {entry.size} with {entry.crc:08x}")
            self._hashes[name] = stream.sha256()
            self._found.count(name, "files")
            self._done += entry.size
            self._progress(self._done, total, name)
        evidence.complete()

    def _read_warc(self, name: str, stream: _Checked, evidence: Evidence, captures: Captures) -> None:
        if not name.endswith((".warc", ".warc.gz")):
            self._found.damage("package", name, "it is no WARC, and stands among them")
            return
        if self._bundle.entries[name].method:
            self._found.damage("package", name, "it is deflated: players cannot read a record by its place")
        rows: list[tuple[object, ...]] = []
        references: list[Reference] = []
        for item in scan_warc(stream, name):
            if isinstance(item, Damage):
                self._found.damages.append(item)
            elif isinstance(item, Broken):
                self._found.damage("gzip", name, item.detail)
            else:
                rows.append(row_of(item))
                captures.add(item, stream.taken(item))
                references += [Reference(item, *reference) for reference in item.references]
        evidence.add(rows)
        own = {row[0] for row in rows}
        self._references += [reference for reference in references if reference.target not in own]
        self._found.count(name, "records", len(rows))

    def _check_references(self, evidence: Evidence, *, ours: bool) -> None:
        """All that records refer to is in the bundle, what revisits stand for above all; and ids are unique."""
        for source, header, target in self._references:
            if evidence.by_id(target) is None and (ours or header != "WARC-Refers-To"):
                detail = f"at offset {source.offset}: {header} points at {target[:60]}, which is not in the bundle"
                self._found.damage("reference", source.file, detail, record_id=source.record_id, url=source.url)
        for place in (place for place in evidence.repeated() if place.type != "warcinfo"):  # each part of a segment begins with its own
            detail = f"at offset {place.offset}: the record id is not the only one of its kind"
            self._found.damage("duplicate-id", place.file, detail, record_id=place.record_id, url=place.url)

    def _report(self) -> VerifyReport:
        checked: Counter[str] = sum(self._found.counts.values(), Counter())
        checked.pop("objects", None)
        return VerifyReport(dict(sorted(checked.items())), list(dict.fromkeys(self._found.damages)), self._notes)


class _Checked:
    """A stream that hashes what it gives, and keeps the bytes of records until their digest is asked for."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._kept = bytearray()
        self._kept_at = 0
        self.size = 0
        self.crc = 0

    def read(self, size: int, /) -> bytes:
        return self._read(size, keep=True)

    def _read(self, size: int, *, keep: bool) -> bytes:
        data: bytes = self._stream.read(size)
        self._sha256.update(data)
        self.crc = isal_zlib.crc32(data, self.crc)
        self.size += len(data)
        if keep:
            self._kept += data
        return data

    def taken(self, place: Place) -> str:
        """SHA-256 of a record's member. Records come in the order of the file; what is before this one is dropped."""
        start = place.offset - self._kept_at
        digest = hashlib.sha256(memoryview(self._kept)[start : start + place.length]).hexdigest()
        del self._kept[: start + place.length]
        self._kept_at = place.offset + place.length
        return digest

    def finish(self) -> None:
        while self._read(_CHUNK, keep=False):
            pass

    def sha256(self) -> str:
        return self._sha256.hexdigest()


def _counts_of(package: dict[str, Any]) -> dict[str, Any] | None:
    """What a bundle of ours says is in it; None for bundles of others."""
    said = package.get("warcite")
    if not isinstance(said, dict) or said.get("schema") != SCHEMA:
        return None
    counts = said.get("counts")
    return counts if isinstance(counts, dict) else {}
