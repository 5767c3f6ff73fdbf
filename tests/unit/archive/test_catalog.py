"""The catalog follows its store, and finds what was asked for, in order."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import layout
from archive.catalog.catalog import Catalog, catalog_of
from archive.catalog.file import catalog_path, only_writer
from archive.catalog.syntax import parse_query
from archive.errors import DamageError, InputError, NotFound, StoreError
from archive.generations import read_facts
from archive.model import OutcomeWord
from archive.search import query
from archive.search.found import Found
from archive.search.query import MOST_RANKED, Wanted
from archive.selection.select import Selection, choose, select
from archive.store.local import LocalStore
from archive.takedown import plan, take_down
from tests.support.searchable import commit, document, event, record

BRIDGE, PORT, TOKYO = "http://news.example/bridge", "http://www.port.example/dredging", "http://news.example/tokyo"

ROWS = [
    document(
        1,
        "The road bridge was closed at noon. Inspectors had found cracks.",
        BRIDGE,
        title="Bridge closed",
        language="en",
        site_name="Gazette",
    ),
    document(
        2,
        "The port is dredged. A bridge is not needed, says the caf\u00e9 owner.",
        PORT,
        title="Port wins",
        language="en-GB",
        authors=["Ada Voss"],
    ),
    document(
        3,
        "\u6771\u4eac\u90fd\u306e\u6a4b\u306f\u6b63\u5348\u306b\u9589\u9396\u3055\u308c\u305f\u3002",
        TOKYO,
        title="\u6a4b\u306e\u9589\u9396",
        language="ja",
    ),
    document(4, "Page not found. Try the search.", "http://gone.example/x", outcome=OutcomeWord.GONE),
]
EVENTS = [event("one", "2015-03-04", BRIDGE, PORT), event("two", "2016-05-06", PORT, "http://elsewhere.example/")]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "archive")
    commit(store, "first", ROWS[:2], EVENTS[:1])
    commit(store, "second", ROWS[2:], EVENTS[1:], run="run-2", at=2)
    return store


@pytest.fixture
def catalog(store: LocalStore, tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(store, tmp_path / "catalog.sqlite") as catalog:
        assert catalog.refresh() == 2
        yield catalog


def search(catalog: Catalog, words: str, **more: Any) -> Found:
    options = {name: more.pop(name) for name in ("sort", "every_capture", "snippets") if name in more}
    return query.search(catalog, Wanted(parse_query(words), Selection(**more), **options))


def urls(catalog: Catalog, words: str, **more: Any) -> list[str]:
    found = search(catalog, words, **more)
    assert found.found == len(found.hits) or "limit" in more
    return [hit.url for hit in found.hits]


# --- what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("bridge", [BRIDGE, PORT]),  # the title weighs more
        ("BRIDGE Closed", [BRIDGE]),
        ("bridge -cracks", [PORT]),
        ('"road bridge"', [BRIDGE]),
        ('"bridge road"', []),
        ("inspect*", [BRIDGE]),
        ("cracks OR dredged", [BRIDGE, PORT]),
        ("cafe", [PORT]),
        ("rid", []),  # no part of a word
        ("voss", [PORT]),  # an author
        ("gazette", [BRIDGE]),  # a site
        ("\u6771\u4eac", [TOKYO]),
        ("\u4eac\u90fd", [TOKYO]),  # two of three characters: of any two, as there are no words to see
        ("\u90fd\u4eac", []),
        ("\u6a4b -\u6b63\u5348", []),
    ],
)
def test_words(catalog: Catalog, words: str, expected: list[str]) -> None:
    assert sorted(urls(catalog, words)) == sorted(expected)
    assert urls(catalog, words)[:1] == expected[:1] or len(expected) < 2


def test_a_hit_says_where_it_is_from(catalog: Catalog) -> None:
    (hit,) = search(catalog, "dredged").hits
    assert (hit.title, hit.host, hit.language, hit.outcome, hit.run) == ("Port wins", "www.port.example", "en-GB", "captured", "run-1")
    assert (hit.warc_record_id, hit.id, hit.captures) == (record(2), ROWS[1]["id"], 1)
    assert [(e.id, e.date) for e in hit.events] == [("one", "2015-03-04"), ("two", "2016-05-06")]


@pytest.mark.parametrize(
    ("words", "marked"), [("bridge caf\u00e9", ["bridge", "caf\u00e9"]), ("\u6771\u4eac", ["\u6771\u4eac"]), ('"port is"', ["port is"])]
)
def test_snippets_mark_the_words(catalog: Catalog, words: str, marked: list[str]) -> None:
    hit = search(catalog, words).hits[0]
    assert hit.snippet is not None
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == marked
    assert hit.snippet.text in ROWS[{PORT: 1, TOKYO: 2}[hit.url]]["text"]
    assert search(catalog, words, snippets=False).hits[0].snippet is None


SELECTIONS = [
    {"hosts": ("*.example",)},
    {"hosts": ("news.EXAMPLE", "gone.*")},
    {"urls": ("*/bridge", TOKYO)},
    {"langs": ("en",)},
    {"langs": ("en-GB", "ja")},
    {"outcomes": ("gone",)},
    {"runs": ("run-2",)},
    {"runs": ("last", "run-1")},
    {"events": ("one",)},
    {"digests": ("digests/t*", "nowhere")},
    {"digests": (str(EVENTS[0]["digest_sha256"]),)},
    {"since": "2016"},
    {"since": "2016-05", "until": "2016-05-06"},
    {"until": "2015-03"},
    {"until": "2016-01-03"},
    {"events": ("two",), "until": "2015"},
    {"since": "2016", "langs": ("ja",), "hosts": ("news.example",)},
]


@pytest.mark.parametrize("parts", SELECTIONS, ids=str)
@pytest.mark.parametrize("most", [MOST_RANKED, 1, 0])
def test_a_selection_means_what_it_means_elsewhere(
    store: LocalStore, catalog: Catalog, parts: dict[str, Any], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "MOST_RANKED", most)
    expected = [chosen.outcome.url for chosen in select(store, Selection(**parts)) if chosen.document is not None]
    everything = "the OR \u6a4b OR page"
    assert sorted(urls(catalog, everything, **parts)) == sorted(expected)
    assert sorted(urls(catalog, everything, sort="date", **parts)) == sorted(expected)


@pytest.mark.parametrize("parts", [{"runs": ("run-9",)}, {"events": ("one", "nine")}])
def test_what_the_archive_does_not_have(catalog: Catalog, parts: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        search(catalog, "bridge", **parts)


def test_an_event_that_was_replaced_stands_for_those_in_its_place(store: LocalStore, catalog: Catalog) -> None:
    commit(
        store, "third", [], [event("one", "2015-03-04", BRIDGE, revision=2, replaced_by="three"), event("three", "2015-03-04", TOKYO)], at=3
    )
    catalog.refresh()
    assert sorted(urls(catalog, "bridge OR \u6a4b", events=("one",))) == sorted([BRIDGE, TOKYO])
    assert [e.id for e in search(catalog, "cracks").hits[0].events] == []


def test_order_by_date_and_limit(catalog: Catalog) -> None:
    assert urls(catalog, "bridge", sort="date") == [PORT, BRIDGE]
    assert urls(catalog, "bridge", sort="date", limit=1) == [PORT]
    assert urls(catalog, "bridge", limit=1) == [BRIDGE]
    assert search(catalog, "bridge", limit=1).found == 2


def test_one_hit_an_address_the_newest_that_has_the_words(store: LocalStore, catalog: Catalog) -> None:
    again = [document(5, "The bridge is open again.", f"{BRIDGE}#top", title="Open"), document(6, "Nothing to see.", BRIDGE, title="x")]
    commit(store, "third", again, at=3)
    assert catalog.refresh() == 1
    hits = {hit.warc_record_id: hit.captures for hit in search(catalog, "bridge").hits if hit.captures > 1}
    assert hits == {record(6): 3}, "the address names the bridge, so that each capture of it has the word"
    hits = {hit.warc_record_id: hit.captures for hit in search(catalog, "open OR noon").hits}
    assert hits == {record(5): 3}
    assert len(search(catalog, "open OR noon", every_capture=True).hits) == 2
    assert [h.warc_record_id for h in search(catalog, "open OR noon", until="2015").hits] == [record(5)]


def test_of_very_many_those_with_the_word_in_the_title_come_first(
    store: LocalStore, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_RANKED > 1000
    rows = [document(n, "A bridge.", f"http://many.example/{n}", title="The bridge" if n in {12, 15} else "x") for n in range(10, 30)]
    commit(store, "third", rows, at=3)
    catalog.refresh()
    ranked = [hit.url for hit in search(catalog, "bridge", langs=(), limit=3).hits]
    monkeypatch.setattr(query, "MOST_RANKED", 5)
    few = search(catalog, "bridge", limit=50)
    assert [hit.url for hit in few.hits[:3]] == ranked
    assert all(hit.score is not None for hit in few.hits[:3])
    assert few.hits[3].captured_at == "2016-01-29T10:00:00.000000Z", "the others come newest first"
    assert (len(few.hits), few.found) == (22, 22)
    assert len(search(catalog, "bridge", limit=50, hosts=("many.example",)).hits) == 20
    assert [h.captured_at[:10] for h in search(catalog, "bridge", sort="date", limit=2).hits] == ["2016-01-29", "2016-01-28"]


# --- how it follows the store -------------------------------------------------------------------------


def contents(catalog: Catalog) -> list[tuple[Any, ...]]:
    """All that is in it, without the numbers that the order of reading gives."""
    with sqlite3.connect(catalog.path) as sql:
        rows = sql.execute(
            "SELECT d.record, a.key, h.name, s.name, s.documents, t.title, t.text, t.about FROM documents d"
            " JOIN texts t ON t.rowid = d.number"
            " JOIN addresses a ON a.number = d.address JOIN hosts h ON h.number = d.host"
            " JOIN segments s ON s.number = d.segment ORDER BY 1"
        ).fetchall()
        rows += sql.execute(
            "SELECT e.id, e.title, a.key FROM events e JOIN cited c ON c.event = e.number"
            " JOIN addresses a ON a.number = c.address ORDER BY 1, 3"
        )
        sql.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
    sql.close()
    return rows


def made_anew(store: LocalStore, tmp_path: Path) -> list[tuple[Any, ...]]:
    with Catalog(store, tmp_path / "anew.sqlite") as anew:
        anew.refresh()
        rows = contents(anew)
    (tmp_path / "anew.sqlite").unlink()
    return rows


class Reads:
    """A store that notes what is read of it."""

    def __init__(self, store: LocalStore) -> None:
        self._store, self.uri, self.keys = store, store.uri, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def get(self, key: str) -> bytes:
        self.keys.append(key)
        return self._store.get(key)

    def open_range(self, key: str, *more: Any) -> Any:
        self.keys.append(key)
        return self._store.open_range(key, *more)


def test_only_what_is_new_is_read(store: LocalStore, catalog: Catalog, tmp_path: Path) -> None:
    manifest = commit(store, "third", [document(7, "A new bridge.")], at=3)
    noted = Reads(store)
    with Catalog(noted, catalog.path) as again:  # type: ignore[arg-type]
        assert again.refresh() == 1
        assert sorted(noted.keys) == sorted([layout.manifest("third"), manifest.objects[0].key])
        noted.keys.clear()
        assert again.refresh() == 0
        assert noted.keys == []
        assert contents(again) == made_anew(store, tmp_path)


def test_newer_generations_replace_documents(store: LocalStore, catalog: Catalog, tmp_path: Path) -> None:
    better = [document(1, "The viaduct was closed.", BRIDGE), ROWS[1]]
    commit(store, "again", better, supersedes="first", run="extract-1", at=3)
    assert catalog.refresh() == 1
    assert urls(catalog, "cracks") == []
    assert [(hit.url, hit.run) for hit in search(catalog, "viaduct").hits] == [(BRIDGE, "run-1")]
    commit(store, "and-again", [document(1, "The overpass was closed.", BRIDGE)], supersedes="again", run="extract-2", at=4)
    commit(store, "older", [document(1, "The tunnel was closed.", BRIDGE)], supersedes="first", run="extract-0", at=2)
    assert catalog.refresh() == 1
    assert (urls(catalog, "viaduct OR tunnel"), urls(catalog, "overpass"), urls(catalog, "dredged")) == ([], [BRIDGE], [])
    assert contents(catalog) == made_anew(store, tmp_path)
    for parts in ({}, {"runs": ("last",)}):  # an extraction is no run of a crawl
        chosen = [one.outcome.url for one in select(store, Selection(**parts)) if one.document is not None]
        assert sorted(urls(catalog, "the OR \u6a4b OR page", **parts)) == sorted(chosen)
        assert chosen


def test_what_was_taken_down_is_not_found(store: LocalStore, catalog: Catalog, tmp_path: Path) -> None:
    take_down(store, plan((record(1), record(7)), "court order", "2016-03-01T00:00:00.000000Z"))
    commit(store, "third", [document(7, "A new bridge."), document(8, "Another bridge.")], at=3)
    catalog.refresh()
    assert sorted(hit.warc_record_id for hit in search(catalog, "bridge").hits) == [record(2), record(8)]
    assert contents(catalog) == made_anew(store, tmp_path)


def test_what_the_store_has_lost_is_forgotten(store: LocalStore, catalog: Catalog, tmp_path: Path) -> None:
    take_down(store, plan((record(1),), "court order", "2016-03-01T00:00:00.000000Z"))
    catalog.refresh()
    for tombstone in list(store.list(layout.TOMBSTONES)):
        store.delete(tombstone.key)
    assert catalog.refresh() == 2
    assert urls(catalog, "cracks") == [BRIDGE]
    store.delete(layout.manifest("first"))
    assert catalog.refresh() == 1
    assert urls(catalog, "bridge") == []
    assert contents(catalog) == made_anew(store, tmp_path)


def test_pages_of_inputs_are_no_sources(store: LocalStore, catalog: Catalog) -> None:
    commit(store, "inputs", [document(9, "A digest about a bridge.")], job="inputs-x", at=3)
    catalog.refresh()
    assert len(urls(catalog, "bridge")) == 2


def test_damaged_documents_are_told_and_tried_again(store: LocalStore, catalog: Catalog) -> None:
    manifest = commit(store, "third", [document(7, "A new bridge."), document(8, "And one more.")], at=3)
    path = store.root / manifest.objects[0].key
    good, told = path.read_bytes(), list[str]()
    path.write_bytes(good[:-30])
    assert catalog.refresh(told.append) == 0
    assert manifest.objects[0].key in told[0]
    assert len(urls(catalog, "bridge")) == 2
    path.unlink()
    assert catalog.refresh(told.append) == 0
    assert len(told) == 2
    path.write_bytes(good)
    assert catalog.refresh(told.append) == 1
    assert (len(urls(catalog, "bridge")), len(told)) == (3, 2)


@pytest.mark.parametrize(
    "change", [{"warc_record_id": None}, {"site_name": {}}, {"citations": None}, {"words": 1 << 70}, {"title": ["x"]}, {"tags": [None]}]
)
def test_rows_that_are_no_documents_are_told(store: LocalStore, catalog: Catalog, change: dict[str, Any]) -> None:
    commit(store, "third", [document(7, "A new bridge.") | change], at=3)
    told = list[str]()
    assert catalog.refresh(told.append) == 0
    assert "no document" in told[0]
    assert len(urls(catalog, "bridge")) == 2


def test_a_damaged_manifest_is_told_a_damaged_tombstone_ends_it(store: LocalStore, catalog: Catalog) -> None:
    (store.root / layout.manifest("third")).write_bytes(b"{}")
    told = list[str]()
    assert catalog.refresh(told.append) == 0
    assert "manifests/third.json" in told[0]
    store.put_if_absent(layout.tombstone("0" * 32), b"{}")
    with pytest.raises(DamageError, match="tombstones/"):
        catalog.refresh(told.append)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and then nothing", b"no database" * 1000])
def test_a_file_that_is_no_catalog_is_made_again(store: LocalStore, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(content)
    with Catalog(store, path) as catalog:
        assert catalog.refresh() == 2
        assert len(urls(catalog, "bridge")) == 2


def test_who_comes_second_waits_and_finds_all_done(store: LocalStore, tmp_path: Path) -> None:
    path, waiting, read = tmp_path / "catalog.sqlite", threading.Event(), list[int]()

    def second() -> None:
        with Catalog(store, path) as catalog:
            read.append(catalog.refresh(waiting=waiting.set))

    with Catalog(store, path) as first:
        with only_writer(path):
            thread = threading.Thread(target=second)
            thread.start()
            assert waiting.wait(60)
        thread.join(60)
        assert read == [2]
        assert first.refresh() == 0
        assert len(urls(first, "bridge")) == 2


# --- where it lies ------------------------------------------------------------------------------------


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    one, two = (catalog_path(uri, {"XDG_CACHE_HOME": "/caches"}) for uri in ("s3://a/b", "s3://a/c"))
    assert one.parent == two.parent == Path("/caches/warcite/catalog")
    assert one != two
    assert (
        catalog_path("s3://a/b", {})
        == catalog_path("s3://a/b", {"XDG_CACHE_HOME": "caches"})
        == tmp_path / ".cache/warcite/catalog" / one.name
    )


def test_a_place_that_cannot_be_used(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="set XDG_CACHE_HOME"):
        catalog_of(store, {"XDG_CACHE_HOME": str(tmp_path / "file")})


# --- the same words in a selection --------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def selected(store: LocalStore, words: str, **more: Any) -> list[str | None]:
    return [chosen.outcome.record_id for chosen in select(store, Selection(query=words, **more))]


@pytest.mark.parametrize(
    "words",
    [
        "bridge",
        "bridge -cracks",
        "voss OR gazette",
        "inspect*",
        '"road bridge"',
        "\u6771\u4eac",
        "page",
        "nowhere",
        "CAFE",
        "closed example",
    ],
)
def test_a_selection_takes_what_a_search_finds(store: LocalStore, catalog: Catalog, cache: Path, words: str) -> None:
    commit(store, "third", [document(5, "The bridge is open again.", BRIDGE)], at=3)
    catalog.refresh()
    found = search(catalog, words, every_capture=True).hits
    assert sorted(map(str, selected(store, words))) == sorted(hit.warc_record_id for hit in found)
    english = search(catalog, words, every_capture=True, langs=("en",), until="2016-01-01").hits
    assert sorted(map(str, selected(store, words, langs=("en",), until="2016-01-01"))) == sorted(hit.warc_record_id for hit in english)


def test_of_documents_made_again_the_new_ones_count(store: LocalStore, cache: Path) -> None:
    assert selected(store, "cracks") == [record(1)]
    commit(store, "again", [document(1, "The viaduct was closed.", BRIDGE), ROWS[1]], supersedes="first", run="extract-1", at=3)
    assert selected(store, "cracks") == []
    assert selected(store, "viaduct") == [record(1)]


def test_documents_that_cannot_be_searched_are_not_left_out_in_silence(store: LocalStore, cache: Path) -> None:
    manifest = commit(store, "third", [document(7, "A new bridge.")], run="run-3", at=3)
    path = store.root / manifest.objects[0].key
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamageError, match=manifest.objects[0].key):
        selected(store, "bridge")
    assert selected(store, "bridge", runs=("run-1",)) == [record(1), record(2)], "the damage is in nothing that could be chosen"


def test_documents_replaced_while_they_are_chosen(store: LocalStore, cache: Path) -> None:
    """Facts are read first, the catalog afterwards."""
    facts = read_facts(store)
    commit(store, "again", [document(1, "The viaduct was closed.", BRIDGE), ROWS[1]], supersedes="first", at=3)
    with pytest.raises(StoreError, match="run it once more"):
        list(choose(store, Selection(query="bridge"), facts))
    facts = read_facts(store)
    commit(store, "new", [document(9, "A bridge.")], at=4)
    assert [chosen.manifest.segment for chosen in choose(store, Selection(query="bridge"), facts)] == ["first"]


def test_a_place_for_the_catalog_that_cannot_be_used_ends_a_selection_by_words(store: LocalStore, cache: Path) -> None:
    cache.write_text("")
    with pytest.raises(StoreError, match="set XDG_CACHE_HOME"):
        selected(store, "bridge")
    assert len(list(select(store, Selection(langs=("en",))))) == 2


@pytest.mark.parametrize("words", ["", '"bridge', "-bridge"])
def test_words_that_cannot_be_read_are_refused_at_once(words: str) -> None:
    with pytest.raises(InputError):
        Selection(query=words)
