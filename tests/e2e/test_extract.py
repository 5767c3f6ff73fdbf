"""`warcite extract` as users run it: one page, a list of pages, an archive, a WARC; and how stored documents would change."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archive import manifests
from archive.digests import sha256_file, sha256_hex
from archive.schema import document_schema
from archive.store import open_store
from crawler.demo.press import DIGESTS
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.saved_pages import TOO_LONG, answer, bomb, foreign_record, json_lines, list_line, page, write_pages
from tests.support.small_archive import Segment, put_rows, rewrite_manifest
from tests.support.warcite import Done, start, warcite

pytestmark = pytest.mark.timeout(400)  # seconds; each command starts two interpreters

URL = "http://herald.example/ferry"
VALID = Draft202012Validator(document_schema())
Row = dict[str, Any]


PATIENT = {"WARCITE_CRAWL_EXTRACT_DEADLINE": "300"}
"""Seconds: where the machine is overloaded a page of a few kB can take longer than the default."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PATIENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of the demo's press in several segments; not to be written to."""
    folder = tmp_path_factory.mktemp("crawled")
    with DemoSite() as site:
        done = warcite("crawl", DIGESTS, *demo_options(site), cwd=folder, WARCITE_CRAWL_SEGMENT_CAPTURES="8", **PATIENT)
    assert done.code == 3, done.err
    return folder


@pytest.fixture
def archive(crawled: Path, tmp_path: Path) -> Path:
    """A copy of it, to damage."""
    shutil.copytree(crawled / "warcite-archive", tmp_path / "warcite-archive")
    return tmp_path


@pytest.fixture(autouse=True)
def unchanged(crawled: Path) -> Iterator[None]:
    """No test of this module, whatever it asks for, writes to the archive."""
    before = tree(crawled / "warcite-archive")
    yield
    assert tree(crawled / "warcite-archive") == before


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256_file(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def stored(folder: Path) -> list[Row]:
    return [
        row for path in sorted((folder / "warcite-archive").glob("documents/*")) for row in json_lines(gzip.decompress(path.read_bytes()))
    ]


def by_record(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row["warc_record_id"]))


# --- one page -----------------------------------------------------------------------------------


def test_a_page_for_reading_and_as_one_document(tmp_path: Path) -> None:
    write_pages(tmp_path, [1, 3])
    for name, number in (("1.html", 1), ("3.html.gz", 3)):
        read = warcite("extract", name, "--url", URL, cwd=tmp_path)
        assert (read.code, read.err) == (0, "")
        assert read.out.startswith(f"Ferry runs again, trip {number}\nIsland Herald · Ada Holm · 2016-05-0{number + 1}\n\n")
        assert "The ferry to the northern islands ran again on Monday" in read.out
        assert "\nremoved: " in read.out
        assert "\ncomments: 0\n" in read.out
        document = warcite("extract", name, "--url", URL, "--json", cwd=tmp_path)
        VALID.validate(document.json)
        assert (document.json["url"], document.json["text_outcome"]) == (URL, "ok")
        assert document.json["text"] in read.out


def test_a_page_on_standard_input(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(page(5))
    piped = warcite("extract", "-", "--url", URL, "--json", "--captured-at", "2016-05-30", cwd=tmp_path, stdin=page(5).decode())
    named = warcite("extract", "x.html", "--url", URL, "--json", "--captured-at", "2016-05-30", cwd=tmp_path)
    assert piped.out == named.out
    assert piped.json["captured_at"] == "2016-05-30T00:00:00.000000Z"


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(page(1))[:-9])
    cut = warcite("extract", "cut.html.gz", "--url", URL, cwd=tmp_path)
    assert (cut.code, cut.out) == (2, "")
    assert "cut.html.gz: its gzip data is cut off" in cut.err
    alone = warcite("extract", "cut.html.gz", "--json", cwd=tmp_path)
    assert (alone.code, alone.json["schema"], alone.json["exit_code"]) == (2, "warcite.error/1", 2)
    assert "--url" in alone.err


