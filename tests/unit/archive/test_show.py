"""What `show` finds when parts of an archive were made again or taken down."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import NotFound
from archive.show import find
from archive.store.local import LocalStore
from archive.takedown import plan, take_down
from tests.support.searchable import commit, document, event, record

BRIDGE, PORT = "http://news.example/bridge", "http://www.port.example/dredging"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "archive")
    rows = [document(1, "The road bridge was closed.", BRIDGE), document(2, "The port is dredged.", PORT)]
    commit(store, "first", rows, [event("one", "2015-03-04", BRIDGE, PORT)])
    return store


def texts(store: LocalStore, what: str) -> list[str]:
    return [row["text"] for row in find(store, what).documents]


@pytest.mark.parametrize("what", [BRIDGE, record(1), record(1).strip("<>")])
def test_documents_of_the_newest_extraction(store: LocalStore, what: str) -> None:
    commit(store, "again", [document(1, "The viaduct was closed.", BRIDGE)], supersedes="first", run="extract-1", at=3)
    commit(store, "older", [document(1, "The tunnel was closed.", BRIDGE)], supersedes="first", run="extract-0", at=2)
    assert texts(store, what) == ["The viaduct was closed."]
    assert find(store, what).text() == "The viaduct was closed."
    commit(store, "and-again", [document(1, "The overpass was closed.", BRIDGE)], supersedes="again", run="extract-2", at=4)
    commit(store, "later", [document(3, "The bridge is open.", BRIDGE)], run="run-2", at=5)
    assert texts(store, what) == ["The overpass was closed.", "The bridge is open."][: 2 if what == BRIDGE else 1]


def test_of_an_event_each_source_as_it_was_extracted_last(store: LocalStore) -> None:
    commit(store, "again", [document(1, "The viaduct was closed.", BRIDGE), document(2, "Dredged.", PORT)], supersedes="first", at=3)
    assert texts(store, "one") == ["The viaduct was closed.", "Dredged."]
    assert [outcome["url"] for outcome in find(store, "one").outcomes] == [BRIDGE, PORT]


def test_what_was_taken_down_is_not_shown_as_it_was_extracted_again(store: LocalStore) -> None:
    commit(store, "again", [document(1, "The viaduct was closed.", BRIDGE)], supersedes="first", at=3)
    take_down(store, plan((record(1),), "court order", "2016-03-01T00:00:00.000000Z"))
    assert texts(store, BRIDGE) == []
    with pytest.raises(NotFound, match="court order"):
        find(store, BRIDGE).text()
