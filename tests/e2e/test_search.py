"""`warcite search` as people use it: on the demo's archive, killed while it makes its catalog, two at once, on a terminal."""

from __future__ import annotations

import json
import os
import pty
import random
import shutil
import sqlite3
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from archive import layout, manifests
from archive.store.local import LocalStore
from tests.support.searchable import commit, document, event
from tests.support.shared import ROOT
from tests.support.small_archive import put_rows
from tests.support.warcite import Done, command, environment, start, warcite

pytestmark = pytest.mark.timeout(600)

SCHEMA = json.loads((ROOT / "docs" / "schema" / "search.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("search")
    done = warcite("demo", "--store", "archive", cwd=directory)
    assert done.code == 0, done.err
    return directory


def search(directory: Path, *args: str) -> Done:
    return warcite("search", *args, "--store", "archive", cwd=directory, XDG_CACHE_HOME=str(directory / "cache"))


# --- on the demo's archive ----------------------------------------------------------------------------


def test_words_titles_and_snippets(demo: Path) -> None:
    done = search(demo, "kelder", "bridge")
    assert done.code == 0
    assert done.out.startswith("Kelder road bridge closed after inspectors find cracks\n  Harbour Gazette \u00b7 2017-10-03 \u00b7 en")
    assert "\x1b" not in done.out
    assert "cited by 2017-10-03" in done.out
    assert done.err == "4 shown, 4 found in 9 documents\n"
    assert list((demo / "cache" / "warcite" / "catalog").glob("*.sqlite"))


def test_json_follows_its_schema_and_jsonl_has_the_same_hits(demo: Path) -> None:
    args = ("kelder", "bridge", "--host", "*.example", "--sort", "date")
    found = search(demo, *args, "--json").json
    jsonschema.validate(found, SCHEMA)
    assert (found["query"], found["found"], found["selection"]["hosts"]) == ("kelder bridge", 4, ["*.example"])
    lines = [json.loads(line) for line in search(demo, *args, "--jsonl").out.splitlines()]
    assert lines == found["hits"]
    (hit,) = (hit for hit in lines if "harbour-gazette" in hit["url"])
    shown = warcite("show", hit["warc_record_id"], "--json", "--store", "archive", cwd=demo).json
    assert [document["id"] for document in shown["documents"]] == [hit["id"]]


def test_a_word_to_leave_out_needs_no_quotes(demo: Path) -> None:
    whole, without = (search(demo, *args, "--json").json for args in (["kelder"], ["kelder", "-hangers"]))
    assert 0 < without["found"] < whole["found"]
    assert without["query"] == "kelder -hangers"
    assert search(demo, "kelder -hangers", "--json").json["found"] == without["found"]
    assert search(demo, "-hangers", "kelder", "--json").json["found"] == without["found"]
    nothing = search(demo, '"bridge kelder road"')
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "nothing found in 9 documents\n")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (['"kelder'], 2, "no closing"),
        (["-kelder"], 2, "only words to leave out"),
        (["OR"], 2, "OR stands between"),
        (["kelder", "--since", "lately"], 2, "--since: not a day"),
        (["kelder", "--run", "nine"], 7, "no run nine"),
        (["kelder", "--event", "nine"], 7, "no event nine"),
        (["kelder", "--json", "--jsonl"], 2, "not both"),
        (["kelder", "--hots", "x"], 2, "No such option"),
        (["kelder", "--sort", "size"], 2, "--sort"),
    ],
)
def test_what_is_wrong_is_said(demo: Path, args: list[str], code: int, said: str) -> None:
    done = search(demo, *args)
    assert (done.code, "Traceback" in done.err) == (code, False)
    assert said in done.err


def test_a_bundle_takes_what_a_search_finds(demo: Path) -> None:
    words, cache = "kelder -hangers", {"XDG_CACHE_HOME": str(demo / "cache")}
    found = search(demo, words, "--all-captures", "--json").json["found"]
    plan = warcite("bundle", "--query", words, "--dry-run", "--json", "--store", "archive", cwd=demo, **cache)
    assert (plan.code, plan.json["targets"]) == (0, found)
    made = warcite("bundle", "--query", words, "-o", "kelder.wacz", "--store", "archive", cwd=demo, **cache)
    assert made.code == 0, made.err
    again = warcite("bundle", "--query", words, "-o", "again.wacz", "--store", "archive", cwd=demo, XDG_CACHE_HOME=str(demo / "other"))
    assert again.code == 0, again.err
    assert (demo / "kelder.wacz").read_bytes() == (demo / "again.wacz").read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [('"kelder', 2, "no closing"), ("", 2, "no word"), ("nowhere", 7, "nothing in"), ("kelder", 6, "XDG_CACHE_HOME")],
)
def test_what_is_wrong_with_the_words_of_a_bundle_is_said(demo: Path, words: str, code: int, said: str) -> None:
    cache = demo / ("a-file" if code == 6 else "cache")
    (demo / "a-file").write_text("")
    done = warcite("bundle", "--query", words, "-o", "no.wacz", "--store", "archive", cwd=demo, XDG_CACHE_HOME=str(cache))
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    assert said in done.err
    assert not (demo / "no.wacz").exists()


