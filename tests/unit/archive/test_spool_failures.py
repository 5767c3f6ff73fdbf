"""A spool that cannot be written: what is in doubt is never vouched for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive.errors import LimitReached, StoreError
from archive.spool import segment as segments
from archive.spool.directory import Spool
from archive.spool.segment import SegmentWriter, cut_and_seal, seal


@pytest.fixture
def spool(tmp_path: Path):
    with Spool(tmp_path / "spool") as spool:
        yield spool


def failing(number: int):
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(("number", "error"), [(errno.EIO, StoreError), (errno.ENOSPC, LimitReached), (errno.EDQUOT, LimitReached)])
def test_after_a_failed_fsync_nothing_more_is_vouched_for(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    segment = SegmentWriter(spool, "s1", 0.0)
    segment.append(b"synced")
    segment.sync()
    segment.append(b"in doubt")
    monkeypatch.setattr(os, "fsync", failing(number))
    with pytest.raises(error):
        segment.sync()
    monkeypatch.undo()  # the next fsync would succeed: the kernel has forgotten the bytes it could not write
    for again in (segment.sync, segment.seal, lambda: segment.append(b"more")):
        with pytest.raises(error):
            again()
    assert segment.synced == len(b"synced")


def test_what_a_failed_write_left_and_no_cut_removed_is_never_appended_to(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = SegmentWriter(spool, "s1", 0.0)
    monkeypatch.setattr(os, "write", failing(errno.EIO))
    monkeypatch.setattr(os, "ftruncate", failing(errno.EIO))
    with pytest.raises(StoreError, match="cannot write"):
        segment.append(b"half")
    monkeypatch.undo()
    with pytest.raises(StoreError):
        segment.append(b"next")


def test_a_segment_that_cannot_be_made(spool: Spool) -> None:
    spool.open_segment("s1").touch()
    with pytest.raises(StoreError, match="cannot make"):
        SegmentWriter(spool, "s1", 0.0)


def test_a_seal_that_fails_says_why(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="cannot seal"):
        seal(spool, "missing")
    spool.open_segment("s1").write_bytes(b"known")
    monkeypatch.setattr(segments, "sync_directory", failing(errno.ENOSPC))
    with pytest.raises(LimitReached, match="no space left to seal"):
        cut_and_seal(spool, "s1", 5)


def test_a_spool_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    with pytest.raises(StoreError, match="cannot use the spool"):
        Spool(tmp_path / "spool")


def test_the_spool_and_its_names_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    with Spool(tmp_path / "new" / "spool") as spool:
        assert {str(tmp_path), str(tmp_path / "new")} <= set(synced)
        synced.clear()
        SegmentWriter(spool, "s1", 0.0)
        assert synced == [str(spool.directory)]
