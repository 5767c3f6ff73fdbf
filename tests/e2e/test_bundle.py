"""The verbs `bundle` and `verify BUNDLE` as users run them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from archive.store import open_store
from tests.support.bundles import make_pages
from tests.support.small_archive import make_archive
from tests.support.warcite import warcite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_archive(open_store(str(tmp_path / "warcite-archive")))
    return tmp_path


def test_packed_into_the_store_and_verified(folder: Path) -> None:
    done = warcite("bundle", cwd=folder)
    assert done.code == 0, done.err
    latest = json.loads((folder / "warcite-archive/bundles/latest.json").read_bytes())
    assert (folder / "warcite-archive/bundles" / latest["name"]).stat().st_size == latest["bytes"]
    assert (folder / "warcite-archive/bundles" / f"{latest['name']}.sha256").read_text() == f"{latest['sha256']}  {latest['name']}\n"
    assert warcite("verify", latest["name"], cwd=folder).code == 0
    assert warcite("verify", cwd=folder).code == 0  # the archive itself has no word against it
    assert warcite("sweep", "--older-than", "24h", cwd=folder).code == 0
    assert (folder / "warcite-archive/bundles" / latest["name"]).exists()


def test_selected_and_titled(folder: Path) -> None:
    done = warcite(
        "bundle", "-o", "some.wacz", "--host", "news.example", "--title", "Some", "--description", "Of *news*", "--json", cwd=folder
    )
    assert done.code == 0, done.err
    assert done.json["counts"]["outcomes"] == {"captured": 2, "unchanged": 1}
    with zipfile.ZipFile(folder / "some.wacz") as bundle:
        package = json.loads(bundle.read("datapackage.json"))
    assert package["metadata"] == {"title": "Some", "desc": "Of *news*"}
    assert package["warcite"]["selection"] == {"hosts": ["news.example"]}


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    done = warcite("bundle", "--dry-run", "--json", "--outcome", "captured", cwd=folder)
    assert done.code == 0, done.err
    assert (done.json["targets"], done.json["outcomes"]) == (2, {"captured": 2})
    assert sorted(folder.rglob("*")) == before


def test_to_standard_output(folder: Path) -> None:
    warcite("bundle", "-o", "file.wacz", cwd=folder)
    import subprocess

    from tests.support.warcite import command, environment

    piped = subprocess.run(command("bundle", "-o", "-"), cwd=folder, env=environment(), capture_output=True, timeout=200, check=True)
    assert piped.stdout == (folder / "file.wacz").read_bytes()


def test_the_time_of_the_source(folder: Path) -> None:
    done = warcite("bundle", "-o", "a.wacz", "--json", cwd=folder, SOURCE_DATE_EPOCH="1463819400")
    assert done.json["created"] == "2016-05-21T08:30:00Z"
    assert warcite("bundle", "-o", "b.wacz", cwd=folder, SOURCE_DATE_EPOCH="soon").code == 2


def test_split_and_verified_as_one(folder: Path) -> None:
    make_pages(open_store(str(folder / "large")), segments=3, pages=12, size=120_000)
    done = warcite("bundle", "--store", "large", "--max-size", "1.2MB", "-o", "set.wacz", "--json", cwd=folder)
    assert done.code == 0, done.err
    assert len(done.json["bundles"]) > 1
    assert all(bundle["size"] <= 1_200_000 for bundle in done.json["bundles"])
    assert warcite("verify", "set.json", cwd=folder).code == 0
    (folder / done.json["bundles"][0]["name"]).unlink()
    assert warcite("verify", "set.json", cwd=folder).code == 5


def test_damage_has_its_exit_code_and_names_file_and_record(folder: Path) -> None:
    warcite("bundle", "-o", "a.wacz", cwd=folder)
    data = bytearray((folder / "a.wacz").read_bytes())
    data[data.index(b"\x1f\x8b\x08", 700) + 40] ^= 0xFF
    (folder / "a.wacz").write_bytes(data)
    done = warcite("verify", "a.wacz", "--json", cwd=folder)
    assert done.code == 5
    assert any(damage["object"].startswith("archive/") for damage in done.json["damages"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("bundle", "--run", "none", "-o", "x.wacz"), 7),
        (("bundle", "--host", "none.example", "-o", "x.wacz"), 7),
        (("bundle", "-o", "x.zip"), 2),
        (("bundle", "-o", "absent/x.wacz"), 2),
        (("bundle", "--max-size", "1KB", "-o", "x.wacz"), 2),
        (("bundle", "--outcome", "lost", "-o", "x.wacz"), 2),
        (("bundle", "--sign", "absent.pem", "-o", "x.wacz"), 2),
        (("verify", "absent.wacz"), 7),
        (("verify", "manifest.json"), 2),
        (("verify", "text.wacz"), 5),
        (("verify", "text.wacz", "--quick"), 2),
        (("verify", "text.wacz", "--signed-by", "?"), 2),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, folder: Path) -> None:
    (folder / "manifest.json").write_text("{}", encoding="ascii")
    (folder / "text.wacz").write_text("no bundle", encoding="ascii")
    done = warcite(*arguments, cwd=folder)
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert not list(folder.glob("*x.wacz*"))
