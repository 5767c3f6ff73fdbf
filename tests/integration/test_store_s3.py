"""What only S3 can do wrong: the store against a real SeaweedFS, with a proxy before it that spoils what it is told to."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.digests import sha256_hex
from archive.errors import DamageError, KeyExists, KeyMissing, LimitReached, StoreError
from archive.store import Store
from archive.store.s3 import S3Store
from tests.support.loopback import LoopbackHandler, LoopbackServer
from tests.support.s3_faults import (
    Fault,
    FaultyS3,
    Reply,
    Request,
    corrupt,
    cut,
    drop,
    error_in_200,
    hang,
    ignore_condition,
    lose_answer,
    refuse,
    reset,
    well,
)
from tests.support.seaweed import Seaweed

MB = 1 << 20


def put(store: Store, key: str, data: bytes) -> None:
    store.put(key, data, sha256_hex(data))


def keys(store: Store, prefix: str = "") -> list[str]:
    return [found.key for found in store.list(prefix)]


@pytest.fixture
def s3(s3_bucket: str) -> S3Store:
    return S3Store(s3_bucket, "archive")


@pytest.fixture
def proxy(s3_bucket: str, seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyS3]:
    with FaultyS3(seaweed.endpoint) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", proxy.endpoint)
        yield proxy


def unfinished(store: S3Store) -> int:
    return len(store._s3().list_multipart_uploads(Bucket=store.bucket).get("Uploads", []))


def test_stat_gives_the_sha256_the_server_checked(s3: S3Store) -> None:
    put(s3, "a", b"bytes")
    found = s3.stat("a")
    assert (found.key, found.size, found.sha256) == ("a", 5, sha256_hex(b"bytes"))
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
    found = store.stat("bundles/b.wacz")
    assert (found.size, found.sha256) == (len(data), sha256_hex(data))
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


def test_only_this_archives_uploads_are_debris(s3_bucket: str) -> None:
    near, far = S3Store(s3_bucket, "news"), S3Store(s3_bucket, "news-2")
    for name in ("news/warc/a", "news-2/warc/a", "elsewhere", "news/with space"):
        near._s3().create_multipart_upload(Bucket=s3_bucket, Key=name)
    later = datetime.now(UTC) + timedelta(hours=1)
    assert near.debris(later, remove=True) == (f"s3://{s3_bucket}/news/warc/a, an upload in parts that never ended",)
    assert len(far.debris(later, remove=False)) == 1
    assert unfinished(near) == 3


def test_debris_goes_past_one_page(s3: S3Store) -> None:
    for number in range(5):
        s3._s3().create_multipart_upload(Bucket=s3.bucket, Key=f"archive/warc/{number // 2}")
    pages = s3._s3().get_paginator("list_multipart_uploads").paginate(Bucket=s3.bucket, PaginationConfig={"PageSize": 2})
    assert [len(page.get("Uploads", ())) for page in pages][:3] == [2, 2, 1]
    assert len(s3.debris(datetime.now(UTC) + timedelta(hours=1), remove=True)) == 5
    assert unfinished(s3) == 0


def test_debris_that_goes_away_by_itself_is_no_error(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    store._s3().create_multipart_upload(Bucket=s3_bucket, Key="warc/a")
    proxy.spoil("DELETE", refuse(404, "NoSuchUpload"))
    assert len(store.debris(datetime.now(UTC) + timedelta(hours=1), remove=True)) == 1


def honoured(store: S3Store) -> bool | None:
    return store.create_only


def conditionless(how: str, seaweed: Seaweed) -> Fault:
    fault = {"501": refuse(501, "NotImplemented"), "ignored": ignore_condition(seaweed.client)}[how]
    return lambda request: fault(request) if request.create_only else request.forward()


@pytest.mark.parametrize("how", ["501", "ignored"])
@pytest.mark.parametrize("probed", [True, False])
def test_a_server_without_create_only_writes_is_looked_at_first(
    proxy: FaultyS3, s3_bucket: str, seaweed: Seaweed, how: str, probed: bool
) -> None:
    proxy.choose = lambda _: conditionless(how, seaweed)
    store = S3Store(s3_bucket, "archive")
    assert honoured(store) is None
    if probed:
        assert how in store.probe()
        assert store.probe().startswith("not honoured: ")
        assert "\n" not in store.probe()
    store.put_if_absent("manifests/m.json", b"first")
    assert honoured(store) is False
    with pytest.raises(KeyExists, match=r"manifests/m\.json"):
        store.put_if_absent("manifests/m.json", b"second")
    assert store.get("manifests/m.json") == b"first"
    assert store.stat("manifests/m.json").sha256 == sha256_hex(b"first")
    assert keys(store) == ["manifests/m.json"]


def test_a_rival_is_seen_when_the_write_is_read_back(proxy: FaultyS3, s3_bucket: str, seaweed: Seaweed) -> None:
    def rival(request: Request) -> Reply:
        reply = request.forward()
        seaweed.client.put_object(Bucket=s3_bucket, Key=request.name, Body=b"the rival's")
        return reply

    store = S3Store(s3_bucket)
    proxy.choose = lambda request: refuse(501, "NotImplemented") if request.create_only else None
    store.probe()
    proxy.spoil("PUT", rival)
    with pytest.raises(KeyExists):
        store.put_if_absent("a", b"ours")


def test_one_501_in_the_middle_is_enough_to_look_first(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    store.put_if_absent("a", b"x")
    assert honoured(store) is True
    proxy.spoil("PUT", refuse(501, "NotImplemented"))
    store.put_if_absent("b", b"x")
    assert honoured(store) is False
    with pytest.raises(KeyExists):
        store.put_if_absent("b", b"y")


def test_a_server_that_can_nothing_of_it_says_so(proxy: FaultyS3, s3_bucket: str) -> None:
    proxy.choose = lambda request: refuse(501, "NotImplemented") if request.method == "PUT" else None
    with pytest.raises(StoreError, match="use another one"):
        S3Store(s3_bucket).put_if_absent("a", b"x")


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
    "fault", [drop, reset, lose_answer, refuse(503, "SlowDown"), refuse(500, "InternalError")], ids=["drop", "reset", "lost", "slow", "500"]
)
def test_a_passing_fault_is_ridden_out(proxy: FaultyS3, s3_bucket: str, fault: Fault) -> None:
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
    store.probe()
    proxy.spoil("PUT", lose_answer)
    with pytest.raises(KeyExists):  # botocore asked again by itself
        store.put_if_absent("manifests/m.json", b"ours")
    assert store.get("manifests/m.json") == b"ours"


def test_a_conflict_is_tried_again(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket)
    store.probe()
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
    assert store.get("a") == b"bytes"  # asked once more
    proxy.spoil("GET", corrupt, corrupt)
    with pytest.raises(DamageError, match="checksum"):
        store.get("a")


def test_damage_shows_where_the_server_sends_no_checksum(proxy: FaultyS3, s3_bucket: str) -> None:
    def bare_and_corrupt(request: Request) -> Reply:
        reply = corrupt(request)
        assert reply is not None
        reply.headers = {name: value for name, value in reply.headers.items() if "checksum" not in name.lower()}
        return reply

    store = S3Store(s3_bucket)
    put(store, "a", b"bytes")
    proxy.spoil("GET", bare_and_corrupt, bare_and_corrupt)
    with pytest.raises(DamageError, match="checksum"):
        store.get("a")


def test_what_is_no_s3_server_is_named(s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Page(LoopbackHandler):
        protocol_version = "HTTP/1.0"

        def answer(self) -> None:
            self.head(200, {})
            if self.command != "HEAD":
                self.wfile.write(b"<html>Welcome!")

        do_HEAD = do_PUT = do_POST = do_DELETE = LoopbackHandler.do_GET  # noqa: N815

    with LoopbackServer(Page) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.port}")
        store = S3Store(s3_bucket, attempts=1)
        for act in _acts(store):
            with pytest.raises(StoreError, match=r"S3 server|HTTP 500") as caught:
                act()
            _check_sentence(caught.value)


def test_a_server_that_does_not_answer_is_waited_for_as_long_as_said(proxy: FaultyS3, s3_bucket: str) -> None:
    store = S3Store(s3_bucket, timeout=0.5, attempts=2)
    proxy.spoil("PUT", hang, hang)
    with pytest.raises(StoreError, match="no answer"):
        put(store, "a", b"x")
    proxy.spoil("PUT", hang)
    put(store, "a", b"x")
    assert store.get("a") == b"x"


def test_attempts_can_be_set_the_aws_way(proxy: FaultyS3, s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    proxy.spoil("PUT", *[refuse(500, "InternalError")] * 2)
    with pytest.raises(StoreError, match="InternalError"):
        put(S3Store(s3_bucket), "a", b"x")
    assert not proxy.faults["PUT"]
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "many")
    with pytest.raises(StoreError, match="AWS_MAX_ATTEMPTS"):
        put(S3Store(s3_bucket), "a", b"x")


@pytest.mark.parametrize("fault", [error_in_200, lose_answer], ids=["200 with an error", "lost"])
def test_completing_an_upload_survives_a_spoiled_answer(proxy: FaultyS3, s3_bucket: str, tmp_path: Path, fault: Fault) -> None:
    store = S3Store(s3_bucket, single_put=MB)
    data = os.urandom(2 * MB)
    source = tmp_path / "source"
    source.write_bytes(data)
    proxy.spoil("POST", well, fault, refuse(404, "NoSuchUpload"))  # create, complete, complete again
    store.put("a", source, sha256_hex(data))
    assert store.get("a") == data


def test_a_reset_in_a_later_part_is_ridden_out_or_takes_all_parts_back(proxy: FaultyS3, s3_bucket: str, tmp_path: Path) -> None:
    store = S3Store(s3_bucket, single_put=6 * MB, part=5 * MB, attempts=2)
    data = os.urandom(11 * MB)
    source = tmp_path / "source"
    source.write_bytes(data)
    proxy.spoil("PUT", well, reset, well, well)
    store.put("a", source, sha256_hex(data))
    assert store.get("a") == data
    proxy.spoil("PUT", well, reset, reset)
    with pytest.raises(StoreError, match="no answer"):
        store.put("b", source, sha256_hex(data))
    assert unfinished(store) == 0
    with pytest.raises(KeyMissing):
        store.stat("b")


@pytest.mark.parametrize("old", [None, b"older bytes"])
def test_an_upload_that_is_gone_before_it_was_complete_fails(proxy: FaultyS3, s3_bucket: str, tmp_path: Path, old: bytes | None) -> None:
    store = S3Store(s3_bucket, single_put=MB)
    if old is not None:
        put(store, "a", old)
    source = tmp_path / "source"
    source.write_bytes(bytes(2 * MB))
    proxy.spoil("POST", well, refuse(404, "NoSuchUpload"))
    with pytest.raises(StoreError, match="run again") as caught:
        store.put("a", source, sha256_hex(bytes(2 * MB)))
    assert not isinstance(caught.value, KeyMissing)


def test_an_upload_that_always_fails_leaves_no_parts(proxy: FaultyS3, s3_bucket: str, tmp_path: Path) -> None:
    store = S3Store(s3_bucket, single_put=MB, attempts=1)
    source = tmp_path / "source"
    source.write_bytes(bytes(2 * MB))
    proxy.spoil("POST", well, refuse(200, "InternalError"))
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
