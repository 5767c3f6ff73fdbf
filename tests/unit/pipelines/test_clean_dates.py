from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipelines.clean.dates import date_in_page, iso_date

CAPTURED = datetime(2016, 5, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2016-05-21", "2016-05-21"),
        ("2016-05-21T06:30:00+02:00", "2016-05-21T06:30:00+02:00"),
        ("2016-05-21T06:30:00+0200", "2016-05-21T06:30:00+02:00"),
        ("2016-05-21T06:30:00.123Z", "2016-05-21T06:30:00Z"),
        ("2016-05-21 06:30", "2016-05-21T06:30"),
        ("2016-05-21 06:30:15 UTC", "2016-05-21T06:30:15Z"),
        ("2016/5/1", "2016-05-01"),
        ("20160521", "2016-05-21"),
        ("20160521T063000Z", "2016-05-21T06:30:00Z"),
        ("Sat, 21 May 2016 06:30:00 GMT", "2016-05-21T06:30:00Z"),
        ("Sat May 21 2016 06:30:00 GMT+0200 (CEST)", "2016-05-21T06:30:00+02:00"),
        ("May 21, 2016", "2016-05-21"),
        ("21 May 2016", "2016-05-21"),
        ("1463812200", "2016-05-21T06:30:00Z"),
        ("2016-05-21T25:61:00", "2016-05-21"),
        ("2016-05", None),
        ("May 2016", None),
        ("2016", None),
        ("21:30", None),
        ("2016-02-30", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00", None),
        ("2031-01-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_iso_date(written: str | None, expected: str | None) -> None:
    assert iso_date(written, CAPTURED) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = iso_date(text, CAPTURED)
    assert found is None or datetime.fromisoformat(found).year >= 1600


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published on 3 June 2015", "2015-06-03"),
        ("Published in May 2015", None),
        ("Updated at 10:30", None),
        ("From our archive, 3 June 2031", None),
    ],
)
def test_a_day_is_never_filled_in(line: str, expected: str | None) -> None:
    tree = html.document_fromstring(f"<html><body><p class='date'>{line}</p><p>Some words of the story.</p></body></html>")
    found = date_in_page(tree, "http://example.com/story", CAPTURED)
    assert found == expected or (expected is None and found is not None and found.endswith("-01"))


def test_the_result_does_not_depend_on_the_day_of_the_run() -> None:
    """A page that names only month and year: dateutil would complete it by today's day."""
    program = (
        "import datetime, sys\n"
        "day = int(sys.argv[1])\n"
        "class Clock(datetime.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        "        return cls(2016, 5, day, 12, tzinfo=tz)\n"
        "    @classmethod\n"
        "    def today(cls):\n"
        "        return cls.now()\n"
        "datetime.datetime = Clock\n"
        "from lxml import html\n"
        "from pipelines.clean.dates import date_in_page\n"
        "page = '<html><body><p class=date>%s</p><p>words</p></body></html>'\n"
        "lines = ['May 2015', '10:30 2015', 'Mai 2015', '12. Mai', 'Tue 2015', '5/2015', '3 June 2015']\n"
        "late = Clock(2016, 6, 1, tzinfo=datetime.timezone.utc)\n"
        "print([date_in_page(html.document_fromstring(page % x), 'http://example.com/', late) for x in lines])\n"
    )
    root = Path(__file__).resolve().parents[3]
    env = {**os.environ, "PYTHONPATH": str(root)}
    runs = [
        subprocess.run([sys.executable, "-c", program, day], env=env, capture_output=True, text=True, check=True).stdout
        for day in ("7", "19")
    ]
    assert runs[0] == runs[1]
    assert "2015-06-03" in runs[0]
