"""An archive is whole, or every damage is found and named: by kind, object, and the page it concerns."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import OutcomeWord
from archive.store import open_store
from archive.store.local import LocalStore
from archive.verify import Damage, verify_archive
from tests.support.small_archive import (
    CHUNKED,
    GONE,
    SECOND,
    SILENT,
    STORY,
    Segment,
    SmallArchive,
    json_lines,
    make_archive,
    put_object,
    put_rows,
    rewrite_manifest,
)


@pytest.fixture
def small(tmp_path: Path) -> SmallArchive:
    return make_archive(open_store((tmp_path / "archive").as_uri()))


def path_of(archive: SmallArchive, key: str) -> Path:
    assert isinstance(archive.store, LocalStore)
    return archive.store.root / key


def damages(archive: SmallArchive) -> list[Damage]:
    return verify_archive(archive.store).damages


def find(found: list[Damage], kind: str, object_key: str, url: str | None = None) -> Damage:
    """The damage of that kind, in that object, about that page: it must be there."""
    matching = [d for d in found if (d.kind, d.object, d.url) == (kind, object_key, url)]
    assert matching, found
    return matching[0]


def replace_object(archive: SmallArchive, segment: Segment, kind: str, data: bytes) -> Segment:
    """Put other bytes in and make the manifest vouch for them: only what they say is wrong then."""
    old = next(o for o in segment.manifest.objects if o.kind == kind)
    new = put_object(archive.store, kind, data, old.rows)
    objects = tuple(new if o is old else o for o in segment.manifest.objects)
    rewrite_manifest(archive.store, segment, objects=objects)
    return replace(segment, manifest=replace(segment.manifest, objects=objects))


def rows_of(archive: SmallArchive, key: str) -> list[bytes]:
    return gzip.decompress(archive.store.get(key)).splitlines(keepends=True)


def test_a_whole_archive_has_no_damage(small: SmallArchive) -> None:
    told: list[tuple[int, int, str]] = []
    report = verify_archive(small.store, progress=lambda *said: told.append(said))
    assert report.damages == []
    assert report.notes == []
    assert report.checked == {"manifests": 2, "objects": 6, "records": 14, "index lines": 3, "outcomes": 5, "documents": 2, "events": 1}
    total = sum(stat.size for stat in small.store.list("") if not stat.key.endswith(".json"))
    assert [said[1:] for said in told] == [(total, ""), (total, small.first.manifest_key), (total, small.second.manifest_key)]
    assert [told[0][0], told[-1][0]] == [0, total]
    assert report.held == {"objects": 6, "bytes": total, "records": 14}
    assert report.as_json()["damages"] == []
    json.dumps(report.as_json())


def test_an_empty_store_is_whole(tmp_path: Path) -> None:
    report = verify_archive(open_store(tmp_path.as_uri()))
    assert (report.checked, report.damages, report.notes) == ({}, [], [])


# --- WARCs -------------------------------------------------------------------------------------------


def cut_in_the_last_member(data: bytes, _: Segment) -> bytes:
    return data[:-9]


def cut_eight_bytes(data: bytes, _: Segment) -> bytes:
    return data[:-8]


def cut_between_members(data: bytes, segment: Segment) -> bytes:
    return data[: segment.captures[-1].offset]


def empty(_: bytes, __: Segment) -> bytes:
    return b""


def append_garbage(data: bytes, _: Segment) -> bytes:
    return data + b"garbage"


def append_zeros(data: bytes, _: Segment) -> bytes:
    return data + bytes(512)


def repeat_the_last_member(data: bytes, segment: Segment) -> bytes:
    return data + data[segment.captures[-1].offset :]


@pytest.mark.parametrize(
    "change", [cut_in_the_last_member, cut_eight_bytes, cut_between_members, empty, append_garbage, append_zeros, repeat_the_last_member]
)
def test_a_warc_of_other_length_is_found(small: SmallArchive, change: Callable[[bytes, Segment], bytes]) -> None:
    key = small.first.key("warc")
    path = path_of(small, key)
    path.write_bytes(change(path.read_bytes(), small.first))
    found = damages(small)
    find(found, "object-changed", key)
    if change in (cut_in_the_last_member, cut_eight_bytes, cut_between_members, empty):
        find(found, "outcome", small.first.manifest_key, GONE)  # the page that was lost is named


@pytest.mark.parametrize("place", ["head", "middle", "checksum"])
@pytest.mark.parametrize("which", [0, 1], ids=["first page", "second page"])
def test_a_flipped_byte_is_found_and_its_page_named(small: SmallArchive, place: str, which: int) -> None:
    key, capture = small.first.key("warc"), small.first.captures[which]
    path = path_of(small, key)
    data = bytearray(path.read_bytes())
    data[capture.offset + {"head": 1, "middle": capture.length // 2, "checksum": capture.length - 6}[place]] ^= 0x20
    path.write_bytes(data)
    found = damages(small)
    assert f"at offset {capture.offset}" in find(found, "gzip", key, capture.url).detail
    find(found, "object-changed", key)
    find(found, "index", small.first.key("cdxj"), capture.url)
    find(found, "document", small.first.key("documents"), capture.url)
    find(found, "outcome", small.first.manifest_key, capture.url)
    other = small.first.captures[1 - which].url
    assert other not in {d.url for d in found}, "the walk finds its way again after a broken member"


def test_a_flipped_byte_in_the_request_is_named_by_its_exchange(small: SmallArchive) -> None:
    key, capture = small.first.key("warc"), small.first.captures[1]
    path = path_of(small, key)
    data = bytearray(path.read_bytes())
    data[capture.offset + capture.length + 30] ^= 0x20
    path.write_bytes(data)
    find(damages(small), "gzip", key, CHUNKED)


def test_every_single_flipped_byte_of_a_warc_is_found(small: SmallArchive) -> None:
    key = small.second.key("warc")
    path = path_of(small, key)
    whole = path.read_bytes()
    for position in range(0, len(whole), 41):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert "object-changed" in {d.kind for d in damages(small)}, position


def test_digests_are_recomputed_even_where_the_manifest_vouches_for_the_bytes(small: SmallArchive) -> None:
    data, capture = small.store.get(small.first.key("warc")), small.first.captures[0]
    record = gzip.decompress(data[capture.offset :][: capture.length])
    forged = gzip.compress(record.replace(b"bridge", b"castle"), mtime=0)
    forged_data = data[: capture.offset] + forged + data[capture.offset + capture.length :]
    segment = replace_object(small, small.first, "warc", forged_data)
    details = [d.detail for d in damages(small) if (d.kind, d.object, d.url) == ("digest", segment.key("warc"), STORY)]
    assert len(details) == 2
    assert "block" in details[0]
    assert "payload" in details[1]


@pytest.mark.parametrize(
    ("old", "new", "kind", "detail"),
    [
        (b"WARC-Type: response", b"WARC-Type: answer", "record", "WARC-Type"),
        (b"\r\nWARC-Date: 2016", b"\r\nWARC-Date: MMXVI", "record", "WARC-Date"),
        (b"\r\nWARC-IP-Address: 192.0.2.10", b"\r\nWARC-Date: 2016-05-21T00:00:00Z", "record", "'WARC-Date' occurs 2 times"),
        (b"192.0.2.10", b"192.0\x07.2.10", "record", "a control character"),
        (b"WARC-Target-URI: ", b"WARC-Target: ", "record", "no WARC-Target-URI"),
        (b"WARC-Record-ID: <urn:uuid:", b"WARC-Record-ID: <urn:isbn:", "record", "WARC-Record-ID"),
        (b"WARC-Block-Digest: ", b"WARC-Other-Digest: ", "digest", "no WARC-Block-Digest"),
        (b"Content-Length: ", b"Content-Length: 9", "gzip", "Content-Length"),
        (b"WARC/1.1", b"WARK/1.1", "gzip", "not a WARC record"),
    ],
)
def test_header_sanity(small: SmallArchive, old: bytes, new: bytes, kind: str, detail: str) -> None:
    data, capture = small.store.get(small.first.key("warc")), small.first.captures[0]
    record = gzip.decompress(data[capture.offset :][: capture.length])
    forged = gzip.compress(record.replace(old, new, 1), mtime=0)
    segment = replace_object(small, small.first, "warc", data[: capture.offset] + forged + data[capture.offset + capture.length :])
    assert detail in " ".join(d.detail for d in damages(small) if (d.kind, d.object) == (kind, segment.key("warc")))


def test_two_records_in_one_member_are_found(small: SmallArchive) -> None:
    data, capture = small.store.get(small.first.key("warc")), small.first.captures[0]
    joined = gzip.compress(gzip.decompress(data[capture.offset :]), mtime=0)
    segment = replace_object(small, small.first, "warc", data[: capture.offset] + joined)
    found = [d for d in damages(small) if (d.kind, d.object) == ("gzip", segment.key("warc"))]
    assert len(found) == 1


def test_a_record_id_in_two_segments_is_found_in_the_second(small: SmallArchive) -> None:
    first, capture = small.store.get(small.first.key("warc")), small.first.captures[0]
    copied = first[capture.offset :][: capture.length]
    segment = replace_object(small, small.second, "warc", small.store.get(small.second.key("warc")) + copied)
    found = [d for d in damages(small) if d.kind == "duplicate-id"]
    assert [(d.record_id, d.url) for d in found] == [(capture.record_id, STORY)]
    assert found[0].object in {small.first.key("warc"), segment.key("warc")}


def test_references_to_records_that_are_not_there(small: SmallArchive) -> None:
    data, capture = small.store.get(small.first.key("warc")), small.first.captures[0]
    without_response = data[: capture.offset] + data[capture.offset + capture.length :]
    replace_object(small, small.first, "warc", without_response)
    headers = {d.detail.split(": ")[1].split()[0] for d in damages(small) if d.kind == "reference"}
    assert headers == {"WARC-Concurrent-To", "WARC-Refers-To"}


# --- objects and manifests -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["warc", "cdxj", "documents", "events"])
def test_a_missing_object_is_found(small: SmallArchive, kind: str) -> None:
    key = small.first.key(kind)
    path_of(small, key).unlink()
    found = damages(small)
    find(found, "missing-object", key)
    if kind in {"warc", "cdxj"}:
        assert {STORY, CHUNKED} <= {d.url for d in found}


@pytest.mark.parametrize("kind", ["cdxj", "documents", "events"])
def test_a_cut_or_changed_object_is_found(small: SmallArchive, kind: str) -> None:
    key = small.first.key(kind)
    path = path_of(small, key)
    whole = path.read_bytes()
    for data in (whole[:-3], whole[:40], b"", whole[:60] + b"\0" + whole[61:], whole + b"\0\0"):
        path.write_bytes(data)
        find(damages(small), "object-changed", key)


def test_an_object_that_no_manifest_names_is_a_note(small: SmallArchive) -> None:
    stored = put_rows(small.store, "documents", [{"a": 1}])
    report = verify_archive(small.store)
    assert report.damages == []
    assert report.notes == [f"{stored.key} ({stored.size} bytes) is named by no manifest"]


def edited(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        edited(b'"attempts":1', b'"attempts":2.5'),
        edited(b'"attempts":1', b'"attempts":"1"'),
        edited(b'"attempts":1', b'"attempts":1,"attempts":1'),
        edited(b'"attempts":1', b'"attempts": 1'),
        edited(b'"attempts":1', b'"attempts":1,"more":1'),
        edited(b'"attempts":1,', b""),
        edited(b'"captured"', b'"kept"'),
        edited(b'"schema":"warcite.manifest/1"', b'"schema":"warcite.manifest/2"'),
        edited(b'"segment":"2222', b'"segment":"3222'),
        edited(b'"live"', b'"\\ud800"'),
        lambda data: data[:-2],
        lambda data: data + b"\n",
        lambda _: b"",
        lambda _: b"[" * 100_000,
        lambda data: data.replace(b"live", b"\xff\xfe"),
    ],
)
def test_an_edited_manifest_is_found(small: SmallArchive, edit: Callable[[bytes], bytes]) -> None:
    path = path_of(small, small.second.manifest_key)
    path.write_bytes(edit(path.read_bytes()))
    find(damages(small), "manifest", small.second.manifest_key)


def test_counts_that_do_not_fit_the_outcomes(small: SmallArchive) -> None:
    rewrite_manifest(small.store, small.first, counts={**small.first.manifest.counts, "captured": 3})
    assert "counts" in find(damages(small), "manifest", small.first.manifest_key).detail


def test_counts_without_a_word(small: SmallArchive) -> None:
    counts = {word: n for word, n in small.first.manifest.counts.items() if word != OutcomeWord.GONE}
    rewrite_manifest(small.store, small.first, counts=counts)
    find(damages(small), "manifest", small.first.manifest_key)


def test_a_target_with_two_outcomes(small: SmallArchive) -> None:
    outcomes = small.first.manifest.outcomes
    counts = {**small.first.manifest.counts, "captured": 3}
    rewrite_manifest(small.store, small.first, outcomes=(*outcomes, outcomes[0]), counts=counts)
    assert damages(small) == [find(damages(small), "outcome", small.first.manifest_key, STORY)]


def test_an_outcome_whose_record_is_not_there(small: SmallArchive) -> None:
    outcomes = [
        replace(o, record_id="<urn:uuid:99999999-9999-4999-8999-999999999999>") if o.url == SILENT else o
        for o in small.first.manifest.outcomes
    ]
    rewrite_manifest(small.store, small.first, outcomes=tuple(outcomes))
    assert damages(small) == [find(damages(small), "outcome", small.first.manifest_key, SILENT)]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"key": "example,other)/"}, "its key"),
        ({"captured_at": "2016-05-21T08:30:00.123457Z"}, "captured_at"),
        ({"final_url": "http://other.example/"}, "its record is of"),
    ],
)
def test_an_outcome_that_says_something_else_than_its_record(small: SmallArchive, change: dict[str, object], detail: str) -> None:
    outcomes = [replace(o, **change) if o.url == STORY else o for o in small.first.manifest.outcomes]
    rewrite_manifest(small.store, small.first, outcomes=tuple(outcomes))
    found = damages(small)
    assert {d.kind for d in found} == {"outcome"}
    assert detail in " ".join(d.detail for d in found)


def test_a_segment_that_builds_on_one_that_is_not_there(small: SmallArchive) -> None:
    path_of(small, small.first.manifest_key).unlink()
    found = damages(small)
    assert small.second.manifest_key in find(found, "manifest", small.first.manifest_key).detail
    assert "WARC-Refers-To" in find(found, "reference", small.second.key("warc"), STORY).detail


def test_a_row_count_that_is_wrong(small: SmallArchive) -> None:
    objects = tuple(replace(o, rows=o.rows + 1) for o in small.first.manifest.objects)
    rewrite_manifest(small.store, small.first, objects=objects)
    assert [d.kind for d in damages(small)] == ["object-changed"] * 4


@pytest.mark.parametrize(
    "key", ["events/other.jsonl.gz", "../../etc/passwd", "/etc/passwd", "", "events/a;b.jsonl.gz", "warc/{sha256}.warc.gz"]
)
def test_an_object_not_named_by_its_kind_and_content_is_never_opened(small: SmallArchive, key: str) -> None:
    objects = [replace(o, key=key.format(sha256=o.sha256)) if o.kind == "events" else o for o in small.first.manifest.objects]
    rewrite_manifest(small.store, small.first, objects=tuple(objects))
    assert "not named by its kind and SHA-256" in find(damages(small), "manifest", small.first.manifest_key).detail


@pytest.mark.parametrize("change", [{"depends_on": ("../x",)}, {"supersedes": "a/b"}, {"depends_on": ("",)}])
def test_a_manifest_that_names_no_segment(small: SmallArchive, change: dict[str, object]) -> None:
    rewrite_manifest(small.store, small.second, **change)
    assert "it names the segment" in find(damages(small), "manifest", small.second.manifest_key).detail


# --- index ---------------------------------------------------------------------------------------------


def forge_index(archive: SmallArchive, change: Callable[[list[bytes]], list[bytes]]) -> tuple[str, list[Damage]]:
    lines = change(rows_of(archive, archive.first.key("cdxj")))
    segment = replace_object(archive, archive.first, "cdxj", gzip.compress(b"".join(lines), mtime=0))
    return segment.key("cdxj"), damages(archive)


def swap_offsets(lines: list[bytes]) -> list[bytes]:
    (key1, at1, json1), (key2, at2, json2) = ((*line.split(b" ", 2)[:2], json.loads(line.split(b" ", 2)[2])) for line in lines)
    for name in ("offset", "length"):
        json1[name], json2[name] = json2[name], json1[name]
    return [b" ".join((k, t, json.dumps(v).encode())) + b"\n" for k, t, v in ((key1, at1, json1), (key2, at2, json2))]


def test_swapped_offsets(small: SmallArchive) -> None:
    key, found = forge_index(small, swap_offsets)
    for url in (STORY, CHUNKED):
        assert "url is" in find(found, "index", key, url).detail


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        (b"?id=7", b"?id=8", "not that of its record"),
        (b" 20160521083000 ", b" 20160521083001 ", "timestamp is '20160521083001'"),
        (b'"digest": "sha1:', b'"digest": "sha1:A', "digest is"),
        (b'"status": "200"', b'"status": "404"', "status is 404, not 200"),
        (b'"mime": "text/html"', b'"mime": "text/plain"', "mime is"),
        (b'"length": "', b'"length": "1', "length is"),
        (b'"offset": "', b'"offset": "7', "no whole record at offset"),
        (b'"offset": "', b'"offset": "-', "without numbers"),
        (b'"filename": "', b'"filename": "x', "not in its manifest"),
        (b'"status": "200", ', b"", "other fields"),
        (b'"status": "200"', b'"status": "200", "status": "200"', "occurs twice"),
        (b"{", b"[", "not an index line"),
        (b"\n", b"", "is cut"),
    ],
)
def test_a_forged_index_line(small: SmallArchive, old: bytes, new: bytes, detail: str) -> None:
    key, found = forge_index(small, lambda lines: [*lines[:-1], lines[-1].replace(old, new, 1)])
    assert detail in " ".join(d.detail for d in found if (d.kind, d.object) == ("index", key))


def test_an_index_out_of_order_or_with_a_line_twice(small: SmallArchive) -> None:
    key, found = forge_index(small, lambda lines: lines[::-1])
    assert "not in order" in find(found, "index", key).detail
    key, found = forge_index(small, lambda lines: [lines[0], *lines])
    assert "repetition" in find(found, "index", key).detail


def test_a_capture_that_is_in_no_index(small: SmallArchive) -> None:
    _, found = forge_index(small, lambda lines: [line for line in lines if b"/long" not in line])
    assert "in no index" in find(found, "index", small.first.key("warc"), CHUNKED).detail


# --- documents and events --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"warc_offset": 0}, "warc_offset is 0"),
        ({"warc_length": 7}, "warc_length is 7"),
        ({"warc_file": "warc/other.warc.gz"}, "warc_file is"),
        ({"warc_record_id": "<urn:uuid:99999999-9999-4999-8999-999999999999>"}, "no outcome of its manifest names"),
        ({"warc_record_id": 7}, "no outcome of its manifest names"),
        ({"payload_digest": None}, "its id"),
        ({"payload_digest": "sha1:AAAA"}, "its id"),
        ({"captured_at": "2016-05-21T08:30:09.123456Z"}, "its id"),
        ({"id": "0" * 32}, "its id"),
        ({"text": "The castle is closed."}, "text_sha256"),
        ({"text": "a lone \ud800"}, "surrogate"),
        ({"text": None}, "encode"),
        ({"final_url": "http://other.example/"}, "its record is of"),
        ({"more": 1}, "keys"),
        ({"warc_offset": float("nan")}, "NaN is not JSON"),
    ],
)
def test_an_edited_document(small: SmallArchive, change: dict[str, object], detail: str) -> None:
    rows = [json.loads(line) for line in rows_of(small, small.first.key("documents"))]
    rows[0] |= change
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0)
    segment = replace_object(small, small.first, "documents", packed)
    found = [d for d in damages(small) if (d.kind, d.object) == ("document", segment.key("documents"))]
    assert detail in found[0].detail
    assert {d.url for d in found} <= {None, STORY}
    assert STORY in {d.url for d in found}


def test_a_document_of_another_page(small: SmallArchive) -> None:
    rows = [json.loads(line) for line in rows_of(small, small.first.key("documents"))]
    for name in ("warc_record_id", "warc_offset", "warc_length", "payload_digest"):
        rows[0][name] = rows[1][name]
    segment = replace_object(small, small.first, "documents", json_lines(rows))
    find(damages(small), "document", segment.key("documents"), STORY)


@pytest.mark.parametrize(
    "data", [b"{}\n", b"[1]\n", b'{"schema": "warcite.event/1", "citations": [], "citations": []}\n', b"\xff\n", b"\n"]
)
def test_an_edited_event(small: SmallArchive, data: bytes) -> None:
    segment = replace_object(small, small.first, "events", gzip.compress(data, mtime=0))
    assert "line 1" in find(damages(small), "event", segment.key("events")).detail


def test_the_second_segment_is_named_where_it_is_damaged(small: SmallArchive) -> None:
    path_of(small, small.second.key("warc")).unlink()
    assert SECOND in small.second.manifest_key
    found = damages(small)
    assert {d.object for d in found} == {small.second.key("warc"), small.second.key("cdxj"), small.second.manifest_key}
