"""Bundles as they are made: what is in them, that they are the same everywhere, split, signed, streamed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.bundle.build import BundleOptions, Made, make_bundles
from archive.bundle.destination import FolderDestination, StoreDestination, StreamDestination
from archive.bundle.sign import load_public, load_signer
from archive.bundle.source import FileSource
from archive.bundle.verify import verify_bundle
from archive.bundle.verify_set import verify_place
from archive.errors import DamageError, InputError, NotFound
from archive.selection.select import Selection
from archive.store import Store, open_store
from archive.takedown import plan, take_down
from archive.warc.reader import iterate_records
from tests.support.bundles import make_pages, take_apart
from tests.support.shared import ROOT
from tests.support.small_archive import CHUNKED, SILENT, STORY, make_archive
from tests.support.told_runs import Told, tell_run

SCRIPT = """
import sys
from pathlib import Path
from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination
from archive.selection.select import Selection
from archive.store.local import LocalStore

class Shuffled(LocalStore):
    def list(self, prefix):
        return reversed(list(super().list(prefix)))

store, out = Shuffled(Path(sys.argv[1])), Path(sys.argv[2])
for name, selection in (("all", Selection()), ("some", Selection(hosts=("host1.*", "host2.*")))):
    make_bundles(store, BundleOptions(selection), FolderDestination(out), name)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(str(tmp_path / "store"))
    make_archive(store)
    return store


def made(store: Store, folder: Path, name: str = "b", **options: Any) -> Made:
    return make_bundles(store, BundleOptions(**options), FolderDestination(folder), name)


def sound(path: Path) -> None:
    assert verify_bundle(FileSource(path)).damages == []


