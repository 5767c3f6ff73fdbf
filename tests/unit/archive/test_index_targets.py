"""Targets chosen by what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import NotFound
from archive.index.recent import RecentCaptures
from archive.index.targets import Selection, select
from archive.model import OutcomeWord, Reason, TargetOutcome
from archive.store.local import LocalStore
from archive.times import iso
from archive.urls import surt
from tests.support.small_archive import commit_manifest

NOW = datetime(2031, 5, 21, tzinfo=UTC)
DAY = 86400.0
WORDS = {"captured": Reason.OK, "unchanged": Reason.NOT_MODIFIED, "gone": Reason.NOT_FOUND, "error": Reason.DNS, "rescued": Reason.OK}


def row(url: str, word: str, days_ago: float) -> TargetOutcome:
    at = iso(NOW - timedelta(days=days_ago))
    return TargetOutcome(
        *(url, surt(url), OutcomeWord(word), WORDS[word], 1, None, at, None, "live", url, None, "archived"),
    )


def commit(store: LocalStore, run: str, job: str, *outcomes: TargetOutcome) -> None:
    commit_manifest(store, f"segment-of-{run}", (), outcomes, run=run, job=job, created_at=outcomes[0].captured_at)


@pytest.fixture
def recent(tmp_path: Path):
    """Three runs: ``old`` crawled all, ``mid`` and ``new`` fetched some again."""
    store = LocalStore(tmp_path / "archive")
    a, b, c, d = (f"http://{x}.example/story" for x in ("alpha", "beta", "news.gamma", "delta"))
    commit(store, "old", "sources", row(a, "captured", 60), row(b, "captured", 60), row(c, "gone", 60), row(d, "error", 60))
    commit(store, "mid", "recrawl-mid", row(a, "captured", 40), row(b, "unchanged", 40), row(c, "captured", 40))
    commit(store, "new", "recrawl-new", row(b, "gone", 2), row(a.replace("http:", "https:"), "captured", 2))
    commit(store, "day", "inputs-day", row("http://digest.example/2031/05/20", "captured", 1))
    with RecentCaptures(tmp_path / "captures.sqlite") as recent:
        recent.refresh(store)
        yield recent


def names(recent: RecentCaptures, **given: object) -> list[str]:
    return [url.split("//")[1].split("/")[0] for _, url in select(recent, Selection(**given), NOW)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"run": "old"}, {"alpha.example", "beta.example", "news.gamma.example", "delta.example"}),
        ({"run": "new"}, {"alpha.example", "beta.example"}),
        ({"run": "last"}, {"alpha.example", "beta.example"}),
        ({"failed": True}, {"beta.example", "delta.example"}),
        ({"failed": True, "run": "new"}, {"beta.example"}),
        ({"older_than": 30 * DAY}, {"news.gamma.example", "delta.example"}),
        ({"older_than": 50 * DAY}, {"delta.example"}),
        ({"older_than": 90 * DAY}, set()),
        ({"host": "beta.example"}, {"beta.example"}),
        ({"host": "*.GAMMA.example"}, {"news.gamma.example"}),
        ({"host": "gamma.example"}, set()),
        ({"changed_only": True}, {"alpha.example"}),
        ({"changed_only": True, "host": "b*"}, set()),
        ({"older_than": 30 * DAY, "failed": True, "host": "*", "run": "old"}, {"delta.example"}),
    ],
)
def test_all_that_is_given_must_hold(recent: RecentCaptures, given: dict[str, object], expected: set[str]) -> None:
    found = names(recent, **given)
    assert set(found) == expected
    assert len(found) == len(expected), "each target once"


def test_a_target_is_fetched_as_it_was_cited_the_last_time(recent: RecentCaptures) -> None:
    assert [url for _, url in select(recent, Selection(host="alpha.example"), NOW)] == ["https://alpha.example/story"]


def test_the_sources_of_an_event(recent: RecentCaptures) -> None:
    cited = frozenset({surt("http://delta.example/story"), surt("http://never.example/")})
    assert [url for _, url in select(recent, Selection(event="e"), NOW, cited)] == ["http://delta.example/story"]


def test_a_run_that_is_not_there(recent: RecentCaptures, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no run never"):
        names(recent, run="never")
    with RecentCaptures(tmp_path / "empty.sqlite") as empty, pytest.raises(NotFound, match="no run last"):
        names(empty, run="last")


def test_a_selection_says_what_it_is() -> None:
    assert not Selection()
    assert str(Selection("last", None, "*.example", True, 30 * DAY, True)) == (
        "--run last --host *.example --failed --changed-only --older-than 30d"
    )
    assert [Selection(failed=True).moves, Selection(run="last", host="a").moves] == [True, False]
