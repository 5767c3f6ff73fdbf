"""From a crawled newspaper to its profile: the appeal goes, a quote that two articles share stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import profiles
from archive.store import open_store
from pipelines.learn.apply import repeated_blocks
from pipelines.profiles import ChosenProfiles
from tests.support.gazette import APPEAL, HOST, QUOTE, PageServer, story
from tests.support.warcite import Done, warcite

pytestmark = pytest.mark.timeout(900)

PAGES = {
    "/flood": story("flood", QUOTE),
    "/mayor": story("mayor", QUOTE),
    "/orchard": story("orchard"),
    "/ferry": story("ferry", QUOTE),  # fetched when the others are learned
}
LEARNED = ["/flood", "/mayor", "/orchard"]


def fetch(site: PageServer, directory: Path, *paths: str, host: str = HOST, outcome: str = "captured") -> None:
    urls = "".join(f"http://{host}{path}\n" for path in paths)
    done = warcite("recrawl", "-", *site.options, cwd=directory, stdin=urls, timeout=300)
    assert done.json["outcomes"][outcome] == len(paths), done.err


def learn(directory: Path, *options: str) -> Done:
    return warcite("learn", "--jobs", "1", "--json", *options, cwd=directory, timeout=300)


@pytest.fixture(scope="module")
def site() -> Iterator[PageServer]:
    with PageServer(PAGES) as site:
        yield site


@pytest.fixture(scope="module")
def archive(site: PageServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three stories of the gazette, one of them asked for twice, and two of another paper; learned from."""
    directory = tmp_path_factory.mktemp("learn")
    fetch(site, directory, *LEARNED)
    fetch(site, directory, "/orchard", outcome="unchanged")
    fetch(site, directory, "/flood", "/mayor", host="herald.example")
    done = learn(directory)
    assert done.code == 0, done.err
    (directory / "learned.json").write_text(done.out)
    return directory


def first_report(archive: Path) -> dict[str, object]:
    (site,) = json.loads((archive / "learned.json").read_text())["sites"]  # two pages of the herald are not read at all
    return dict(site)


def test_the_report(archive: Path) -> None:
    site = first_report(archive)
    version = site.pop("version")
    assert site == {"host": HOST, "state": "new", "addresses": 3, "pages": 3, "copies": 0, "unread": 0, "blocks": site["blocks"]}
    assert [p.name for p in (archive / "warcite-archive" / "profiles" / HOST).iterdir()] == [f"{version}.json"]


def test_learned_from_three_pages_it_is_cut_on_a_fourth_and_the_quote_is_not(archive: Path, site: PageServer, tmp_path: Path) -> None:
    directory = tmp_path / "later"
    shutil.copytree(archive, directory)
    fetch(site, directory, "/ferry")
    document = warcite("show", f"http://{HOST}/ferry", "--json", cwd=directory).json["documents"][0]
    store = open_store((directory / "warcite-archive").as_uri())
    chosen = ChosenProfiles(store, profiles.choose(store, ["latest"])).of(document["final_url"])
    assert chosen is not None
    assert chosen.name == f"{HOST}/{first_report(archive)['version']}"
    texts = [block["text"] for block in document["blocks"]]
    cut = repeated_blocks(chosen, texts, title=document["title"], description=document["description"])
    assert [text for text, gone in zip(texts, cut, strict=True) if gone] == [APPEAL]
    assert QUOTE in texts


def test_extract_applies_a_profile_by_name(archive: Path, tmp_path: Path) -> None:
    page = tmp_path / "ferry.html"
    page.write_bytes(PAGES["/ferry"])
    options = [page, "--url", f"http://{HOST}/ferry", "--json"]
    document = warcite("extract", *options, "--profile", "latest", cwd=archive).json
    version = profiles.latest(open_store(str(archive / "warcite-archive")))[HOST]
    assert document["extractor_settings"] == f"mode=full;profile={HOST}/{version}"
    assert APPEAL not in document["text"]
    assert QUOTE in document["text"]
    assert warcite("extract", *options, cwd=archive).json["extractor_settings"] == "mode=full"
    assert warcite("extract", *options, "--profile", "nobody.example", cwd=archive).code == 7


def test_the_same_archive_gives_the_same_version(archive: Path, tmp_path: Path) -> None:
    assert learn(archive).json["sites"] == [first_report(archive) | {"state": "unchanged"}]
    directory = tmp_path / "again"
    shutil.copytree(archive, directory)
    kept = directory / "warcite-archive" / "profiles"
    (object_before,) = kept.rglob("*.json")
    bytes_before = object_before.read_bytes()
    shutil.rmtree(kept)
    assert learn(directory, "--host", HOST, "--jobs", "2").json["sites"] == [first_report(archive)]
    assert object_before.read_bytes() == bytes_before


def test_what_it_cuts_can_be_read(archive: Path) -> None:
    shown = warcite("learn", "--show", HOST, cwd=archive)
    assert shown.code == 0
    assert APPEAL[:60] in shown.out
    assert QUOTE[:30] not in shown.out
    version = first_report(archive)["version"]
    assert warcite("learn", "--show", f"{HOST}/{version}", "--json", cwd=archive).json["version"] == version


def test_verify_and_sweep_leave_profiles_alone(archive: Path) -> None:
    assert warcite("verify", "--json", cwd=archive).json["damages"] == []
    assert warcite("sweep", "--older-than", "0s", "--json", cwd=archive).json["removed"] == []
    assert warcite("learn", "--show", HOST, cwd=archive).code == 0


@pytest.mark.parametrize(
    ("options", "code"), [(["--host", "nowhere.example"], 7), (["--show", "nowhere.example"], 7), (["--show", "latest"], 2)]
)
def test_what_cannot_be_done_is_said(archive: Path, options: list[str], code: int) -> None:
    done = warcite("learn", *options, cwd=archive)
    assert (done.code, done.out) == (code, "")
    assert done.err.strip()
