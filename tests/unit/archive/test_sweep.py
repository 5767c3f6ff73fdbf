"""The sweep takes what nobody can see, and nothing else."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive import layout
from archive.digests import sha256_hex
from archive.errors import DamageError
from archive.store.local import LocalStore
from archive.sweep import sweep
from archive.times import now
from archive.verify import verify_archive
from tests.support.small_archive import SmallArchive, make_archive

DAY = timedelta(days=1)


@pytest.fixture
def archive(tmp_path: Path) -> SmallArchive:
    return make_archive(LocalStore(tmp_path / "archive"))


def put_orphan(archive: SmallArchive, data: bytes, age: timedelta) -> str:
    key = layout.data("warc", sha256_hex(data))
    archive.store.put(key, data, sha256_hex(data))
    then = time.time() - age.total_seconds()
    os.utime(Path(archive.store.uri.removeprefix("file://")) / key, (then, then))
    return key


def keys(archive: SmallArchive) -> set[str]:
    return {stat.key for stat in archive.store.list("")}


def test_only_old_orphans_go(archive: SmallArchive) -> None:
    before = keys(archive)
    old, young = put_orphan(archive, b"old", 2 * DAY), put_orphan(archive, b"young", DAY / 2)
    swept = sweep(archive.store, now() - DAY)
    assert (swept.removed, swept.bytes, swept.young) == ((old,), 3, 1)
    assert keys(archive) == before | {young}
    assert verify_archive(archive.store).damages == []


def test_a_dry_run_removes_nothing(archive: SmallArchive) -> None:
    old = put_orphan(archive, b"old", 2 * DAY)
    assert sweep(archive.store, now() - DAY, dry_run=True).removed == (old,)
    assert old in keys(archive)


def test_an_orphan_that_is_uploaded_again_meanwhile_stays(archive: SmallArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    old = put_orphan(archive, b"old", 2 * DAY)
    listed = LocalStore.list

    def list_then_upload(store: LocalStore, prefix: str) -> object:
        found = list(listed(store, prefix))
        if prefix == layout.MANIFESTS:
            store.put(old, b"old", sha256_hex(b"old"))
        return iter(found)

    monkeypatch.setattr(LocalStore, "list", list_then_upload)
    assert sweep(archive.store, now() - DAY).removed == ()


@pytest.mark.parametrize("harm", ["gone", "edited"])
def test_without_all_manifests_nothing_goes(archive: SmallArchive, harm: str) -> None:
    put_orphan(archive, b"old", 2 * DAY)
    before = keys(archive)
    if harm == "gone":
        archive.store.delete(archive.first.manifest_key)  # the second segment builds on it
    else:
        data = archive.store.get(archive.first.manifest_key).replace(b'"attempts":1', b'"attempts":2', 1)
        archive.store.put(archive.first.manifest_key, data, sha256_hex(data))
    with pytest.raises(DamageError, match=archive.first.manifest.segment):
        sweep(archive.store, now() - DAY)
    assert before - keys(archive) <= {archive.first.manifest_key}


def test_unfinished_writes_go(archive: SmallArchive) -> None:
    folder = Path(archive.store.uri.removeprefix("file://")) / "warc"
    left = folder / ".tmp-0123456789abcdef0123456789abcdef"
    left.write_bytes(b"half")
    assert sweep(archive.store, now() - DAY).debris == ()
    os.utime(left, (0, 0))
    assert len(sweep(archive.store, now() - DAY).debris) == 1
    assert not left.exists()
