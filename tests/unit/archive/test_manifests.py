"""Manifests are canonical: what reads back is exactly what was written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive import manifests, strict_json
from archive.errors import DamageError, KeyMissing
from archive.model import Manifest, OutcomeWord, Reason, StoredObject, TargetOutcome, TextOutcome
from archive.store import open_store
from tests.support.small_archive import FIRST, SECOND, make_archive

SHA256 = "ab" * 32
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def manifest(**changes: object) -> Manifest:
    whole = Manifest(
        schema=manifests.SCHEMA,
        segment="seg",
        run="run",
        job="job",
        created_at="2016-05-21T08:30:00.000000Z",
        objects=(StoredObject("warc", f"warc/{SHA256}.warc.gz", 10, SHA256, 3),),
        outcomes=(),
        counts={word.value: 0 for word in OutcomeWord},
        versions={"warcite": "0.1"},
    )
    return replace(whole, **changes)


def outcome(url: str, detail: str) -> TargetOutcome:
    return TargetOutcome(
        url=url,
        key=url,
        outcome=OutcomeWord.RESCUED,
        reason=Reason.SOFT_404,
        attempts=2,
        http_status=200,
        captured_at=None,
        text_outcome=TextOutcome.THIN,
        via="archive",
        final_url=None,
        record_id=None,
        state="archived",
        detail=detail,
    )


def test_a_manifest_as_text() -> None:
    assert manifests.encode(manifest()).decode() == (
        '{"counts":{"blocked":0,"captured":0,"error":0,"gone":0,"rescued":0,"skipped":0,"unchanged":0},'
        '"created_at":"2016-05-21T08:30:00.000000Z","depends_on":[],"job":"job",'
        f'"objects":[{{"key":"warc/{SHA256}.warc.gz","kind":"warc","rows":3,"sha256":"{SHA256}","size":10}}],'
        '"outcomes":[],"previous":null,"run":"run","schema":"warcite.manifest/1","segment":"seg",'
        '"sha256":"59fbe325aa958126f9b4eb07879a3da2f47caaeb767865895cb54c80c98c59c3","supersedes":null,"versions":{"warcite":"0.1"}}\n'
    )


@given(TEXT, TEXT, st.integers(0, 2**53))
def test_it_reads_back_as_it_was(url: str, detail: str, size: int) -> None:
    written = manifest(
        outcomes=(outcome(url, detail),),
        objects=(StoredObject("cdxj", f"cdxj/{SHA256}.cdxj.gz", size, SHA256, 0),),
        depends_on=("a",),
        supersedes="b",
    )
    read = manifests.decode(manifests.encode(written))
    assert replace(read, sha256="") == written


@pytest.mark.parametrize("hostile", ["a\ud800b", "a\0b"])
def test_what_may_not_be_stored_is_escaped_and_reads_back_escaped(hostile: str) -> None:
    data = manifests.encode(manifest(outcomes=(outcome(hostile, hostile),)))
    read = manifests.decode(data)
    assert read.outcomes[0].url in {"a%ED%A0%80b", "a%00b"}
    assert manifests.encode(read) == data


@given(st.binary(max_size=60))
def test_anything_else_is_damage(data: bytes) -> None:
    with pytest.raises(DamageError, match="not a manifest"):
        manifests.decode(data)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_an_edit_anywhere_is_damage(at: int, junk: bytes) -> None:
    data = manifests.encode(manifest())
    edited = data[:at] + junk + data[at + len(junk) :]
    assume(edited != data)
    with pytest.raises(DamageError):
        manifests.decode(edited)


def test_all_manifests_of_a_store(tmp_path: Path) -> None:
    archive = make_archive(open_store(tmp_path.as_uri()))
    assert [key for key, _ in manifests.load_all(archive.store)] == [f"manifests/{FIRST}.json", f"manifests/{SECOND}.json"]
    assert dict(manifests.load_all(archive.store))[archive.first.manifest_key] == archive.first.manifest


@given(TEXT.map("key,{}".format))
def test_manifests_with_a_name_in_them(name: str) -> None:
    with TemporaryDirectory() as directory:
        store = open_store(directory)
        for segment, url in (("with", name), ("without", f"{name} ")):
            written = manifest(segment=segment, outcomes=(outcome(url, ""),))
            store.put_if_absent(f"manifests/{segment}.json", manifests.encode(written))
        assert [m.segment for m in manifests.load_naming(store, name)] == ["with"]


def test_a_manifest_under_another_name_is_damage_that_names_it(tmp_path: Path) -> None:
    archive = make_archive(open_store(tmp_path.as_uri()))
    archive.store.put_if_absent("manifests/other.json", manifests.encode(archive.first.manifest))
    with pytest.raises(DamageError, match=r"manifests/other\.json"):
        manifests.load(archive.store, "manifests/other.json")
    with pytest.raises(KeyMissing):
        manifests.load(archive.store, "manifests/none.json")


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"[Infinity]",
        b'"\\ud800"',
        b'["a\\u0000b"]',
        b"\xff",
        b"[" * 100_000,
        b"",
        b'{"a": 1}{"b": 2}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_strict_json_refuses(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        strict_json.loads(data)


def test_strict_json_reads_what_is_json() -> None:
    assert strict_json.loads(b'{"a": ["\\u00e9\\ud83d\\ude00", null, 1.5, true]}\n') == {"a": ["é😀", None, 1.5, True]}
