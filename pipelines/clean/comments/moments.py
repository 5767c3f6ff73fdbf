"""When a comment was written: ISO 8601 when its day can be told for certain, else as the page writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pipelines.clean.characters import one_line
from pipelines.clean.dates import iso_date
from pipelines.clean.months import MONTHS

MAX_DATE = 60
"""Characters; what is longer is no date but a line that holds one."""
_CLOCK = r"(?:\D{1,12}?(?P<h>[01]?\d|2[0-3])[:.h](?P<min>[0-5]\d)(?::[0-5]\d)?(?:\s*(?P<half>[ap])\.?m\b\.?)?)?"
_DOTTED = re.compile(r"(?<!\d)(?P<d>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.\s?(?P<y>(?:199|20[0-4])\d)(?!\d)" + _CLOCK, re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<y>(?:199|20[0-4])\d)\s?[-./年년]\s?(?P<m>[01]?\d)\s?[-./月월]\s?(?P<d>[0-3]?\d)(?!\d)" + _CLOCK, re.IGNORECASE
)
_NAMED = re.compile(
    r"(?<!\w)(?P<d>[0-3]?\d)(?:st|nd|rd|th|er|º|ª|°)?\.?(?:\s+(?:de|of"
    r"|del))?[\s-]+(?P<name>[^\W\d_]{3,12})\.?,?(?:\s+(?:de|del))?[\s-]+(?P<y>(?:199|20[0-4])\d)(?!\d)" + _CLOCK,
    re.IGNORECASE,
)
_NAME_FIRST = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]{3,12})\.?\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y>(?:199|20[0-4])\d)(?!\d)" + _CLOCK, re.IGNORECASE
)
_SLASHED = re.compile(r"(?<![\d/])(?P<a>[0-3]?\d)/(?P<b>[0-3]?\d)/(?P<y>(?:199|20[0-4])\d)(?!\d)" + _CLOCK, re.IGNORECASE)
_STANDARD = re.compile(r"\d{4}-\d\d-\d\d|\d{8,13}(?:T|$)")
_CLOCKED = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)")
_RELATIVE = re.compile(
    r"\b(?:\d+|an?|one|einem|einer|une?|un[ao]?)\s*(?:s|m|h|d|w|y|min|secs?|hrs?|seconds?|minutes?|hours?|days?|weeks?"
    r"|months?|years?)\.?\s+ago\b"
    r"|\bvor\s+\d+\s+\w+|\bil y a\s+\d+\s+\w+|\bhace\s+\d+\s+\w+|\bhá\s+\d+\s+\w+|\b\d+\s+\w+\s+(?:fa|geleden|sedan|siden"
    r"|önce|назад|тому|temu)\b"
    r"|^(?:today|yesterday|heute|gestern|hier|ayer|oggi|ieri|hoje|ontem|vandaag|gisteren|сегодня"
    r"|вчера)\b\W.{0,12}\d[:.h]\d\d|\d+\s?(?:分钟|小时|天|個月|个月|年|時間|分|日)前",
    re.IGNORECASE,
)
_ALL = (_YEAR_FIRST, _DOTTED, _SLASHED, _RELATIVE, _NAMED, _NAME_FIRST)
_HINT = re.compile(r"\d|ago|gestern|heute|yesterday|today|hier|ayer", re.IGNORECASE)
_BESIDE = 20
"""Letters that may stand beside a moment in its line: a weekday, "posted on", "Uhr"."""
_TWO_MONTHS = frozenset(("listopad", "listopada"))
"""October to Croats, November to Poles."""


def read_moment(candidates: Iterable[str]) -> str | None:
    """The first candidate that is a whole date, as ISO 8601; else the first that is short enough to be one, as written."""
    written: str | None = None
    for candidate in candidates:
        line = one_line(candidate, 200)
        if not line:
            continue
        found = iso_date(line) if _STANDARD.match(line) else find_moment(line) or (iso_date(line) if len(line) <= MAX_DATE else None)
        if found:
            return found
        if written is None and len(line) <= MAX_DATE and any(c.isdigit() for c in line):
            written = line
    return written


def find_moment(line: str) -> str | None:
    """A date of day, month and year anywhere in a line, with its clock time. 3/4/2020 is ambiguous: none."""
    for pattern in (_YEAR_FIRST, _DOTTED, _NAMED, _NAME_FIRST, _SLASHED):
        found = pattern.search(line)
        if found is not None and (moment := _moment(found)) is not None:
            return moment
    return None


def looks_dated(line: str) -> bool:
    """Whether a short line has a moment in it: a date, or how long ago."""
    return len(line) <= MAX_DATE and _HINT.search(line) is not None and any(pattern.search(line) for pattern in _ALL)


def is_dateline(line: str) -> bool:
    """Whether a short line is hardly more than a moment."""
    if len(line) > MAX_DATE or _HINT.search(line) is None:
        return False
    found = next((found for pattern in _ALL if (found := pattern.search(line))), None)
    return found is not None and sum(c.isalpha() for c in line) - sum(c.isalpha() for c in found.group()) <= _BESIDE


def find_written(line: str) -> str | None:
    """A moment that cannot be told for certain, as written: how long ago, 3/4/2020, a clock time in a short line."""
    found = _RELATIVE.search(line) or _SLASHED.search(line)
    if found:
        return found.group().strip()
    return line if len(line) <= MAX_DATE // 2 and _CLOCKED.search(line) else None


def _moment(found: re.Match[str]) -> str | None:
    groups = found.groupdict()
    month, day_of = _month_and_day(groups)
    try:
        day = date(int(groups["y"]), month, day_of).isoformat()
    except ValueError:
        return None
    if groups["h"] is None:
        return day
    hour = int(groups["h"])
    if groups["half"]:
        hour = hour % 12 + (12 if groups["half"].lower() == "p" else 0)
    return f"{day}T{hour:02}:{groups['min']}"


def _month_and_day(groups: dict[str, str | None]) -> tuple[int, int]:
    """Zeros when they cannot be told."""
    if groups.get("name"):
        return _month(groups["name"] or ""), int(groups["d"] or 0)
    if "a" in groups:
        first, second = int(groups["a"] or 0), int(groups["b"] or 0)
        if first == second or first > 12:
            return second, first
        return (first, second) if second > 12 else (0, 0)
    return int(groups["m"] or 0), int(groups["d"] or 0)


def _month(name: str) -> int:
    """1 to 12 by the first letters of the month's name in some twenty languages, 0 when it is none."""
    name = name.lower()
    if name in _TWO_MONTHS:
        return 0
    return next((MONTHS[name[:size]] for size in range(len(name), 2, -1) if name[:size] in MONTHS), 0)
