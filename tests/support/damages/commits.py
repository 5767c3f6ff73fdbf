"""Manifests, tombstones and the archive's marker: edited, moved, lost; some of them vouching for what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from archive import layout, manifests, takedown
from archive.model import OutcomeWord, Reason
from tests.support.damages.subject import NOWHERE, Damaging, Expected, Subject


def edited(name: str, old: bytes, new: bytes) -> Damaging:
    """Somebody with an editor."""

    def edit(s: Subject) -> list[Expected]:
        def change(data: bytes) -> bytes:
            assert old in data, name
            return data.replace(old, new, 1)

        s.change(s.manifest_key, change)
        return [Expected("manifest", s.manifest_key)]

    return Damaging(f"manifest_with_{name}", "manifest", False, edit)


def rewritten(name: str, edit: Callable[[bytes], bytes]) -> Damaging:
    def change(s: Subject) -> list[Expected]:
        s.change(s.manifest_key, edit)
        return [Expected("manifest", s.manifest_key)]

    return Damaging(f"manifest_{name}", "manifest", False, change)


def vouched(name: str, kind: str, **changes: Callable[[Subject], Any]) -> Damaging:
    """Somebody who makes the manifest's own SHA-256 right."""

    def forge(s: Subject) -> list[Expected]:
        s.vouch(**{field: make(s) for field, make in changes.items()})
        return [Expected(kind, s.manifest_key)]

    return Damaging(f"manifest_vouching_for_{name}", "manifest", True, forge)


def outcome(name: str, kind: str = "outcome", **values: Any) -> Damaging:
    """The page's outcome, in a manifest that vouches for it."""

    def forge(s: Subject) -> list[Expected]:
        s.outcomes(lambda o: replace(o, **values))
        where = s.manifest_key if kind == "outcome" else s.key("documents")
        return [Expected(kind, where, s.page.url)]

    return Damaging(f"outcome_with_{name}", "manifest", True, forge)


def manifest_of_another_archive(s: Subject) -> list[Expected]:
    s.change(s.manifest_key, lambda _: s.path(layout.manifest(s.rest.segment)).read_bytes())
    return [Expected("manifest", s.manifest_key)]


def manifest_renamed(s: Subject) -> list[Expected]:
    new = layout.manifest("00000000-0000-4000-8000-00000000ffff")
    s.path(s.manifest_key).rename(s.path(new))
    return [Expected("manifest", new), Expected("manifest", s.manifest_key)]


def manifest_missing(s: Subject) -> list[Expected]:
    """The ledger knows it, and all that was in it."""
    s.path(s.manifest_key).unlink()
    return [Expected("manifest", s.manifest_key), *s.damage("outcome", s.manifest_key, s.page)]


def manifest_missing_that_another_follows(s: Subject) -> list[Expected]:
    """Without a ledger: the next manifest names it."""
    followed = next(m.previous for _, m in manifests.load_all(s.store) if m.previous)
    s.ledger.unlink()
    s.path(layout.manifest(followed)).unlink()
    return [Expected("manifest", layout.manifest(followed))]


def outcome_twice(s: Subject) -> list[Expected]:
    rows = (*s.manifest.outcomes, s.page)
    s.vouch(outcomes=rows, counts={word: sum(o.outcome == word for o in rows) for word in s.manifest.counts})
    return s.damage("outcome", s.manifest_key, s.page)


def outcome_dropped(s: Subject) -> list[Expected]:
    rows = tuple(o for o in s.manifest.outcomes if o is not s.page)
    s.vouch(outcomes=rows, counts={word: sum(o.outcome == word for o in rows) for word in s.manifest.counts})
    return s.damage("document", s.key("documents"), s.page)


def object_dropped(kind: str, damage: str) -> Damaging:
    def forge(s: Subject) -> list[Expected]:
        s.vouch(objects=tuple(o for o in s.manifest.objects if o.kind != kind))
        return s.damage(damage, s.key("warc") if damage == "index" else s.manifest_key, s.page)

    return Damaging(f"manifest_without_{kind}", "manifest", True, forge)


def marker_missing(s: Subject) -> list[Expected]:
    s.path(layout.ARCHIVE).unlink()
    return [Expected("archive", layout.ARCHIVE)]


def marker_edited(s: Subject) -> list[Expected]:
    s.change(layout.ARCHIVE, lambda data: data.replace(b"1}", b"2}"))
    return [Expected("archive", layout.ARCHIVE)]


def tombstone_edited(s: Subject) -> list[Expected]:
    """The page would be shown again."""
    records = (s.page.record_id or "", s.other.record_id or "")
    made = takedown.take_down(s.store, takedown.plan(records, "asked for", "2020-01-01T00:00:00Z"))
    key = layout.tombstone(made.id)
    s.change(key, lambda data: data.replace((s.page.record_id or "").encode(), NOWHERE.encode()))
    return [Expected("tombstone", key)]