def rows(path: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as bundle:
        data = bundle.read(name)
    return [json.loads(line) for line in (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()]


def records(path: Path) -> Iterator[Any]:
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            if name.startswith("archive/"):
                yield from iterate_records(io.BytesIO(bundle.read(name)))


def test_a_whole_archive(store: Store, tmp_path: Path) -> None:
    result = made(store, tmp_path)
    path = tmp_path / "b.wacz"
    sound(path)
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        names = bundle.namelist()
        assert names == sorted(names)
        assert {i.date_time for i in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {(i.compress_type, i.flag_bits, i.extra) for i in bundle.infolist()} == {(zipfile.ZIP_STORED, 0, b"")}
        package = json.loads(bundle.read("datapackage.json"))
        for resource in package["resources"]:
            stored = resource.get("source")
            assert stored is None or store.get(stored) == bundle.read(resource["path"])  # copied, not packed again
    assert package["metadata"]["title"] == package["title"] == "warcite archive"
    assert package["created"] == "2016-05-21T08:30:00Z"
    assert (result.counts["targets"], result.counts["documents"], result.counts["pages"], result.counts["events"]) == (5, 2, 3, 1)
    pages = rows(path, "pages/pages.jsonl")
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    assert [(p["url"], "text" in p) for p in pages[1:]] == [(CHUNKED, True), (STORY, True), (STORY, False)]


def test_documents_lead_to_their_records(store: Store, tmp_path: Path) -> None:
    for name, options in (("all", {}), ("one", {"selection": Selection(urls=(CHUNKED,))})):
        made(store, tmp_path, name, **options)
        with zipfile.ZipFile(tmp_path / f"{name}.wacz") as bundle:
            for row in rows(tmp_path / f"{name}.wacz", "data/documents.jsonl.gz"):
                data = bundle.read(row["warc_file"])[row["warc_offset"] : row["warc_offset"] + row["warc_length"]]
                assert f"WARC-Record-ID: {row['warc_record_id']}".encode() in gzip.decompress(data)


def test_a_part_has_what_belongs_to_its_targets_and_nothing_else(store: Store, tmp_path: Path) -> None:
    made(store, tmp_path, selection=Selection(urls=(CHUNKED, SILENT)))
    path = tmp_path / "b.wacz"
    sound(path)
    assert [r.type for r in records(path)] == ["warcinfo", "response", "request", "metadata", "request", "metadata"]
    assert {r.target_uri for r in records(path)} == {None, CHUNKED, SILENT}
    assert len(rows(path, "data/documents.jsonl.gz")) == 1


def test_a_revisit_brings_what_it_refers_to(store: Store, tmp_path: Path) -> None:
    made(store, tmp_path, selection=Selection(outcomes=("unchanged",)))
    path = tmp_path / "b.wacz"
    sound(path)
    kinds = {r.type: r for r in records(path)}
    assert kinds["revisit"].header("WARC-Refers-To") == kinds["response"].record_id
    assert [d["url"] for d in rows(path, "data/documents.jsonl.gz")] == [STORY]  # and the text of it
    assert [p.get("text", "")[:7] for p in rows(path, "pages/pages.jsonl")[1:]] == ["", "The old"]


def test_a_revisit_of_what_is_lost_is_damage(store: Store, tmp_path: Path) -> None:
    root = Path(store.uri.removeprefix("file://"))
    (root / "manifests/11111111-1111-4111-8111-111111111111.json").unlink()
    with pytest.raises(DamageError, match="revisit"):
        made(store, tmp_path)


def test_no_cell_of_the_sources_is_a_formula(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    tell_run(store, 1, [Told(f"http://news.example/{n}", title=title) for n, title in enumerate(titles)])
    made(store, tmp_path)
    sources = csv.DictReader(io.StringIO(take_apart((tmp_path / "b.wacz").read_bytes()).files["data/sources.csv"].decode()))
    assert [row["title"] for row in sources] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain"]
    sound(tmp_path / "b.wacz")


def test_what_was_taken_down_is_in_no_bundle(store: Store, tmp_path: Path) -> None:
    taken = next(r for r in records_of(store) if r.target_uri == CHUNKED and r.type == "response")
    take_down(store, plan((str(taken.record_id),), "court order", "2016-06-01T00:00:00Z"))
    made(store, tmp_path)
    path = tmp_path / "b.wacz"
    sound(path)
    assert CHUNKED not in {r.target_uri for r in records(path)}
    assert CHUNKED not in {d["url"] for d in rows(path, "data/documents.jsonl.gz")}
    assert STORY in {r.target_uri for r in records(path)}


def records_of(store: Store) -> Iterator[Any]:
    for stat in store.list("warc/"):
        yield from iterate_records(io.BytesIO(store.get(stat.key)))


def test_changed_bytes_in_the_store_are_named(store: Store, tmp_path: Path) -> None:
    root = Path(store.uri.removeprefix("file://"))
    path = next((root / "warc").iterdir())
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamageError, match="warc/"):
        made(store, tmp_path)
    assert list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*")) == []


def test_nothing_chosen(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        made(store, tmp_path, selection=Selection(hosts=("elsewhere.example",)))


@pytest.mark.timeout(300)
def test_the_same_bytes_on_two_machines(tmp_path: Path) -> None:
    """Another clock's zone, locale, order of hashes and of the store's listings, another folder for temporary files."""
    make_pages(open_store(str(tmp_path / "store")), segments=3, pages=4)
    machines: list[dict[str, str]] = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {"TZ": "America/Caracas", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "TMPDIR": str(tmp_path)},
    ]
    outputs = []
    for number, machine in enumerate(machines):
        out = tmp_path / str(number)
        out.mkdir()
        environment = {**os.environ, **machine, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", SCRIPT, tmp_path / "store", out], env=environment, cwd=out, check=True, timeout=200)
        outputs.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert set(outputs[0]) == {"all.wacz", "some.wacz"}
    assert outputs[0] == outputs[1]
    for name in outputs[0]:
        sound(tmp_path / "0" / name)


def test_every_destination_gets_the_same_bytes(store: Store, tmp_path: Path) -> None:
    selection = Selection(urls=(CHUNKED, STORY))
    made(store, tmp_path, selection=selection)
    whole = (tmp_path / "b.wacz").read_bytes()
    stream = io.BytesIO()
    written = make_bundles(store, BundleOptions(selection), StreamDestination(stream)).bundles[0]
    assert stream.getvalue() == whole
    assert written.size == len(whole)
    kept = make_bundles(store, BundleOptions(selection), StoreDestination(store), "kept").bundles[0]
    assert store.get("bundles/kept.wacz") == whole
    assert store.get("bundles/kept.wacz.sha256") == f"{kept.sha256}  kept.wacz\n".encode()
    assert kept.sha256 == written.sha256


@pytest.mark.parametrize("limit", [300_000, 400_000, 600_000])
def test_split_parts_are_whole_and_complete(limit: int, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    segments = make_pages(store, segments=4, pages=6, size=60_000)
    result = made(store, tmp_path, max_size=limit)
    assert result.manifest is not None
    assert result.main.name == "b.json"
    assert [b.name for b in result.bundles] == [f"b-{n:05d}.wacz" for n in range(1, len(result.bundles) + 1)]
    assert all(b.size <= limit for b in result.bundles)
    manifest = json.loads((tmp_path / "b.json").read_bytes())
    assert manifest["profile"] == "multi-wacz-package"
    assert [r["path"] for r in manifest["resources"]] == [b.name for b in result.bundles]
    report = verify_place(str(tmp_path / "b.json"))
    assert report.damages == []
    cited = [row for b in result.bundles for row in _sources(tmp_path / b.name)]
    assert sorted(cited) == sorted(str(o.record_id) for s in segments for o in s.manifest.outcomes)  # each once


def _sources(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as bundle:
        lines = bundle.read("data/sources.csv").decode().splitlines()
    column = lines[0].split(",").index("record_id")
    return [line.split(",")[column] for line in lines[1:]]


def test_a_set_with_a_part_changed_or_missing(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    make_pages(store, segments=3, pages=4, size=60_000)
    made(store, tmp_path, max_size=400_000)
    first, second = tmp_path / "b-00001.wacz", tmp_path / "b-00002.wacz"
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    kinds = {(d.kind, d.object) for d in verify_place(str(tmp_path / "b.json")).damages}
    assert ("missing-object", "b-00001.wacz") in kinds
    assert ("object-changed", "b-00002.wacz") in kinds


def test_what_fits_is_not_split(store: Store, tmp_path: Path) -> None:
    result = made(store, tmp_path, max_size=10_000_000)
    assert (result.manifest, result.main.name) == (None, "b.wacz")


@pytest.mark.parametrize("form", ["pem", "openssh"])
def test_signed_and_checked(form: str, store: Store, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private, public = _written(key, form, tmp_path)
    made(store, tmp_path, signer=load_signer(private))
    report = verify_bundle(FileSource(tmp_path / "b.wacz"), load_public(str(public)))
    assert report.damages == []
    assert report.notes == [f"signed by {load_signer(private).fingerprint}"]
    other = verify_bundle(FileSource(tmp_path / "b.wacz"), Ed25519PrivateKey.generate().public_key())
    assert [d.kind for d in other.damages] == ["signature"]


def _written(key: Ed25519PrivateKey, form: str, folder: Path) -> tuple[Path, Path]:
    none = serialization.NoEncryption()
    encoding, kind = serialization.Encoding, serialization.PublicFormat
    if form == "pem":
        private = key.private_bytes(encoding.PEM, serialization.PrivateFormat.PKCS8, none)
        public = key.public_key().public_bytes(encoding.PEM, kind.SubjectPublicKeyInfo)
    else:
        private = key.private_bytes(encoding.PEM, serialization.PrivateFormat.OpenSSH, none)
        public = key.public_key().public_bytes(encoding.OpenSSH, kind.OpenSSH)
    (folder / "key").write_bytes(private)
    (folder / "key.pub").write_bytes(public)
    return folder / "key", folder / "key.pub"


def test_keys_that_cannot_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none").write_text("no key", encoding="ascii")
    with pytest.raises(InputError, match="none"):
        load_signer(tmp_path / "none")
    with pytest.raises(InputError):
        load_signer(tmp_path / "absent")
    key = Ed25519PrivateKey.generate()
    secret = serialization.BestAvailableEncryption(b"word")
    (tmp_path / "locked").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret))
    with pytest.raises(InputError, match="WARCITE_SIGN_PASSPHRASE"):
        load_signer(tmp_path / "locked")
    monkeypatch.setenv("WARCITE_SIGN_PASSPHRASE", "word")
    assert load_signer(tmp_path / "locked").key.private_bytes_raw() == key.private_bytes_raw()


def test_bundles_of_other_makers_are_read_too(store: Store, tmp_path: Path) -> None:
    """Deflated and with data descriptors, as Python's zipfile writes to a stream, and without our tables."""
    made(store, tmp_path)
    with zipfile.ZipFile(tmp_path / "b.wacz") as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist() if not name.startswith("data/")}
    package = json.loads(files["datapackage.json"])
    del package["warcite"]
    package["resources"] = [r for r in package["resources"] if not r["path"].startswith("data/")]
    files["datapackage.json"] = json.dumps(package).encode()
    digest = json.loads(files["datapackage-digest.json"])
    files["datapackage-digest.json"] = json.dumps(digest | {"hash": _hash(files["datapackage.json"])}).encode()
    with (tmp_path / "other.wacz").open("wb") as raw, zipfile.ZipFile(Unseekable(raw), "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in files.items():
            out.writestr(name, data, zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED)
    sound(tmp_path / "other.wacz")


def _hash(data: bytes) -> str:
    import hashlib

    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Unseekable(io.RawIOBase):
    def __init__(self, raw: io.BufferedWriter) -> None:
        self._raw = raw

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._raw.write(data)
