from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive.errors import LimitReached, Locked, StoreError
from archive.spool.directory import Spool, find_spool
from archive.spool.segment import SegmentWriter, cut_and_seal


@pytest.fixture
def spool(tmp_path: Path):
    with Spool(tmp_path / "spool") as spool:
        yield spool


def test_append_sync_seal(spool: Spool) -> None:
    segment = SegmentWriter(spool, "s1", 0.0)
    assert (segment.append(b"abc"), segment.append(b"defg")) == (0, 3)
    assert (segment.length, segment.synced) == (7, 0)
    segment.sync()
    assert segment.synced == 7
    assert segment.seal().read_bytes() == b"abcdefg"
    assert not spool.open_segment("s1").exists()


def test_a_spool_has_one_owner(spool: Spool) -> None:
    with pytest.raises(Locked, match="--spool"):
        Spool(spool.directory)


def test_a_cut_never_guesses(spool: Spool) -> None:
    spool.open_segment("s1").write_bytes(b"known" + b"torn mem")
    assert cut_and_seal(spool, "s1", 5).read_bytes() == b"known"
    spool.open_segment("s2").write_bytes(b"abc")
    with pytest.raises(StoreError, match="shorter than the ledger says"):
        cut_and_seal(spool, "s2", 4)


def test_a_full_disk_leaves_whole_members_only(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = SegmentWriter(spool, "s1", 0.0)
    segment.append(b"whole")
    real, calls = os.write, []

    def short_then_full(handle: int, data: bytes) -> int:
        if calls:
            raise OSError(errno.ENOSPC, "No space left on device")
        calls.append(1)
        return real(handle, data[:2])

    monkeypatch.setattr(os, "write", short_then_full)
    with pytest.raises(LimitReached, match="no space left"):
        segment.append(b"next member")
    monkeypatch.undo()
    assert segment.seal().read_bytes() == b"whole"


def test_the_same_store_finds_the_same_spool(tmp_path: Path) -> None:
    home = {"XDG_STATE_HOME": str(tmp_path)}
    assert find_spool("file:///data/archive", None, home) == Path("/data/archive.spool")
    assert find_spool("s3://bucket/a", None, home) == find_spool("s3://bucket/a", None, home) != find_spool("s3://bucket/b", None, home)
    assert find_spool("s3://bucket/a", "/elsewhere", home) == Path("/elsewhere")
