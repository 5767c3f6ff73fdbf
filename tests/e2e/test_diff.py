"""Two recrawls with edits between them: the report counts the changes, and the diffs name exactly the changed paragraphs."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.edited import HOST, Edition, edition
from tests.support.gazette import PageServer
from tests.support.shared import ROOT
from tests.support.warcite import Done, command, environment, warcite

pytestmark = pytest.mark.timeout(900)

SEEDS = ("same", "noise", "added", "stealth", "moved", "title", "gone")
FIRST = {seed: edition(seed) for seed in SEEDS}
NEW = "The harbour master has resigned, his office said on Tuesday."
REWORDED = FIRST["stealth"].text[2].replace("said clerk", "denied clerk", 1)
LATER = {"modified": "2016-05-22T08:00:00+01:00"}


def edited(story: Edition, **changes: Any) -> Edition:
    return replace(story, **changes)


SECOND = {
    **FIRST,
    "noise": edited(FIRST["noise"], hours=27, views=98_771, rail=("Ferry timetable for autumn", "Bakery wins a prize for rye bread")),
    "added": edited(FIRST["added"], text=(*FIRST["added"].text[:3], NEW, *FIRST["added"].text[3:]), **LATER),
    "stealth": edited(FIRST["stealth"], text=(*FIRST["stealth"].text[:2], REWORDED, *FIRST["stealth"].text[3:])),
    "moved": edited(FIRST["moved"], text=(*FIRST["moved"].text[1:], FIRST["moved"].text[0])),
    "title": edited(FIRST["title"], title="Another headline over the same story"),
    "back": edition("back"),
    "new": edition("new"),
}
KINDS = {"same": "same", "noise": "same", "added": "text", "stealth": "text", "moved": "same", "title": "metadata", "gone": "gone"}
KINDS |= {"back": "back", "new": "first"}


def url(seed: str) -> str:
    return f"http://{HOST}/{seed}"


def recrawl(site: PageServer, folder: Path, seeds: tuple[str, ...]) -> dict[str, Any]:
    options = site.options
    done = warcite("recrawl", "-", *options, cwd=folder, stdin="".join(f"{url(seed)}\n" for seed in seeds), timeout=300)
    report: dict[str, Any] = done.json
    assert report["pending"] == 0, done.err
    return report


@pytest.fixture(scope="module")
def reports() -> dict[str, Any]:
    return {}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, reports: dict[str, Any]) -> Path:
    folder = tmp_path_factory.mktemp("diff")
    with PageServer({f"/{seed}": story.html() for seed, story in FIRST.items()}) as site:
        reports["first"] = recrawl(site, folder, (*SEEDS, "back"))
        site.pages.update({f"/{seed}": story.html() for seed, story in SECOND.items()})
        del site.pages["/gone"]
        reports["second"] = recrawl(site, folder, (*SEEDS, "back", "new"))
        site.pages["/gone"] = edited(FIRST["gone"], text=(*FIRST["gone"].text, NEW)).html()
        reports["third"] = recrawl(site, folder, ("gone",))
    return folder


def diff(archive: Path, *args: str) -> Done:
    done = warcite("diff", *args, "--jobs", "1", cwd=archive)
    assert done.code == 0, done.err
    return done


def valid(name: str, document: Any) -> Any:
    schema = json.loads((ROOT / "docs" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    return document


def test_the_report_counts_the_changes_and_names_the_stealth_edits(archive: Path, reports: dict[str, Any]) -> None:
    counts = {kind: list(KINDS.values()).count(kind) for kind in ("first", "same", "text", "metadata", "gone", "back")}
    assert reports["first"]["changes"]["counts"] == dict.fromkeys(counts, 0) | {"first": len(SEEDS)}
    changes = reports["second"]["changes"]
    assert (changes["counts"], changes["not_compared"], changes["problem"]) == (counts, 0, None)
    (edit,) = changes["stealth"]
    assert edit["url"] == url("stealth")
    assert edit["before"] < reports["second"]["started"] <= edit["after"]
    assert reports["third"]["changes"]["counts"]["back"] == 1
    assert [e["url"] for e in reports["third"]["changes"]["stealth"]] == [url("gone")]  # it was away, and came back with a paragraph more


def test_every_page_of_a_run(archive: Path, reports: dict[str, Any]) -> None:
    found = valid("changes", diff(archive, "--run", reports["second"]["run"], "--json").json)
    assert {change["url"]: change["kind"] for change in found["changes"]} == {
        url(seed): kind for seed, kind in KINDS.items() if kind != "same"
    }
    assert found["counts"] == reports["second"]["changes"]["counts"]
    by_url = {change["url"]: change for change in found["changes"]}
    assert (by_url[url("added")]["added"], by_url[url("added")]["removed"], by_url[url("added")]["stealth"]) == ([NEW], [], False)
    assert (by_url[url("stealth")]["added"], by_url[url("stealth")]["removed"]) == ([REWORDED], [FIRST["stealth"].text[2]])
    assert by_url[url("title")]["fields"] == ["title"]
    assert (by_url[url("gone")]["after"], by_url[url("new")]["before"]) == (None, None)
    last = diff(archive, "--run", "last").out.splitlines()
    assert last == [f"back     {url('gone')}  +1 -0 STEALTH", "1 targets: 0 first, 0 same, 0 text, 0 metadata, 0 gone, 1 back"]


@pytest.mark.parametrize(
    ("seed", "added", "removed", "moved"),
    [("added", [NEW], [], 0), ("stealth", [REWORDED], [FIRST["stealth"].text[2]], 0), ("moved", [], [], 1), ("same", [], [], 0)],
)
def test_a_page(archive: Path, seed: str, added: list[str], removed: list[str], moved: int) -> None:
    found = valid("diff", diff(archive, url(seed), "--json", "--words").json)
    assert (found["kind"], found["added"], found["removed"], len(found["moved"])) == (KINDS[seed], added, removed, moved)
    assert found["stealth"] is (seed == "stealth")
    assert found["remade"] == []
    modified = [{"key": "date_modified", "before": FIRST["added"].modified, "after": LATER["modified"]}]
    assert found["fields"] == (modified if seed == "added" else [])
    assert (found["before"]["document"] == found["after"]["document"]) is (seed == "same")  # a revisit stands for its original
    reworded = [p["words"] for p in found["passages"] if p["op"] == "changed"]
    runs = [run for words in reworded for run in words if run["op"] != "same"]
    assert runs == ([{"op": "removed", "text": "said "}, {"op": "added", "text": "denied "}] if seed == "stealth" else [])


def test_for_people(archive: Path) -> None:
    lines = diff(archive, url("added")).out.splitlines()
    assert lines[3] == "text: 1 added"
    assert f"+ {NEW}" in lines
    assert not [line for line in lines if line.startswith("-")]
    words = diff(archive, url("stealth"), "first", "last", "--words").out
    assert "[-said -]{+denied +}clerk" in words
    assert "; a stealth edit" in words
    assert "\x1b" not in words  # no terminal
    gone = diff(archive, url("gone"), "first", "last").out.splitlines()
    assert gone[3].startswith("text: 1 added; a stealth edit")


def test_colours_on_a_terminal_only(archive: Path) -> None:
    terminal, line = pty.openpty()
    done = subprocess.run(
        command("diff", url("added")), cwd=archive, env=environment(TERM="xterm", NO_COLOR=""), stdout=line, timeout=300, check=False
    )
    os.close(line)
    shown = os.read(terminal, 1 << 16).decode()
    os.close(terminal)
    assert done.returncode == 0
    assert f"\x1b[32m+ {NEW}\x1b[0m" in shown


def test_which_captures(archive: Path) -> None:
    whole = diff(archive, url("gone"), "--json").json
    assert (whole["kind"], whole["before"]["outcome"], whole["added"]) == ("back", "gone", [NEW])
    by_name = diff(archive, url("gone"), whole["before"]["document"], whole["after"]["captured_at"].replace("Z", "+00:00"), "--json").json
    assert (by_name["kind"], by_name["after"]) == ("text", whole["after"])
    assert by_name["before"]["record_id"] == whole["before"]["document"]
    for args, code in [((url("gone"), "x"), 2), ((url("new"),), 7)]:
        assert warcite("diff", *args, cwd=archive).code == code, args


def test_a_first_crawl_has_no_changes_and_one_that_meets_captures_has(archive: Path, tmp_path: Path) -> None:
    digest = "### [2016-05-21](/index.md)\n\n# Harbour\n\n### Source:\n1. [Edited]({})\n"
    with PageServer({f"/{seed}": story.html() for seed, story in SECOND.items()} | {"/other": edition("other").html()}) as site:
        for folder, changes in ((tmp_path, None), (archive, {"first": 0, "same": 1, "text": 0, "metadata": 0, "gone": 0, "back": 0})):
            (folder / "page.md").write_text(digest.format(url("noise")), encoding="utf-8")
            report = warcite("crawl", "page.md", *site.options, cwd=folder).json
            assert report["outcomes"]["captured"] == 1
            assert (report["changes"] and report["changes"]["counts"]) == changes
