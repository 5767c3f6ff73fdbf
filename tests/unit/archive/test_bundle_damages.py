"""Mutations of a bundle, each of which `verify` must name: in the container, the package, the records, the index, and the tables."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.audit.damage import VerifyReport
from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination
from archive.bundle.sign import Signer
from archive.bundle.source import FileSource
from archive.bundle.verify import verify_bundle
from archive.store import open_store
from tests.support.bundles import Taken, central_offset, data_offset, local_offset, patched, take_apart
from tests.support.small_archive import make_archive

DOCUMENTS, EVENTS, SOURCES, PAGES = "data/documents.jsonl.gz", "data/events.jsonl.gz", "data/sources.csv", "pages/pages.jsonl"
INDEX, BLOCKS, PACKAGE, DIGEST = "indexes/index.cdx.gz", "indexes/index.idx", "datapackage.json", "datapackage-digest.json"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))

Mutation = Callable[[bytes], bytes]
MUTATIONS: dict[str, tuple[Mutation, str, str]] = {}
"""Name -> what it does, the kind of damage that must be named, and a part of the file's name."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("damages")
    store = open_store(str(folder / "store"))
    make_archive(store)
    make_bundles(store, BundleOptions(signer=Signer(KEY)), FolderDestination(folder), "sound")
    return (folder / "sound.wacz").read_bytes()


def read(tmp_path: Path, data: bytes) -> VerifyReport:
    path = tmp_path / "mutant.wacz"
    path.write_bytes(data)
    return verify_bundle(FileSource(path), KEY.public_key())


def mutation(kind: str, file: str = "") -> Callable[[Mutation], Mutation]:
    def register(change: Mutation) -> Mutation:
        MUTATIONS[change.__name__] = (change, kind, file)
        return change

    return register


def unsigned(change: Callable[[Taken], object], seal: Callable[[Taken], bytes] = Taken.sealed) -> Mutation:
    """Taken apart, changed, and sealed again: only the content can tell."""

    def apply(data: bytes) -> bytes:
        taken = take_apart(data)
        change(taken)
        return seal(taken)

    return apply


def forged(name: str, kind: str, file: str, change: Callable[[Taken], object], seal: Callable[[Taken], bytes] = Taken.sealed) -> None:
    MUTATIONS[name] = (unsigned(change, seal), kind, file)


# --- the container --------------------------------------------------------------------------------


