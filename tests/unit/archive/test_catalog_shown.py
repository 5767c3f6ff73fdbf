"""Hits on a terminal: what pages say cannot steer it, and the schema that is published is that of the code."""

from __future__ import annotations

from pathlib import Path

from archive.search.found import SCHEMA, CitingEvent, Found, Hit, Snippet, write_schemas
from archive.search.shown import shown_hits, summary
from tests.support.shared import ROOT


def found(*hits: Hit) -> Found:
    return Found(SCHEMA, "bridge", {}, "score", 7, len(hits), hits)


def hit(**more: object) -> Hit:
    plain = dict.fromkeys(("site_name", "title", "date_published", "language", "score", "snippet"))
    address = dict.fromkeys(("url", "final_url"), "http://news.example/x")
    words = {"id": "1", "host": "news.example", "outcome": "captured", "text_outcome": "ok", "warc_record_id": "<r>", "run": "r"}
    rest = {"via": "live", "captured_at": "2016-01-02T00:00:00.000000Z", "words": 3, "captures": 1, "events": ()}
    return Hit(**{**plain, **address, **words, **rest, **more})  # type: ignore[arg-type]


HOSTILE = "\x1b]0;owned\x07 the\nbridge \u202eegdirb\r\x9b2J"


def test_nothing_of_a_page_reaches_the_terminal_raw() -> None:
    event = CitingEvent("e", None, HOSTILE, HOSTILE)
    one = hit(title=HOSTILE, site_name=HOSTILE, final_url=HOSTILE, language=HOSTILE, events=(event,), snippet=Snippet(HOSTILE, ((15, 21),)))
    for colour in (False, True):
        text = "\n".join(shown_hits(found(one), colour=colour))
        for style in ("\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"):
            text = text.replace(style, "") if colour else text
        assert not set(text) & set("\x1b\x07\x9b\u202e\r")
        assert "bridge" in text


def test_marks_stay_on_their_words() -> None:
    text = "\x1ba bridge, and a bridge"
    lines = list(shown_hits(found(hit(snippet=Snippet(text, ((3, 9), (17, 23))))), colour=True))
    assert "  \ufffda \x1b[1;33mbridge\x1b[0m, and a \x1b[1;33mbridge\x1b[0m" in lines


def test_what_is_unknown_is_left_out() -> None:
    assert list(shown_hits(found(hit()), colour=False)) == [
        "http://news.example/x",
        "  news.example \u00b7 captured 2016-01-02",
        "  http://news.example/x",
        "",
    ]
    several = list(shown_hits(found(hit(captures=3, outcome="rescued", title="T", date_published="2015")), colour=False))
    assert several[1] == "  news.example \u00b7 2015 \u00b7 3 captures, this one of 2016-01-02 \u00b7 rescued"
    assert "from a WARC file" in list(shown_hits(found(hit(via="warc-file")), colour=False))[1]


def test_summary() -> None:
    assert summary(found()) == "nothing found in 7 documents"
    assert summary(found(hit(), hit())) == "2 shown, 2 found in 7 documents"


def test_the_published_schema_is_that_of_the_code(tmp_path: Path) -> None:
    for made in write_schemas(tmp_path):
        assert made.read_bytes() == (ROOT / "docs" / "schema" / made.name).read_bytes()
