"""Profiles in a store: canonical, named by their content, chosen by name."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from archive import layout, profiles, strict_json
from archive.digests import sha256_hex
from archive.errors import DamageError, InputError, NotFound
from archive.model import ProfileBlock, SiteProfile
from archive.profile_json import SCHEMA, decode, encode, versioned
from archive.schema import profile_schema
from archive.store import Store, open_store
from tests.support.shared import ROOT

BLOCKS = (ProfileBlock("00000000000000ab", 3, 3, 2, "Front page"), ProfileBlock("ffffffffffffffff", 3, 4, 30, "You are reading…"))


def profile(host: str = "gazette.example", until: str = "2016-05-23T08:30:00.000000Z", **changes: object) -> SiteProfile:
    whole = SiteProfile(
        schema=SCHEMA,
        host=host,
        version="",
        method="1",
        pages=4,
        copies=1,
        since="2016-05-21T08:30:00.000000Z",
        until=until,
        captures=("<urn:uuid:1>", "<urn:uuid:2>"),
        blocks=BLOCKS,
    )
    return versioned(replace(whole, **changes))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path.as_uri())


def test_a_profile_as_text() -> None:
    assert encode(profile(blocks=BLOCKS[:1])).decode() == (
        '{"blocks":[{"hash":"00000000000000ab","of":3,"pages":3,"text":"Front page","words":2}],"captures":["<urn:uuid:1>","<urn:uuid:2>"],'
        '"copies":1,"host":"gazette.example","method":"1","pages":4,"schema":"warcite.profile/1","since":"2016-05-21T08:30:00.000000Z",'
        '"until":"2016-05-23T08:30:00.000000Z","version":"20160523083000-43e29e3c116e"}\n'
    )


def test_the_version_is_the_contents() -> None:
    made = profile()
    without = strict_json.dumps(asdict(replace(made, version="")))
    assert made.version == f"20160523083000-{sha256_hex(without)[:12]}"
    assert profile(pages=5).version != made.version
    assert versioned(made) == made


def test_the_published_schema_fits() -> None:
    valid = Draft202012Validator(json.loads((ROOT / "docs" / "schema" / "profile.schema.json").read_text(encoding="utf-8")))
    assert valid.schema == profile_schema()
    row = json.loads(encode(profile()))
    valid.validate(row)
    for key in row:
        assert not valid.is_valid({k: v for k, v in row.items() if k != key}), key
    assert not valid.is_valid({**row, "more": 1})


@given(st.integers(0, 900), st.binary(min_size=1, max_size=3))
def test_an_edit_anywhere_is_damage(at: int, junk: bytes) -> None:
    data = encode(profile())
    edited = data[:at] + junk + data[at + len(junk) :]
    assume(edited != data)
    with pytest.raises(DamageError, match="not a profile"):
        decode(edited)


@given(st.binary(max_size=60))
def test_anything_else_is_damage(data: bytes) -> None:
    with pytest.raises(DamageError, match="not a profile"):
        decode(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "warcite.profile/2"},
        {"blocks": BLOCKS[::-1]},
        {"blocks": (BLOCKS[0], BLOCKS[0])},
        {"blocks": (replace(BLOCKS[0], hash="AB"),)},
    ],
)
def test_what_no_version_of_ours_writes_is_damage(changes: dict[str, object]) -> None:
    with pytest.raises(DamageError, match="not a profile"):
        decode(encode(profile(**changes)))


@pytest.mark.parametrize("until", ["", "yesterday", "9999-99-99"])
def test_a_time_that_is_none_is_damage(until: str) -> None:
    with pytest.raises(DamageError, match="not a profile"):
        decode(encode(replace(profile(), until=until)))


def test_kept_once(store: Store) -> None:
    made = profile()
    assert (profiles.keep(store, made), profiles.keep(store, made)) == (True, False)
    assert profiles.load(store, made.host, made.version) == made
    assert list(profiles.stored(store)) == [(made.host, made.version)]


def test_what_was_there_is_not_taken_for_it(store: Store) -> None:
    made = profile()
    store.put_if_absent(layout.profile(made.host, made.version), b"{}")
    with pytest.raises(DamageError, match=made.version):
        profiles.keep(store, made)


def test_under_another_name_it_is_damage(store: Store) -> None:
    store.put_if_absent(layout.profile("other.example", profile().version), encode(profile()))
    with pytest.raises(DamageError, match=r"profiles/other\.example/"):
        profiles.load(store, "other.example", profile().version)


def test_the_latest_is_of_the_newest_pages_then_of_most(store: Store) -> None:
    old = profile(until="2015-01-01T00:00:00.000000Z", pages=900)
    few, most = profile(pages=10), profile(pages=11)
    other = profile("other.example")
    for made in (old, few, most, other):
        profiles.keep(store, made)
    assert profiles.latest(store) == {few.host: most.version, "other.example": other.version}
    assert profiles.latest(store, "other.example") == {"other.example": other.version}


def test_chosen_by_name(store: Store) -> None:
    old, new, other = profile(until="2015-01-01T00:00:00.000000Z"), profile(), profile("other.example")
    for made in (old, new, other):
        profiles.keep(store, made)
    named = f"{old.host}/{old.version}"
    assert profiles.choose(store, []) == {}
    assert profiles.choose(store, ["latest"]) == {new.host: new.version, "other.example": other.version}
    assert profiles.choose(store, [old.host]) == {new.host: new.version}
    assert profiles.choose(store, ["latest", named]) == {new.host: old.version, "other.example": other.version}
    for unknown in ("nowhere.example", f"{old.host}/20160523083000-000000000000"):
        with pytest.raises(NotFound):
            profiles.choose(store, [unknown])


@pytest.mark.parametrize("name", ["", "/", "..", "../x", "a/b/c", "gazette.example/latest", "http://gazette.example/", "[::1]", "a" * 300])
def test_what_is_no_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InputError, match="not the name of a profile"):
        profiles.choose(store, [name])


def test_a_manifest_can_say_which_were_used() -> None:
    chosen = {"gazette.example": "20160523083000-000000000000", "other.example": "20160523083000-111111111111"}
    versions = {"warcite": "0.1"} | profiles.as_versions(chosen)
    assert profiles.from_versions(versions) == chosen


def test_other_files_beside_profiles_are_none(store: Store) -> None:
    store.put_if_absent("profiles/gazette.example/notes.json", b"{}")
    store.put_if_absent("profiles/notes.json", b"{}")
    assert profiles.latest(store) == {}
