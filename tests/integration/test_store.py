"""The six verbs, the same tests on every backend; then what only S3 can do wrong, against a real SeaweedFS."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.digests import sha256_hex
from archive.errors import DamageError, InputError, KeyExists, KeyMissing, LimitReached, StoreError
from archive.store import ObjectStat, Store, open_store
from archive.store.local import LocalStore
from archive.store.s3 import S3Store
from tests.support.s3_faults import FaultyS3, corrupt, cut, drop, error_in_200, faulty, ignore_condition, lose_answer, refuse
from tests.support.seaweed import Seaweed

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
    for verb in (store.get, store.stat, store.open_range, lambda key: store.put_if_absent(key, b""), lambda key: put(store, key, b"")):
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
    assert isinstance(store, LocalStore | S3Store)
    assert store.probe().startswith("honoured")
    assert store.probe().startswith("honoured")
    assert keys(store) == []


_FOLDERS = st.sampled_from(["", "warc/", "war/", "a-b/c/", "a/b/"])
_NAMES = st.text("aZ0_-", min_size=1, max_size=3).map(lambda name: name + ".o")
_ACTS = st.tuples(st.sampled_from(["put", "create"]), st.builds(str.__add__, _FOLDERS, _NAMES), st.binary(max_size=20))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(_ACTS, max_size=12), prefix=st.sampled_from(["", "w", "war", "warc/", "a", "a-", "a/b/"]))
def test_any_sequence_of_writes_leaves_what_a_dictionary_would(store: Store, acts: list[tuple[str, str, bytes]], prefix: str) -> None:
    for found in list(store.list("")):
        _remove(store, found)
    model: dict[str, bytes] = {}
    for act, key, data in acts:
        if act == "put":
            put(store, key, data)
            model[key] = data
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


def _remove(store: Store, found: ObjectStat) -> None:
    if isinstance(store, S3Store):
        store._s3().delete_object(Bucket=store.bucket, Key=store.prefix + found.key)
    else:
        (Path(store.uri.removeprefix("file://")) / found.key).unlink()


# S3 alone


@pytest.fixture
def s3(s3_bucket: str) -> S3Store:
    return S3Store(s3_bucket, "archive")


@pytest.fixture
def proxy(s3_bucket: str, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyS3]:
    with faulty(seaweed.endpoint) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", proxy.endpoint)
        yield proxy


def unfinished(store: S3Store) -> int:
    return len(store._s3().list_multipart_uploads(Bucket=store.bucket).get("Uploads", []))


def test_stat_gives_the_sha256_the_server_checked(s3: S3Store) -> None:
    put(s3, "a", b"bytes")
    assert s3.stat("a") == ObjectStat("a", 5, sha256_hex(b"bytes"))
    s3.put_if_absent("b", b"other")
    assert s3.stat("b").sha256 == sha256_hex(b"other")


def test_two_archives_share_a_bucket_unseen(s3_bucket: str) -> None:
    near, far, bare = S3Store(s3_bucket, "news"), S3Store(s3_bucket, "news-2"), S3Store(s3_bucket)
    put(near, "a", b"near")
    put(far, "a", b"far")
    assert (near.get("a"), far.get("a")) == (b"near", b"far")
    assert keys(near) == keys(far) == ["a"]
    assert keys(bare) == ["news-2/a", "news/a"]


def test_list_leaves_out_what_is_not_ours(s3: S3Store) -> None:
    for name in ("archive/folder/", "archive/with space", "archive/good", "elsewhere"):
        s3._s3().put_object(Bucket=s3.bucket, Key=name, Body=b"")
    assert keys(s3) == ["good"]


def test_a_large_file_goes_up_in_parts(s3_bucket: str, tmp_path: Path) -> None:
    store = S3Store(s3_bucket, single_put=6 * MB, part=5 * MB)
    data = os.urandom(11 * MB)
    source = tmp_path / "source"
    source.write_bytes(data)
    store.put("bundles/b.wacz", source, sha256_hex(data))
    assert store.stat("bundles/b.wacz") == ObjectStat("bundles/b.wacz", len(data), sha256_hex(data))
    assert store.get("bundles/b.wacz") == data
    with store.open_range("bundles/b.wacz", 5 * MB - 3, 7) as stream:
        assert stream.read() == data[5 * MB - 3 :][:7]


def test_parts_of_a_file_with_other_bytes_are_taken_back(s3_bucket: str, tmp_path: Path) -> None:
    store = S3Store(s3_bucket, single_put=6 * MB, part=5 * MB)
    source = tmp_path / "source"
    source.write_bytes(bytes(11 * MB))
    with pytest.raises(StoreError, match="SHA-256"):
        store.put("bundles/b.wacz", source, sha256_hex(b"other"))
    assert unfinished(store) == 0
    with pytest.raises(KeyMissing):
        store.stat("bundles/b.wacz")


def test_the_server_refuses_bytes_that_change_after_we_hashed_them(s3: S3Store) -> None:
    with pytest.raises(StoreError, match="checksum"):
        s3._put_over("archive/a", b"changed", sha256_hex(b"hashed"))
    with pytest.raises(KeyMissing):
        s3.stat("a")


def test_probe_finds_a_condition_ignored(proxy: FaultyS3, s3_bucket: str) -> None:
    proxy.spoil("PUT", ignore_condition, ignore_condition)
    with pytest.raises(StoreError, match="created twice"):
        S3Store(s3_bucket).probe()


def test_a_server_without_create_only_writes_is_named_as_such(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket, attempts=1)
    acts: list[Callable[[], object]] = [lambda: store.put_if_absent("a", b"x"), store.probe]
    for act in acts:
        proxy.spoil("PUT", refuse(501, "NotImplemented"))
        with pytest.raises(StoreError, match="create-only"):
            act()


def test_a_wrong_secret_says_so_in_one_line(s3: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-and-secret")
    for act in _acts(s3):
        with pytest.raises(StoreError, match="credentials") as caught:
            act()
        _check_sentence(caught.value, "wrong-and-secret", os.environ["AWS_ACCESS_KEY_ID"])


def test_an_unknown_access_key_says_so(s3: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "NOSUCHKEY")
    with pytest.raises(StoreError, match="InvalidAccessKeyId"):
        s3.get("a")


def test_no_credentials_say_so(s3: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for act in _acts(s3):
        with pytest.raises(StoreError, match="no usable AWS credentials"):
            act()


def test_an_unknown_profile_says_so(s3: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(StoreError, match="AWS_PROFILE"):
        s3.get("a")


def test_a_wrong_bucket_is_not_a_missing_object(s3_bucket: str) -> None:
    for act in _acts(S3Store(f"{s3_bucket}-not")):
        with pytest.raises(StoreError, match="bucket does not exist") as caught:
            act()
        assert not isinstance(caught.value, KeyMissing)


@pytest.mark.parametrize("endpoint", ["http://user:hidden@127.0.0.1:{port}", "http://127.0.0.1:{port}"])
def test_an_endpoint_that_does_not_answer_says_so(s3_bucket: str, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    with socket.socket() as closed:  # bound, not listening: connections are refused
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint.format(port=port))
        for act in _acts(S3Store(s3_bucket, attempts=1)):
            with pytest.raises(StoreError, match=f"127.0.0.1:{port}") as caught:
                act()
            _check_sentence(caught.value, "hidden")


@pytest.mark.parametrize("endpoint", ["no scheme", "http://[::1", "ftp://x", "http://127.0.0.1:99999"])
def test_a_malformed_endpoint_says_so(s3_bucket: str, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    with pytest.raises(StoreError, match="AWS_"):
        S3Store(s3_bucket, attempts=1).get("a")


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "RequestTimeTooSkewed", "clock"),
        (403, "AccessDenied", "access denied"),
        (503, "SlowDown", "slow down"),
        (500, "InternalError", "try later"),
        (301, "PermanentRedirect", "AWS_REGION"),
    ],
)
def test_what_the_server_refuses_is_explained(proxy: FaultyS3, s3_bucket: str, status: int, code: str, words: str) -> None:
    store = S3Store(s3_bucket, attempts=1)
    for method, act in zip(("GET", "PUT", "PUT", "GET"), _acts(store)[:4], strict=True):
        proxy.spoil(method, refuse(status, code))
        with pytest.raises(StoreError, match=words):
            act()


def test_a_full_server_is_a_limit(proxy: FaultyS3, s3_bucket: str) -> None:
    proxy.spoil("PUT", refuse(507, "InsufficientStorage"))
    with pytest.raises(LimitReached, match="full"):
        put(S3Store(s3_bucket, attempts=1), "a", b"x")


@pytest.mark.parametrize(
    "fault", [drop, lose_answer, refuse(503, "SlowDown"), refuse(500, "InternalError")], ids=["drop", "lost", "slow", "500"]
)
def test_a_passing_fault_is_ridden_out(proxy: FaultyS3, s3_bucket: str, fault: Callable[..., None]) -> None:
    store = S3Store(s3_bucket)
    proxy.spoil("PUT", fault)
    put(store, "a", b"bytes")
    proxy.spoil("GET", fault)
    assert store.get("a") == b"bytes"
    proxy.spoil("HEAD", fault)
    assert store.stat("a").size == 5
    proxy.spoil("GET", fault)
    assert keys(store) == ["a"]


def test_a_lost_answer_to_a_create_ends_in_key_exists_with_our_bytes(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    proxy.spoil("PUT", lose_answer)
    with pytest.raises(KeyExists):  # botocore asked again by itself
        store.put_if_absent("manifests/m.json", b"ours")
    assert store.get("manifests/m.json") == b"ours"


def test_a_conflict_is_tried_again(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    proxy.spoil("PUT", *[refuse(409, "ConditionalRequestConflict")] * 3)
    store.put_if_absent("a", b"ours")
    assert store.get("a") == b"ours"
    proxy.spoil("PUT", *[refuse(409, "ConditionalRequestConflict")] * 5)
    with pytest.raises(StoreError, match="ConditionalRequestConflict") as caught:
        store.put_if_absent("b", b"ours")
    assert not isinstance(caught.value, KeyExists)


def test_a_download_that_breaks_off_is_taken_up_again(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    data = os.urandom(3 * MB)
    put(store, "a", data)
    for offset, length in ((0, None), (17, None), (17, 2 * MB)):
        proxy.spoil("GET", cut, cut, cut)
        with store.open_range("a", offset, length) as stream:
            assert stream.read() == data[offset:][:length]


def test_a_download_that_always_breaks_off_fails(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket, attempts=1)
    put(store, "a", os.urandom(3 * MB))
    proxy.spoil("GET", *[cut] * 4)
    with pytest.raises(StoreError, match="no answer"):
        store.get("a")


def test_an_object_replaced_while_it_is_read_is_not_mixed(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    put(store, "a", bytes(3 * MB))
    proxy.spoil("GET", cut)
    with store.open_range("a") as stream:
        stream.read(10)
        put(store, "a", b"\1" * (3 * MB))
        with pytest.raises(StoreError, match="PreconditionFailed"):
            stream.read()


def test_bytes_damaged_on_the_way_back_are_not_returned(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    put(store, "a", b"bytes")
    proxy.spoil("GET", corrupt)
    with pytest.raises(DamageError, match="checksum"):
        store.get("a")


@pytest.mark.parametrize("fault", [error_in_200, lose_answer], ids=["200 with an error", "lost"])
def test_completing_an_upload_survives_a_spoiled_answer(
    proxy: FaultyS3, s3_bucket: str, tmp_path: Path, fault: Callable[..., None]
) -> None:
    store = S3Store(s3_bucket, single_put=MB)
    data = os.urandom(2 * MB)
    source = tmp_path / "source"
    source.write_bytes(data)
    proxy.spoil("POST", lambda forward: forward(), fault, refuse(404, "NoSuchUpload"))  # create, complete, complete again
    store.put("a", source, sha256_hex(data))
    assert store.get("a") == data


@pytest.mark.parametrize("old", [None, b"older bytes"])
def test_an_upload_that_is_gone_before_it_was_complete_fails(proxy: FaultyS3, s3_bucket: str, tmp_path: Path, old: bytes | None) -> None:
    store = S3Store(s3_bucket, single_put=MB)
    if old is not None:
        put(store, "a", old)
    source = tmp_path / "source"
    source.write_bytes(bytes(2 * MB))
    proxy.spoil("POST", lambda forward: forward(), refuse(404, "NoSuchUpload"))
    with pytest.raises(StoreError, match="run again") as caught:
        store.put("a", source, sha256_hex(bytes(2 * MB)))
    assert not isinstance(caught.value, KeyMissing)


def test_an_upload_that_always_fails_leaves_no_parts(proxy: FaultyS3, s3_bucket: str, tmp_path: Path) -> None:
    store = S3Store(s3_bucket, single_put=MB, attempts=1)
    source = tmp_path / "source"
    source.write_bytes(bytes(2 * MB))
    proxy.spoil("POST", lambda forward: forward(), refuse(200, "InternalError"))
    with pytest.raises(StoreError, match="InternalError"):
        store.put("a", source, sha256_hex(bytes(2 * MB)))
    assert unfinished(store) == 0
    with pytest.raises(KeyMissing):
        store.stat("a")


def _acts(store: S3Store) -> list[Callable[[], object]]:
    return [
        lambda: store.get("a"),
        lambda: put(store, "a", b"x"),
        lambda: store.put_if_absent("a", b"x"),
        lambda: list(store.list("")),
        lambda: store.stat("a"),
        lambda: store.open_range("a", 3, 0),
    ]


def _check_sentence(error: StoreError, *hidden: str) -> None:
    sentence = str(error)
    assert "\n" not in sentence
    assert len(sentence) < 300
    for word in hidden:
        assert word not in sentence