def tombstone_cut(s: Subject) -> list[Expected]:
    made = takedown.take_down(s.store, takedown.plan((s.page.record_id or "",), "asked for", "2020-01-01T00:00:00Z"))
    key = layout.tombstone(made.id)
    s.change(key, lambda data: data[:40])
    return [Expected("tombstone", key)]


def _objects(**values: Any) -> Callable[[Subject], Any]:
    return lambda s: tuple(replace(o, **values) if o.kind == "warc" else o for o in s.manifest.objects)


def _named(part: str, forged: bool, *applies: Callable[[Subject], list[Expected]]) -> list[Damaging]:
    return [Damaging(apply.__name__, part, forged, apply) for apply in applies]


COMMITS: tuple[Damaging, ...] = (
    edited("another_outcome", b'"outcome":"captured"', b'"outcome":"rescued"'),
    edited("an_unknown_outcome", b'"outcome":"captured"', b'"outcome":"kept"'),
    edited("other_attempts", b'"attempts":1', b'"attempts":2'),
    edited("another_detail", b'"detail":""', b'"detail":"all is well"'),
    edited("other_counts", b'"captured":', b'"captured":1'),
    edited("another_key", b'"key":"warc/', b'"key":"warc/../warc/'),
    edited("another_size", b'"size":', b'"size":1'),
    edited("another_hash", b'"sha256":"', b'"sha256":"0'),
    edited("other_rows", b'"rows":', b'"rows":1'),
    edited("another_segment", b'"segment":"', b'"segment":"x'),
    edited("another_schema", b"warcite.manifest/1", b"warcite.manifest/2"),
    edited("an_unknown_key", b'"attempts":1', b'"attempts":1,"more":1'),
    edited("a_key_twice", b'"attempts":1', b'"attempts":1,"attempts":1'),
    edited("a_blank", b'"attempts":1', b'"attempts": 1'),
    edited("nan", b'"attempts":1', b'"attempts":NaN'),
    edited("a_lone_surrogate", b'"detail":""', b'"detail":"\\ud800"'),
    rewritten("with_a_byte_order_mark", lambda data: b"\xef\xbb\xbf" + data),
    rewritten("cut", lambda data: data[: len(data) // 2]),
    rewritten("without_its_end", lambda data: data[:-1]),
    rewritten("emptied", lambda _: b""),
    rewritten("of_zeros", lambda data: bytes(len(data))),
    rewritten("nested_without_end", lambda _: b"[" * 100_000),
    *_named("manifest", False, manifest_of_another_archive, manifest_renamed, manifest_missing, manifest_missing_that_another_follows),
    vouched("other_counts", "manifest", counts=lambda s: s.manifest.counts | {"gone": 77}),
    vouched("another_key", "manifest", objects=_objects(key="warc/../../x")),
    Damaging("manifest_vouching_for_another_size", "manifest", True, lambda s: _changed(s, size=1)),
    Damaging("manifest_vouching_for_other_rows", "manifest", True, lambda s: _changed(s, rows=1)),
    Damaging("manifest_vouching_for_what_is_not_there", "manifest", True, lambda s: _unknown(s, depends_on=(_ELSEWHERE,))),
    Damaging("manifest_after_one_that_is_not_there", "manifest", True, lambda s: _unknown(s, previous=_ELSEWHERE)),
    Damaging("manifest_instead_of_one_that_is_not_there", "manifest", True, lambda s: _unknown(s, supersedes=_ELSEWHERE)),
    outcome("an_unknown_record", record_id=NOWHERE),
    outcome("another_time", captured_at="2001-02-03T04:05:06.000007Z"),
    outcome("another_key", key="example,other)/"),
    outcome("another_status", http_status=404),
    outcome("another_final_address", final_url="http://forged.example/"),
    outcome("another_state", state="failed"),
    outcome("another_word", "document", outcome=OutcomeWord.GONE, reason=Reason.SOFT_404, state="archived"),
    outcome("another_text_outcome", "document", text_outcome=None),
    *_named("manifest", True, outcome_twice, outcome_dropped),
    object_dropped("cdxj", "index"),
    object_dropped("documents", "document"),
    *_named("archive", False, marker_missing, marker_edited, tombstone_edited, tombstone_cut),
)

_ELSEWHERE = "00000000-0000-4000-8000-00000000eeee"


def _changed(s: Subject, **values: int) -> list[Expected]:
    s.vouch(objects=_objects(**values)(s))
    return [Expected("object-changed", s.key("warc"))]


def _unknown(s: Subject, **values: Any) -> list[Expected]:
    s.vouch(**values)
    return [Expected("manifest", layout.manifest(_ELSEWHERE))]
