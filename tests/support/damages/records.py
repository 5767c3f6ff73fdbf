"""Records that a forger put into a WARC. Index, documents and manifest vouch for them: only the records give it away."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from archive.digests import warc_digest
from archive.warc.verify import Place
from tests.support.damages.subject import NOWHERE, Damaging, Expected, Subject, pack


def _page(s: Subject) -> Place:
    return s.at


def head(name: str, old: bytes, new: bytes, kind: str = "record", place: Callable[[Subject], Place] = _page) -> Damaging:
    """Replace a part of a record's head; what must be found names the record as the WARC now has it."""

    def forge(s: Subject) -> list[Expected]:
        at = place(s)
        key = s.record(at, lambda record: _in_head(record, old, new))
        return [Expected(kind, key, at.url, at.record_id)]

    return Damaging(name, "warc", True, forge)


def _in_head(record: bytes, old: bytes, new: bytes) -> bytes:
    end = record.index(b"\r\n\r\n")
    return re.sub(old, new, record[:end], count=1) + record[end:]


def _request(s: Subject) -> Place:
    return s.after(s.at, "request")


def _metadata(s: Subject) -> Place:
    return s.after(s.at, "metadata")


# --- heads in which the address or the id themselves are touched: what is named differs --------------------------


def no_address(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"\r\nWARC-Target-URI: [^\r]+", b""))
    return [Expected("record", key, None, s.page.record_id), *s.damage("document", s.key("documents"), s.page)]


def address_of_another_page(s: Subject) -> list[Expected]:
    forged = b"http://forged.example/elsewhere"
    s.record(s.at, lambda record: _in_head(record, rb"WARC-Target-URI: [^\r]+", b"WARC-Target-URI: " + forged))
    return [*s.damage("outcome", s.manifest_key, s.page), *s.damage("document", s.key("documents"), s.page)]


def credentials_in_the_address(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"(WARC-Target-URI: https?://)", rb"\1user:secret@"))
    return [Expected("record", key, (s.at.url or "").replace("://", "://user:secret@", 1), s.page.record_id)]


def no_record_id(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"\r\nWARC-Record-ID: [^\r]+", b""))
    return [Expected("record", key, s.page.url), *_lost(s)]


def malformed_record_id(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"WARC-Record-ID: <urn:uuid:", b"WARC-Record-ID: <urn:isbn:"))
    return [Expected("record", key, s.page.url), *_lost(s)]


def date_of_another_moment(s: Subject) -> list[Expected]:
    s.record(s.at, lambda record: _in_head(record, rb"WARC-Date: [^\r]+", b"WARC-Date: 2001-02-03T04:05:06.000007Z"))
    return [*s.damage("outcome", s.manifest_key, s.page), *s.damage("document", s.key("documents"), s.page)]


def duplicate_record_id(s: Subject) -> list[Expected]:
    """Within a segment: another record takes the page's id."""
    at = _request(s)
    new = (s.page.record_id or "").encode()
    key = s.record(at, lambda record: _in_head(record, rb"WARC-Record-ID: [^\r]+", b"WARC-Record-ID: " + new))
    return [Expected("duplicate-id", key, at.url, s.page.record_id)]


def record_of_another_segment(s: Subject) -> list[Expected]:
    """Its id is then twice in the archive."""
    place = s.scan(s.key("warc", s.rest))[1]
    copied = s.path(s.key("warc", s.rest)).read_bytes()[place.offset :][: place.length]
    s.warc(s.data("warc") + copied)
    return [Expected("duplicate-id", max(s.key("warc"), s.key("warc", s.rest)), place.url, place.record_id)]


def _lost(s: Subject) -> list[Expected]:
    return s.damage("outcome", s.manifest_key, s.page)


# --- members and blocks --------------------------------------------------------------------------------------------


def two_records_in_a_member(s: Subject) -> list[Expected]:
    data, following = s.data("warc"), _request(s)
    end = following.offset + following.length
    key = s.warc(data[: s.at.offset] + pack(gzip.decompress(data[s.at.offset : end])) + data[end:])
    return [Expected("gzip", key), *_lost(s)]


def other_version(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: record.replace(b"WARC/1.1", b"WARC/9.1", 1))
    return [Expected("gzip", key), *_lost(s)]


def bytes_behind_the_record(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: record + b"surplus")
    return [Expected("gzip", key), *_lost(s)]


def length_too_large(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"Content-Length: ", b"Content-Length: 1"))
    return [Expected("gzip", key), *_lost(s)]


