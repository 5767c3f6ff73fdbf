"""What the arguments of `extract` mean, and which segments they choose."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archive.digests import sha256_hex
from archive.errors import DamageError, InputError, NotFound
from archive.model import StoredObject
from archive.store import open_store
from pipelines.page_files import read_time
from pipelines.segments import choose_segments, fetch_warc
from pipelines.selection import Selection, select
from tests.support.saved_pages import page
from tests.support.small_archive import SmallArchive, make_archive


@pytest.fixture
def archive(tmp_path: Path) -> SmallArchive:
    return make_archive(open_store(str(tmp_path / "store")))


def warc_of(archive: SmallArchive) -> StoredObject:
    return next(o for o in archive.first.manifest.objects if o.kind == "warc")


def unheard(why: str) -> None:
    raise AssertionError(why)


def test_files_are_told_by_content_and_the_rest_are_runs(tmp_path: Path) -> None:
    warc, packed = tmp_path / "a.html", tmp_path / "b"
    warc.write_bytes(b"WARC/1.0\r\n")
    packed.write_bytes(gzip.compress(b"WARC/1.1\r\n" + bytes(100_000)))
    assert select([str(warc), "run-1", str(packed), "last"], None) == Selection(warcs=(warc, packed), runs=frozenset({"run-1", "last"}))
    assert select([], None) == Selection()
    assert select(["-"], "http://a.example/") == Selection(page="-")
    assert select(["nowhere.html"], "http://a.example/") == Selection(page="nowhere.html")


def test_what_cannot_be_meant(tmp_path: Path) -> None:
    html, warc = tmp_path / "x.warc.gz", tmp_path / "w"
    html.write_bytes(page(1))
    warc.write_bytes(b"WARC/1.0\r\n")
    for arguments, url, why in (
        ([str(html)], None, "--url"),
        (["-"], None, "--url"),
        (["a", "b"], "http://a.example/", "one page"),
        ([], "http://a.example/", "one page"),
        ([str(warc)], "http://a.example/", "leave out --url"),
    ):
        with pytest.raises(InputError, match=why):
            select(arguments, url)


def test_segments_of_runs_of_warcs_and_all(archive: SmallArchive) -> None:
    both = [archive.first.manifest_key, archive.second.manifest_key]
    assert choose_segments(archive.store, unheard) == both
    assert choose_segments(archive.store, unheard, runs=frozenset({"last"})) == both  # one run made both
    assert choose_segments(archive.store, unheard, warcs=frozenset({warc_of(archive).sha256})) == both[:1]
    with pytest.raises(NotFound, match="run-9"):
        choose_segments(archive.store, unheard, runs=frozenset({"run-1", "run-9"}))
    with pytest.raises(NotFound, match="no stored documents"):
        choose_segments(archive.store, unheard, warcs=frozenset({"0" * 64}))


def test_no_archive_and_a_damaged_manifest(archive: SmallArchive, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no archive"):
        choose_segments(open_store(str(tmp_path / "none")), unheard)
    archive.store.put(archive.first.manifest_key, b"{}", sha256_hex(b"{}"))
    told: list[str] = []
    assert choose_segments(archive.store, told.append) == [archive.second.manifest_key]
    assert archive.first.manifest_key in told[0]


def test_a_warc_is_fetched_whole_or_not_at_all(archive: SmallArchive, tmp_path: Path) -> None:
    warc = warc_of(archive)
    data = archive.store.get(warc.key)
    assert fetch_warc(archive.store, warc, tmp_path).read_bytes() == data
    archive.store.put(warc.key, data[:-1], sha256_hex(data[:-1]))
    with pytest.raises(DamageError, match="verify"):
        fetch_warc(archive.store, warc, tmp_path)


def test_times() -> None:
    assert read_time("2016-05-21") == "2016-05-21T00:00:00.000000Z"
    assert read_time("2016-05-21T12:00:00+02:00") == "2016-05-21T10:00:00.000000Z"
    for text in ("yesterday", "", "2016-13-01", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(InputError):
            read_time(text)
