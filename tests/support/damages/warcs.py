"""Accidents to the files of an archive: the manifest does not know of them."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from archive.warc.verify import Place
from tests.support.damages.subject import Damaging, Expected, Subject

Apply = Callable[[Subject], list[Expected]]


def cut_in_a_member(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, lambda data: data[: s.at.offset + s.at.length // 2])
    return [Expected("gzip", key, s.page.url), Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page)]


def cut_at_a_member_border(s: Subject) -> list[Expected]:
    """No reader of WARCs can see it."""
    key = s.key("warc")
    s.change(key, lambda data: data[: s.at.offset])
    return [Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page), Expected("index", s.key("cdxj"), s.page.url)]


def lost_tail(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, lambda data: data[:-8])
    return [Expected("gzip", key, _page_of_last(s)), Expected("object-changed", key)]


def _page_of_last(s: Subject) -> str | None:
    last = s.places[-1]
    return last.url if last.type != "metadata" or s.places[-2].url == last.url else None


def flipped(where: str, place: Callable[[Subject], Place], position: Callable[[Place], int], named: bool = True) -> Damaging:
    def flip(s: Subject) -> list[Expected]:
        key, at = s.key("warc"), place(s)
        byte = at.offset + position(at)
        s.change(key, lambda data: data[:byte] + bytes([data[byte] ^ 0x10]) + data[byte + 1 :])
        return [Expected("gzip", key, at.url if named else None), Expected("object-changed", key)]

    return Damaging(f"flipped_byte_in_{where}", "warc", False, flip)


def _page(s: Subject) -> Place:
    return s.at


def flipped_gzip_time(s: Subject) -> list[Expected]:
    """Nothing that anyone reads."""
    key, byte = s.key("warc"), s.at.offset + 5
    s.change(key, lambda data: data[:byte] + b"\x77" + data[byte + 1 :])
    return [Expected("object-changed", key)]


def inserted(name: str, junk: bytes) -> Damaging:
    def insert(s: Subject) -> list[Expected]:
        key = s.key("warc")
        s.change(key, lambda data: data[: s.at.offset] + junk + data[s.at.offset :])
        return [Expected("gzip", key, s.page.url), Expected("object-changed", key), Expected("index", s.key("cdxj"), s.page.url)]

    return Damaging(name, "warc", False, insert)


def appended(name: str, junk: bytes) -> Damaging:
    def append(s: Subject) -> list[Expected]:
        key = s.key("warc")
        s.change(key, lambda data: data + junk)
        return [Expected("gzip", key), Expected("object-changed", key)]

    return Damaging(name, "warc", False, append)


def zeros_in_the_middle(s: Subject) -> list[Expected]:
    """What wpull's rollback leaves: the length is right, the bytes are gone."""
    key, end = s.key("warc"), s.at.offset + s.at.length
    s.change(key, lambda data: data[: s.at.offset] + bytes(s.at.length) + data[end:])
    return [Expected("gzip", key, s.page.url), Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page)]


def zeros_at_the_start(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, lambda data: bytes(20) + data[20:])
    return [Expected("gzip", key), Expected("object-changed", key)]


def repeated_last_member(s: Subject) -> list[Expected]:
    key, last = s.key("warc"), s.places[-1]
    s.change(key, lambda data: data + data[last.offset :])
    return [Expected("object-changed", key), Expected("duplicate-id", key, last.url, last.record_id)]


def dropped_member(s: Subject) -> list[Expected]:
    key, end = s.key("warc"), s.at.offset + s.at.length
    s.change(key, lambda data: data[: s.at.offset] + data[end:])
    return [Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page), Expected("index", s.key("cdxj"), s.page.url)]


def members_changed_places(s: Subject) -> list[Expected]:
    key = s.key("warc")
    first, second = sorted([s.at, s.other_at], key=lambda place: place.offset)

    def swap(data: bytes) -> bytes:
        one, two = (data[p.offset : p.offset + p.length] for p in (first, second))
        return data[: first.offset] + two + data[first.offset + first.length : second.offset] + one + data[second.offset + second.length :]

    s.change(key, swap)
    return [Expected("object-changed", key), Expected("index", s.key("cdxj"), s.page.url), Expected("index", s.key("cdxj"), s.other.url)]