@mutation("zip")
def cut_in_the_middle(data: bytes) -> bytes:
    return data[: len(data) // 2]


@mutation("zip")
def cut_by_one_byte(data: bytes) -> bytes:
    return data[:-1]


@mutation("zip")
def empty_file(data: bytes) -> bytes:
    return data[:0]


@mutation("zip")
def bytes_appended(data: bytes) -> bytes:
    return data + b"more"


@mutation("zip")
def bytes_prepended(data: bytes) -> bytes:
    return b"#!/bin/sh\n" + data


@mutation("zip", "archive/")
def byte_flipped_in_a_warc(data: bytes) -> bytes:
    at = data_offset(data, take_apart(data).name("archive/")) + 700
    return patched(data, at, bytes([data[at] ^ 1]))


@mutation("zip", DOCUMENTS)
def byte_flipped_in_documents(data: bytes) -> bytes:
    at = data_offset(data, DOCUMENTS) + 60
    return patched(data, at, bytes([data[at] ^ 0x10]))


@mutation("zip", "readme.md")
def byte_flipped_in_the_readme(data: bytes) -> bytes:
    return patched(data, data_offset(data, "data/readme.md") + 5, b"\0")


@mutation("zip", PAGES)
def local_checksum_changed(data: bytes) -> bytes:
    return patched(data, local_offset(data, PAGES) + 14, b"\1\2\3\4")


@mutation("zip", PAGES)
def both_checksums_changed(data: bytes) -> bytes:
    return patched(patched(data, local_offset(data, PAGES) + 14, b"\1\2\3\4"), central_offset(data, PAGES) + 16, b"\1\2\3\4")


@mutation("zip", PAGES)
def size_forged_in_the_directory(data: bytes) -> bytes:
    return patched(data, central_offset(data, PAGES) + 20, struct.pack("<II", 1 << 31, 1 << 31))


@mutation("zip", PAGES)
def size_forged_in_both(data: bytes) -> bytes:
    forged_size = struct.pack("<II", 10, 10)
    return patched(patched(data, central_offset(data, PAGES) + 20, forged_size), local_offset(data, PAGES) + 18, forged_size)


@mutation("zip", PAGES)
def name_differs_in_the_header(data: bytes) -> bytes:
    return patched(data, local_offset(data, PAGES) + 30, b"pages/other")


@mutation("zip", "..")
def name_leads_out(data: bytes) -> bytes:
    name = b"../../pages.jsonl"
    return patched(patched(data, local_offset(data, PAGES) + 30, name), central_offset(data, PAGES) + 46, name)


@mutation("zip", PAGES)
def method_changed(data: bytes) -> bytes:
    return patched(patched(data, local_offset(data, PAGES) + 8, b"\x08\0"), central_offset(data, PAGES) + 10, b"\x08\0")


@mutation("zip", PAGES)
def flag_encrypted(data: bytes) -> bytes:
    return patched(patched(data, local_offset(data, PAGES) + 6, b"\1\0"), central_offset(data, PAGES) + 8, b"\1\0")


@mutation("zip", PAGES)
def offset_leads_elsewhere(data: bytes) -> bytes:
    return patched(data, central_offset(data, PAGES) + 42, struct.pack("<I", local_offset(data, INDEX)))


@mutation("zip")
def directory_with_fewer_files(data: bytes) -> bytes:
    return patched(data, len(data) - 14, struct.pack("<HH", 3, 3))


@mutation("zip")
def directory_moved(data: bytes) -> bytes:
    start = struct.unpack_from("<I", data, len(data) - 6)[0]
    return patched(data, len(data) - 6, struct.pack("<I", start - 100))


@mutation("zip")
def file_hidden_between_two(data: bytes) -> bytes:
    """Left out of the directory: unpacking tools would not show it, others would."""
    at, size = central_offset(data, SOURCES), 46 + len(SOURCES)
    whole = bytearray(data[:at] + data[at + size :])
    count, length = struct.unpack_from("<H", whole, len(whole) - 12)[0], struct.unpack_from("<I", whole, len(whole) - 10)[0]
    struct.pack_into("<HHI", whole, len(whole) - 14, count - 1, count - 1, length - size)
    return bytes(whole)


@mutation("zip", PAGES)
def two_files_of_one_name(data: bytes) -> bytes:
    taken = take_apart(data)
    taken.names = [*taken.files, PAGES]
    return taken.packed()


@mutation("object-changed", "archive/")
def contents_of_two_warcs_swapped(data: bytes) -> bytes:
    taken = take_apart(data)
    first, second = [name for name in taken.files if name.startswith("archive/")]
    taken.files[first], taken.files[second] = taken.files[second], taken.files[first]
    return taken.packed()


# --- the package ----------------------------------------------------------------------------------

forged("resource_missing", "missing-object", "readme.md", lambda t: t.files.pop("data/readme.md"))
forged("extra_member", "package", "data/extra.txt", lambda t: t.files.update({"data/extra.txt": b"not listed"}))
forged("no_package", "package", PACKAGE, lambda t: t.files.pop(PACKAGE), Taken.packed)
forged("no_digest", "package", DIGEST, lambda t: t.files.pop(DIGEST), Taken.packed)
forged("package_is_no_json", "package", PACKAGE, lambda t: t.files.update({PACKAGE: b"{"}), Taken.redigested)
forged("package_changed", "package", DIGEST, lambda t: t.edit_package(lambda p: p.update(title="Other")), Taken.packed)
forged(
    "digest_of_another_file",
    "package",
    DIGEST,
    lambda t: t.files.update({DIGEST: t.files[DIGEST].replace(b'"datapackage.json"', b'"x.json"')}),
    Taken.packed,
)
forged(
    "wrong_hash",
    "object-changed",
    "archive/",
    lambda t: t.edit_package(lambda p: p["resources"][0].update(hash="sha256:" + "0" * 64)),
    Taken.redigested,
)
forged("wrong_bytes", "object-changed", "archive/", lambda t: t.edit_package(lambda p: p["resources"][0].update(bytes=7)), Taken.redigested)
forged("resource_twice", "package", PACKAGE, lambda t: t.edit_package(lambda p: p["resources"].append(dict(p["resources"][0]))))
forged("profile_of_another_kind", "package", PACKAGE, lambda t: t.edit_package(lambda p: p.update(profile="wacz")))
forged("counts_changed", "source", SOURCES, lambda t: t.edit_package(lambda p: p["warcite"]["counts"].update(targets=4)))
forged("no_pages", "package", PAGES, lambda t: t.files.pop(PAGES))
forged("no_warc", "package", "archive/", lambda t: [t.files.pop(n) for n in list(t.files) if n.startswith("archive/")])
forged("no_index", "package", "indexes/", lambda t: [t.files.pop(n) for n in (INDEX, BLOCKS)])


# --- the signature --------------------------------------------------------------------------------


def _signed(taken: Taken, **changes: Any) -> None:
    digest = json.loads(taken.files[DIGEST])
    digest["signedData"] |= changes
    taken.files[DIGEST] = json.dumps(digest).encode()


def _by_another(taken: Taken) -> None:
    package_hash = json.loads(taken.files[DIGEST])["hash"]
    _signed(taken, **Signer(OTHER).signed_data(package_hash, "2016-05-21T08:30:00Z", "x"))


forged("signature_wrong", "signature", DIGEST, lambda t: _signed(t, signature="A" * 86 + "=="), Taken.packed)
forged("signature_unreadable", "signature", DIGEST, lambda t: _signed(t, signature="?"), Taken.packed)
forged("signed_by_another", "signature", DIGEST, _by_another, Taken.packed)
forged(
    "signature_taken_off",
    "signature",
    DIGEST,
    lambda t: t.files.update({DIGEST: json.dumps({k: v for k, v in json.loads(t.files[DIGEST]).items() if k != "signedData"}).encode()}),
    Taken.packed,
)
forged("signed_then_changed", "signature", DIGEST, lambda t: t.edit_package(lambda p: p.update(title="Other")), Taken.redigested)


# --- records --------------------------------------------------------------------------------------


def _edit_member(taken: Taken, number: int, change: Callable[[bytes], bytes]) -> None:
    """One record of the first WARC, packed again: a sound member of another length."""
    name, members, data = taken.name("archive/"), [], taken.files[taken.name("archive/")]
    while data:
        stream = zlib.decompressobj(31)
        members.append(stream.decompress(data))
        data = stream.unused_data
    members[number] = change(members[number])
    taken.files[name] = b"".join(gzip.compress(member, mtime=0) for member in members if member)


forged("record_edited", "digest", "archive/", lambda t: _edit_member(t, 1, lambda m: m[:-20] + bytes([m[-20] ^ 1]) + m[-19:]))
forged("record_taken_out", "reference", "archive/", lambda t: _edit_member(t, 1, lambda _: b""))
forged("warcinfo_taken_out", "reference", "archive/", lambda t: _edit_member(t, 0, lambda _: b""))
forged(
    "record_id_of_another",
    "duplicate-id",
    "archive/",
    lambda t: _edit_member(t, 2, lambda m: m.replace(b"000000000003>", b"000000000002>", 1)),
)
forged("record_with_other_date", "index", INDEX, lambda t: _edit_member(t, 1, lambda m: m.replace(b"2016-05-21T", b"2015-05-21T", 1)))
forged("warc_cut", "gzip", "archive/", lambda t: t.files.update({t.name("archive/"): t.files[t.name("archive/")][:-9]}))
forged("original_of_a_revisit_missing", "reference", "archive/", lambda t: t.files.pop(t.name("archive/")))


# --- the index ------------------------------------------------------------------------------------


def _with(lines: list[bytes], old: bytes, new: bytes) -> list[bytes]:
    assert old in lines[0], lines[0]
    return [lines[0].replace(old, new, 1), *lines[1:]]


def _shifted(lines: list[bytes], field: str, by: int) -> list[bytes]:
    head, _, text = lines[0].partition(b" {")
    values = json.loads(b"{" + text)
    values[field] = str(int(values[field]) + by)
    return [head + b" " + json.dumps(values).encode() + b"\n", *lines[1:]]


forged("index_unsorted", "index", INDEX, lambda t: t.edit_index(lambda lines: lines[::-1]))
forged("index_offset_wrong", "index", INDEX, lambda t: t.edit_index(lambda lines: _shifted(lines, "offset", 1)))
forged("index_length_wrong", "index", INDEX, lambda t: t.edit_index(lambda lines: _shifted(lines, "length", -1)))
forged("index_line_missing", "index", INDEX, lambda t: t.edit_index(lambda lines: lines[1:]))
forged("index_line_twice", "index", INDEX, lambda t: t.edit_index(lambda lines: [lines[0], *lines]))
forged(
    "index_of_another_address",
    "index",
    INDEX,
    lambda t: t.edit_index(lambda lines: _with(lines, b'"http://news.example/long"', b'"http://news.example/other"')),
)
forged(
    "index_record_digest_wrong",
    "index",
    INDEX,
    lambda t: t.edit_index(lambda lines: _with(lines, b'"recordDigest": "sha256:', b'"recordDigest": "sha256:00')),
)
forged(
    "index_payload_digest_wrong",
    "index",
    INDEX,
    lambda t: t.edit_index(lambda lines: _with(lines, b'"digest": "sha1:', b'"digest": "sha1:AA')),
)
forged("index_line_garbled", "index", INDEX, lambda t: t.edit_index(lambda lines: [b"!!! no line {}\n", *lines]))
forged(
    "block_offset_wrong",
    "index",
    BLOCKS,
    lambda t: t.edit_lines(BLOCKS, lambda lines: [lines[0], lines[1].replace(b'"offset": 0', b'"offset": 1')]),
)
forged(
    "block_digest_wrong",
    "index",
    BLOCKS,
    lambda t: t.edit_lines(BLOCKS, lambda lines: [lines[0], lines[1].replace(b"sha256:", b"sha256:0")]),
)
forged("block_begins_with_another_line", "index", BLOCKS, lambda t: t.edit_lines(BLOCKS, lambda lines: [lines[0], b"a" + lines[1]]))


# --- pages, documents, events, sources ------------------------------------------------------------

forged("page_without_capture", "page", PAGES, lambda t: t.edit_rows(PAGES, lambda rows: rows[1].update(url="http://nowhere.example/")))
forged("page_at_another_time", "page", PAGES, lambda t: t.edit_rows(PAGES, lambda rows: rows[1].update(ts="2015-05-21T08:30:00Z")))
forged("page_with_other_text", "page", PAGES, lambda t: t.edit_rows(PAGES, lambda rows: rows[1].update(text="Another story.")))
forged("page_without_header", "page", PAGES, lambda t: t.edit_rows(PAGES, lambda rows: rows.pop(0)))
forged("page_taken_out", "page", PAGES, lambda t: t.edit_rows(PAGES, lambda rows: rows.pop()))
forged("page_is_no_json", "page", PAGES, lambda t: t.edit_lines(PAGES, lambda lines: [lines[0], b"{\n", *lines[2:]]))
forged(
    "document_with_other_text", "document", DOCUMENTS, lambda t: t.edit_rows(DOCUMENTS, lambda rows: rows[0].update(text="Another story."))
)
forged("document_of_another_record", "document", DOCUMENTS, lambda t: t.edit_rows(DOCUMENTS, lambda rows: rows[0].update(warc_offset=1)))
forged(
    "document_without_record",
    "document",
    DOCUMENTS,
    lambda t: t.edit_rows(DOCUMENTS, lambda rows: rows[0].update(warc_record_id="<urn:uuid:0>")),
)
forged("document_taken_out", "object-changed", DOCUMENTS, lambda t: t.edit_rows(DOCUMENTS, lambda rows: rows.pop()))
forged("document_twice", "document", DOCUMENTS, lambda t: t.edit_rows(DOCUMENTS, lambda rows: rows.append(rows[0])))
forged("documents_are_no_gzip", "document", DOCUMENTS, lambda t: t.files.update({DOCUMENTS: b"plain"}))
forged("event_without_key", "event", EVENTS, lambda t: t.edit_rows(EVENTS, lambda rows: rows[0].pop("title")))
forged("event_taken_out", "object-changed", EVENTS, lambda t: t.edit_rows(EVENTS, lambda rows: rows.clear()))
forged("source_taken_out", "source", SOURCES, lambda t: t.edit_lines(SOURCES, lambda lines: lines[:-1]))
forged(
    "source_with_other_outcome",
    "source",
    SOURCES,
    lambda t: t.edit_lines(SOURCES, lambda lines: [line.replace(b",error,", b",captured,") for line in lines]),
)
forged(
    "source_of_no_record",
    "source",
    SOURCES,
    lambda t: t.edit_lines(SOURCES, lambda lines: [line.replace(b"<urn:uuid:0", b"<urn:uuid:9") for line in lines]),
)


def test_a_sound_bundle_has_no_damage(sound: bytes, tmp_path: Path) -> None:
    report = read(tmp_path, sound)
    assert report.damages == []
    assert report.checked == {"documents": 2, "events": 1, "files": 13, "index lines": 3, "pages": 3, "records": 14, "sources": 5}
    assert report.notes == [f"signed by {Signer(KEY).fingerprint}"]


def test_taking_apart_and_sealing_changes_nothing(sound: bytes, tmp_path: Path) -> None:
    """Or every mutation would be found by what the test does, not by what it means to change."""
    assert take_apart(sound).packed() == sound
    sealed = {damage.kind for damage in read(tmp_path, take_apart(sound).sealed()).damages}
    assert sealed == {"signature"}  # the package is written another way, and a forger has no key


def test_there_are_enough_of_them() -> None:
    assert len(MUTATIONS) >= 55


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_is_found(name: str, sound: bytes, tmp_path: Path) -> None:
    change, kind, file = MUTATIONS[name]
    mutant = change(sound)
    assert mutant != sound
    report = read(tmp_path, mutant)
    found = [(damage.kind, damage.object) for damage in report.damages]
    assert any(k == kind and file in o for k, o in found), report.shown()
