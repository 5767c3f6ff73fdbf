"""Bundles from and into a real S3 server: streamed up in parts, named beside, read back by range; and interrupted ones leave nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.bundle.build import BundleOptions, make_bundles
from archive.bundle.destination import FolderDestination, StoreDestination
from archive.bundle.verify_set import verify_place
from archive.digests import sha256_hex
from archive.errors import KeyMissing, StoreError
from archive.store import open_store
from tests.support.bundles import make_pages
from tests.support.seaweed import Seaweed
from tests.support.warcite import warcite

MB = 1 << 20


@pytest.mark.timeout(300)
def test_from_bucket_to_bucket(s3_bucket: str, tmp_path: Path) -> None:
    """And the bytes are those that the same archive in a folder gives."""
    remote, local = open_store(f"s3://{s3_bucket}/archive"), open_store(str(tmp_path / "store"))
    for store in (remote, local):
        make_pages(store, segments=2, pages=8, size=6 * MB)
    written = make_bundles(remote, BundleOptions(), StoreDestination(open_store(f"s3://{s3_bucket}/shared"), ""), "all").bundles[0]
    make_bundles(local, BundleOptions(), FolderDestination(tmp_path), "all")
    data = (tmp_path / "all.wacz").read_bytes()
    assert written.size == len(data) > 32 * MB  # more than two parts
    assert written.sha256 == sha256_hex(data)
    assert open_store(f"s3://{s3_bucket}/shared").get("all.wacz") == data
    report = verify_place(f"s3://{s3_bucket}/shared/all.wacz")
    assert report.damages == []
    assert report.checked["records"] == 2 * (1 + 8 * 3) + 1 + 2 * 3


@pytest.mark.timeout(300)
def test_the_verb(s3_bucket: str, seaweed: Seaweed, tmp_path: Path) -> None:
    uri = f"s3://{s3_bucket}/archive"
    make_pages(open_store(uri), segments=2, pages=3)
    done = warcite("bundle", "--store", uri, "--json", cwd=tmp_path, **seaweed.environment)
    assert done.code == 0, done.err
    name = done.json["bundles"][0]["name"]
    latest = json.loads(open_store(uri).get("bundles/latest.json"))
    assert (latest["name"], latest["sha256"]) == (name, done.json["bundles"][0]["sha256"])
    checked = warcite("verify", name, "--store", uri, "--json", cwd=tmp_path, **seaweed.environment)
    assert (checked.code, checked.json["damages"]) == (0, []), checked.err


def test_a_stream_that_breaks_leaves_nothing(s3_bucket: str) -> None:
    store = open_store(f"s3://{s3_bucket}/archive")

    def chunks() -> Iterator[bytes]:
        yield b"x" * 40 * MB
        raise StoreError("the other store is gone")

    with pytest.raises(StoreError, match="the other store"):
        store.put_stream("bundles/a.wacz", chunks(), 50 * MB)
    with pytest.raises(KeyMissing):
        store.stat("bundles/a.wacz")


def test_a_stream_of_another_length_is_told(s3_bucket: str) -> None:
    with pytest.raises(StoreError, match="10 bytes"):
        open_store(f"s3://{s3_bucket}/archive").put_stream("bundles/a.wacz", [b"four"], 10)