def uncompressed(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, gzip.decompress)
    return [Expected("gzip", key), Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page)]


def compressed_as_one_member(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, lambda data: gzip.compress(gzip.decompress(data)))
    return [Expected("gzip", key), Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page)]


def emptied(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.change(key, lambda _: b"")
    return [Expected("object-changed", key), *s.damage("outcome", s.manifest_key, s.page)]


def missing(kind: str, named: str) -> Damaging:
    def remove(s: Subject) -> list[Expected]:
        key = s.key(kind)
        s.path(key).unlink()
        found = [Expected("missing-object", key)]
        return found + [Expected(named, key if named == "document" else s.key("warc"), s.page.url)] * (named in {"document", "index"})

    return Damaging(f"missing_{kind}", kind, False, remove)


def missing_warc(s: Subject) -> list[Expected]:
    key = s.key("warc")
    s.path(key).unlink()
    return [Expected("missing-object", key), *s.damage("outcome", s.manifest_key, s.page), Expected("index", s.key("cdxj"), s.page.url)]


def other_of_its_kind(kind: str) -> Damaging:
    def swap(s: Subject) -> list[Expected]:
        key = s.key(kind)
        s.change(key, lambda _: s.path(s.key(kind, s.rest)).read_bytes())
        return [Expected("object-changed", key)]

    return Damaging(f"{kind}_of_another_segment", kind, False, swap)


def documents_replaced_by_events(s: Subject) -> list[Expected]:
    key = s.key("documents")
    s.change(key, lambda _: s.data("events"))
    return [Expected("object-changed", key), Expected("document", key), *s.damage("document", key, s.page)]


def broken_rows(name: str, kind: str, damage: str, edit: Callable[[bytes], bytes]) -> Damaging:
    def change(s: Subject) -> list[Expected]:
        key = s.key(kind)
        s.change(key, edit)
        return [Expected("object-changed", key), Expected(damage, key)]

    return Damaging(f"{name}_{kind}", kind, False, change)


def _accident(apply: Apply) -> Damaging:
    return Damaging(apply.__name__, "warc", False, apply)


_ROWS = (("cdxj", "index"), ("documents", "document"), ("events", "event"))

WARCS: tuple[Damaging, ...] = (
    *map(_accident, (cut_in_a_member, cut_at_a_member_border, lost_tail, flipped_gzip_time, zeros_in_the_middle, zeros_at_the_start)),
    *map(_accident, (repeated_last_member, dropped_member, members_changed_places, uncompressed, compressed_as_one_member, emptied)),
    flipped("the_gzip_magic", _page, lambda _: 1),
    flipped("the_gzip_flags", _page, lambda _: 3),
    flipped("the_head", _page, lambda _: 40),
    flipped("the_body", _page, lambda p: p.length // 2),
    flipped("the_last_bytes", _page, lambda p: p.length - 10),  # the very last byte of what is packed may be padding
    flipped("the_checksum", _page, lambda p: p.length - 7),
    flipped("the_length", _page, lambda p: p.length - 2),
    flipped("a_request", lambda s: s.after(s.at, "request"), lambda p: p.length // 2),
    flipped("a_metadata_record", lambda s: s.after(s.at, "metadata"), lambda p: p.length // 2),
    flipped("the_warcinfo", lambda s: s.places[0], lambda p: p.length // 2, named=False),
    inserted("bytes_between_members", b"surplus"),
    inserted("zeros_between_members", bytes(600)),
    appended("bytes_at_the_end", b"surplus"),
    appended("zeros_at_the_end", bytes(512)),
    appended("half_a_member_at_the_end", gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n")[:-9]),
    Damaging("missing_warc", "warc", False, missing_warc),
    missing("cdxj", "index"),
    missing("documents", "document"),
    missing("events", ""),
    *map(other_of_its_kind, ("warc", "cdxj")),
    Damaging("documents_replaced_by_events", "documents", False, documents_replaced_by_events),
    *(broken_rows("cut", kind, damage, lambda data: data[: len(data) // 2]) for kind, damage in _ROWS),
    *(broken_rows("tail_lost_from", kind, damage, lambda data: data[:-8]) for kind, damage in _ROWS),
    *(broken_rows("flipped_byte_in", kind, damage, lambda data: data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]) for kind, damage in _ROWS),
)
