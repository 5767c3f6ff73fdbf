"""A manifest by itself, and what its outcomes say about records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from archive import layout, manifests
from archive.audit.objects import Findings
from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.model import Manifest, OutcomeWord, TargetOutcome
from archive.spool.ledger import final_state
from archive.urls import surt, target_uri
from archive.warc.verify import Place

CAPTURES = frozenset({"response", "revisit"})
_URN = "urn:warcite:sha256:"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_manifest(found: Findings, key: str) -> Manifest | None:
    """The manifest; a damaged one, as far as it can be read, so that what was changed in it is named. None when it cannot be read."""
    data = found.store.get(key)
    try:
        manifest = manifests.decode(data)
        if manifest.segment != manifests.segment_of(key):
            raise DamageError(f"the manifest is of segment {manifest.segment[:80]!r}")
    except DamageError as error:
        found.damage("manifest", key, str(error))
        return _salvaged(data)
    return manifest


def _salvaged(data: bytes) -> Manifest | None:
    """What an edited manifest says, for its objects and outcomes to be compared. It leads to no object but those named as ours are."""
    try:
        manifest = TypeAdapter(Manifest).validate_json(data, strict=True)
    except ValidationError:
        return None
    objects = tuple(o for o in manifest.objects if _SHA256.fullmatch(o.sha256) and o.key == layout.data(o.kind, o.sha256))
    return replace(manifest, objects=objects, depends_on=(), supersedes=None, previous=None)


def check_manifest(found: Findings, key: str, manifest: Manifest) -> None:
    """Counts are those of the outcomes, and every target ends once."""
    counted = Counter(outcome.outcome.value for outcome in manifest.outcomes)
    if manifest.counts != {word.value: counted[word.value] for word in OutcomeWord}:
        found.damage("manifest", key, f"its counts are not those of its {len(manifest.outcomes)} outcomes")
    repeated = {k for k, count in Counter(o.key for o in manifest.outcomes).items() if count > 1}
    for outcome in manifest.outcomes:
        if outcome.key in repeated:
            found.damage("outcome", key, "the target has two outcomes", record_id=outcome.record_id, url=outcome.url)
            repeated.discard(outcome.key)
        if outcome.state != final_state(outcome.outcome, outcome.reason):
            detail = f"its state is {outcome.state}, which does not fit {outcome.outcome} ({outcome.reason})"
            found.damage("outcome", key, detail, record_id=outcome.record_id, url=outcome.url)


def check_key(found: Findings, key: str, outcome: TargetOutcome, place: Place | None) -> None:
    """Its SURT is that of its address. The index line of its record, checked already, often has it."""
    known = place.line.partition(b" ")[0].decode() if place is not None and place.line and place.url == outcome.url else surt(outcome.url)
    if outcome.key != known:
        detail = f"its key is {outcome.key[:200]!r}, not that of its address"
        found.damage("outcome", key, detail, record_id=outcome.record_id, url=outcome.url)


def outcome_faults(outcome: TargetOutcome, place: Place) -> Iterator[str]:
    """In what an outcome differs from the record it names."""
    if outcome.captured_at is not None and outcome.captured_at != place.date:
        yield f"captured_at is {outcome.captured_at!r}, its record says {place.date!r}"
    if outcome.via in {"archive", "warc-copy"}:  # the record is of an archive's address
        return
    if place.status is not None and place.type == "response" and outcome.http_status != place.status:
        yield f"http_status is {outcome.http_status}, its record says {place.status}"
    final = outcome.final_url or outcome.url
    if place.url is not None and not is_record_of(place.url, {final} if place.type in CAPTURES else {final, outcome.url}):
        yield f"its record is of {place.url!r}"


def is_record_of(uri: str, addresses: set[str]) -> bool:
    """Whether a WARC-Target-URI is that of one of the addresses, in any spelling.

    One too long for a header has a URN in its place (`archive.warc.records`).
    """
    if uri in addresses:
        return True
    if uri.startswith(_URN):
        return uri in {_URN + sha256_hex(target_uri(address).encode("ascii")) for address in addresses}
    return surt(uri) in {surt(address) for address in addresses}
