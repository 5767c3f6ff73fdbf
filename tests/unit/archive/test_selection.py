"""Which part of an archive a selection chooses, and in which order."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive import layout, manifests
from archive.errors import DamageError, InputError, NotFound
from archive.selection.options import PARAMETERS, selection_of
from archive.selection.select import Selection, choose, select
from archive.store import open_store
from archive.takedown import plan, take_down
from tests.support.small_archive import (
    CHUNKED,
    FIRST,
    GONE,
    SECOND,
    SILENT,
    STORY,
    SmallArchive,
    document_row,
    event_row,
    make_archive,
    put_rows,
    rewrite_manifest,
)

EVENT = "2016-05-21-0123456789ab"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallArchive:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return make_archive(open_store(str(tmp_path / "store")))


def chosen(small: SmallArchive, **parts: object) -> list[str]:
    return [row.outcome.url for row in select(small.store, Selection(**parts))]  # type: ignore[arg-type]


def test_everything_in_order_of_segments_and_keys(small: SmallArchive) -> None:
    rows = list(select(small.store, Selection()))
    assert [(r.manifest.segment, r.outcome.url) for r in rows] == [
        (FIRST, GONE),
        (FIRST, CHUNKED),
        (FIRST, STORY),
        (FIRST, SILENT),
        (SECOND, STORY),
    ]
    assert [r.document is not None for r in rows] == [False, True, True, False, False]
    for row in rows:
        assert row.document is None or row.document["warc_record_id"] == row.outcome.record_id


@pytest.mark.parametrize(
    ("parts", "urls"),
    [
        ({"events": (EVENT,)}, [STORY, SILENT, STORY]),
        ({"digests": ("a.md",)}, [STORY, SILENT, STORY]),
        ({"digests": ("0" * 64,)}, [STORY, SILENT, STORY]),
        ({"digests": ("*.md",), "events": (EVENT,)}, [STORY, SILENT, STORY]),
        ({"digests": ("b.md",)}, []),
        ({"hosts": ("*.example",)}, [GONE, CHUNKED, STORY, SILENT, STORY]),
        ({"hosts": ("GONE.example", "silent.*")}, [GONE, SILENT]),
        ({"urls": ("*/long",)}, [CHUNKED]),
        ({"urls": (STORY,)}, [STORY, STORY]),
        ({"outcomes": ("captured",)}, [CHUNKED, STORY]),
        ({"outcomes": ("captured", "unchanged")}, [CHUNKED, STORY, STORY]),
        ({"query": "BRIDGE aller"}, [CHUNKED, STORY]),
        ({"query": '"bridge old"'}, []),
        ({"langs": ("en",)}, []),
        ({"limit": 2}, [GONE, CHUNKED]),
        ({"since": "2016-05-21", "until": "2016-05-21", "events": (EVENT,)}, [STORY, SILENT, STORY]),
        ({"since": "2016-05-22", "events": (EVENT,)}, []),
        ({"until": "2016"}, [GONE, CHUNKED, STORY, SILENT, STORY]),
        ({"until": "2015-12"}, []),
        ({"runs": ("run-1",)}, [GONE, CHUNKED, STORY, SILENT, STORY]),
        ({"runs": ("last",)}, [GONE, CHUNKED, STORY, SILENT, STORY]),
    ],
)
def test_each_part(small: SmallArchive, parts: dict[str, object], urls: list[str]) -> None:
    assert chosen(small, **parts) == urls


def test_the_last_run_is_that_of_the_newest_manifest(small: SmallArchive) -> None:
    rewrite_manifest(small.store, small.first, run="run-0", created_at="2016-05-20T08:30:00.000000Z")
    assert [row.manifest.segment for row in select(small.store, Selection(runs=("last",)))] == [SECOND]


@pytest.mark.parametrize("parts", [{"runs": ("none",)}, {"events": ("2016-05-21-000000000000",)}])
def test_what_the_archive_does_not_have(small: SmallArchive, parts: dict[str, object]) -> None:
    with pytest.raises(NotFound):
        chosen(small, **parts)


def test_no_event_of_an_empty_archive(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        list(select(open_store(str(tmp_path)), Selection(runs=("last",))))


def test_an_event_that_was_replaced_stands_for_the_one_in_its_place(small: SmallArchive) -> None:
    """And an event told anew cites what it cites now."""
    old = event_row() | {"revision": 2, "replaced_by": "2016-05-21-ffffffffffff"}
    new = event_row()
    new |= {"id": "2016-05-21-ffffffffffff", "citations": [dict(new["citations"][0], event_id="2016-05-21-ffffffffffff", url=CHUNKED)]}  # type: ignore[index]
    stored = put_rows(small.store, "events", [old | {"citations": old["citations"][1:]}, new])  # type: ignore[index]
    rewrite_manifest(small.store, small.second, objects=(*small.second.manifest.objects, stored))
    assert chosen(small, events=(EVENT,)) == [CHUNKED, SILENT]


def test_what_was_taken_down_is_left_out(small: SmallArchive) -> None:
    take_down(small.store, plan((small.first.captures[0].record_id,), "court order", "2016-06-01T00:00:00Z"))
    assert chosen(small, outcomes=("captured",)) == [CHUNKED]
    assert [segment.whole for segment in choose(small.store, Selection())] == [False, False]


def test_documents_of_the_newest_extraction(small: SmallArchive) -> None:
    capture, key = small.first.captures[0], small.first.key("warc")
    row = document_row(capture, key) | {"title": "Told better"}
    stored = put_rows(small.store, "documents", [row])
    third = replace(
        small.first.manifest,
        segment="33333333-3333-4333-8333-333333333333",
        objects=(stored,),
        outcomes=(),
        supersedes=FIRST,
        created_at="2016-06-01T00:00:00.000000Z",
    )
    small.store.put_if_absent(layout.manifest(third.segment), manifests.encode(third))
    documents = {r.outcome.url: r.document for r in select(small.store, Selection(urls=(STORY,), outcomes=("captured",)))}
    assert documents[STORY] is not None
    assert documents[STORY]["title"] == "Told better"


def test_damaged_documents_are_named(small: SmallArchive) -> None:
    key = small.first.key("documents")
    root = Path(small.store.uri.removeprefix("file://"))
    (root / key).write_bytes((root / key).read_bytes()[:-30])
    with pytest.raises(DamageError, match="documents/"):
        list(select(small.store, Selection()))


@pytest.mark.parametrize(
    "parts", [{"since": "21 May"}, {"until": "2016-13"}, {"outcomes": ("lost",)}, {"limit": 0}], ids=["since", "until", "outcome", "limit"]
)
def test_bad_values_are_named(parts: dict[str, object]) -> None:
    with pytest.raises(InputError, match="--"):
        Selection(**parts)  # type: ignore[arg-type]


def test_options_of_a_verb() -> None:
    given = dict.fromkeys(PARAMETERS) | {"hosts": ["a.example"], "outcomes": "gone, error", "limit": 3, "store": "elsewhere"}
    selection = selection_of(given)
    assert selection == Selection(hosts=("a.example",), outcomes=("gone", "error"), limit=3)
    assert json.loads(json.dumps(selection.as_json())) == {"hosts": ["a.example"], "outcomes": ["gone", "error"], "limit": 3}
    assert str(selection) == "--host a.example --outcome gone --outcome error --limit 3"
    assert not Selection()
