"""BibTeX and CSL-JSON."""

from __future__ import annotations

import io

from archive.model import Event, Problem
from pipelines.inputs.bibtex import MAX_PIECE, PIECE, read_bibtex
from pipelines.inputs.csl import read_csl
from pipelines.inputs.draft import Origin
from pipelines.inputs.read import read_inputs
from tests.support.shared import ROOT

REFERENCES = ROOT / "tests" / "fixtures" / "inputs" / "references"
ORIGIN = Origin("references", "0" * 64)


def split(found: object) -> tuple[list[Event], list[Problem]]:
    items = list(found)  # type: ignore[call-overload]
    return [item for item in items if isinstance(item, Event)], [item for item in items if isinstance(item, Problem)]


def test_bibtex() -> None:
    events, problems = split(read_bibtex((REFERENCES / "list.bib").read_text(encoding="utf-8"), ORIGIN))
    assert [(e.date, e.title, e.summary, e.topics) for e in events] == [
        ("2031-02-03", "The Harbour of Lísse – a Übersicht", "Barges pass.", ("ports", "barges")),
        ("2031-02-04", "How it was published", "", ()),
        (None, "Old habits", "", ()),
        (None, "Printed on paper", "", ()),
        (None, "Bad address", "", ()),
    ]
    assert [(c.line, c.date, c.label, c.url) for e in events for c in e.citations] == [
        (9, "2031-03-01", "Lisse Courier", "http://courier.example/a_b%20c"),
        (19, "2031-02-04", "", "http://post.example/~doe/"),
        (20, "2031-02-04", "", "http://mirror.example/doe"),
        (26, None, "", "http://www.books.example/1"),
    ]
    assert [(p.line, p.problem.split(":")[0]) for p in problems] == [(24, "broken entry, not read"), (28, "bad host")]


def test_a_long_bibtex_file_is_read_in_pieces() -> None:
    entry = "@misc{k%d,\n  title = {%d},\n  publisher = city,\n  url = {http://a.example/%d}\n}\n"
    count = 3 * PIECE // len(entry)
    text = '@string{city = "Lisse"}\n' + "".join(entry % (n, n, n) for n in range(count))
    events, problems = split(read_bibtex(text, ORIGIN))
    assert problems == []
    assert [(c.line, c.label, c.url) for e in events for c in e.citations] == [
        (5 * n + 5, "Lisse", f"http://a.example/{n}") for n in range(count)
    ]


def test_an_entry_without_end_is_not_read() -> None:
    events, problems = split(read_bibtex("@misc{a, title={x}}\n@misc{b, title={" + "x" * MAX_PIECE + "\n@misc{c, title={z}}", ORIGIN))
    assert [e.title for e in events] == ["z"]
    assert [p.line for p in problems] == [1]


def test_chinese_charset_of_a_short_list() -> None:
    data = "@misc{a, title={利瑟港口}, url={http://a.example/}}".encode("gb18030")
    events, problems = split(read_inputs(["-"], io.BytesIO(data)))
    assert [e.title for e in events] == ["利瑟港口"]
    assert [p.problem for p in problems] == ["not valid UTF-8: read as gb18030"]


def test_csl() -> None:
    events, problems = split(read_csl((REFERENCES / "items.json").read_text(encoding="utf-8"), ORIGIN))
    assert [(e.date, e.title, e.summary, e.topics) for e in events] == [
        ("2031-02-03", "The harbour opens", "Barges pass.", ("ports", "barges")),
        ("2031-02-04", "7", "", ()),
        (None, "Printed on paper", "", ()),
        ("2031-03-01", "Bad", "", ()),
    ]
    assert [(c.line, c.date, c.label, c.url) for e in events for c in e.citations] == [
        (7, "2031-03-01", "Lisse Courier", "http://courier.example/lock"),
        (19, "2031-02-04", "Morning Post", "http://www.post.example/strike"),
    ]
    assert [(p.line, p.problem) for p in problems] == [
        (22, "no reference: an item of the list that is no object"),
        (23, "ftp: addresses are not fetched: ftp://files.example/1"),
    ]


def test_csl_in_its_other_wrappings() -> None:
    item = '{"id": "a", "type": "webpage", "title": "A", "URL": "http://a.example/"}'
    for text in (f"[{item}]", f'{{"items": [{item}]}}', f"{{\n{item[1:]}"):
        events, problems = split(read_csl(text, ORIGIN))
        assert problems == []
        assert [c.url for e in events for c in e.citations] == ["http://a.example/"], text


def test_broken_json_is_read_up_to_there() -> None:
    for rest, words in (('\n{"title": "B", ]', "broken JSON"), ("\n" + "[" * 90_000, "broken JSON, read up to here: nested too deeply")):
        events, problems = split(read_csl('[{"title": "A", "URL": "http://a.example/"},' + rest, ORIGIN))
        assert [e.title for e in events] == ["A"]
        assert [p.line for p in problems] == [2]
        assert problems[0].problem.startswith(words)
