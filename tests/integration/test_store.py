"""The six verbs and the two for housekeeping, the same tests on every backend: a directory and a real SeaweedFS."""

from __future__ import annotations

import os
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.digests import sha256_hex
from archive.errors import InputError, KeyExists, KeyMissing, StoreError
from archive.store import Store, open_store
from archive.store.local import LocalStore
from archive.store.s3 import S3Store

MB = 1 << 20


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "local":
        return open_store((tmp_path / "archive").as_uri())
    return open_store(f"s3://{request.getfixturevalue('s3_bucket')}/some/archive")


def put(store: Store, key: str, data: bytes) -> None:
    store.put(key, data, sha256_hex(data))


def keys(store: Store, prefix: str = "") -> list[str]:
    return [found.key for found in store.list(prefix)]


def test_what_was_put_comes_back(store: Store) -> None:
    put(store, "warc/one.warc.gz", b"bytes")
    assert store.get("warc/one.warc.gz") == b"bytes"


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 20_000], ids=["empty", "one", "5 MB"])
def test_bytes_of_any_size_come_back_from_a_file(store: Store, tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(data)
    store.put("warc/a", source, sha256_hex(data))
    assert store.get("warc/a") == data
    assert store.stat("warc/a").size == len(data)


def test_put_replaces_and_twice_is_harmless(store: Store) -> None:
    put(store, "a", b"old")
    put(store, "a", b"new")
    put(store, "a", b"new")
    assert store.get("a") == b"new"
    assert keys(store) == ["a"]


def test_put_refuses_bytes_that_are_not_the_announced_ones(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"damaged on the way")
    for data in (source, b"damaged on the way"):
        with pytest.raises(StoreError, match="SHA-256"):
            store.put("warc/a", data, sha256_hex(b"as announced"))
    with pytest.raises(KeyMissing):
        store.stat("warc/a")
    assert keys(store) == []


def test_put_names_a_source_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone-source"):
        store.put("a", tmp_path / "gone-source", sha256_hex(b""))
    assert keys(store) == []


def test_put_if_absent_creates_once(store: Store) -> None:
    store.put_if_absent("manifests/m.json", b"first")
    with pytest.raises(KeyExists, match=r"manifests/m\.json"):
        store.put_if_absent("manifests/m.json", b"second")
    assert store.get("manifests/m.json") == b"first"


def test_of_16_rivals_one_creates(store: Store) -> None:
    start = threading.Barrier(16)

    def attempt(number: int) -> int | None:
        start.wait()
        try:
            store.put_if_absent("manifests/m.json", b"%d" % number)
        except KeyExists:
            return None
        return number

    with ThreadPoolExecutor(16) as pool:
        winners = [number for number in pool.map(attempt, range(16)) if number is not None]
    assert len(winners) == 1
    assert store.get("manifests/m.json") == b"%d" % winners[0]


def test_missing_objects_are_missing_in_every_verb(store: Store) -> None:
    put(store, "warc/there", b"x")
    for key in ("nothing", "warc", "warc/there/below", "none/of/these"):
        for verb in (store.get, store.stat, store.open_range, lambda key: store.open_range(key, 3, 0)):
            with pytest.raises(KeyMissing, match=key):
                verb(key)


def test_an_archive_that_was_never_written_is_empty(store: Store) -> None:
    assert keys(store) == []
    assert keys(store, "manifests/") == []
    with pytest.raises(KeyMissing):
        store.get("archive.json")


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [
        (0, None, b"0123456789"),
        (0, 4, b"0123"),
        (4, None, b"456789"),
        (4, 3, b"456"),
        (8, 99, b"89"),
        (10, None, b""),
        (99, 5, b""),
        (3, 0, b""),
    ],
)
def test_open_range_gives_that_range(store: Store, offset: int, length: int | None, expected: bytes) -> None:
    put(store, "a", b"0123456789")
    with store.open_range("a", offset, length) as stream:
        assert stream.read() == expected


def test_open_range_of_an_empty_object_is_empty(store: Store) -> None:
    put(store, "a", b"")
    for offset, length in ((0, None), (0, 5), (5, None)):
        with store.open_range("a", offset, length) as stream:
            assert stream.read() == b""


def test_open_range_reads_in_pieces(store: Store) -> None:
    data = os.urandom(3 * MB)
    put(store, "a", data)
    with store.open_range("a", 1000, 2 * MB) as stream:
        pieces = list(iter(lambda: stream.read(70_001), b""))
        assert stream.read(1) == b""
    assert b"".join(pieces) == data[1000 : 1000 + 2 * MB]


def test_open_range_may_be_closed_half_read(store: Store) -> None:
    put(store, "a", bytes(3 * MB))
    with store.open_range("a") as stream:
        stream.read(10)
    assert stream.closed
    assert store.stat("a").size == 3 * MB


@pytest.mark.parametrize(("offset", "length"), [(-1, None), (0, -1)])
def test_open_range_refuses_negative_numbers(store: Store, offset: int, length: int) -> None:
    with pytest.raises(InputError):
        store.open_range("a", offset, length)


def test_list_is_in_byte_order_and_by_prefix(store: Store) -> None:
    written = ["B", "_", "a/x", "a/y/z", "a-b", "a.b", "a0", "ab", "a-b.d/1", "warc-2", "warc/1"]
    for key in written:
        put(store, key, key.encode())
    assert keys(store) == sorted(written)
    assert keys(store, "a") == ["a-b", "a-b.d/1", "a.b", "a/x", "a/y/z", "a0", "ab"]
    assert keys(store, "a/") == ["a/x", "a/y/z"]
    assert keys(store, "a/y") == ["a/y/z"]
    assert keys(store, "nothing/") == []
    assert [found.size for found in store.list("warc")] == [6, 6]


