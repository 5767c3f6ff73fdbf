"""Calendar days in the forms that digests, wikis and lists write them."""

from __future__ import annotations

import re
from datetime import date

_NUMERIC = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
_IN_NAME = re.compile(r"(\d{4})[_ /-]([A-Za-z]{3,9})[_ /-](\d{1,2})(?!\d)", re.ASCII)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


def iso_day(year: str | int, month: str | int, day: str | int) -> str | None:
    """``YYYY-MM-DD``, or None when there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def read_day(text: str) -> str | None:
    """The day that a text starts with: ``2016-05-3``, ``2016/05/21``, ``20160521``, ``21 May 2016``, ``May 21, 2016``."""
    text = text.strip()
    if found := _NUMERIC.match(text):
        return iso_day(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(text):
        return iso_day(found[1], found[2], found[3])
    if found := _DAY_FIRST.match(text):
        return iso_day(found[3], _month(found[2]), found[1])
    if found := _MONTH_FIRST.match(text):
        return iso_day(found[3], _month(found[1]), found[2])
    return None


def day_in_path(path: str) -> str | None:
    """The day in a path such as ``/news/2016/05/3/index.md`` or ``data/2016_May_3.txt``."""
    if found := _NUMERIC.search(path):
        return iso_day(found[1], found[3], found[4])
    if found := _IN_NAME.search(path):
        return iso_day(found[1], _month(found[2]), found[3])
    return None


def _month(name: str) -> int:
    name = name.lower()
    return next((number for number, month in enumerate(_MONTHS, 1) if month == name or month[:3] == name), 0)
