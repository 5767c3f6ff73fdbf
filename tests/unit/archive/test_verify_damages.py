"""Every way to damage an archive is found and named: by kind, file, record and address (M13, on the small archive)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.spool.directory import Spool
from archive.spool.ledger import Ledger
from archive.spool.recover import sync_with_store
from archive.store import open_store
from archive.store.local import LocalStore
from archive.verify import verify_archive
from tests.support.damages import DAMAGES, Damaging, Subject
from tests.support.small_archive import make_archive


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole archive and a ledger that knows it."""
    folder = tmp_path_factory.mktemp("sound")
    store = open_store((folder / "archive").as_uri())
    make_archive(store)
    with Spool(folder / "spool") as spool:
        ledger = Ledger(spool.ledger)
        sync_with_store(spool, ledger, store)
        ledger.close()
    return folder


@pytest.fixture
def subject(sound: Path, tmp_path: Path) -> Subject:
    shutil.copytree(sound, tmp_path / "copy")
    return Subject(tmp_path / "copy" / "archive", tmp_path / "copy" / "spool" / "ledger.sqlite")


def test_a_sound_archive_has_no_damage(sound: Path) -> None:
    report = verify_archive(LocalStore(sound / "archive"), ledger=sound / "spool" / "ledger.sqlite")
    assert report.damages == []
    assert report.checked["ledger rows"] == 4  # the revisited page is in the first segment


@pytest.mark.parametrize("damage", DAMAGES, ids=[damage.name for damage in DAMAGES])
def test_found_and_named(subject: Subject, damage: Damaging) -> None:
    expected = damage.apply(subject)
    found = verify_archive(subject.store, ledger=subject.ledger).damages
    for one in expected:
        matching = [d for d in found if (d.kind, d.object, d.url) == (one.kind, one.object, one.url)]
        assert [d for d in matching if one.record_id in {None, d.record_id}], (one, found)


def test_names_are_unique() -> None:
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES) >= 55
