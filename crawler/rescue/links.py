"""``application/link-format`` as TimeMaps and ``Link`` headers write it (RFC 6690, RFC 8288 section 3, RFC 7089 section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TARGET = re.compile(r"\s*,?\s*<([^<>]*)>")
_PARAMETER = re.compile(r"""\s*;\s*([!#$&+\-.^_`|~0-9A-Za-z*]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^",;\s]*)))?""")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    target: str
    parameters: Mapping[str, str]  # names in lower case; of several values the first

    @property
    def relations(self) -> frozenset[str]:
        return frozenset(self.parameters.get("rel", "").lower().split())


def read_links(text: str) -> Iterator[Link]:
    """Links up to the first thing that is none. Never raises."""
    at = 0
    while found := _TARGET.match(text, at):
        at = found.end()
        parameters: dict[str, str] = {}
        while more := _PARAMETER.match(text, at):
            value = _ESCAPED.sub(r"\1", more[2]) if more[2] is not None else more[3] or ""
            parameters.setdefault(more[1].lower(), value)
            at = more.end()
        yield Link(found[1].strip(), parameters)