def test_a_page_past_its_deadline_says_so(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_bytes(TOO_LONG)
    done = warcite("extract", "long.html", "--url", URL, "--json", cwd=tmp_path, timeout=230, WARCITE_CRAWL_EXTRACT_DEADLINE="3")
    assert (done.code, done.json["flags"], done.json["text"]) == (4, ["extraction-failed", "deadline"], "")


# --- a list of pages ----------------------------------------------------------------------------


def page_list(folder: Path) -> str:
    """40 lines; every tenth cannot be answered with a document."""
    paths = write_pages(folder, range(40))
    paths[9].write_bytes(bomb(33 << 20))
    paths[19].write_bytes(b"\x1f\x8b no gzip")
    paths[29].unlink()
    lines = [list_line(f"page-{n}", path.name, f"{URL}/{n}") for n, path in paths.items()]
    lines[39] = "this is no JSON\n"
    return "".join(lines)


def test_a_list_of_forty_pages_with_broken_ones(tmp_path: Path) -> None:
    text = page_list(tmp_path)
    (tmp_path / "list.jsonl").write_text(text, encoding="utf-8")
    piped = warcite("extract", "--pages", "-", "--jobs", "2", "--no-progress", cwd=tmp_path, stdin=text)
    named = warcite("extract", "--pages", "list.jsonl", "--jobs", "1", "--mode", "full", "--json", cwd=tmp_path)
    assert (piped.code, named.code) == (3, 3)
    assert piped.err.startswith("40 pages: 36 documents, 4 failed; ")
    rows = json_lines(piped.out)
    assert [row.get("id") for row in rows] == [*(f"page-{n}" for n in range(39)), None]
    assert [n for n, row in enumerate(rows) if "error" in row] == [9, 19, 29, 39]
    for n, row in enumerate(rows):
        if "error" not in row:
            assert row.pop("cpu") > 0
            VALID.validate(row)
            assert (row["title"], row["url"]) == (f"Ferry runs again, trip {n}", f"{URL}/{n}")
    assert [{**row, "cpu": None} for row in rows] == [{**row, "cpu": None} for row in json_lines(named.out)]


def test_progress_goes_to_standard_error(tmp_path: Path) -> None:
    (tmp_path / "long.html").write_bytes(TOO_LONG)
    line = list_line(1, "long.html")
    environment = {"WARCITE_CRAWL_EXTRACT_DEADLINE": "3", "WARCITE_PROGRESS_SECONDS": "0.2"}
    loud = warcite("extract", "--pages", "-", cwd=tmp_path, stdin=line, **environment)
    quiet = warcite("extract", "--pages", "-", "--no-progress", cwd=tmp_path, stdin=line, **environment)
    assert "Z extract 0 documents, 0 failed, rate=0.0/s" in loud.err
    assert len(quiet.err.splitlines()) == 1
    assert len(loud.out.splitlines()) == len(quiet.out.splitlines()) == 1


def test_a_reader_that_has_enough_ends_it(tmp_path: Path) -> None:
    write_pages(tmp_path, range(40))
    (tmp_path / "list.jsonl").write_text("".join(list_line(n, f"{n}.html{'' if n % 3 else '.gz'}") for n in range(40)) * 50)
    reading = start("extract", "--pages", "list.jsonl", "--no-progress", cwd=tmp_path)
    assert reading.stdout is not None
    assert reading.stderr is not None
    assert json.loads(reading.stdout.readline())["id"] == 0
    reading.stdout.close()
    assert reading.wait(100) == 141
    assert reading.stderr.read() == ""
    reading.stderr.close()


# --- an archive, a run, a WARC ------------------------------------------------------------------


def test_an_archive_again_is_byte_for_byte_what_it_has(crawled: Path) -> None:
    done = warcite("extract", "--no-progress", cwd=crawled)
    assert done.code == 0, done.err
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in crawled.glob("warcite-archive/documents/*"))
    assert sorted(done.out.encode().splitlines()) == sorted(kept.splitlines())
    assert len(list(crawled.glob("warcite-archive/documents/*"))) > 1


def test_a_run_and_one_that_is_not_there(crawled: Path) -> None:
    run = stored(crawled)[0]["run"]
    assert by_record(json_lines(warcite("extract", run, cwd=crawled).out)) == by_record(stored(crawled))
    missing = warcite("extract", "no-such-run", cwd=crawled)
    assert (missing.code, missing.out) == (7, "")


def test_a_warc_alone_needs_no_archive(crawled: Path, tmp_path: Path) -> None:
    warcs = sorted(crawled.glob("warcite-archive/warc/*"))
    done = warcite("extract", *warcs, "--no-progress", cwd=tmp_path)
    rows = {row["warc_record_id"]: row for row in json_lines(done.out)}
    assert done.code == 0, done.err
    for row in rows.values():
        VALID.validate(row)
        assert (Path(row["warc_file"]) in warcs, row["citations"], row["run"]) == (True, [], "")
    for kept in stored(crawled):
        again = rows[kept["warc_record_id"]]
        same = ("text", "blocks", "title", "authors", "payload_digest", "captured_at", "warc_offset", "warc_length", "final_url")
        assert {key: again[key] for key in same} == {key: kept[key] for key in same}


def test_a_warc_of_another_program(tmp_path: Path) -> None:
    records = [foreign_record("response", f"{URL}/{n}", answer(page(n)), n) for n in range(3)]
    (tmp_path / "other.warc").write_bytes(b"".join(records))
    (tmp_path / "cut.warc.gz").write_bytes(b"".join(gzip.compress(r) for r in records)[:-20])
    cut = warcite("extract", "cut.warc.gz", "other.warc", cwd=tmp_path)
    assert (cut.code, [row["url"] for row in json_lines(cut.out)]) == (5, [f"{URL}/{n}" for n in (0, 1, 0, 1, 2)])
    assert "cut.warc.gz" in cut.err


