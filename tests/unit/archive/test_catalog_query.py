"""What people write is read as they mean it, or refused with a reason, and SQLite takes all that is not refused."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog.file import make_tables
from archive.catalog.scripts import has_word, indexed, shown
from archive.catalog.syntax import Query, parse_query
from archive.errors import InputError


@pytest.fixture(scope="module")
def sql() -> sqlite3.Connection:
    sql = sqlite3.connect(":memory:", isolation_level=None)
    make_tables(sql)
    return sql


def number_found(sql: sqlite3.Connection, query: Query) -> int:
    return int(sql.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", (query.match,)).fetchone()[0])


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("bridge", '("bridge")'),
        ("  old   bridge ", '("old") AND ("bridge")'),
        ('"old bridge" closed', '("old bridge") AND ("closed")'),
        ("bridge -closed", '(("bridge")) NOT ("closed")'),
        ('bridge -"until May" -x', '(("bridge")) NOT ("until May" OR "x")'),
        ("\u2212closed bridge", '(("bridge")) NOT ("closed")'),
        ("flood OR storm coast", '("flood" OR "storm") AND ("coast")'),
        ("a OR b OR c", '("a" OR "b" OR "c")'),
        ("flood or storm", '("flood") AND ("or") AND ("storm")'),
        ("dredg*", '("dredg" *)'),
        ('"east chan"*', '("east chan" *)'),
        ("\u201ceast channel\u201d", '("east channel")'),
        ("bridge - closed & shut", '("bridge") AND ("closed") AND ("shut")'),
        ("covid-19 U.S. AND NOT NEAR(a)", '("covid-19") AND ("U.S.") AND ("AND") AND ("NOT") AND ("NEAR(a)")'),
        ("title:x {y}", '("title:x") AND ("{y}")'),
        ("\u6771\u4eac*", '("\u6771\u200b\u4eac")'),
        ("cafe\u0301", '("caf\u00e9")'),
    ],
)
def test_what_is_meant(text: str, match: str, sql: sqlite3.Connection) -> None:
    query = parse_query(text)
    assert query.match == match
    assert number_found(sql, query) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('old "bridge', 'no closing " for the one at character 5'),
        ("-closed", "only words to leave out"),
        ("", "there is no word in it"),
        ("- * ! \u2014", "there is no word in it"),
        ('""', "there is no word in it"),
        ("OR bridge", "OR stands between two words"),
        ("bridge OR", "missing after OR"),
        ("bridge OR OR closed", "OR stands between two words"),
        ("bridge OR -closed", "OR stands between two words"),
        ("-closed OR bridge", "OR stands between two words"),
        ("br*", "at least 3 letters go before *"),
        (" ".join(f"w{n}" for n in range(51)), "too many words; at most 50"),
        ("x" * 1001, "1001 characters are too many"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match="the words to search for") as refused:
        parse_query(text)
    assert said in str(refused.value)


_PIECES = st.sampled_from(
    ['"', "-", "*", " ", "OR", "AND", "(", ")", "{", ":", "^", "+", "\0", "\u200b", "\ud800", "\u6771", "\u0e01\u0e34", "\u0301", "abc"]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=6)), max_size=30).map("".join))
def test_sqlite_takes_all_that_is_not_refused(sql: sqlite3.Connection, text: str) -> None:
    try:
        query = parse_query(text)
    except InputError:
        return
    assert query.groups
    assert number_found(sql, query) == 0


_WORDS = st.lists(st.text("abc\u00e9\u6771\u4eac\u0e01", min_size=1, max_size=4), min_size=1, max_size=6)


@given(_WORDS, _WORDS)
def test_a_text_is_found_by_each_of_its_words_and_phrases(words: list[str], others: list[str]) -> None:
    sql = sqlite3.connect(":memory:", isolation_level=None)
    make_tables(sql)
    text = " ".join(words)
    sql.execute("INSERT INTO texts (rowid, text) VALUES (1, ?)", (indexed(text),))

    def is_found(query: Query) -> bool:
        return number_found(sql, query) == 1

    assert is_found(parse_query(text))
    assert is_found(parse_query(f'"{text}"'))
    assert is_found(parse_query(f"nowhere OR {words[-1]}"))
    assert not is_found(parse_query(f"{text} nowhere"))
    assert not is_found(parse_query(f"{text} -{words[0]}"))
    if any(all(other not in word for word in words) for other in others):
        lacking = next(other for other in others if all(other not in word for word in words))
        assert is_found(parse_query(f"{text} -zz{lacking}"))
    sql.close()


@given(st.text())
def test_indexed_text_shows_as_it_was(text: str) -> None:
    clean = "".join(c for c in text if c not in "\0\x02\x03\u200b")
    assert shown(indexed(text)) == unicodedata.normalize("NFC", clean)


def test_what_is_a_word() -> None:
    assert [has_word(text) for text in ("a", "7", "\u0301", "\ue000", "_", "-", "\U0001f600", "")] == [True] * 4 + [False] * 4