def test_on_a_terminal_words_stand_out(demo: Path) -> None:
    def shown(**env: str) -> str:
        parent, child = pty.openpty()
        with os.fdopen(child, "wb") as terminal:
            cache = {"XDG_CACHE_HOME": str(demo / "cache"), "TERM": "xterm", **env}
            process = subprocess.Popen(
                command("search", "hangers", "--store", "archive"), cwd=demo, env=environment(**cache), stdout=terminal
            )
        seen = b""
        try:
            while piece := os.read(parent, 65536):
                seen += piece
        except OSError:
            pass  # the terminal's other end is closed
        finally:
            os.close(parent)
        assert process.wait(60) == 0
        return seen.decode()

    assert "\x1b[1;33mhangers\x1b[0m" in shown()
    assert "\x1b" not in shown(NO_COLOR="1")


# --- killed, and two at once --------------------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path) -> Path:
    store = LocalStore(tmp_path / "archive")
    for segment in range(12):
        first = 1 + 25 * (segment % 12)
        rows = [document(1 + n % 28, f"bridge {n} " * 40, f"http://{n}.example/") for n in range(first, first + 25)]
        told = [event(f"e{n}", "2016-01-01", f"http://{n}.example/") for n in range(first, first + 25, 5)]
        commit(store, f"segment-{segment:02}", rows, told, at=1 + segment)
    return tmp_path


def catalog_file(directory: Path) -> Path:
    (path,) = (directory / "cache" / "warcite" / "catalog").glob("*.sqlite")
    return path


def told(directory: Path) -> object:
    done = search(directory, "bridge", "--json", "--limit", "1000", "--all-captures")
    assert done.code == 0, done.err
    return [(hit["url"], hit["score"], hit["events"]) for hit in done.json["hits"]]


def from_nothing(directory: Path) -> object:
    shutil.rmtree(directory / "cache", ignore_errors=True)
    return told(directory)


def begun(directory: Path) -> subprocess.Popen[str]:
    return start("search", "bridge", "--store", "archive", cwd=directory, XDG_CACHE_HOME=str(directory / "cache"))


def test_killed_between_two_objects_of_a_segment(large: Path) -> None:
    """The second object is a pipe that nobody writes to: its reader stays there, with the rows of the first in an open transaction."""
    store = LocalStore(large / "archive")
    one, two = (put_rows(store, "documents", [document(n, f"bridge {n}", f"http://more-{n}.example/")]) for n in (1, 2))
    base = manifests.load(store, layout.manifest("segment-00"))
    manifest = replace(base, segment="zz", created_at="2016-02-06T12:00:00.000000Z", objects=(one, two), sha256="")
    store.put_if_absent(layout.manifest("zz"), manifests.encode(manifest))
    whole = from_nothing(large)
    shutil.rmtree(large / "cache")
    path = large / "archive" / two.key
    good = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    process = begun(large)
    for _ in range(6000):
        if len(read_segments(large)) >= 6 and process.poll() is None and is_waiting_at(process.pid):
            break
        time.sleep(0.05)
    process.kill()
    assert process.wait(60) == -9
    process.communicate()
    assert 6 <= len(read_segments(large)) < 13
    path.unlink()
    path.write_bytes(good)
    assert told(large) == whole


def read_segments(directory: Path) -> list[str]:
    try:
        with sqlite3.connect(f"file:{catalog_file(directory)}?mode=ro", uri=True) as sql:
            rows = sql.execute("SELECT name FROM segments WHERE documents IS NOT NULL").fetchall()
    except (ValueError, sqlite3.Error):
        return []
    sql.close()
    return [name for (name,) in rows]


def is_waiting_at(pid: int) -> bool:
    """Whether it sleeps in the opening of a pipe (fifo(7): until there is a writer)."""
    return Path(f"/proc/{pid}/wchan").read_text() in {"wait_for_partner", "fifo_open", "0"}


def test_killed_at_any_time(large: Path) -> None:
    whole = from_nothing(large)
    shutil.rmtree(large / "cache")
    dice = random.Random(6)
    for _ in range(8):
        process = begun(large)
        time.sleep(dice.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
    assert told(large) == whole


def test_two_at_once(large: Path) -> None:
    whole = from_nothing(large)
    shutil.rmtree(large / "cache")
    ends = [(process.communicate(timeout=300), process.returncode) for process in [begun(large) for _ in range(3)]]
    assert [code for _, code in ends] == [0, 0, 0], ends
    assert {out for (out, _), _ in ends} == {ends[0][0][0]}
    assert told(large) == whole


def test_a_damaged_catalog_says_what_to_do(large: Path) -> None:
    told(large)
    path = catalog_file(large)
    for part in ("-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)
    data = path.read_bytes()
    tables = len(data) // 2  # without the pages that say which there are it would be made again
    path.write_bytes(data[:tables] + bytes(len(data) - tables))
    done = search(large, "bridge")
    assert done.code == 6
    assert "delete it" in done.err
    path.unlink()
    assert search(large, "bridge").code == 0


def test_a_cache_that_cannot_be_written(large: Path) -> None:
    (large / "cache").write_text("a file")
    done = search(large, "bridge")
    assert (done.code, "Traceback" in done.err) == (6, False)
    assert "XDG_CACHE_HOME" in done.err