def test_list_goes_past_one_page(store: Store) -> None:
    expected = [f"manifests/{number:04}.json" for number in range(1005)]  # S3 lists 1,000 at a time
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: put(store, key, b""), expected))
    assert keys(store, "manifests/") == expected


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "../a", "a/../b", ".", "a b", "a\n", "ä", "a?b", "a\0", ".tmp-x", "a/.tmp-x/b", "x" * 256, "x/" * 600 + "x"],
)
def test_every_verb_refuses_a_bad_key(store: Store, key: str) -> None:
    verbs = (
        store.get,
        store.stat,
        store.open_range,
        store.delete,
        lambda key: store.put_if_absent(key, b""),
        lambda key: put(store, key, b""),
    )
    for verb in verbs:
        with pytest.raises(InputError):
            verb(key)
    assert keys(store) == []


@pytest.mark.parametrize("prefix", ["/", "/a", "../", "a//", "a/../b", "a b", "\0"])
def test_list_refuses_a_bad_prefix(store: Store, prefix: str) -> None:
    with pytest.raises(InputError):
        store.list(prefix)


def test_its_uri_opens_the_same_store(store: Store) -> None:
    put(store, "a", b"x")
    again = open_store(store.uri)
    assert again.uri == store.uri
    assert again.get("a") == b"x"


def test_probe_finds_create_only_writes_honoured_and_leaves_nothing_to_see(store: Store) -> None:
    assert store.probe().startswith("honoured")
    assert store.probe().startswith("honoured")
    assert store.create_only is True
    assert keys(store) == []


def test_modified_is_when_the_bytes_were_put_there(store: Store) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)  # S3 tells no fractions
    put(store, "a", b"old")
    first = store.stat("a").modified
    assert before < first < datetime.now(UTC) + timedelta(seconds=2)
    assert first.utcoffset() == timedelta(0)
    assert [found.modified for found in store.list("")] == [first]
    time.sleep(1.1)
    put(store, "a", b"old")  # the same bytes again: an upload under way must look young to the sweep
    assert store.stat("a").modified > first


def test_delete_removes_one_object(store: Store) -> None:
    for key in ("a", "b/c", "b/c.d"):
        put(store, key, b"x")
    store.delete("b/c")
    assert keys(store) == ["a", "b/c.d"]
    with pytest.raises(KeyMissing):
        store.get("b/c")
    store.put_if_absent("b/c", b"again")
    assert store.get("b/c") == b"again"


def test_delete_of_what_is_not_there_is_no_error(store: Store) -> None:
    put(store, "warc/there", b"x")
    for key in ("nothing", "warc", "warc/there/below", "none/of/these"):
        store.delete(key)
    assert keys(store) == ["warc/there"]


def test_debris_is_what_writes_left_behind_and_nothing_else(store: Store) -> None:
    put(store, "warc/a", b"kept")
    store.put_if_absent("manifests/m.json", b"kept")
    store.probe()
    later = datetime.now(UTC) + timedelta(hours=1)
    assert store.debris(later, remove=True) == ()
    for key in ("warc/a", "warc/b", "c"):
        _leave_behind(store, key)
    assert store.debris(datetime.now(UTC) - timedelta(hours=1), remove=True) == ()  # all may be still under way
    found = store.debris(later, remove=False)
    assert len(found) == 3
    assert all("\n" not in name for name in found)
    assert store.debris(later, remove=True) == found
    assert store.debris(later, remove=True) == ()
    assert keys(store) == ["manifests/m.json", "warc/a"]
    assert store.get("warc/a") == b"kept"
    assert store.probe().startswith("honoured")


def _leave_behind(store: Store, key: str) -> None:
    """What a writer killed in the middle leaves."""
    if isinstance(store, S3Store):
        upload = store._s3().create_multipart_upload(Bucket=store.bucket, Key=store.prefix + key)["UploadId"]
        store._s3().upload_part(Bucket=store.bucket, Key=store.prefix + key, UploadId=upload, PartNumber=1, Body=b"half")
    else:
        assert isinstance(store, LocalStore)
        target = store.root / key
        target.parent.mkdir(exist_ok=True)
        target.with_name(f".tmp-{uuid.uuid4().hex}").write_bytes(b"half")


_FOLDERS = st.sampled_from(["", "warc/", "war/", "a-b/c/", "a/b/"])
_NAMES = st.text("aZ0_-", min_size=1, max_size=3).map(lambda name: name + ".o")
_ACTS = st.tuples(st.sampled_from(["put", "create", "delete"]), st.builds(str.__add__, _FOLDERS, _NAMES), st.binary(max_size=20))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(_ACTS, max_size=12), prefix=st.sampled_from(["", "w", "war", "warc/", "a", "a-", "a/b/"]))
def test_any_sequence_of_writes_leaves_what_a_dictionary_would(store: Store, acts: list[tuple[str, str, bytes]], prefix: str) -> None:
    for found in list(store.list("")):
        store.delete(found.key)
    model: dict[str, bytes] = {}
    for act, key, data in acts:
        if act == "put":
            put(store, key, data)
            model[key] = data
        elif act == "delete":
            store.delete(key)
            model.pop(key, None)
        elif key in model:
            with pytest.raises(KeyExists):
                store.put_if_absent(key, data)
        else:
            store.put_if_absent(key, data)
            model[key] = data
    assert {key: store.get(key) for key in keys(store)} == model
    assert [(found.key, found.size) for found in store.list(prefix)] == [
        (key, len(model[key])) for key in sorted(model) if key.startswith(prefix)
    ]
