"""`bundle --format` as users run it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from archive.store import open_store
from tests.support.small_archive import make_archive
from tests.support.warcite import command, environment, warcite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_archive(open_store(str(tmp_path / "warcite-archive")))
    return tmp_path


def test_a_folder_and_again_into_the_same(folder: Path) -> None:
    done = warcite("bundle", "--format", "jsonl", "-o", "out", "--host", "news.example", "--json", cwd=folder)
    assert done.code == 0, done.err
    assert done.json["counts"]["outcomes"] == {"captured": 2, "unchanged": 1}
    assert {file["name"]: file["sha256"] for file in done.json["files"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "out").iterdir()
    }
    again = warcite("bundle", "--format", "csv", "-o", "out", "--contact", "me@example.org", cwd=folder)
    assert again.code == 2
    assert warcite("bundle", "--format", "csv", "-o", "out", cwd=folder, WARCITE_CONTACT="me@example.org").code == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == sorted(
        ["README.md", "croissant.json", "documents.csv", "events.csv", "schema.json", "sources.csv"]
    )
    assert "write to me@example.org" in (folder / "out/README.md").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["out", "warcite-archive"]


def test_nothing_of_others_is_replaced(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine/notes.txt").write_text("keep")
    (folder / "file").write_text("keep")
    for place, said in (("mine", "of no dataset"), ("file", "a file of this name"), ("no/where", "there is no folder")):
        done = warcite("bundle", "--format", "wet", "-o", place, cwd=folder)
        assert (done.code, said in done.err) == (2, True), done.err
    assert warcite("bundle", "--format", "wet", "-o", "ours", cwd=folder).code == 0
    (folder / "ours/notes.txt").write_text("keep")
    assert warcite("bundle", "--format", "wet", "-o", "ours", cwd=folder).code == 2
    assert (folder / "ours/notes.txt").read_text() == "keep"


def test_one_file_for_stores_and_pipes(folder: Path) -> None:
    assert warcite("bundle", "--format", "jsonl", "-o", "set.zip", cwd=folder).code == 0
    piped = subprocess.run(
        command("bundle", "--format", "jsonl", "-o", "-"), cwd=folder, env=environment(), capture_output=True, timeout=200, check=True
    )
    assert piped.stdout == (folder / "set.zip").read_bytes()
    with zipfile.ZipFile(folder / "set.zip") as packed:
        assert packed.testzip() is None
        assert json.loads(packed.read("croissant.json"))["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    done = warcite("bundle", "--format", "jsonl", "--json", cwd=folder)
    assert done.code == 0, done.err
    stored = folder / "warcite-archive/bundles" / f"{done.json['name']}.zip"
    assert stored.read_bytes() == piped.stdout
    assert warcite("verify", cwd=folder).code == 0


WRONG = [("--format", "xlsx"), ("--format", "csv", "--max-size", "1GB"), ("--format", "csv", "--sign", "key")]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_wishes_that_cannot_be_met(folder: Path, wrong: tuple[str, ...]) -> None:
    done = warcite("bundle", *wrong, "-o", "out", cwd=folder)
    assert (done.code, (folder / "out").exists()) == (2, False), done.err
