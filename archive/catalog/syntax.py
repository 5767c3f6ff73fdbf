"""What people search for: words, "phrases", -words to leave out, word* for beginnings, OR between alternatives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.catalog.scripts import has_word, indexed, is_unspaced
from archive.errors import InputError

_MAX_CHARS, _MAX_TERMS = 1000, 50
_SHORTEST_BEGINNING = 3  # letters; shorter ones begin thousands of words

_QUOTES = str.maketrans("\u201c\u201d\u201e\u201f\uff02\u2212", '"""""-')
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"(?P<beginning>\*?)|(?P<word>[^\s"]+))')
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Query:
    """All groups must be there, of each at least one term, and none of ``without``. Terms are FTS5 strings, with ``*`` for beginnings."""

    text: str  # as it was given, in plain quotes and hyphens
    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """As FTS5 takes it (sqlite.org/fts5.html, section 3)."""
        wanted = " AND ".join(f"({' OR '.join(group)})" for group in self.groups)
        return f"({wanted}) NOT ({' OR '.join(self.without)})" if self.without else wanted

    def match_in(self, columns: str) -> str:
        """The same, in these columns only."""
        return f"{columns} : ({self.match})"

    @property
    def is_unspaced(self) -> bool:
        return is_unspaced(self.text)


def parse_query(text: str) -> Query:
    """Raises `InputError` that says what is wrong, and where."""
    clean = _UNREADABLE.sub(" ", text).translate(_QUOTES)
    if len(clean) > _MAX_CHARS:
        raise InputError(f"the words to search for: {len(clean)} characters are too many; at most {_MAX_CHARS}")
    if clean.count('"') % 2:
        raise InputError(f'the words to search for: no closing " for the one at character {clean.rindex(chr(34)) + 1} of {clean!r}')
    reader = _Reader(clean)
    for found in _TERM.finditer(clean):
        reader.take(found)
    return reader.query()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._groups: list[list[str]] = []
        self._without: list[str] = []
        self._alternative = False  # OR was read, and its right side is awaited
        self._can_follow = False  # what was read last may stand to the left of OR

    def take(self, found: re.Match[str]) -> None:
        if found[0] == "OR":
            if not self._can_follow:
                raise self._wrong("OR stands between two words or phrases")
            self._alternative, self._can_follow = True, False
            return
        term = self._term(found)
        if term is None:
            return  # a dash or an ampersand between words
        if found["minus"]:
            if self._alternative:
                raise self._wrong("what is left out has no alternative: OR stands between two words or phrases")
            self._without.append(term)
        elif self._alternative:
            self._groups[-1].append(term)
        else:
            self._groups.append([term])
        self._alternative, self._can_follow = False, not found["minus"]

    def query(self) -> Query:
        if self._alternative:
            raise self._wrong("a word or phrase is missing after OR")
        if not self._groups:
            raise self._wrong("these are only words to leave out; add one to look for" if self._without else "there is no word in it")
        if sum(map(len, self._groups)) + len(self._without) > _MAX_TERMS:
            raise self._wrong(f"too many words; at most {_MAX_TERMS}")
        return Query(self._text, tuple(map(tuple, self._groups)), tuple(self._without))

    def _term(self, found: re.Match[str]) -> str | None:
        word = found["word"]
        text = found["phrase"] if word is None else word.rstrip("*")
        is_beginning = bool(found["beginning"]) if word is None else word.endswith("*")
        if not has_word(text):
            return None
        if is_beginning and not is_unspaced(text):  # there every word is found by its beginning
            if sum(map(str.isalnum, text)) < _SHORTEST_BEGINNING:
                raise self._wrong(f"{found[0]}: at least {_SHORTEST_BEGINNING} letters go before *")
            return f'"{indexed(text)}" *'
        return f'"{indexed(text)}"'

    def _wrong(self, what: str) -> InputError:
        return InputError(f"the words to search for, {self._text[:200]!r}: {what}")
