"""The tags of tag soup, in one pass over it: for pages whose tree nobody closes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BROKEN = 20  # tags with a quote that never closes: each costs a look at the rest of the text
_TO_END = re.compile(r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


@dataclass(frozen=True, slots=True)
class Tag:
    name: str  # in lower case
    closing: bool
    attributes: str  # as written
    start: int
    end: int  # just after it
    line: int  # 1-based
    broken: bool = False  # a quote in it is not closed

    def get(self) -> dict[str, str]:
        """The attributes by their names in lower case; the first of two with one name counts."""
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.attributes):
            found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
        return found


def read_tags(text: str, names: tuple[str, ...]) -> Iterator[Tag]:
    """The tags with these names, comments left out, in time linear in the text."""
    opening = re.compile(rf"<!--.*?(?:-->|\Z)|<(/?)({'|'.join(names)})(?=[\s/>])", re.IGNORECASE | re.DOTALL)
    position, line, counted, broken = 0, 1, 0, 0
    while found := opening.search(text, position):
        position = found.end()
        if not found[2]:
            continue
        whole = _TO_END.match(text, position) if broken < MAX_BROKEN else None
        end = whole.end() if whole else text.find(">", position) + 1
        if end == 0:
            return
        broken += whole is None
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield Tag(found[2].lower(), bool(found[1]), text[position : end - 1], found.start(), end, line, whole is None)
        position = end
