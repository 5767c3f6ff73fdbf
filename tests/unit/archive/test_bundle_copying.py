"""The process that copies WARCs while tables are made: its damages are told, its death too, and nothing is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.contents import Contents
from archive.bundle.copying import Copying
from archive.bundle.destination import FolderDestination
from archive.errors import DamageError, LimitReached
from archive.store import Store, open_store
from tests.support.small_archive import SmallArchive, make_archive


@pytest.fixture
def archive(tmp_path: Path) -> SmallArchive:
    return make_archive(open_store(str(tmp_path / "store")))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


def copying(store: Store, archive: SmallArchive, folder: Path, told: Callable[[int], None] = lambda _: None) -> Copying:
    """Of both WARCs, into an empty file."""
    with Contents(folder / "contents.sqlite") as contents:
        for segment in (archive.first, archive.second):
            (warc,) = (o for o in segment.manifest.objects if o.kind == "warc")
            contents.add_whole(segment.manifest, warc)
        contents.finish()
        (folder / "out").touch()
        return Copying(store, contents, folder / "indexes", folder / "out", told)


def test_what_it_copies_and_tells(store: Store, archive: SmallArchive, tmp_path: Path) -> None:
    told: list[int] = []
    with copying(store, archive, tmp_path, told.append) as process:
        process.look()
        copied = process.result()
    data = (tmp_path / "out").read_bytes()
    assert len(data) == copied[-1].entry.end
    assert sum(told) == sum(file.entry.size for file in copied)
    for file in copied:
        assert data[file.entry.end - file.entry.size : file.entry.end] == store.get(str(file.resource.more["source"]))
    assert {path.name for path in (tmp_path / "indexes").iterdir()} == {"index.cdx.gz", "index.idx"}


def test_damage_is_raised_here(store: Store, archive: SmallArchive, tmp_path: Path) -> None:
    warc = next((tmp_path / "store" / "warc").iterdir())
    warc.write_bytes(warc.read_bytes()[:-1] + b"?")
    with copying(store, archive, tmp_path) as process, pytest.raises(DamageError, match="SHA-256"):
        process.result()


def test_a_process_that_dies_is_told(store: Store, archive: SmallArchive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "stuck")
    warc = next((tmp_path / "store" / "warc").iterdir())
    warc.unlink()
    warc.symlink_to(tmp_path / "stuck")  # whoever opens it waits
    with copying(store, archive, tmp_path) as process:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(LimitReached, match="died"):
            process.result()


def test_leaving_early_ends_it(store: Store, archive: SmallArchive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "stuck")
    warc = next((tmp_path / "store" / "warc").iterdir())
    warc.unlink()
    warc.symlink_to(tmp_path / "stuck")
    with copying(store, archive, tmp_path) as process:
        pid = process.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_file_has_its_name_only_when_it_is_on_the_disk(
    store: Store, archive: SmallArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fsync is done, and noted: of what, and whether the bundle had its name by then."""
    del archive
    synced: list[tuple[int, bool]] = []
    really = os.fsync

    def noting(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, (tmp_path / "b.wacz").exists()))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    make_bundles(store, BundleOptions(), FolderDestination(tmp_path), "b")
    assert synced == [((tmp_path / "b.wacz").stat().st_ino, False), (tmp_path.stat().st_ino, True)]
