"""What of a line does not count when two versions of a page are compared: spelling of quotes and blanks, counters, dates, "4 hours ago".

A line that is nothing but such a widget has no key: it may come, go and change. A short line that is no sentence, such as a byline,
is compared without what it says of the time. In sentences every figure counts.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from pipelines.clean.months import MONTHS, days_in
from pipelines.history.widgets import AGO, BUTTONS, CLOCK, COUNT, FILLERS, NAMED_DAY, UPDATE_WORDS

_LONG = 160  # characters from which a line is text and no widget
_LABEL = 15  # words up to which a line without the end of a sentence is a label
_WORDLESS = 40  # characters
_BORDERS = " |-:,;/\u00b7\u2022()[]"

_SPELLING = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
    }
)
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964][\"')\]\u201d\u2019\u00bb]*\s*$")

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


def folded(text: str) -> str:
    """The text in one spelling: compatibility forms, quotes, dashes and white space."""
    return " ".join(normalize("NFKC", text).translate(_SPELLING).split())


def spelled(text: str) -> str:
    """The `folded` text without white space, which may change around every inline element."""
    return "".join(folded(text).split())


def ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text[-12:]) is not None


def key_of(text: str, kind: str = "paragraph") -> str | None:
    """What has to be equal for two lines to be the same; None for a line that is a widget. White space is no part of it."""
    line = folded(text)
    if kind not in ("code", "table") and len(line) <= _LONG:
        if _is_wordless(line) or _is_row_of_buttons(line) or _is_widget(line):
            return None
        if not ends_sentence(line) and len(line.split()) <= _LABEL:
            line = _timeless(line)
    return "".join(line.split()) or None


def _is_widget(line: str) -> bool:
    """Whether nothing telling is left of it without times and counts."""
    spared = _undated(COUNT.sub(" ", AGO.sub(" ", line)))
    return spared != line and set(_tokens(spared)) <= FILLERS


def _is_wordless(line: str) -> bool:
    return len(line) <= _WORDLESS and not any(map(str.isalpha, line))


def _is_row_of_buttons(line: str) -> bool:
    tokens = _tokens(line)
    return bool(tokens) and set(tokens) <= BUTTONS


def _tokens(line: str) -> list[str]:
    return [token.lower() for token in _TOKEN.findall(line) if not token.isdigit()]


def _undated(line: str) -> str:
    for found in sorted(days_in(line, "day"), key=lambda x: x.start, reverse=True):
        line = f"{line[: found.start]} {line[found.end :]}"
    return CLOCK.sub(" ", NAMED_DAY.sub(lambda m: " " if (m[2] or m[3]).lower() in MONTHS else m.group(), line))


def _timeless(line: str) -> str:
    """A label without how long ago; one that speaks of an update, without dates too."""
    spared = AGO.sub(" ", line)
    spared = _undated(spared) if UPDATE_WORDS & set(_tokens(spared)) else spared
    return line if spared == line else spared.strip(_BORDERS)