def length_too_small(s: Subject) -> list[Expected]:
    key = s.record(s.at, lambda record: _in_head(record, rb"(Content-Length: \d+)\d", rb"\1"))
    return [Expected("gzip", key), *_lost(s)]


def edited_body(s: Subject) -> list[Expected]:
    key = s.record(s.at, _edit_block)
    return s.damage("digest", key, s.page)


def _edit_block(record: bytes) -> bytes:
    at = len(record) - 40
    return record[:at] + bytes([record[at] ^ 1]) + record[at + 1 :]


def edited_body_and_block_digest(s: Subject) -> list[Expected]:
    """The payload digest is left as it was."""

    def edit(record: bytes) -> bytes:
        record = _edit_block(record)
        block = record[record.index(b"\r\n\r\n") + 4 : -4]
        return _in_head(record, rb"WARC-Block-Digest: [^\r]+", b"WARC-Block-Digest: " + warc_digest(block).encode())

    return s.damage("digest", s.record(s.at, edit), s.page)


def dropped_record(s: Subject) -> list[Expected]:
    data = s.data("warc")
    request = _request(s)
    key = s.warc(data[: s.at.offset] + data[s.at.offset + s.at.length :])
    return [Expected("reference", key, request.url, request.record_id), *_lost(s)]


def _forged(apply: Callable[[Subject], list[Expected]]) -> Damaging:
    return Damaging(apply.__name__, "warc", True, apply)


RECORDS: tuple[Damaging, ...] = (
    head("unknown_type", rb"WARC-Type: response", b"WARC-Type: answer"),
    head("no_type", rb"WARC-Type: response\r\n", b""),
    head("header_injected", rb"(WARC-Target-URI: [^\r]+)", rb"\1\r\nX-Evil: yes"),
    head("header_twice", rb"\r\nWARC-IP-Address: [^\r]+", b"\r\nWARC-Date: 2016-05-21T00:00:00Z"),
    head("header_twice_in_other_case", rb"\r\nWARC-IP-Address: [^\r]+", b"\r\nwarc-target-uri: http://forged.example/"),
    head("name_with_a_blank", rb"\r\nWARC-IP-Address: ", b"\r\nWARC-IP-Address : "),
    head("bare_carriage_return", rb"\r\nWARC-IP-Address: ", b"\r\nWARC-IP-Address: 1\rX-Evil: "),
    head("bare_line_feed", rb"\r\nWARC-IP-Address: ", b"\r\nWARC-IP-Address: 1\nX-Evil: "),
    head("nul_in_a_header", rb"\r\nWARC-IP-Address: ", b"\r\nWARC-IP-Address: \x00"),
    head("no_utf8_in_a_header", rb"\r\nWARC-IP-Address: ", b"\r\nWARC-IP-Address: \xff"),
    head("date_that_is_none", rb"WARC-Date: \d{4}", b"WARC-Date: MMXV"),
    head("date_without_zone", rb"(WARC-Date: [^\r]+)Z", rb"\1"),
    head("no_date", rb"\r\nWARC-Date: [^\r]+", b""),
    head("wrong_block_digest", rb"(WARC-Block-Digest: sha1:)....", rb"\1AAAA", "digest"),
    head("wrong_payload_digest", rb"(WARC-Payload-Digest: sha1:)....", rb"\1AAAA", "digest"),
    head("other_digest_label", rb"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: sha256:", "digest"),
    head("no_block_digest", rb"\r\nWARC-Block-Digest: [^\r]+", b"", "digest"),
    head("request_with_wrong_digest", rb"(WARC-Block-Digest: sha1:)....", rb"\1AAAA", "digest", _request),
    head("metadata_with_wrong_digest", rb"(WARC-Block-Digest: sha1:)....", rb"\1AAAA", "digest", _metadata),
    head("dangling_concurrent_to", rb"WARC-Concurrent-To: [^\r]+", b"WARC-Concurrent-To: " + NOWHERE.encode(), "reference", _request),
    head("dangling_warcinfo_id", rb"WARC-Warcinfo-ID: [^\r]+", b"WARC-Warcinfo-ID: " + NOWHERE.encode(), "reference"),
    *map(_forged, (no_address, address_of_another_page, credentials_in_the_address, no_record_id, malformed_record_id)),
    *map(_forged, (date_of_another_moment, duplicate_record_id, record_of_another_segment, two_records_in_a_member, other_version)),
    *map(_forged, (bytes_behind_the_record, length_too_large, length_too_small, edited_body, edited_body_and_block_digest, dropped_record)),
)
