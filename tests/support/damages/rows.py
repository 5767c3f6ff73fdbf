"""Documents and events that a forger wrote; the manifest vouches for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from archive.digests import sha256_hex
from tests.support.damages.subject import NOWHERE, Damaging, Expected, Subject

Row = dict[str, Any]


def document(name: str, edit: Callable[[Row], object]) -> Damaging:
    def change(row: Row) -> None:
        edit(row)

    return Damaging(f"document_with_{name}", "documents", True, lambda s: s.document(change))


def value(name: str, **values: object) -> Damaging:
    return document(name, lambda row: row.update(values))


def raw(name: str, edit: Callable[[bytes], bytes]) -> Damaging:
    """Edit the page's line as bytes: it can no longer be read, and the page is missed."""

    def forge(s: Subject) -> list[Expected]:
        wanted = (s.page.record_id or "").encode()
        key = s.lines("documents", lambda lines: [edit(line) if wanted in line else line for line in lines])
        return [Expected("document", key), *s.damage("document", key, s.page)]

    return Damaging(f"document_with_{name}", "documents", True, forge)


def document_dropped(s: Subject) -> list[Expected]:
    wanted = (s.page.record_id or "").encode()
    return s.damage("document", s.lines("documents", lambda lines: [line for line in lines if wanted not in line]), s.page)


def document_repeated(s: Subject) -> list[Expected]:
    wanted = (s.page.record_id or "").encode()
    return s.damage("document", s.lines("documents", lambda lines: [*lines, *(line for line in lines if wanted in line)]), s.page)


def document_of_another_segment(s: Subject) -> list[Expected]:
    place = next(p for p in s.scan(s.key("warc", s.rest)) if p.type in {"response", "revisit"})

    def point(row: Row) -> None:
        row |= {"warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length, "warc_record_id": place.record_id}

    return s.document(point)


def document_of_another_page(s: Subject) -> list[Expected]:
    def point(row: Row) -> None:
        at = s.other_at
        row |= {"warc_offset": at.offset, "warc_length": at.length, "warc_record_id": at.record_id, "payload_digest": at.digest}

    return s.document(point)


def event(name: str, edit: Callable[[bytes], bytes]) -> Damaging:
    def forge(s: Subject) -> list[Expected]:
        return [Expected("event", s.lines("events", lambda lines: [edit(lines[0]), *lines[1:]]))]

    return Damaging(f"event_{name}", "events", True, forge)


def _edited(edit: Callable[[Row], object]) -> Callable[[bytes], bytes]:
    def change(line: bytes) -> bytes:
        row = json.loads(line)
        edit(row)
        return json.dumps(row).encode() + b"\n"

    return change


def _forged(apply: Callable[[Subject], list[Expected]]) -> Damaging:
    return Damaging(apply.__name__, "documents", True, apply)


def _other_text(row: Row) -> None:
    """With a hash that fits: the length is left."""
    row["text"] += " And more."
    row["text_sha256"] = sha256_hex(row["text"].encode())


ROWS: tuple[Damaging, ...] = (
    value("another_text", text="The castle is closed."),
    document("another_text_and_hash", _other_text),
    value("another_id", id="0" * 32),
    value("another_schema", schema="warcite.document/9"),
    value("another_digest", payload_digest="sha1:" + "A" * 32),
    document("another_offset", lambda row: row.update(warc_offset=row["warc_offset"] + 1)),
    document("another_length", lambda row: row.update(warc_length=row["warc_length"] - 1)),
    value("another_file", warc_file=f"warc/{'0' * 64}.warc.gz"),
    value("another_final_address", final_url="http://forged.example/"),
    value("another_time", captured_at="2001-02-03T04:05:06.000007Z"),
    value("another_outcome", outcome="gone"),
    value("another_status", http_status=404),
    value("another_text_outcome", text_outcome="none"),
    document("an_unknown_record", lambda row: row.update(warc_record_id=NOWHERE)),
    document("an_unknown_key", lambda row: row.update(more=1)),
    document("a_key_missing", lambda row: row.pop("title")),
    document("nan", lambda row: row.update(language_score=float("nan"))),
    document("a_lone_surrogate", lambda row: row.update(title="\ud800")),
    document("a_nul", lambda row: row.update(title="\x00")),
    raw("a_key_twice", lambda line: line.replace(b"{", b'{"id": "x", ', 1)),
    raw("a_byte_order_mark", lambda line: b"\xef\xbb\xbf" + line),
    raw("no_utf8", lambda line: line.replace(b'"title": ', b'"title": "\xff", "title": ', 1)),
    raw("an_end_too_early", lambda line: line[: len(line) // 2] + b"\n"),
    *map(_forged, (document_dropped, document_repeated, document_of_another_segment, document_of_another_page)),
    event("with_a_key_missing", _edited(lambda row: row.pop("title"))),
    event("with_an_unknown_key", _edited(lambda row: row.update(more=1))),
    event("with_citations_out_of_order", _edited(lambda row: row["citations"][0].update(position=9))),
    event("with_a_citation_of_another", _edited(lambda row: row["citations"][0].update(event_id="other"))),
    event("with_a_key_twice", lambda line: line.replace(b"{", b'{"id": "x", ', 1)),
    event("that_is_no_json", lambda line: line[:-3] + b"\n"),
)
