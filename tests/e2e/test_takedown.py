"""What was taken down is shown by no command, and the archive stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.warcite import Done, warcite
from tests.torture.small_site import SmallSite


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    directory = tmp_path_factory.mktemp("takedown")
    with SmallSite(targets=12) as site:
        warcite("crawl", site.list_in(directory), *site.options, cwd=directory)
        yield directory, [url for url, outcome in site.expected.items() if outcome == "captured"]


def shown(directory: Path, what: str, *options: str) -> Done:
    return warcite("show", what, *options, cwd=directory)


def test_no_command_shows_it_any_more(archive: tuple[Path, list[str]]) -> None:
    directory, captured = archive
    moved = next(url for url in captured if "/moved/" in url)
    landed = moved.replace("/moved/", "/now/")
    assert shown(directory, landed, "--json").code == 7  # nothing was cited as that, yet its page is under it in the index
    assert shown(directory, moved, "--text").out.strip()
    done = warcite("takedown", landed, "--reason", "court order 12/345", "--json", cwd=directory)
    assert done.code == 0, done.err
    record_ids = done.json["tombstone"]["record_ids"]
    for what in (moved, record_ids[0]):
        for option in ("--text", "--html", "--warc"):
            refused = shown(directory, what, option)
            assert (refused.code, refused.out, "court order 12/345" in refused.err) == (7, "", True)
        told = shown(directory, what, "--json").json
        assert (told["documents"], told["taken_down"][0]["reason"], len(told["outcomes"])) == ([], "court order 12/345", 1)
    assert warcite("verify", "--json", cwd=directory).json["damages"] == []


def test_again_is_the_same_tombstone_and_a_dry_run_none(archive: tuple[Path, list[str]]) -> None:
    directory, captured = archive
    planned, first, second = (
        warcite("takedown", captured[0], "--reason", "withdrawn", "--json", *options, cwd=directory).json
        for options in (["--dry-run"], [], [])
    )
    assert planned["tombstone"]["record_ids"] == first["tombstone"]["record_ids"]
    assert first == second
    assert len(list((directory / "warcite-archive" / "tombstones").glob(f"{first['tombstone']['id']}*"))) == 1


def test_what_is_not_there_cannot_be_taken_down(archive: tuple[Path, list[str]]) -> None:
    directory, _ = archive
    done = warcite("takedown", "http://nowhere.example/", "--reason", "x", "--json", cwd=directory)
    assert (done.code, done.json["error"]) == (7, "NotFound")


def test_with_a_damaged_tombstone_nothing_is_shown(archive: tuple[Path, list[str]]) -> None:
    directory, captured = archive
    bad = directory / "warcite-archive" / "tombstones" / f"{'0' * 32}.json"
    bad.parent.mkdir(exist_ok=True)
    bad.write_text("{}")
    try:
        done = shown(directory, captured[1], "--text")
        assert (done.code, done.out) == (5, "")
    finally:
        bad.unlink()
