from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import InputError, LimitReached, StoreError
from archive.store import open_store
from archive.store.local import LocalStore
from archive.store.s3 import S3Store
from archive.store.s3_answers import explain


def test_three_forms_of_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for address in (
        f"file://{tmp_path}/x",
        f"file://localhost{tmp_path}/x/",
        "./x",
        "x",
        str(tmp_path / "x"),
        "~/x",
        "x/../x",
        f"/{tmp_path}/x",
        f"file:///{tmp_path}/x",
    ):
        store = open_store(address)
        assert isinstance(store, LocalStore)
        assert store.uri == f"file://{tmp_path}/x"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("address", "bucket", "prefix", "uri"),
    [
        ("s3://news", "news", "", "s3://news"),
        ("s3://news/", "news", "", "s3://news"),
        ("s3://news.example/a/b/", "news.example", "a/b/", "s3://news.example/a/b"),
    ],
)
def test_buckets(address: str, bucket: str, prefix: str, uri: str) -> None:
    store = open_store(address)
    assert isinstance(store, S3Store)
    assert (store.bucket, store.prefix, store.uri) == (bucket, prefix, uri)


def test_a_folder_with_odd_letters_keeps_its_address(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "with space ä 100%"))
    assert "%20" in store.uri
    again = open_store(store.uri)
    assert isinstance(again, LocalStore)
    assert again.root == tmp_path / "with space ä 100%"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "not the address"),
        ("  ", "not the address"),
        ("a\nb", "not the address"),
        ("file://relative/folder", r"\./relative/folder"),
        ("file:///x?y", "not the address"),
        ("file:///x%00y", "not a path"),
        ("file://[", "absolute folder"),
        ("file:/x", "file:///absolute/folder"),
        ("gs://bucket/x", "s3://bucket/prefix"),
        ("https://host/x", "s3://bucket/prefix"),
        ("s3:bucket", "s3://bucket/prefix"),
        ("S3://bucket", "s3://bucket/prefix"),
        ("s3://", "name of a bucket"),
        ("s3://ab", "name of a bucket"),
        ("s3://Bad_Bucket/x", "name of a bucket"),
        ("s3://bucket//x", "prefix"),
        ("s3://bucket/../x", "prefix"),
        ("s3://bucket/x?y", "prefix"),
    ],
)
def test_other_addresses_are_refused_with_a_hint(address: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_store(address)


@pytest.mark.parametrize("address", ["s3://KEY:hidden@bucket/x", "https://user:hidden@host/x"])
def test_a_secret_in_the_address_is_not_repeated(address: str) -> None:
    with pytest.raises(InputError) as caught:
        open_store(address)
    assert "hidden" not in str(caught.value)


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        open_store(str(tmp_path / "file"))


@given(st.text(max_size=40) | st.text(max_size=30).map("s3://".__add__) | st.text(max_size=30).map("file://".__add__))
def test_any_address_opens_or_is_bad_input(address: str) -> None:
    try:
        store = open_store(address)
    except InputError:
        return
    assert open_store(store.uri).uri == store.uri


def test_local_stores_do_not_load_boto3() -> None:
    code = "import sys, archive.store; archive.store.open_store('./x'); sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


@given(st.text(max_size=80), st.integers(0, 999))
def test_any_answer_of_a_server_becomes_one_plain_line(code: str, status: int) -> None:
    error = explain(code, status, "read s3://bucket/key")
    assert isinstance(error, StoreError | LimitReached)
    assert str(error).startswith("cannot read s3://bucket/key: ")
    assert str(error).isprintable()
    assert "{" not in str(error)