def test_no_difference_in_an_unchanged_archive(crawled: Path) -> None:
    count = len(stored(crawled))
    done = warcite("extract", "--diff", "--no-progress", cwd=crawled)
    assert (done.code, done.out) == (0, f"{count} documents: {count} same, 0 changed, 0 new, 0 missing\n")
    compared = warcite("extract", "--diff", "--json", "--mode", "full", cwd=crawled).json
    assert compared["schema"] == "warcite.extract-diff/1"
    assert {row["record_id"] for row in compared["documents"]} == {row["warc_record_id"] for row in stored(crawled)}
    assert compared["counts"] == {"same": count, "changed": 0, "new": 0, "missing": 0}


def rewrite_documents(folder: Path, change: dict[str, Row | None]) -> None:
    """Documents by record id as another version would have left them, or none of that record."""
    store = open_store(str(folder / "warcite-archive"))
    for _, manifest in list(manifests.load_all(store)):
        others = tuple(o for o in manifest.objects if o.kind != "documents")
        rows = [r for o in manifest.objects if o.kind == "documents" for r in json_lines(gzip.decompress(store.get(o.key)))]
        edited = [row | (change.get(row["warc_record_id"], {}) or {}) for row in rows if change.get(row["warc_record_id"], {}) is not None]
        if edited != rows:
            made = put_rows(store, "documents", edited)
            rewrite_manifest(store, Segment(manifest, ()), objects=(*others, made))


def test_a_document_of_an_older_version_is_shown_block_by_block(archive: Path) -> None:
    rows = stored(archive)
    old, gone = [row for row in rows if len(row["blocks"]) > 2][:2]
    blocks = [*old["blocks"][:-1], {"kind": "paragraph", "text": "Sign in to\u202e go on."}]
    text = "\n".join(block["text"] for block in blocks)
    older = {"blocks": blocks, "text": text, "text_sha256": sha256_hex(text.encode()), "title": "An older title", "extractor_version": "0"}
    rewrite_documents(archive, {old["warc_record_id"]: older, gone["warc_record_id"]: None})
    done = warcite("extract", "--diff", "--no-progress", cwd=archive)
    lines = done.out.splitlines()
    assert done.code == 0, done.err
    assert f"changed  {old['url']}  {old['warc_record_id']}" in lines
    assert f"new      {gone['url']}  {gone['warc_record_id']}" in lines
    assert f'  title: "An older title" -> "{old["title"]}"' in lines
    assert "-paragraph: Sign in to\N{REPLACEMENT CHARACTER} go on." in lines
    assert [line[1:] for line in lines if line.startswith("+p")] == [f"paragraph: {old['blocks'][-1]['text']}"]
    assert lines[-1] == f"{len(rows)} documents: {len(rows) - 2} same, 1 changed, 1 new, 0 missing"
    compared = warcite("extract", "--diff", "--json", cwd=archive).json
    (changed,) = [row for row in compared["documents"] if row["status"] == "changed"]
    assert changed["fields"]["title"] == {"stored": "An older title", "now": old["title"]}
    assert set(changed["fields"]) == {"blocks", "text", "text_sha256", "title"}
    assert sum(compared["counts"].values()) == len(compared["documents"]) == len(rows)
    one_warc: Done = warcite("extract", archive / "warcite-archive" / old["warc_file"], "--diff", cwd=archive)
    assert "1 changed" in one_warc.out
    (archive / "other.warc").write_bytes(foreign_record("response", URL, answer(page(1)), 1))
    assert warcite("extract", "other.warc", "--diff", cwd=archive).code == 7


def test_what_was_taken_down_is_not_shown(archive: Path) -> None:
    hidden = stored(archive)[0]
    assert warcite("takedown", hidden["warc_record_id"], "--reason", "asked to", cwd=archive).code == 0
    done = warcite("extract", "--no-progress", cwd=archive)
    assert done.code == 0
    assert {row["warc_record_id"] for row in stored(archive)} - {row["warc_record_id"] for row in json_lines(done.out)} == {
        hidden["warc_record_id"]
    }
    assert hidden["warc_record_id"] not in warcite("extract", "--diff", "--json", cwd=archive).out


def test_a_damaged_segment_costs_itself_only(archive: Path) -> None:
    rows = stored(archive)
    warc = archive / "warcite-archive" / rows[0]["warc_file"]
    warc.write_bytes(warc.read_bytes()[:-100])
    left = [row for row in rows if row["warc_file"] != rows[0]["warc_file"]]
    assert 0 < len(left) < len(rows)
    for arguments in ([], ["--diff", "--json"]):
        done = warcite("extract", *arguments, "--no-progress", cwd=archive)
        assert done.code == 5
        assert rows[0]["warc_file"] in done.err
        found = done.json["documents"] if arguments else json_lines(done.out)
        assert len(found) == len(left)


def test_damaged_documents_are_told_when_they_are_compared(archive: Path) -> None:
    rows = stored(archive)
    path = next((archive / "warcite-archive" / "documents").iterdir())
    path.write_bytes(path.read_bytes()[:-50])
    assert warcite("extract", "--no-progress", cwd=archive).code == 0
    done = warcite("extract", "--diff", "--json", "--no-progress", cwd=archive)
    assert (done.code, path.name in done.err) == (5, True)
    assert 0 < done.json["counts"]["same"] <= len(rows)
