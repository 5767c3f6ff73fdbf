"""Documents of one page compared: what counts as a change, what does not, and that nothing in them can stop it."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.urls import surt
from pipelines.compare import compare
from pipelines.history.noise import key_of
from tests.unit.pipelines.noise_cases import EDITS, NO_RAILS, PROSE, RAILS, SPELLINGS, WIDGETS

Row = dict[str, Any]

URL = "http://news.example/story"


def row(*lines: str | tuple[str, str], **changes: Any) -> Row:
    blocks = [{"kind": "paragraph", "text": x} if isinstance(x, str) else {"kind": x[0], "text": x[1]} for x in lines]
    base = {
        "url": URL,
        "captured_at": "2016-05-21T10:00:00.000000Z",
        "title": "A story",
        "date_published": "2016-05-21T09:00:00Z",
        "date_modified": None,
        "authors": ["Ada Holm"],
        "text_outcome": "ok",
        "removed": [],
    }
    return {**base, "text": "\n".join(b["text"] for b in blocks), "blocks": blocks, **changes}


# --- properties ---------------------------------------------------------------------------------

WORDS = "river bridge council winter market ferry road vote the of on in under said opened closed seven old stone clerk"
_WORDS = st.sampled_from(WORDS.split())
SENTENCES = st.lists(_WORDS, min_size=4, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
STORIES = st.lists(SENTENCES, max_size=12)
NOISE = st.sampled_from([side for pair in WIDGETS for side in pair if key_of(side) is None])


@given(STORIES)
def test_identical_is_the_same(story: list[str]) -> None:
    found = compare(row(*story), row(*story))
    assert (found.kind, found.added, found.removed, found.moved, found.fields, found.stealth) == ("same", (), (), (), (), False)


@given(STORIES, SENTENCES, st.data())
def test_a_paragraph_that_was_added_is_named_and_nothing_else(story: list[str], new: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(story)))
    more = [*story[:at], new, *story[at:]]
    found = compare(row(*story), row(*more))
    assert (found.kind, found.added, found.removed, found.moved) == ("text", (new,), (), ())
    back = compare(row(*more), row(*story))
    assert (back.kind, back.added, back.removed, back.moved) == ("text", (), (new,), ())


@given(STORIES, st.lists(NOISE, max_size=6), st.lists(NOISE, max_size=6), st.randoms(use_true_random=False))
def test_only_noise_is_the_same(story: list[str], before: list[str], after: list[str], dice: random.Random) -> None:
    versions = []
    for noise in (before, after):
        lines = list(story)
        for line in noise:
            lines.insert(dice.randint(0, len(lines)), line)
        versions.append(row(*lines))
    assert compare(*versions).kind == "same"


@given(STORIES, st.randoms(use_true_random=False))
def test_another_order_is_no_edit(story: list[str], dice: random.Random) -> None:
    found = compare(row(*story), row(*dice.sample(story, len(story))))
    assert (found.kind, found.added, found.removed) == ("same", (), ())


@given(STORIES, STORIES)
@settings(deadline=None)
def test_passages_give_back_both_versions(before: list[str], after: list[str]) -> None:
    passages = list(compare(row(*before), row(*after)).passages())
    assert sorted(p.before for p in passages if p.before is not None) == sorted(before)
    assert [p.after for p in passages if p.after is not None] == after
    found = compare(row(*before), row(*after))
    counted = [p for p in passages if p.op in ("added", "changed", "removed")]
    assert sorted(found.added) == sorted(p.after for p in counted if p.after is not None)
    assert sorted(found.removed) == sorted(p.before for p in counted if p.before is not None)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["kind", "text", "reason"]), x, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    ["blocks", "text", "removed", "title", "authors", "date_modified", "captured_at", "canonical_url", "image_url", "url", "text_outcome"]
)


@given(st.dictionaries(_KEYS, _ANYTHING, max_size=6), st.dictionaries(_KEYS, _ANYTHING, max_size=6))
def test_rows_that_somebody_edited_do_not_break_it(before: Row, after: Row) -> None:
    found = compare(before, after)
    found.change()
    list(found.passages())


@given(st.text(max_size=200))
def test_any_line_has_a_key_or_none_and_the_same_again(line: str) -> None:
    assert key_of(line) == key_of(line)
    assert compare(row(line), row(line)).kind == "same"


# --- the labelled table -------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [*WIDGETS, *SPELLINGS])
def test_noise(before: str, after: str) -> None:
    assert compare(row(PROSE, before, PROSE + " It was late."), row(PROSE, after, PROSE + " It was late.")).kind == "same"
    assert compare(row(before), row(after)).kind == "same"


@pytest.mark.parametrize("line", [side for pair in WIDGETS for side in pair if key_of(side) is None])
def test_a_widget_may_come_and_go(line: str) -> None:
    assert compare(row(PROSE), row(PROSE, line)).kind == "same"
    assert compare(row(line, PROSE), row(PROSE)).kind == "same"


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_edits(before: str, after: str) -> None:
    found = compare(row(PROSE, before), row(PROSE, after))
    assert (found.kind, found.added, found.removed) == ("text", (after,), (before,))


@pytest.mark.parametrize(("before", "after"), RAILS)
def test_rails(before: list[str], after: list[str]) -> None:
    assert compare(row(PROSE, *before), row(PROSE, *after)).kind == "same"
    more = compare(row(PROSE, *before), row(PROSE, *after, PROSE.replace("Monday", "Tuesday")))
    assert more.added == (PROSE.replace("Monday", "Tuesday"),)  # prose behind a rail is the story's own


@pytest.mark.parametrize(("before", "after"), NO_RAILS)
def test_no_rails(before: list[str], after: list[str]) -> None:
    found = compare(row(PROSE, *before), row(PROSE, *after))
    assert (found.kind, len(found.removed)) == ("text", 1)


# --- lines and blocks ---------------------------------------------------------------------------


def test_an_item_of_a_list_is_named_by_itself() -> None:
    before, after = (
        ("list", "to close the bridge\nto paint the benches"),
        ("list", "to close the bridge\nto open the lock\nto paint the benches"),
    )
    assert compare(row(PROSE, before), row(PROSE, after)).added == ("to open the lock",)


def test_tables_and_code_are_compared_as_written() -> None:
    for kind in ("table", "code"):
        assert compare(row((kind, "21 May 2016")), row((kind, "22 May 2016"))).kind == "text"


def test_the_kind_of_a_block_is_no_text() -> None:
    assert compare(row(("heading", "What next"), PROSE), row("What next", PROSE)).kind == "same"


def test_a_paragraph_broken_in_two_is_no_edit() -> None:
    assert compare(row("One went. Two came.", PROSE), row("One went.", "Two came.", PROSE)).kind == "same"
    assert compare(row("One went.\nTwo came.", PROSE), row("One went.", "Two came.", PROSE)).kind == "same"


def test_what_was_cut_in_one_version_only_was_not_taken_from_the_page() -> None:
    cut = [{"reason": "bio", "text": "Ada Holm writes about bridges.\nShe lives by the river.", "at": 1}]
    assert compare(row(PROSE, "Ada Holm writes about bridges."), row(PROSE, removed=cut)).kind == "same"
    assert compare(row(PROSE, removed=cut), row(PROSE, "She lives by the river.")).kind == "same"
    assert compare(row(PROSE, "She lives by the sea."), row(PROSE, removed=cut)).removed == ("She lives by the sea.",)


def test_moved_lines_are_told_apart_from_edits() -> None:
    found = compare(row(*"ABCDE"), row(*"BCDXA"))
    assert (found.added, found.removed, found.moved) == (("X",), ("E",), ("A",))
    assert [p.op for p in found.passages()] == ["same", "same", "same", "removed", "added", "moved"]


def test_a_reworded_line_has_its_partner() -> None:
    other = PROSE.replace("lower", "upper")
    (changed,) = [p for p in compare(row("One.", PROSE, "Two."), row("One.", other, "Two.")).passages() if p.op == "changed"]
    assert (changed.before, changed.after) == (PROSE, other)


# --- metadata and dates -------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "before", "after"), [
    ("title", "A story", "Another story"),
    ("authors", ["Ada Holm"], ["Ada Holm", "Jan Brand"]),
    ("date_published", "2016-05-21", "2016-05-20"),
    ("date_modified", None, "2016-05-22T10:00:00Z"),
    ("canonical_url", "http://a.example/x", "http://a.example/y"),
    ("image_url", "http://a.example/x.jpg?w=100", "http://a.example/y.jpg?w=100"),
    ("free_access", True, False),
])  # fmt: skip
def test_metadata(key: str, before: Any, after: Any) -> None:
    found = compare(row(PROSE, **{key: before}), row(PROSE, **{key: after}))
    assert (found.kind, found.fields, found.stealth) == ("metadata", (key,), False)


@pytest.mark.parametrize(("key", "before", "after"), [
    ("title", 'A "story"', "A \u201cstory\u201d "),
    ("tags", ["river", "Bridge"], ["bridge", "river", "river"]),
    ("date_published", "2016-05-21T10:00:00+01:00", "2016-05-21T09:00:00Z"),
    ("canonical_url", "http://www.a.example/x", "https://a.example/x"),
    ("image_url", "http://a.example/x.jpg?w=100&sig=1", "https://cdn.a.example/x.jpg?w=900&sig=2"),
    ("description", "", None),
    ("authors", [], None),
    ("language", "en", "de"),
    ("flags", [], ["thin"]),
    ("comments", [], [{"text": "First!"}]),
])  # fmt: skip
def test_no_metadata(key: str, before: Any, after: Any) -> None:
    assert compare(row(PROSE, **{key: before}), row(PROSE, **{key: after})).kind == "same"


DAY = "2016-05-2{}T10:00:00.000000Z"


@pytest.mark.parametrize(("before", "after", "stealth"), [
    ({}, {}, True),
    ({"date_modified": "2016-05-21T09:30:00Z"}, {"date_modified": "2016-05-21T10:30:00+01:00"}, True),
    ({"date_modified": "2016-05-21T09:30:00Z"}, {"date_modified": "2016-05-22T09:30:00Z"}, False),
    ({}, {"date_modified": "2016-05-22T09:30:00Z"}, False),
    ({"date_modified": "2016-05-21"}, {"date_modified": "2016-05-21T09:30:00Z"}, True),
    ({}, {"date_published": "2016-05-22T09:30:00Z"}, False),
    ({"date_modified": "2016-05-21T09:30:00Z"}, {"date_modified": None}, True),
    # A page that says at each request that it was modified just now says nothing.
    ({"date_modified": "2016-05-21T10:00:00Z"}, {"date_modified": "2016-05-22T09:59:31Z"}, True),
    ({"date_modified": "2016-05-21T10:00:00Z"}, {"date_modified": "2016-05-22T07:00:00Z"}, False),
])  # fmt: skip
def test_stealth_edits(before: Row, after: Row, stealth: bool) -> None:
    old, new = row("It is safe.", captured_at=DAY.format(1), **before), row("It is unsafe.", captured_at=DAY.format(2), **after)
    found = compare(old, new)
    assert (found.kind, found.stealth) == ("text", stealth)
    assert not compare(old, {**new, "text": old["text"], "blocks": old["blocks"]}).stealth


def test_the_time_of_the_request_is_no_date() -> None:
    old, new = (row(PROSE, captured_at=DAY.format(n), date_modified=DAY.format(n)) for n in (1, 2))
    assert compare(old, new).kind == "same"


def test_without_texts_the_bytes_decide() -> None:
    old, new = (row(text_outcome="not-html", payload_digest=f"sha1:{digest}") for digest in "AB")
    assert (compare(old, new).kind, compare(old, new).fields) == ("metadata", ("payload_digest",))
    assert compare(old, old).kind == "same"


def test_as_it_is_published() -> None:
    first = compare(None, row(PROSE)).change()
    assert (first.kind, first.url, first.key, first.before, first.after) == ("first", URL, surt(URL), None, row()["captured_at"])
    later = compare(row(PROSE), row(PROSE, "It is closed.", captured_at=DAY.format(3)))
    assert (later.change().added, later.change().before, later.change().after) == (("It is closed.",), row()["captured_at"], DAY.format(3))
    assert (later.change("back").kind, later.change("back").stealth) == ("back", True)


# --- size ---------------------------------------------------------------------------------------

MANY = 100_000


def _unique(number: int) -> str:
    return f"Paragraph {number} of the story says what paragraph {number * 7919 % MANY} did not."


def _few(number: int) -> str:
    return f"{number * 7919 % 101} things happened"


@pytest.mark.parametrize(("line", "other"), [(_unique, "reversed"), (_unique, "replaced"), (_few, "shifted"), (_few, "halved")])
def test_a_hundred_thousand_blocks_do_not_hang(line: Any, other: str) -> None:
    lines = [line(n) for n in range(MANY)]
    changed = {
        "reversed": lines[::-1],
        "shifted": [*lines[MANY // 2 :], *lines[: MANY // 2]],
        "halved": lines[::2],
        "replaced": [f"x {text}" for text in lines],
    }[other]
    started = time.process_time()
    found = compare(row(*lines), row(*changed))
    assert sum(1 for _ in found.passages()) >= MANY
    assert time.process_time() - started < 60  # seconds; it takes about 3, and quadratic work would take hours
    kinds = {"reversed": "same", "shifted": "same", "halved": "text", "replaced": "text"}
    assert found.kind == kinds[other]
    assert len(found.removed) - len(found.added) == (MANY // 2 if other == "halved" else 0)


def test_one_paragraph_of_ten_megabytes() -> None:
    text = "word and " * 1_100_000
    found = compare(row(text), row(text + "more."))
    assert found.kind == "text"
    assert len(list(found.passages())) == 1
